from datetime import timedelta

import pytest
from attrs import evolve

from mentorkit.core.contracts import Role
from mentorkit.core.deliveries import Held, Recipient
from mentorkit.core.happenings import Ending, Happening
from mentorkit.core.history import Event, History, KnownRelationship, KnownSession, KnownTransmission
from mentorkit.core.outcome import Item, Outcome
from mentorkit.core.program import MatchingUse, Use
from mentorkit.core.relationships import Certificate, Matching
from mentorkit.core.sessions import BEYOND, Schedule, Session, Unplaced
from mentorkit.presenting.happening_text import Before, following_text, known_text
from mentorkit.presenting.next_steps import Caller, folded
from mentorkit.presenting.outcome import outcome_json, outcome_text
from mentorkit.presenting.plan_text import plan_text
from mentorkit.presenting.publication import publication_text
from mentorkit.testing import a_moment, a_person, a_plan, a_program, a_relationship, a_roster, a_transmission

NOON = a_moment("2027-01-11T12:00:00+00:00")
ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROSTER = a_roster(
    a_person("1", "mentor", name="Ada"), a_person("4", "mentee", name="山田太郎"), a_person("5", "mentee")
)
PAIR, OTHER = (a_relationship(("1", "mentor"), (one, "mentee")) for one in "45")


def a_session(relationship, days, number):
    starts = NOON + timedelta(days=days)
    name = f"{relationship.id}-{number}"
    people = relationship.people()
    return Session(name, relationship.id, "sessions", number, starts.replace(tzinfo=None), "UTC", starts, 60, people)


HISTORY = History(
    relationships=(KnownRelationship(PAIR, "published", NOON), KnownRelationship(OTHER, "proposed")),
    sessions=(KnownSession(a_session(PAIR, 7, 1)), KnownSession(a_session(PAIR, 14, 2))),
    transmissions={"k": KnownTransmission("k", "due", "hello", 1, NOON)},
)
MOVED = KnownSession(a_session(PAIR, 8, 1), "moved", 1, 1, NOON)
LEARNED = Happening(
    (
        Event("mentorkit:left:p2:2027-01-11", NOON, "4", "left", ""),
        Event("x", NOON, "1", "answered", "pulse.mood", "so\x1b[2J so"),
    ),
    (Ending(PAIR.id, NOON, NOON, "left"), Ending(OTHER.id, NOON, NOON, "declined")),
    (MOVED, KnownSession(a_session(PAIR, 14, 2), "canceled", 1, 0, NOON)),
    ("k",),
)
BEFORE = Before(ROSTER, HISTORY, "Europe/London")


def shown(plan, program=None, **named):
    return plan_text(plan, program or a_program(), ROLES, ROSTER, HISTORY, **named)


def test_the_plan_tells_what_became_known_and_what_follows():
    text = shown(a_plan(happening=LEARNED))
    assert "became known: 1 answered, 1 left" in text
    assert "left  山田太郎 (4)  seen 2027-01-11  by the roster" in text
    assert "\x1b" not in text
    assert f"1 relationship ends\n  Ada (1), 山田太郎 (4)  2027-01-11  left  {PAIR.id}" in text
    assert "1 proposal is withdrawn" in text
    assert "1 session is canceled\n  Ada (1), 山田太郎 (4)  Mon 2027-01-25 12:00 (UTC)" in text
    assert "Mon 2027-01-18 12:00 (UTC)  →  Tue 2027-01-19 12:00 (UTC)" in text
    assert "1 message that waited is dropped: 1 hello" in text
    assert "Nothing is due" not in text


def test_the_plan_tells_what_a_rematch_breaks_and_what_changed_keys_move():
    text = shown(a_plan(rearranged=Happening(endings=(Ending(PAIR.id, NOON, NOON, "rematched"),), sessions=(MOVED,))))
    assert "1 relationship is broken by the rematch\n  Ada (1), 山田太郎 (4)  2027-01-11  rematched" in text
    assert "1 session moves: the keys of its series have changed" in text


