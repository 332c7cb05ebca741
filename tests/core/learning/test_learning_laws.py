"""Laws of what becomes known, over random histories of events and rosters, in memory and in the ledger at once."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.happenings import Told
from mentorkit.core.history import History
from mentorkit.core.learning import Learned, applied, learn
from mentorkit.core.plan import Newcomer
from mentorkit.core.program import Program
from mentorkit.core.relationships import Certificate, Matching
from mentorkit.core.roster import Roster
from mentorkit.core.sessions import Schedule, Session
from mentorkit.ledger import open_ledger
from mentorkit.testing import a_catalogue, a_person, a_plan, a_program, a_relationship, a_roster, a_transmission
from mentorkit_models.one_on_one import OneOnOne

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PEOPLE = ("m1", "m2", "e1", "e2", "e3")
EVERYBODY = (*PEOPLE, "n1")
"""The last one is nobody the ledger knows at the beginning."""
PAIRS = (
    a_relationship(("m1", "mentor"), ("e1", "mentee")),
    a_relationship(("m1", "mentor"), ("e2", "mentee")),
    a_relationship(("m2", "mentor"), ("e3", "mentee")),
)


class GoingOn(OneOnOne):
    """Relationships that outlive their members."""

    def on_leaving(self, options, relationship, person):
        return "continue"


ENDING, CONTINUING = a_catalogue(models=[OneOnOne()]), a_catalogue(models=[GoingOn()])


def a_session(relationship: str, people: tuple[str, ...], number: int) -> Session:
    starts = NOON + timedelta(days=7 * number)
    local = starts.replace(tzinfo=None)
    return Session(
        f"{relationship}-{number}", relationship, "sessions", number, local, "Europe/London", starts, 60, people
    )


SESSIONS = tuple(a_session(pair.id, pair.people(), number) for pair in PAIRS for number in (1, 2, 3))
SUBJECTS = ("", *(pair.id for pair in PAIRS), *(session.id for session in SESSIONS))
WORDS = {
    "moved": ("2027-02-15T15:00", "2027-03-02T10:00:00Z", "2027-01-20T09:00"),
    "paused": ("", "2027-02-01", "2027-03-20"),
    "ended": ("", "no time"),
    "left": ("", "moved away"),
}
KINDS = ("accepted", "declined", "met", "missed", "moved", "paused", "resumed", "left", "ended", "requested")


@st.composite
def tellings(draw: st.DrawFn) -> tuple[Told, ...]:
    """Draw what was told, much of it wrong: about others' sessions, or about what is over."""
    told = []
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(KINDS))
        at = NOON + timedelta(days=draw(st.integers(0, 30)), hours=draw(st.sampled_from((0, 5))))
        subject = draw(st.sampled_from(SUBJECTS))
        value = draw(st.sampled_from(WORDS.get(kind, ("",))))
        told.append(Told(f"t{number}", at, draw(st.sampled_from(EVERYBODY)), kind, subject, value))
    return tuple(told)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    """Draw a roster from which some are gone, and in which some have left or pause."""
    days = st.none() | st.dates(date(2027, 1, 5), date(2027, 3, 10))
    people = []
    for name in EVERYBODY:
        if draw(st.integers(0, 4)):
            days_of = {"left_on": draw(days) if draw(st.booleans()) else None, "paused_until": draw(days)}
            role = "mentor" if name[0] == "m" else "mentee"
            people.append(a_person(name, role, **{column: day for column, day in days_of.items() if day}))
    return a_roster(*people)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    program = a_program()
    return evolve(program, roster=evolve(program.roster, missing=draw(st.sampled_from(("hold", "left")))))


moments = st.integers(0, 40).map(lambda days: NOON + timedelta(days=days))
catalogues = st.sampled_from((ENDING, CONTINUING))


def first_plan():
    """Return a plan after which three pairs are published and each person waits for a message."""
    due = tuple(a_transmission(f"hello-{name}", number, name) for number, name in enumerate(PEOPLE, 1))
    return a_plan(
        newcomers=tuple(Newcomer(number, name) for number, name in enumerate(PEOPLE, 1)),
        matching=Matching(PAIRS, (), (), Certificate("optimal", True, 1, 150.0)),
        occasions=("match",),
        schedule=Schedule(SESSIONS),
        due=due,
    )


def a_history() -> History:
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "l", create_for="pilot") as ledger:
        ledger.record_plan(first_plan())
        return ledger.read()


START = a_history()


