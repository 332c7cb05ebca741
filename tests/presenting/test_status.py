from datetime import date, timedelta

import pytest
from attrs import evolve

from mentorkit.core.planning.absentees import Absentee
from mentorkit.core.planning.free_places import FreePlaces, Room
from mentorkit.core.planning.needs import NEED_KINDS, Need
from mentorkit.core.planning.needs_of_people import STILL_THERE
from mentorkit.core.planning.status import Going, NextRun, Status
from mentorkit.core.planning.workload import Load, Workload
from mentorkit.core.program import MatchingUse, Use
from mentorkit.presenting.next_steps import Caller
from mentorkit.presenting.status import HEADINGS, status_text
from mentorkit.presenting.status_json import status_json
from mentorkit.testing import a_moment, a_person, a_program, a_roster

NOON = a_moment("2027-02-22T12:00:00+00:00")
ROSTER = a_roster(*(a_person(f"{number}", "mentor") for number in range(60)))


def a_status(*needs, **changes):
    values = {"relationships": {"active": 500}, "sessions": {}, "messages": {}, "due": 0} | changes
    return Status(NOON, "pilot", "running", next_message=None, next_session=None, needs=needs, **values)


def page(*needs, everything=False, **changes):
    return status_text(a_status(*needs, **changes), a_program(), ROSTER, Caller("pilot.toml"), everything)


def silent(number):
    command = ("record", "met", "--person", f"{number}", "--subject", f"r{number}")
    return Need("silent", (f"{number}",), f"r{number}", since=NOON - timedelta(days=30), command=command)


def test_nothing_to_do_is_said():
    assert "Nothing needs you." in page()


def test_every_kind_of_need_has_a_heading_and_stands_in_the_order_of_urgency():
    assert NEED_KINDS == tuple(HEADINGS)


def test_proposals_go_through_the_review_where_the_program_wants_one():
    need = Need("proposed", (), detail="2 relationships to publish", command=("publish",))
    assert "  next: mentorkit publish pilot.toml\n" in page(need) + "\n"
    reviewed = a_program(matching=MatchingUse(Use("optimal"), publish="review"))
    text = status_text(a_status(need), reviewed, ROSTER, Caller("pilot.toml"))
    assert "next: mentorkit match pilot.toml --review FILE\n  then: mentorkit publish pilot.toml --review FILE" in text


@pytest.mark.parametrize("kind", [kind for kind in NEED_KINDS if kind not in ("proposed", "in-doubt")])
def test_a_need_says_who_since_when_and_the_next_step(kind):
    need = Need(kind, ("7",), "r7", "words", NOON, others=("8",), command=("record", "left", "--person", "7"))
    text = page(need, everything=True)
    assert "Person 7 (7)" in text
    assert "2027-02-22" in text.partition("next session")[2]
    assert "next: mentorkit record pilot.toml left --person 7" in text
    assert "Nothing needs you" not in text


def test_what_has_arrived_is_settled_before_the_rest_is_sent_again():
    text = page(Need("in-doubt", ("7",), "k7", command=("run", "--retry-in-doubt")))
    assert "next: mentorkit ledger settle pilot.toml k7 --sent (for each that has arrived)" in text
    assert "then: mentorkit run pilot.toml --retry-in-doubt" in text


def test_a_long_list_is_folded_and_shown_whole_on_request():
    needs = [silent(number) for number in range(41)]
    assert "and 31 more (--all)" in page(*needs)
    assert "(the first one's; likewise for the others)" in page(*needs)
    whole = page(*needs, everything=True)
    assert "more (--all)" not in whole
    assert all(f"Person {number} ({number})" in whole for number in range(41))


def test_where_all_are_silent_nobody_is_listed():
    text = page(*(silent(number) for number in range(41)), relationships={"active": 41})
    assert "all 41 relationships" in text
    assert "Person 3" not in text


def test_whom_the_roster_never_let_go_are_counted_and_named_on_request():
    back = [Need("back-again", ("1",), detail="in the roster again")]
    there = [Need("back-again", (one,), detail=STILL_THERE) for one in ("2", "3")]
    text = page(*back, *there)
    assert "Person 1 (1)" in text
    assert "2 recorded as left, and still in the roster (--all)" in text
    assert "Person 2" not in text
    assert "Person 2" in page(*back, *there, everything=True)
    alone = page(*there)
    assert "recorded as left, and still in the roster: nothing to do, unless somebody is back" in alone
    assert "  2 people (--all)" in alone
    assert "although they have left" not in alone


def test_sessions_nobody_spoke_of_are_one_line():
    needs = [Need("unsaid", (f"{number}",), f"r{number}", amount=3) for number in range(12)]
    text = page(*needs)
    assert "36 sessions of 12 relationships over" in text
    assert "mentorkit record pilot.toml --from FILE" in text
    assert "Person 3" not in text


def test_what_the_program_is_too_short_for_is_counted_beside_the_sessions():
    assert "  sessions       5 planned; 1,200 would fall after the program's last day" in page(
        sessions={"planned": 5, "beyond": 1200}
    )