def test_the_plan_lists_sessions_that_come_back_change_their_place_or_are_added():
    canceled = KnownSession(a_session(PAIR, 14, 2), "canceled", 1, 0, NOON)
    again = KnownSession(canceled.session, "planned", 2, 1, NOON)
    placed = KnownSession(evolve(a_session(PAIR, 7, 1), place="Room 7"), "planned", 1, 0, NOON)
    history = evolve(HISTORY, sessions=(HISTORY.sessions[0], canceled))
    added = Schedule((a_session(PAIR, 21, 3),))
    plan = a_plan(rearranged=Happening(sessions=(placed, again)), schedule=added)
    text = plan_text(plan, a_program(), ROLES, ROSTER, history)
    assert "1 session takes place again\n  Ada (1), 山田太郎 (4)  Mon 2027-01-25 12:00 (UTC)" in text
    assert "1 session changes its place, length or people\n  Ada (1), 山田太郎 (4)  Mon 2027-01-18 12:00 (UTC)" in text
    assert "1 session is added: its series has more\n  Ada (1), 山田太郎 (4)  Mon 2027-02-01 12:00 (UTC)" in text
    assert "Nothing is due" not in shown(a_plan(schedule=added))
    outcome = outcome_text(a_program(), plan, Outcome(), "pilot.run")
    assert "  2 sessions changed with their series, 1 session added" in outcome


def test_a_plan_that_learned_nothing_says_nothing_about_it():
    assert ("", "") == (known_text(Happening(), BEFORE), following_text(Happening(), BEFORE))
    assert "Nothing is due." in shown(a_plan())


def test_events_stand_in_the_order_of_days_and_numbers_and_say_which_day_is_which():
    own = [
        Event(f"mentorkit:left:{one}", NOON, one, "left", "", value)
        for one, value in (("p10", "2027-01-08"), ("p1", "missing"), ("p9", "2027-01-09"))
    ]
    said = Event("x", NOON - timedelta(days=1), "p10", "left", "", "new job")
    text = known_text(Happening((*own, said, Event("y", NOON, "p2", "paused", "", "2027-03-01"))), BEFORE)
    assert [
        "left  p10  2027-01-10       new job",
        "left  p1   seen 2027-01-11  missing from the roster",
        "left  p9   seen 2027-01-11  by the roster: on 2027-01-09",
        "left  p10  seen 2027-01-11  by the roster: on 2027-01-08",
    ] == [line.strip() for line in text.splitlines() if line.startswith("  left")]


def test_long_lists_are_folded_unless_all_is_asked_for():
    many = tuple(Event(f"e{number:02}", NOON, "1", "answered", f"pulse.q{number:02}", "x") for number in range(41))
    text = known_text(Happening(many), BEFORE)
    assert "and 31 more (--all)" in text
    assert 12 == len(text.splitlines())
    assert 42 == len(known_text(Happening(many), evolve(BEFORE, everything=True)).splitlines())
    assert ["a", "b"] == folded(["a", "b"], everything=False, shown=2)


PROPOSAL = a_plan(
    matching=Matching((OTHER,), (), (), Certificate("optimal", True, 1, 50.0)), proposing=True, withdrawn=("r1",)
)
REVIEWED = a_program(matching=MatchingUse(Use("optimal"), publish="review"))


def test_proposals_say_how_to_go_on():
    caller = Caller("my program.toml", "runs")
    text = shown(PROPOSAL, REVIEWED, caller=caller)
    assert "a proposal: it waits to be published" in text
    assert "1 earlier proposal withdrawn" in text
    assert "next, after this run: mentorkit match 'my program.toml' --review FILE --folder runs" in text
    assert "then: mentorkit publish 'my program.toml' --review FILE --folder runs" in text
    assert "sessions at real times" not in text
    told = outcome_text(REVIEWED, PROPOSAL, Outcome(), "pilot.run", caller)
    assert "1 relationship proposed, waiting to be published" in told
    assert "published 1" not in told
    document = outcome_json(PROPOSAL, Outcome(), "pilot.run")
    assert ([], [OTHER.id], ["r1"]) == (document["published"], document["proposed"], document["withdrawn"])
    assert "next, after this run: mentorkit publish PROGRAM.toml" in shown(PROPOSAL)


