"""Groups over random lives: people leave, decline, pause, come back and join, run by run, on a real ledger."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.happenings import Told
from mentorkit.core.history import TO_COME, History
from mentorkit.core.moments import parse_when
from mentorkit.core.plan import Plan
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.program import Length, ModelUse, Program, Series, Step, Use
from mentorkit.core.roster import Roster
from mentorkit.core.standing import standing
from mentorkit.core.zones import to_utc
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_message, a_person, a_program, a_roster
from mentorkit_models.group import Group, GroupOptions, GroupSize, MentorCount

STARTS = date(2027, 1, 11)
MENTORS, FIRST = 4, 8
PEOPLE = [f"e{number}" for number in range(FIRST + 4)] + [f"m{number}" for number in range(MENTORS)]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build_catalogue()


def a_step(name: str, when: str, *to: str) -> Step:
    return Step(name, parse_when(when, ()), to, a_message(), expires=Length(7, "days"))


TIMELINE = (
    a_step("welcome", "match at 08:00", "mentor", "mentee"),
    a_step("left", "member-leaves at 08:00", "mentor", "mentee", "coordinator"),
    a_step("joined", "member-joins at 08:00", "mentor", "mentee", "coordinator"),
    a_step("reminder", "session - 2 days at 08:00", "mentor", "mentee"),
)


def groups(**options: object) -> Program:
    series = Series("sessions", 6, (Length(2, "weeks"),))
    program = a_program(
        starts=STARTS, ends=STARTS + timedelta(weeks=16), series=(series,), timeline=TIMELINE,
        contacts={"coordinator": "c@example.org"},
    )  # fmt: skip
    sizes = GroupOptions(GroupSize(3, 4, 4), MentorCount(1, 1), spread={}, **options)  # type: ignore[arg-type]
    use = ModelUse(Use("group", sizes), roles=Group.roles)
    return evolve(program, model=use, matching=evolve(program.matching, matcher=Use("groups")))


def roster_of(mentees: int) -> Roster:
    mentors = (a_person(f"m{number}", "mentor") for number in range(MENTORS))
    return a_roster(*mentors, *(a_person(f"e{number}", "mentee") for number in range(mentees)))


def at_ten(day: date) -> datetime:
    return to_utc(datetime.combine(day, time(10)), "Europe/London")


def run(ledger: Ledger, program: Program, roster: Roster, catalogue: Catalogue, at: datetime, *told: Told) -> Plan:
    plan = make_plan(program, roster, catalogue, ledger.read(), at, told).plan
    ledger.record_plan(plan)
    return plan


@frozen
class Doing:
    """What somebody does on the day before a run."""

    person: str
    kind: str


doings = st.builds(
    Doing, st.sampled_from(PEOPLE), st.sampled_from(("left", "left", "declined", "declined", "resumed", "paused"))
)
lives = st.lists(st.tuples(st.integers(1, 12), st.lists(doings, max_size=3), st.integers(0, 1)), min_size=2, max_size=6)


@settings(max_examples=12, deadline=None)
@given(life=lives, answer=st.sampled_from(("refill", "refill", "continue")))
def test_over_any_lives_seats_are_taken_once_and_everybody_hears_what_is_theirs_once(
    catalogue: Catalogue, life: list[tuple[int, list[Doing], int]], answer: str
) -> None:
    program = groups(on_leaving=answer)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_ledger(Path(folder) / "l", create_for=program.id, durable=False) as ledger,
    ):
        day, mentees = STARTS, FIRST
        plans = [run(ledger, program, roster_of(mentees), catalogue, at_ten(day))]
        for number, (days, doing, new) in enumerate(life):
            day, mentees = day + timedelta(days=days), min(mentees + new, FIRST + 4)
            roster, before = roster_of(mentees), ledger.read()
            told = [
                Told(
                    f"t{number}-{place}",
                    at_ten(day - timedelta(days=1)) + timedelta(minutes=place),
                    one.person,
                    one.kind,
                )
                for place, one in enumerate(doing)
                if one.person in roster.by_id
            ]
            plans.append(run(ledger, program, roster, catalogue, at_ten(day), *told))
            history = ledger.read()
            _seats_are_taken_once(roster, history, at_ten(day))
            _only_events_change_members(before, history, answer)
            _nothing_goes_to_leavers(roster, history, plans[-1], day)
        ledger.check()
    _messages_are_right(history, plans)


def _seats_are_taken_once(roster: Roster, history: History, at: datetime) -> None:
    taken = Counter(member for known in history.published for member in known.relationship.members)
    assert all(roster.by_id[one.person].places[one.role] >= number for one, number in taken.items())
    members = {known.relationship.id: set(known.relationship.people()) for known in history.published}
    for known in history.published:
        assert Counter(one.role for one in known.relationship.members) <= Counter(one.role for one in known.founders)
    for one in history.sessions:
        if one.session.relationship in members and one.state in TO_COME and one.session.starts > at:
            assert members[one.session.relationship] == set(one.session.people)


def _only_events_change_members(before: History, history: History, answer: str) -> None:
    events = {event.id: event for event in history.events}
    was = {known.relationship.id: known for known in before.relationships}
    for known in history.relationships:
        for one in known.departures:
            event = events[one.event]
            assert (one.member.person, one.reason) == (event.person, event.kind)
        if known.relationship.id in was:
            assert was[known.relationship.id].founders == known.founders
        joined = [one.member for one in known.own_days if one.joined is not None]
        left = [one.member for one in known.departures]
        assert len(joined) <= len(left)
        assert answer == "refill" or set(joined) <= set(left)  # only who was there comes back


def _nothing_goes_to_leavers(roster: Roster, history: History, plan: Plan, day: date) -> None:
    gone = standing(roster, history, day).left
    assert not {one.recipient.id for one in plan.due} & gone


def _messages_are_right(history: History, plans: list[Plan]) -> None:
    told = Counter(part.key for plan in plans for one in plan.due for part in one.deliveries)
    assert not told or set(told.values()) == {1}
    welcomed = Counter(
        (part.recipient.number, part.relationship)
        for plan in plans
        for one in plan.due
        for part in one.deliveries
        if part.step == "welcome"
    )
    for known in history.relationships:
        for one in known.memberships:
            assert 1 == welcomed[history.numbers[one.member.person], known.relationship.id]


def begun(ledger: Ledger, program: Program, catalogue: Catalogue, mentees: int = FIRST) -> History:
    run(ledger, program, roster_of(mentees), catalogue, at_ten(STARTS))
    return ledger.read()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path / "l", create_for="pilot", durable=False)


def test_those_who_wait_longest_come_first(ledger: Ledger, catalogue: Catalogue) -> None:
    program = groups()
    history = begun(ledger, program, catalogue)
    one = next(person for person in history.published[0].relationship.people("mentee"))
    run(ledger, program, roster_of(FIRST + 1), catalogue, at_ten(STARTS + timedelta(days=1)))
    run(ledger, program, roster_of(FIRST + 3), catalogue, at_ten(STARTS + timedelta(days=2)))
    leaves = Told("x", at_ten(STARTS + timedelta(days=3)), one, "left")

    plan = run(ledger, program, roster_of(FIRST + 3), catalogue, at_ten(STARTS + timedelta(days=3)), leaves)

    assert [f"e{FIRST}"] == [joining.member.person for joining in plan.rearranged.joinings]


def test_what_comes_before_somebody_joins_is_not_theirs_and_what_hangs_on_sessions_is_from_then_on(
    ledger: Ledger, catalogue: Catalogue
) -> None:
    program = groups()
    history = begun(ledger, program, catalogue)
    one = history.published[0].relationship.people("mentee")[0]
    later = STARTS + timedelta(days=40)
    run(ledger, program, roster_of(FIRST + 1), catalogue, at_ten(later - timedelta(days=1)))

    plan = run(ledger, program, roster_of(FIRST + 1), catalogue, at_ten(later), Told("x", at_ten(later), one, "left"))

    new = f"e{FIRST}"
    theirs = [part.step for each in plan.due for part in each.deliveries if each.recipient.id == new]
    sessions = [known.session for known in ledger.read().sessions if new in known.session.people]
    reminders = [each for each in plan.later if each.recipient.id == new and each.step == "reminder"]
    assert ["welcome"] == [step for step in theirs if step != "reminder"]
    assert sessions
    assert all(session.starts > at_ten(later) for session in sessions)
    assert len(sessions) == len(reminders) + theirs.count("reminder")
    assert not [each for each in plan.expired if each.recipient.id == new]
    told = {each.recipient.id for each in plan.due if each.step == "joined"}
    assert {*ledger.read().published[0].relationship.people(), "coordinator"} - {new} == told


def test_a_group_of_which_two_mentees_are_left_goes_on_and_one_of_whom_fewer_are_ends(
    ledger: Ledger, catalogue: Catalogue
) -> None:
    program = groups()
    known = begun(ledger, program, catalogue).published[0]
    at = at_ten(STARTS + timedelta(days=2))
    mentees = known.relationship.people("mentee")
    leaving = [Told(f"x{number}", at, one, "left") for number, one in enumerate(mentees)]

    plan = make_plan(program, roster_of(FIRST), catalogue, ledger.read(), at, leaving[: len(mentees) - 2]).plan
    over = make_plan(program, roster_of(FIRST), catalogue, ledger.read(), at, leaving[: len(mentees) - 1]).plan

    assert ((), (known.relationship.id,)) == (
        plan.happening.endings,
        tuple(one.relationship for one in over.happening.endings),
    )
