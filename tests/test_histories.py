"""A published relationship changes only by an event: never by a roster, a criterion, a weight, a rule or a seed.

Whole lives of programs, with the real model, matcher, criteria and ledger: random ones, and a year of a company whose
people were hired and left when its records say.
"""

import csv
import shutil
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.happenings import OWN_EVENT, Happening, Told
from mentorkit.core.planning import make_plan
from mentorkit.core.program import Intake, Length, Program
from mentorkit.core.roster import Roster
from mentorkit.ledger import open_ledger
from mentorkit.loading import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.roster_files import read_roster
from mentorkit.testing import a_person, a_roster, program_folder

pytestmark = pytest.mark.uncounted

CATALOGUE = build_catalogue()
STARTS = date(2027, 1, 11)
ENDING = {"left", "declined", "ended"}
CHANGING = ENDING | {"met", "missed", "moved"}
PROGRAM = """
[program]
id = "lives"
name = "Lives"
starts = {starts}
length = "12 months"
timezone = "Europe/London"

[roster]
file = "people.csv"

[model]
use = "one-on-one"

[matching]
intake = "every 2 weeks"
"""


@pytest.fixture(scope="module")
def empty_ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "ledger.sqlite"
    open_ledger(path, create_for="lives", durable=False).close()
    return path


@contextmanager
def a_ledger(empty):
    """Give a new ledger; copying an empty one is faster than making one."""
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        with open_ledger(path, durable=False) as ledger:
            yield ledger


def relationships(history):
    return {known.relationship.id: known for known in history.relationships}


def sessions(history):
    found = {}
    for known in history.sessions:
        found.setdefault(known.session.relationship, {})[known.session.id] = known
    return found


def check_that_only_events_changed(before, after):
    """Compare what the ledger knew with what it knows."""
    events = [event for event in after.events if event not in before.events]
    now, times, old_times = relationships(after), sessions(after), sessions(before)
    for known in before.relationships:
        one = known.relationship
        kinds = {event.kind for event in events if event.person in one.people()}
        assert one == now[one.id].relationship
        if known.state != "published" or not kinds & CHANGING:
            assert known == now[one.id]
            assert old_times.get(one.id) == times.get(one.id)
        if not kinds & ENDING:
            assert known.state == now[one.id].state
        assert old_times.get(one.id, {}).keys() == times.get(one.id, {}).keys()


def check_places(after, roster):
    """Nobody has more than they have places, and nobody is in a relationship of two ends."""
    taken = Counter(member for known in after.published for member in known.relationship.members)
    assert all(1 == count for count in taken.values())


# -------------------------------------------------------------------------------------------------- random lives

SKILLS = ("python", "negotiation", "writing", "design")
tags = st.frozensets(st.sampled_from(SKILLS), max_size=3)
KINDS = ("accepted", "declined", "met", "missed", "moved", "paused", "resumed", "left", "ended", "requested")


@frozen
class Day:
    """What happens before one run."""

    gap: int
    roster: Roster = field(repr=lambda roster: f"{[(one.id, *one.values.values()) for one in roster.people]}")
    program: Program = field(
        repr=lambda program: f"{program.seed} {program.matching.criteria} {program.matching.rules}"
    )
    told: tuple[tuple[str, str], ...] = field(factory=tuple)


@st.composite
def people(draw, day):
    """Return a roster: some are away, some have just come, some have another name, level, manager or other wishes."""
    found = []
    for number in draw(st.permutations(range(10))):
        role = "mentor" if number < 5 else "mentee"
        if draw(st.integers(0, 5)) == 0:
            continue
        values = {
            "name": draw(st.sampled_from(("Kim", "Lea"))),
            "level": draw(st.integers(3, 5) if role == "mentor" else st.integers(1, 3)),
            "manager_id": draw(st.sampled_from(("", "0", "1", "9"))),
            "timezone": draw(st.sampled_from(("Europe/London", "America/New_York"))),
            "skills": draw(tags),
            "wants": draw(tags),
        }
        if draw(st.integers(0, 9)) == 0:
            values["left_on"] = day + timedelta(days=draw(st.integers(-20, 20)))
        if draw(st.integers(0, 9)) == 0:
            values["paused_until"] = day + timedelta(days=draw(st.integers(-20, 40)))
        found.append(a_person(str(number), role, **values))
    return a_roster(*found)


@st.composite
def edited(draw, program):
    """Return the program as its author has it today: other weights, fewer criteria, other rules, another seed."""
    criteria = [
        evolve(one, weight=draw(st.sampled_from((1.0, 20.0, 90.0))))
        for one in program.matching.criteria
        if draw(st.booleans())
    ]
    matching = evolve(
        program.matching,
        criteria=tuple(criteria) or program.matching.criteria[:1],
        rules=program.matching.rules if draw(st.booleans()) else (),
        intake=draw(st.sampled_from((None, Intake(None, Length(2, "weeks"))))),
    )
    return evolve(program, matching=matching, seed=draw(st.integers(0, 5)), digest=str(draw(st.integers())))