def so_far(told: tuple[Told, ...], at: datetime) -> tuple[Told, ...]:
    return tuple(one for one in told if one.at <= at)


def numbered(history: History, learned: Learned, at: datetime) -> History:
    seen = dict.fromkeys(learned.numbers, at)
    return evolve(history, numbers={**history.numbers, **learned.numbers}, seen={**history.seen, **seen})


def as_known(history: History) -> History:
    """Return a history without what only the ledger tells: its log's number, and when a message's state has changed."""
    ordered = tuple(sorted(history.relationships, key=lambda one: one.relationship.id))
    waiting = {key: evolve(one, changed=None) for key, one in history.transmissions.items()}
    return evolve(history, mark=0, ledger_id="", relationships=ordered, transmissions=waiting)


@settings(max_examples=30, deadline=None)
@given(programs(), catalogues, st.lists(st.tuples(rosters(), tellings()), min_size=1, max_size=3), st.data())
def test_the_ledger_reads_back_what_was_applied(program, catalogue, rounds, data):
    with (
        tempfile.TemporaryDirectory() as folder,
        open_ledger(Path(folder) / "l", create_for="pilot", durable=False) as ledger,
    ):
        ledger.record_plan(first_plan())
        at = NOON
        for round_number, (roster, told) in enumerate(rounds):
            at += timedelta(days=data.draw(st.integers(0, 20)))
            before = ledger.read()
            named = tuple(evolve(one, id=f"{round_number}-{one.id}") for one in so_far(told, at))
            learned = learn(program, roster, catalogue, before, named, at)
            ledger.record_happening(learned.happening, numbers=learned.numbers, at=at, mark=before.mark)
            expected = applied(numbered(before, learned, at), learned.happening)
            assert as_known(expected) == as_known(ledger.read())
        ledger.check()


@settings(max_examples=60, deadline=None)
@given(programs(), catalogues, rosters(), tellings(), moments)
def test_what_is_known_already_is_not_learned_again(program, catalogue, roster, told, at):
    heard = so_far(told, at)
    learned = learn(program, roster, catalogue, START, heard, at)
    after = applied(numbered(START, learned, at), learned.happening)
    refused = {one.id for one in heard} - {event.id for event in after.events}
    again = learn(program, roster, catalogue, after, [one for one in heard if one.id not in refused], at)
    assert ((), (), False) == (again.diagnostics, tuple(again.numbers), bool(again.happening))


@settings(max_examples=60, deadline=None)
@given(programs(), catalogues, rosters(), tellings(), moments, st.randoms())
def test_the_order_in_which_things_are_told_does_not_matter(program, catalogue, roster, told, at, random):
    heard = list(so_far(told, at))
    expected = learn(program, roster, catalogue, START, heard, at)
    random.shuffle(heard)
    assert expected == learn(program, roster, catalogue, START, heard, at)


@settings(max_examples=80, deadline=None)
@given(programs(), catalogues, rosters(), tellings(), moments)
def test_a_relationship_changes_only_by_an_event_about_it_or_a_member_who_left(program, catalogue, roster, told, at):
    learned = learn(program, roster, catalogue, START, so_far(told, at), at)
    events = learned.happening.events
    about = {event.subject for event in events if event.kind in ("declined", "ended")}
    gone = {event.person for event in events if event.kind == "left"}
    before = {one.relationship.id: one for one in START.relationships}
    for after in applied(START, learned.happening).relationships:
        theirs, everybody = after.relationship, before[after.relationship.id].relationship.members
        if theirs.id not in about and not gone & {one.person for one in everybody}:
            assert before[theirs.id] == after
        assert everybody == after.founders
        assert {one.member for one in after.departures} == set(everybody) - set(theirs.members)
        assert {one.member.person for one in after.departures} <= gone


@settings(max_examples=80, deadline=None)
@given(programs(), catalogues, rosters(), tellings(), moments)
def test_a_session_changes_only_by_its_events_an_end_or_a_member_who_left(program, catalogue, roster, told, at):
    learned = learn(program, roster, catalogue, START, so_far(told, at), at)
    events = learned.happening.events
    about = {event.subject for event in events if event.kind in ("met", "missed", "moved")}
    over = {ending.relationship for ending in learned.happening.endings}
    gone = {event.person for event in events if event.kind == "left"}
    before = {one.session.id: one for one in START.sessions}
    for after in applied(START, learned.happening).sessions:
        was = before[after.session.id]
        if was.session.id not in about and was.session.relationship not in over and not gone & set(was.session.people):
            assert was == after
        assert after.sequence >= was.sequence
