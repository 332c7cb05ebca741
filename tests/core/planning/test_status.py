from datetime import date, timedelta
from itertools import permutations

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts.rules import PairTable
from mentorkit.core.deliveries import Held, Recipient
from mentorkit.core.happenings import Ending, Happening
from mentorkit.core.history import Event, History, KnownRelationship, KnownSession, KnownTransmission
from mentorkit.core.plan import Paced
from mentorkit.core.planning.absentees import Absentee
from mentorkit.core.planning.deciding import PlanResult
from mentorkit.core.planning.expecting import Expected
from mentorkit.core.planning.needs import NEED_KINDS
from mentorkit.core.planning.needs_of_people import STILL_THERE
from mentorkit.core.planning.status import Going, NextRun, make_status
from mentorkit.core.program import (
    Intake,
    Length,
    MatchingUse,
    MessageSet,
    RuleUse,
    Series,
    Step,
    Use,
    When,
)
from mentorkit.core.relationships import Certificate, Matching, Unmatched
from mentorkit.core.sessions import Schedule, Session
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_plan, a_program, a_relationship, a_roster, a_transmission
from mentorkit_criteria.reporting_line import ReportingLineOptions

CATALOGUE = build_catalogue()
BEGAN = a_moment("2027-01-11T09:00:00+00:00")
NOW = a_moment("2027-02-22T09:00:00+00:00")
PAIR, OTHER, OVER = (a_relationship((a, "mentor"), (b, "mentee")) for a, b in (("1", "4"), ("2", "5"), ("3", "6")))
ROSTER = a_roster(
    *(a_person(one, "mentor", manager_id="") for one in "123"), *(a_person(one, "mentee") for one in "4567")
)
RULES = MatchingUse(Use("optimal"), rules=(RuleUse("reporting", "outside-reporting-line", ReportingLineOptions()),))


def a_session(relationship, days, number=1):
    starts = NOW + timedelta(days=days)
    name = f"{relationship.id}-{number}"
    return Session(
        name, relationship.id, "sessions", number, starts.replace(tzinfo=None), "UTC", starts, 60, relationship.people()
    )


def a_rule(kind, **options):
    return RuleUse(kind, kind, CATALOGUE.rules[kind].implementation.options(**options))


def known(*relationships, **changes):
    return tuple(evolve(KnownRelationship(one, "published", BEGAN), **changes) for one in relationships)


def told(person, kind, days_ago, subject="", value="", name=""):
    return Event(name or f"{person}-{kind}-{days_ago}", NOW - timedelta(days=days_ago), person, kind, subject, value)


HISTORY = History(
    numbers={one: int(one) for one in "1234567"},
    seen=dict.fromkeys("1234567", BEGAN),
    occasions={"match": BEGAN},
    relationships=known(PAIR, OTHER),
)


def status(history=HISTORY, roster=ROSTER, missing=(), program=None, **plan):
    plan = a_plan(**{"at": NOW, **plan})
    result = PlanResult(plan, expected=Expected(missing=missing), history=history)
    return make_status(program or a_program(series=(), timeline=()), roster, CATALOGUE, result)


def needs(kind, *arguments, **named):
    return [need for need in status(*arguments, **named).needs if need.kind == kind]


def test_a_pair_of_which_nobody_says_anything_is_silent_and_one_word_ends_it():
    quiet = evolve(HISTORY, events=(told("5", "met", 20), told("4", "paused", 1, name="mentorkit:paused:p4:2027-02-21"),
                                    told("4", "resumed", 1, name="mentorkit:resumed:p4:2027-02-21")))  # fmt: skip
    (need,) = needs("silent", quiet)
    assert (("1", "4"), PAIR.id, "2027-01-11") == (need.people, need.subject, f"{need.since:%Y-%m-%d}")
    assert ("record", "met", "--person", "1", "--subject", PAIR.id) == need.command


@pytest.mark.parametrize(("days", "silent"), [(20, 0), (21, 1), (22, 1)])
def test_silence_counts_from_the_last_word_by_the_programs_own_span(days, silent):
    history = evolve(HISTORY, relationships=known(PAIR), events=(told("1", "answered", days),))
    assert silent == len(needs("silent", history))
    patient = a_program(series=(), timeline=(), silent_after=Length(5, "weeks"))
    assert [] == needs("silent", history, program=patient)