@st.composite
def lives(draw, program):
    """Return some days of a program's life."""
    found, day = [], STARTS
    for _ in range(draw(st.integers(2, 6))):
        gap = draw(st.integers(0, 40 * 24))
        day += timedelta(hours=gap)
        told = draw(st.lists(st.tuples(st.integers(0, 9).map(str), st.sampled_from(KINDS)), max_size=3))
        found.append(Day(gap, draw(people(day)), draw(edited(program)), tuple(told)))
    return found


def as_told(history, words, at, serial):
    """Return the events that can be said: one of each pair at a time; what moves has not begun."""
    told: list[Told] = []
    spoken: set[str] = set()
    for number, (person, kind) in enumerate(words):
        theirs = [known.relationship.id for known in history.published if person in known.relationship.people()]
        if len(theirs) != 1 or theirs[0] in spoken:
            continue
        to_come = [known for known in sessions(history).get(theirs[0], {}).values() if known.session.starts > at]
        if kind == "moved" and not [known for known in to_come if known.state in ("planned", "moved")]:
            continue
        spoken.add(theirs[0])
        value = f"{(at + timedelta(days=3)).date()}T18:30" if kind == "moved" else ""
        told.append(Told(f"t{serial}-{number}", at - timedelta(minutes=5), person, kind, "", value))
    return tuple(told)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = program_folder(
        tmp_path_factory.mktemp("program"), {"program.toml": PROGRAM.format(starts=STARTS), "people.csv": "id,name\n"}
    )
    loaded = load_program(folder / "program.toml", CATALOGUE)
    assert loaded.program is not None
    return loaded.program


@pytest.mark.uncounted
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_published_pair_changes_but_by_an_event(program, empty_ledger, data):
    at = datetime.combine(STARTS, time(9), UTC)
    with a_ledger(empty_ledger) as ledger:
        for serial, day in enumerate(data.draw(lives(program))):
            at += timedelta(hours=day.gap)
            before = ledger.read()
            told = as_told(before, day.told, at, serial)
            result = make_plan(day.program, day.roster, CATALOGUE, before, at, told)
            ledger.record_plan(result.plan)
            after = ledger.read()
            check_that_only_events_changed(before, after)
            check_places(after, day.roster)
            new = [event for event in after.events if event not in before.events]
            noticed = {event.kind for event in new if event.id not in {one.id for one in told}}
            assert noticed <= {"left", "paused", "resumed"}  # what the roster itself says
            assert {one.id for one in told} <= {event.id for event in new}
            again = make_plan(day.program, day.roster, CATALOGUE, after, at, told).plan
            assert (Happening(), None) == (evolve(again.happening, events=()), again.matching)
            assert all(event.id.startswith(OWN_EVENT) for event in again.happening.events)  # of who is new and has left
        ledger.check()


# ----------------------------------------------------------------------------------------------- a year of a company

COMPANY = Path(__file__).parent / "data" / "rosters" / "employees_1k.csv"
FIRST = date(1993, 1, 4)


def staff(rows, day):
    """Return the export of a day: who was hired by then, and who left, with the day, for two months more."""
    lines = ["id,name,email,department,level,left_on"]
    for row in rows:
        hired = date.fromisoformat(row["hire_date"])
        left = date.fromisoformat(row["end_date"]) if row["end_date"] else None
        if hired <= day and (left is None or day <= left + timedelta(days=60)):
            known = left if left and left <= day + timedelta(days=14) else ""
            lines.append(f"{row['id']},{row['name']},{row['email']},{row['department']},{row['level']},{known}")
    return "\n".join(lines) + "\n"


@pytest.mark.uncounted
def test_a_year_of_hires_and_leavers(empty_ledger, tmp_path):
    rows = list(csv.DictReader(COMPANY.read_text(encoding="utf-8").splitlines()))
    program_folder(tmp_path, {"program.toml": PROGRAM.format(starts=FIRST), "people.csv": staff(rows, FIRST)})
    loaded = load_program(tmp_path / "program.toml", CATALOGUE)
    program = evolve(loaded.program, timeline=loaded.program.timeline[:1])
    ended, joined = [], set()
    with a_ledger(empty_ledger) as ledger:
        for month in range(12):
            day = FIRST + timedelta(weeks=4 * month)
            (tmp_path / "people.csv").write_text(staff(rows, day), encoding="utf-8")
            roster = read_roster(program, CATALOGUE, today=day, matched=month > 0).roster
            before = ledger.read()
            ledger.record_plan(make_plan(program, roster, CATALOGUE, before, datetime.combine(day, time(9), UTC)).plan)
            after = ledger.read()
            check_that_only_events_changed(before, after)
            check_places(after, roster)
            ended += [known for known in after.relationships if known.reason and known not in before.relationships]
            if month:
                joined |= relationships(after).keys() - relationships(before).keys()
            left = {one.id for one in roster.people if one.values.get("left_on", date.max) < day}
            served = {p for known in after.published for p in known.relationship.people("mentee")}
            assert not served & left
            assert {one.id for one in roster.in_role("mentee")} - left == served
    gone = {row["id"] for row in rows if FIRST < date.fromisoformat(row["end_date"] or "9999-12-31") <= day}
    assert {"left"} == {known.reason for known in ended}
    assert all(gone & set(known.relationship.people()) for known in ended)
    assert len(ended) >= 2
    assert len(joined) >= 10