def test_who_waits_stands_beside_what_is_free():
    needs = [Need("unmatched", (f"{number}",), detail="capacity") for number in range(3)]
    free = FreePlaces({"mentor": Room(2, 5)}, frozenset({"0", "2"}), 1)
    text = page(*needs, free=free, next_intake=date(2027, 3, 1))
    first = (
        "unmatched: 3 wait; up to 1 of them could be placed now (5 places are free; 2 have an allowed partner with one)"
    )
    assert f"{first}; the next intake is on 2027-03-01" in text
    assert "5 places of 2 mentors" in text


def test_who_waits_is_placed_through_the_review_where_there_is_one():
    text = page(Need("unmatched", ("1",), command=("match", "--review", "FILE")))
    assert (
        "  next: mentorkit match pilot.toml --review FILE\n  then: mentorkit publish pilot.toml --review FILE" in text
    )


def test_names_of_any_width_stay_in_line_and_harmless():
    roster = a_roster(a_person("1", name="山田太郎"), a_person("2", name="Al\x1b[2J"), a_person("3", name="e\u0301va"))
    needs = [Need("back-again", (one,), detail="words") for one in "123"]
    text = status_text(a_status(*needs), a_program(name="Pi\x07lot"), roster, Caller("pilot.toml"))
    assert not {"\x1b", "\x07"}.intersection(text)
    assert "山田太郎 (1)" in text
    nobody = status_text(a_status(Need("left", ("gone",), others=("x", "y"))), a_program(), roster)
    assert "free again: x, y" in nobody


def test_what_the_next_run_does_is_one_line():
    text = page(next_run=NextRun(3, 1, 2, 0, 1))
    assert (
        "next run       learns 3 events, ends 1 relationship, publishes 2 relationships, leaves 1 person unmatched"
        in text
    )
    assert "next run" not in page()
    assert "next run" not in page(next_run=NextRun(unmatched=3))


def test_the_week_and_the_most_asked_are_shown():
    people = {f"{number}": Load(number, 60 * number) for number in range(8)}
    load = Workload(people, {}, 28, 60 * 28)
    text = page(week=(Going(date(2027, 2, 23), "pulse", 1204),), workload=load)
    assert "goes out within seven days: 1,204 messages\n  Tue 2027-02-23  pulse  1,204 messages" in text
    assert text.index("Person 7 (7)") < text.index("Person 6 (6)")
    assert "and 3 more (--all)" in text


def test_who_is_not_in_the_roster_is_named_with_role_and_partner():
    absent = {"10239": Absentee("mentee", ("7",)), "10240": Absentee("mentor", ())}
    text = page(*(Need("missing", (one,), detail="words") for one in ("10239", "10240", "10241")), absent=absent)
    assert ["10239, mentee of Person 7 (7)", "10240, mentor", "10241"] == [
        line.removesuffix("words").strip() for line in text.splitlines() if line.endswith("words")
    ]


def test_who_missed_what_expired_is_named_and_all_of_them_on_request():
    need = Need("expired", tuple("123456"), "hello", "6 messages met too late and never sent", since=NOON, amount=6)
    assert "hello  due 2027-02-22  6 messages met too late and never sent  Person 1 (1), Person 2 (2), " in page(need)
    assert "Person 4 (4) and 2 more" in page(need)
    assert "Person 6 (6)" in page(need, everything=True)
    assert [*"123456"] == status_json(a_status(need))["needs"][0]["people"]


def test_what_waits_to_be_published_shows_what_that_would_send():
    need = Need("proposed", (), detail="2 relationships to publish", command=("publish",))
    going = (Going(date(2027, 2, 23), "hello", 4),)
    waiting = {"phase": "before matching", "relationships": {"proposed": 2}, "if_published": 4, "week": going}
    text = status_text(evolve(a_status(need), **waiting), a_program(), ROSTER)
    assert "  phase          before matching: proposed, to be published\n" in text
    assert "  if published   4 messages with the next run\n" in text
    assert "goes out within seven days, if what is proposed is published now: 4 messages" in text
    assert "before matching" == status_json(evolve(a_status(need), **waiting))["phase"]
    assert "published" not in page(week=going)


def test_the_document_has_stable_keys_and_the_next_step_as_a_command():
    document = status_json(a_status(silent(4)), Caller("pilot.toml", "my runs"))
    (need,) = document["needs"]
    assert "mentorkit record pilot.toml met --person 4 --subject r4 --folder 'my runs'" == need["next"]
    assert ("2027-01-23T12:00:00Z", ["4"], "silent", "r4") == tuple(
        need[key] for key in ("since", "people", "kind", "subject")
    )
    assert {
        "program",
        "at",
        "phase",
        "relationships",
        "sessions",
        "messages",
        "due",
        "next_message",
        "next_session",
    } <= (document.keys())
    assert {"provisional", "next_intake", "free", "placeable", "week", "workload", "needs"} <= document.keys()


def test_four_hundred_needs_of_every_kind_fit_on_a_page():
    needs = [Need(kind, (f"{number}",), f"r{number}") for kind in NEED_KINDS for number in range(400)]
    assert len(page(*needs).splitlines()) <= 13 * len(NEED_KINDS) + 15
    assert len(page(*needs, everything=True).splitlines()) >= 400 * len(NEED_KINDS)