def test_a_young_pair_is_not_silent_yet_whatever_was_said_before():
    young = evolve(
        HISTORY, relationships=known(PAIR, published_at=NOW - timedelta(days=2)), events=(told("1", "met", 40),)
    )
    assert [] == needs("silent", young)


def test_nobody_is_called_silent_while_one_of_them_pauses_or_after_the_end():
    paused = evolve(HISTORY, relationships=known(PAIR), events=(told("4", "paused", 30, value="2027-03-10"),))
    assert [] == needs("silent", paused)
    assert [] == needs("silent", at=a_moment("2027-07-01T09:00:00+00:00"))


@pytest.mark.parametrize(
    ("last", "ahead", "silent"),
    [
        (-25, True, 0),  # they told of the last session, and wait for the next one
        (-25, False, 1),  # nothing is to come
        (-9, True, 1),  # a session since then, of which they say nothing
        (-6, True, 0),  # they may still tell of it
    ],
)
def test_between_two_sessions_that_are_told_of_a_pair_is_not_silent(last, ahead, silent):
    sessions = (KnownSession(a_session(PAIR, last, 1)), *([KnownSession(a_session(PAIR, 3, 2))] if ahead else []))
    history = evolve(HISTORY, relationships=known(PAIR), sessions=sessions, events=(told("4", "met", 24),))
    assert silent == len(needs("silent", history))


def test_who_left_lately_is_named_with_the_partner_who_is_free_again():
    ended = known(OVER, state="ended", ended_at=NOW - timedelta(days=3), reason="left")
    history = evolve(HISTORY, relationships=known(PAIR, OTHER) + ended, events=(told("6", "left", 3, value="new job"),))
    (need,) = needs("left", history, roster=a_roster(*ROSTER.people[:5], ROSTER.people[6]))
    assert (("6",), ("3",), "new job", NOW - timedelta(days=3)) == (need.people, need.others, need.detail, need.since)
    assert ("publish", "--fill") == need.command
    old = evolve(history, events=(told("6", "left", 14),))
    assert [] == needs("left", old)


def test_who_left_by_the_roster_left_on_the_day_it_says():
    by_column = told("6", "left", 1, value="2027-02-15", name="mentorkit:left:p6:2027-02-15")
    gone = told("7", "left", 2, value="missing", name="mentorkit:left:p7:missing-2027-02-20")
    found = needs("left", evolve(HISTORY, events=(gone, by_column)), roster=a_roster(*ROSTER.people[:5]))
    assert [("6", "by the roster", "2027-02-15"), ("7", "missing from the roster", "2027-02-20")] == [
        (need.people[0], need.detail, f"{need.since:%Y-%m-%d}") for need in found
    ]


@pytest.mark.parametrize(
    ("column", "value", "until"), [(date(2027, 3, 1), "", "until 2027-03-01"), (None, "", "until further")]
)
def test_a_pause_ends_when_the_last_word_says(column, value, until):
    roster = a_roster(*ROSTER.people[:3], a_person("4", "mentee", **({"paused_until": column} if column else {})))
    event = () if column else (told("4", "paused", 5, value=value),)
    held = (Held(Recipient(4, "4", "mentee"), "paused", ("d",)),)
    (need,) = needs("held", evolve(HISTORY, events=event), roster=roster, held=held)
    assert until in need.detail
    assert bool(need.command) == (column is None)


def test_who_has_left_and_takes_part_again_by_the_roster_is_named_and_a_word_takes_them_in():
    gone = told("6", "left", 30, name="mentorkit:left:p6:2027-01-23")
    (need,) = needs("back-again", evolve(HISTORY, events=(gone,)))
    assert (("6",), gone.at, ("record", "resumed", "--person", "6")) == (need.people, need.since, need.command)
    assert [] == needs("back-again", evolve(HISTORY, events=(gone, told("6", "resumed", 1))))
    (still,) = needs("back-again", evolve(HISTORY, events=(told("6", "left", 3),)))
    assert (STILL_THERE, "in the roster again") == (still.detail, need.detail)
    leaving = a_roster(*ROSTER.people[:5], a_person("6", "mentee", left_on=date(2027, 1, 23)))
    assert [] == needs("back-again", evolve(HISTORY, events=(gone,)), roster=leaving)