UNPLACED = (
    Unplaced(OTHER.id, "sessions", 1, "no common hour: words"),
    Unplaced(OTHER.id, "sessions", 2, "no common hour: words"),
    Unplaced(OTHER.id, "sessions", 3, f"{BEYOND}, 2027-06-27"),
)


@pytest.mark.parametrize("when", ["published", "proposed", "preview"])
def test_before_anybody_is_told_it_is_said_how_many_sessions_find_no_time(when):
    times = Schedule((a_session(OTHER, 7, 4),), UNPLACED)
    plan = evolve(PROPOSAL, proposing=when == "proposed", provisional=when == "preview")
    plan = evolve(plan, schedule=times) if when == "published" else evolve(plan, preview=times)
    text = shown(plan)
    assert "  2 sessions of 1 relationship find no time" in text
    assert "  1 session of 1 relationship would fall after the program's last day" in text
    assert 3 == text.count(f"of {OTHER.id}  ")
    assert ("published now: 1 session at real times" in text) == (when == "proposed")
    told = outcome_text(a_program(), plan, Outcome(), "pilot.run")
    assert ("2 sessions of 1 relationship find no time" in told) == (when != "preview")


def test_a_publication_says_how_many_sessions_find_no_time():
    plan = evolve(PROPOSAL, proposing=False, schedule=Schedule((), UNPLACED))
    text = publication_text(plan, a_program(), ROLES, ROSTER, "pilot.toml")
    assert "2 sessions of 1 relationship find no time: see `mentorkit status`." in text


def test_the_plan_says_who_is_in_turn_and_who_behind():
    certificate = Certificate("optimal", True, 1, 50.0, extra={"queue": {"in_turn": 12, "behind": 3}})
    text = shown(a_plan(matching=Matching((PAIR,), (), (), certificate)))
    assert "12 are in turn, 3 behind them" in text


def test_a_run_tells_what_it_learned_and_what_has_ended():
    outcome = Outcome(sent=(Item("k", "hello", 1),))
    plan = a_plan(happening=LEARNED, held=(Held(Recipient(1, "1", "mentor"), "paused", ("k",)),))
    text = outcome_text(a_program(), plan, outcome, "pilot.run")
    assert "learned 2 events: 1 answered, 1 left" in text
    assert (
        "2 relationships ended (declined, left), 1 session canceled, 1 session moved, 1 waiting message dropped" in text
    )
    assert "nothing was due" not in text
    assert "paused from the roster" not in text
    document = outcome_json(plan, outcome, "pilot.run")
    assert {"answered": 1, "left": 1} == document["events"]
    assert [PAIR.id, OTHER.id] == document["ended"]
    assert "nothing was due" in outcome_text(a_program(), a_plan(), Outcome(), "pilot.run")


def test_many_failures_are_folded_and_every_doubt_is_named():
    many = tuple(Item(f"k{number}", "hello", number, "450 try again") for number in range(400))
    text = outcome_text(a_program(), a_plan(), Outcome(deferred=many, in_doubt=many), "pilot.run", Caller("p.toml"))
    deferred, doubts = text.split("in doubt: whether")
    assert (10, 400) == (deferred.count("450 try again"), doubts.count("450 try again"))
    assert "and 390 more (`mentorkit status p.toml --all`)" in deferred


def test_who_gets_several_messages_of_a_step_is_named_once_and_a_pause_in_which_nothing_waits_is_no_news():
    twice = a_plan(due=(a_transmission("hello"), a_transmission("again", step="hello")))
    assert "    2 × Ada (1)" in shown(twice)  # noqa: RUF001
    quiet = a_plan(held=(Held(Recipient(1, "1", "mentor"), "paused", ()),))
    assert "paused  nothing waits yet" in shown(quiet)
    assert "held" not in outcome_text(a_program(), quiet, Outcome(), "pilot.run")


def test_what_expired_in_a_pause_is_counted():
    assert "hello to mentor  1 message" in shown(a_plan(suppressed=(a_transmission("hello"),)))