def test_the_held_are_named_once_with_how_many_messages_wait_and_the_missing_beside_them():
    held = (
        Held(Recipient(7, "7", "mentee"), "missing", ("a", "b")),
        Held(Recipient(7, "7", "mentor"), "missing", ("c",)),
        Held(Recipient(4, "4", "mentee"), "paused", ("d",)),
    )
    history = evolve(HISTORY, events=(told("4", "paused", 5, value="2027-03-10"),))
    found = status(history, held=held, missing=("7", "3")).needs
    assert [("7", "missing from the roster; 3 messages wait"), ("4", "paused until 2027-03-10; 1 message waits")] == [
        (need.people[0], need.detail) for need in found if need.kind == "held"
    ]
    assert [(("3",), ("record", "left", "--person", "3"))] == [
        (need.people, need.command) for need in found if need.kind == "missing"
    ]


def test_troubles_name_each_recipient_once_with_all_their_messages():
    def one(key, state, number=4):
        return KnownTransmission(key, state, "hello", number, BEGAN, "no such mailbox")

    kept = {key: one(key, state) for key, state in (("a", "failed"), ("b", "failed"), ("c", "in_doubt"), ("d", "sent"))}
    found = status(evolve(HISTORY, transmissions=kept | {"e": one("e", "deferred", 5)}))
    assert found.open_trouble
    assert [
        ("in-doubt", ("4",), ("c",), ("run", "--retry-in-doubt")),
        ("failed", ("4",), ("a", "b"), ("ledger retry",)),
        ("deferred", ("5",), ("e",), ("run",)),
    ] == [(need.kind, need.people, need.subjects, need.command) for need in found.needs if need.subjects]


def test_what_failed_long_ago_is_named_no_more_and_what_was_put_off_says_until_when():
    def one(state, days_ago, **more):
        return KnownTransmission("k", state, "hello", 4, BEGAN, "no", changed=NOW - timedelta(days=days_ago), **more)

    assert [1, 0] == [
        len(needs("failed", evolve(HISTORY, transmissions={"k": one("failed", days)}))) for days in (13, 14)
    ]
    waiting = one("deferred", 0, not_before=NOW + timedelta(minutes=10))
    (need,) = needs("deferred", evolve(HISTORY, transmissions={"k": waiting}))
    assert "no; a run tries again from 2027-02-22 09:10 on" == need.detail
    (need,) = needs("deferred", evolve(HISTORY, transmissions={"k": evolve(waiting, not_before=NOW)}))
    assert "no" == need.detail


def test_who_is_found_in_their_quiet_hours_by_every_run_is_named_after_a_day():
    def one(key, number, hours, reason="quiet-hours"):
        return Paced(key, "hello", number, NOW + timedelta(hours=3), reason, NOW - timedelta(hours=hours))

    paced = (one("a", 4, 24), one("b", 4, 40), one("c", 5, 23), one("d", 6, 90, "at-most"))
    found = status(paced=paced)
    assert {"quiet-hours": 3, "at-most": 1} == found.paced
    (need,) = [need for need in found.needs if need.kind == "at-night"]
    assert (("4",), 2, NOW - timedelta(hours=40)) == (need.people, need.amount, need.since)
    assert not found.open_trouble


def test_steps_met_too_late_are_counted_with_those_of_the_plan():
    kept = {"f": KnownTransmission("f", "expired", "hello", 5, NOW - timedelta(days=13))}
    found = needs("expired", evolve(HISTORY, transmissions=kept), expired=(a_transmission("hello"),))
    assert [("hello", ("1", "5"), "2 messages met too late and never sent")] == [
        (need.subject, need.people, need.detail) for need in found
    ]


@pytest.mark.parametrize(("days", "expires", "named"), [(13, 0, 1), (14, 0, 0), (20, 7, 1), (21, 7, 0)])
def test_what_expired_long_ago_is_named_no_more(days, expires, named):
    kept = {"f": KnownTransmission("f", "expired", "hello", 5, NOW - timedelta(days=days))}
    hello = Step("hello", When("start"), ("mentee",), MessageSet("hello", ()), expires=Length(expires, "days"))
    program = a_program(series=(), timeline=(hello,))
    assert named == len(needs("expired", evolve(HISTORY, transmissions=kept), program=program))


def test_of_who_is_not_in_the_roster_the_page_says_what_the_ledger_knows():
    ended = known(OVER, state="ended", ended_at=NOW, reason="left")
    only = a_roster(*ROSTER.people[:3])
    history = evolve(HISTORY, relationships=(*HISTORY.relationships, *ended))
    found = status(history, roster=only, missing=("4", "6", "7"))
    assert {"4": Absentee("mentee", ("1",)), "6": Absentee("mentee", ("3",))} == {
        one: found.absent[one] for one in found.absent if one in "467"
    }


def test_what_a_run_would_stop_for_is_named_with_its_flag():
    result = PlanResult(a_plan(at=NOW), expected=Expected(missing=("1",), missing_share=0.2), history=HISTORY)
    found = make_status(a_program(), ROSTER, CATALOGUE, result).needs
    assert [("--accept-missing", ("run", "--accept-missing"))] == [
        (need.subject, need.command) for need in found if need.kind == "stopped"
    ]


def test_proposals_wait_until_a_run_would_publish_them():
    history = evolve(HISTORY, relationships=known(PAIR) + known(OTHER, OVER, state="proposed", published_at=None))
    (need,) = needs("proposed", history)
    assert ((OTHER.id, OVER.id), BEGAN, ("publish",)) == (need.subjects, need.since, need.command)
    matching = Matching((OTHER,), (), (), Certificate("optimal", True, 1, 50.0))
    assert [(OVER.id,)] == [need.subjects for need in needs("proposed", history, matching=matching)]
    assert [2] == [need.amount for need in needs("proposed", history, matching=matching, proposing=True)]
    assert [(OTHER.id,)] == [need.subjects for need in needs("proposed", history, withdrawn=(OVER.id,))]


def test_a_published_pair_that_a_rule_forbids_by_now_is_named_with_the_rule():
    program = a_program(series=(), timeline=(), matching=RULES)
    roster = a_roster(*ROSTER.people[:3], a_person("4", "mentee", manager_id="1"), *ROSTER.people[4:])
    (need,) = needs("forbidden", roster=roster, program=program)
    assert ({"1", "4"}, PAIR.id, "against reporting") == ({*need.people}, need.subject, need.detail)
    assert [] == needs("forbidden", program=program)


@pytest.mark.parametrize(("kind", "broken"), [("outside-reporting-line", False), ("never", True)])
def test_what_always_requires_breaks_no_rule_but_never(kind, broken):
    pairs = PairTable((("1", "4", None),))
    rule = a_rule("never", pairs=pairs) if kind == "never" else a_rule(kind)
    matching = MatchingUse(Use("optimal"), rules=(a_rule("always", pairs=pairs), rule))
    roster = a_roster(*ROSTER.people[:3], a_person("4", "mentee", manager_id="1"), *ROSTER.people[4:])
    found = needs("forbidden", roster=roster, program=a_program(series=(), timeline=(), matching=matching))
    assert broken == bool(found)


def test_who_was_paired_before_the_program_knew_the_rule_is_no_broken_rule_of_itself():
    matching = MatchingUse(Use("optimal"), rules=(a_rule("not-matched-before"),))
    assert [] == needs("forbidden", program=a_program(series=(), timeline=(), matching=matching))


def test_a_request_waits_until_a_relationship_of_theirs_changes():
    asked = (
        told("4", "requested", 5, value="somebody from sales"),
        told("7", "requested", 13),
        told("5", "requested", 14),
    )
    found = needs("requested", evolve(HISTORY, events=asked))
    assert [("7", ("publish", "--fill")), ("4", ("record", "ended", "--person", "4", "--subject", PAIR.id))] == [
        (need.people[0], need.command) for need in found
    ]
    done = known(PAIR, state="ended", ended_at=NOW - timedelta(days=1), reason="ended")
    assert ["7"] == [need.people[0] for need in needs("requested", evolve(HISTORY, relationships=done, events=asked))]


@pytest.mark.parametrize(
    ("published", "has", "no_time", "beyond"),
    [
        ("2027-01-11", (2, 3, 4, 5, 6), 1, 0),  # only the first one finds no hour
        ("2027-01-11", (), 6, 0),
        ("2027-05-10", (1, 2), 0, 4),  # the program ends before the third one
        ("2027-05-10", (1,), 1, 4),
        ("2027-06-07", (), 1, 5),
    ],
)
def test_sessions_for_which_the_program_is_too_short_need_nobody(published, has, no_time, beyond):
    program = a_program(series=(Series("sessions", 6, (Length(4, "weeks"),)),), timeline=())
    began = a_moment(f"{published}T09:00:00+00:00")
    first = (began - NOW).days + 1
    sessions = tuple(KnownSession(a_session(PAIR, first + 28 * (number - 1), number)) for number in has)
    history = evolve(HISTORY, relationships=known(PAIR, published_at=began), sessions=sessions)
    found = status(history, program=program)
    assert [no_time] * bool(no_time) == [need.amount for need in found.needs if need.kind == "no-time"]
    assert beyond == found.sessions.get("beyond", 0)
    assert all(("show", "--origin") == need.command for need in found.needs if need.kind == "no-time")


def test_roles_that_do_not_meet_in_a_series_lack_none_of_its_sessions():
    only = Series("sessions", 2, (Length(4, "weeks"),), who=("coach",))
    assert [] == needs("no-time", program=a_program(series=(only,), timeline=()))


def test_sessions_long_over_without_a_word_are_counted_per_relationship():
    kept = [KnownSession(a_session(PAIR, -days, days)) for days in (6, 8, 20)]
    kept += [KnownSession(a_session(PAIR, -21, 9), "held"), KnownSession(a_session(OVER, -21))]
    (need,) = needs("unsaid", evolve(HISTORY, sessions=tuple(kept)))
    assert (PAIR.id, 2) == (need.subject, need.amount)


def test_sessions_in_somebodys_pause_are_named_until_they_are_back():
    history = evolve(
        HISTORY,
        sessions=tuple(KnownSession(a_session(PAIR, days, days)) for days in (3, 9, 30)),
        events=(told("4", "paused", 2, value="2027-03-10"),),
    )
    (need,) = needs("in-pause", history)
    assert (("4",), ("1",), 2) == (need.people, need.others, need.amount)
    assert [] == needs("in-pause", evolve(history, events=(*history.events, told("4", "resumed", 1))))


def test_beside_those_who_wait_stand_the_free_places_and_who_could_take_them():
    program = a_program(series=(), timeline=(), matching=RULES)
    boss = a_roster(*ROSTER.people[:6], a_person("7", "mentee", manager_id="3"))
    found = status(roster=boss, program=program)
    assert {"mentor": (1, 1)} == {role: (room.people, room.places) for role, room in found.free.rooms.items()}
    assert frozenset({"6"}) == found.free.placeable
    assert [("6", ("publish", "--fill")), ("7", ())] == [
        (need.people[0], need.command) for need in found.needs if need.kind == "unmatched"
    ]


def test_who_is_in_a_proposal_needs_no_place():
    proposal = known(OVER, state="proposed", published_at=None)
    found = status(evolve(HISTORY, relationships=HISTORY.relationships + proposal))
    (six,) = [need for need in found.needs if need.people == ("6",)]
    assert ("in a proposal that waits to be published", ()) == (six.detail, six.command)
    assert "6" not in found.free.placeable


def test_places_that_a_proposal_takes_are_not_free_and_the_review_comes_first():
    proposal = known(OVER, state="proposed", published_at=None)
    found = status(evolve(HISTORY, relationships=HISTORY.relationships + proposal))
    assert ({}, frozenset(), 0) == (found.free.rooms, found.free.placeable, found.free.together)
    more = a_roster(*ROSTER.people, a_person("8", "mentor", manager_id=""))
    found = status(evolve(HISTORY, relationships=HISTORY.relationships + proposal), roster=more)
    assert [("7", ("match", "--review", "FILE"))] == [
        (need.people[0], need.command) for need in found.needs if need.command and need.kind == "unmatched"
    ]
    reviewed = a_program(series=(), timeline=(), matching=evolve(RULES, publish="review"))
    (need, *_) = needs("unmatched", program=reviewed)
    assert ("match", "--review", "FILE") == need.command


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), max_size=4), st.lists(st.integers(1, 3), min_size=3,
                                                                                      max_size=3))  # fmt: skip
def test_a_place_is_counted_for_one_of_those_who_could_take_it(allowed, places):
    mentors = [a_person(f"{number}", "mentor", places=free) for number, free in enumerate(places)]
    mentees = [a_person(f"{number}", "mentee") for number in range(10, 10 + len(allowed))]
    apart = PairTable(
        tuple(
            (a.id, b.id, None)
            for a, row in zip(mentees, allowed, strict=True)
            for b, ok in zip(mentors, row, strict=True)
            if not ok
        )
    )
    matching = MatchingUse(Use("optimal"), rules=(a_rule("never", pairs=apart),))
    program = a_program(series=(), timeline=(), matching=matching)
    found = status(History(occasions={"match": BEGAN}), roster=a_roster(*mentors, *mentees), program=program).free
    seats = [number for number, free in enumerate(places) for _ in range(free)]
    best = max(
        (
            sum(seat is not None and allowed[who][seat] for who, seat in enumerate(seated))
            for seated in permutations([*seats, *[None] * len(allowed)], len(allowed))
        ),
        default=0,
    )
    assert best == found.together


def test_what_goes_out_within_seven_days_is_counted_by_day_and_step():
    later = tuple(a_transmission("hello", due=NOW + timedelta(days=days)) for days in (1, 1, 7, 8))
    found = status(due=(a_transmission("now"),), later=later)
    assert (
        Going(date(2027, 2, 22), "now", 1),
        Going(date(2027, 2, 23), "hello", 2),
        Going(date(2027, 3, 1), "hello", 1),
    ) == (found.week)


def test_what_the_next_run_does_beside_sending():
    matching = Matching((OTHER, OVER), (Unmatched("7", "mentee", ()),), (), Certificate("optimal", True, 2, 50.0))
    happening = Happening((told("6", "left", 1),), (Ending(PAIR.id, NOW, NOW, "left"),))
    assert NextRun(1, 1, 2, 0, 1) == status(matching=matching, happening=happening).next_run
    assert NextRun(0, 0, 0, 2, 1) == status(matching=matching, proposing=True).next_run
    assert NextRun() == status(matching=matching, provisional=True).next_run
    waiting = evolve(HISTORY, relationships=known(PAIR) + known(OVER, state="proposed", published_at=None))
    assert NextRun(0, 0, 0, 1, 1) == status(waiting, matching=matching, proposing=True).next_run


def test_while_sign_up_is_open_the_status_foresees():
    program = a_program(opens=date(2026, 11, 30), signup_closes=date(2026, 12, 18))
    at = a_moment("2026-12-01T12:00:00+00:00")
    later = (a_transmission("reminder"),)
    found = status(
        History(), program=program, at=at, provisional=True, preview=Schedule((a_session(PAIR, 0),)), later=later
    )
    assert ("sign-up", True, ()) == (found.phase, found.provisional, found.needs)
    assert (later[0].due, NOW) == (found.next_message, found.next_session)


def test_those_who_wait_stand_in_line_and_the_next_intake_beside_them():
    since = {**HISTORY.seen, "6": NOW - timedelta(days=2)}
    matching = evolve(RULES, intake=Intake(weekday=0))
    found = status(evolve(HISTORY, seen=since), program=a_program(series=(), timeline=(), matching=matching))
    assert [("7", "2027-01-11"), ("6", "2027-02-20")] == [
        (need.people[0], f"{need.since:%Y-%m-%d}") for need in found.needs if need.kind == "unmatched"
    ]
    assert date(2027, 3, 1) == found.next_intake


PEOPLE = st.sampled_from("1234567")
EVENTS = st.lists(
    st.builds(told, PEOPLE, st.sampled_from(["met", "left", "resumed", "paused", "requested"]), st.integers(0, 40)),
    max_size=12,
    unique_by=lambda one: one.id,
)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.lists(st.builds(Held, st.builds(Recipient, st.just(1), PEOPLE, st.sampled_from(["mentor", "mentee"])),
                                  st.sampled_from(["missing", "paused"]), st.just(("k",))), max_size=6),
       st.lists(PEOPLE, max_size=3, unique=True), st.lists(st.integers(-30, 30), max_size=6, unique=True))  # fmt: skip
def test_each_need_names_a_person_or_relationship_at_most_once_per_kind(events, held, missing, days):
    sessions = tuple(KnownSession(a_session(PAIR, one, one)) for one in days)
    history = evolve(HISTORY, events=tuple(events), sessions=sessions)
    found = status(history, held=tuple(held), missing=tuple(missing)).needs
    about = [(need.kind, need.subject if need.subject.startswith("r") else need.people) for need in found]
    assert sorted(set(about)) == sorted(about)
    assert [need.kind for need in found] == sorted((need.kind for need in found), key=NEED_KINDS.index)
