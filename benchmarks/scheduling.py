"""Time, memory and quality of scheduling: `python -m benchmarks.scheduling [RELATIONSHIPS] [--sample N]`.

People live in twelve zones and countries; a mentor has two mentees, and seven in ten of these live where the mentor
does; every fifth person has working hours of their own.
Everybody has a calendar: weekly meetings over a third of their working time, and a week of leave. Twelve sessions, one
every two weeks, cross both changes of clocks. The result is checked with plain `datetime` arithmetic, session by
session; on a sample it stands beside a plain greedy search, and beside what each relationship could have if it were
alone in the world, which is more than anybody can reach.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from attrs import evolve

from benchmarks.measuring import Stages, peak_megabytes, tell
from mentorkit.core.busy_times import EPOCH, BusyTimes, span_of
from mentorkit.core.contracts import Role
from mentorkit.core.program import Length, Program, Series
from mentorkit.core.relationships import Relationship
from mentorkit.core.roster import Person, Roster
from mentorkit.core.scheduling.cadences import series_days, week_of
from mentorkit.core.scheduling.placing import schedule
from mentorkit.core.sessions import Schedule, Session
from mentorkit.core.zones import to_utc
from mentorkit.holiday_calendars import read_holidays
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

PLACES = [
    ("Europe/London", "GB"),
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("Asia/Kolkata", "IN"),
    ("Europe/Madrid", "ES"),
    ("America/Chicago", "US"),
    ("Asia/Kathmandu", "NP"),
    ("Asia/Singapore", "SG"),
    ("Australia/Sydney", "AU"),
    ("America/Los_Angeles", "US"),
    ("Asia/Jerusalem", "IL"),
    ("Africa/Lagos", "NG"),
]
HOURS = ("08:00-16:00", "09:00-15:00", "10:00-18:00", "mon-thu 09:00-17:00; fri 09:00-12:00")
STARTS, ENDS = date(2027, 2, 1), date(2027, 7, 25)
SERIES = Series("sessions", 12, (Length(2, "weeks"),))
PROGRAM = a_program(starts=STARTS, ends=ENDS, series=(SERIES,))
PUBLISHED = a_moment("2027-01-01T00:00:00+00:00")
ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
RUNS = (1_000, 10_000, 100_000)
QUICK = 10_000
WEEKS = (ENDS - STARTS).days // 7 + 1


def a_world(count: int) -> tuple[Roster, list[tuple[Relationship, datetime]]]:
    """Return everybody, and their relationships with the moment of publication."""
    choose = random.Random(1)

    def somebody(name: str, role: str, place: tuple[str, str]) -> Person:
        hours = {"working_hours": choose.choice(HOURS)} if choose.random() < 0.2 else {}
        return a_person(name, role, timezone=place[0], country=place[1], **hours)

    def somewhere() -> tuple[str, str]:
        return PLACES[min(int(choose.expovariate(0.5)), len(PLACES) - 1)]

    homes = [somewhere() for _ in range((count + 1) // 2)]
    people = [somebody(f"m{n}", "mentor", home) for n, home in enumerate(homes)]
    near = [homes[n // 2] if choose.random() < 0.7 else somewhere() for n in range(count)]
    people += [somebody(f"e{n}", "mentee", home) for n, home in enumerate(near)]
    pairs = [(a_relationship((f"m{n // 2}", "mentor"), (f"e{n}", "mentee")), PUBLISHED) for n in range(count)]
    busy = {person.id: a_calendar(n, person.text("timezone")) for n, person in enumerate(people)}
    holidays = read_holidays({country for _, country in PLACES}, STARTS, ENDS)
    return evolve(a_roster(*people), countries=holidays.countries, busy=busy), pairs


def a_calendar(number: int, zone: str) -> BusyTimes:
    """Return 13 weekly hours of the working time from 9 to 18, in clusters, and a week of leave."""
    chance = np.random.default_rng(number)
    midnight = int((to_utc(datetime.combine(STARTS, time()), zone) - EPOCH).total_seconds()) // 60
    halves = chance.choice(5 * 9, size=13, replace=False)
    begins = midnight + halves // 9 * 1440 + 540 + halves % 9 * 60 + chance.choice([0, 0, 30], size=13)
    weekly = (begins + np.arange(WEEKS)[:, None] * 10080).ravel()
    leave = midnight + int(chance.integers(WEEKS)) * 10080
    spans = np.array([*np.sort(weekly), leave], dtype=np.int64)
    ends = spans + np.where(np.arange(len(spans)) == len(spans) - 1, 5 * 1440, 60)
    order = np.argsort(spans, kind="stable")
    reached = np.maximum.accumulate(ends[order])
    new = np.concatenate([[True], spans[order][1:] > reached[:-1]])
    last = np.concatenate([np.flatnonzero(new)[1:] - 1, [len(order) - 1]])
    return BusyTimes(np.stack([spans[order][new], reached[last]], axis=1).astype("<i4").tobytes())


# -------------------------------------------------------------------------------------- plain arithmetic, beside it


class Plain:
    """Whether people are free, by `datetime` and `zoneinfo` alone."""

    def __init__(self, roster: Roster, program: Program) -> None:
        self.roster, self.program, self.series = roster, program, program.series[0]
        self.booked: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)

    def suits(self, person: str, starts: datetime) -> bool:
        """Whether a session from a moment on lies within somebody's hours and outside of holidays and calendar."""
        ends = starts + timedelta(minutes=self.series.minutes)
        one = self.roster.by_id[person]
        zone = ZoneInfo(one.text("timezone"))
        a, b = starts.astimezone(zone), ends.astimezone(zone)
        country = self.roster.working_days(one)
        if a.date() != b.date() or a.date() in country.free or a.weekday() not in self._days(one, country.weekend):
            return False
        begins, over = self._hours(one, a.weekday())
        if a.time() < begins or b.time() > over:
            return False
        spans = self.roster.busy[person].spans
        first, last = span_of(starts, ends)
        at = int(np.searchsorted(spans[:, 1], first, side="right"))
        return at == len(spans) or int(spans[at, 0]) >= last

    @staticmethod
    def _days(one: Person, weekend: tuple[int, ...]) -> frozenset[int]:
        if one.text("working_hours").startswith("mon-thu"):
            return frozenset(range(5))
        return frozenset(range(7)) - frozenset(weekend)

    @staticmethod
    def _hours(one: Person, weekday: int) -> tuple[time, time]:
        text = one.text("working_hours") or "09:00-17:00"
        if text.startswith("mon-thu"):
            text = "09:00-12:00" if weekday == 4 else "09:00-17:00"
        begins, ends = (time.fromisoformat(clock) for clock in text.split("-"))
        return max(begins, time(9)), min(ends, time(17))

    def free(self, people: tuple[str, ...], starts: datetime) -> bool:
        """Whether people are in no other session then."""
        ends = starts + timedelta(minutes=self.series.minutes)
        return all(ends <= a or b <= starts for person in people for a, b in self.booked[person])

    def possible(self, people: tuple[str, ...], week: tuple[date, ...], *, booked: bool) -> datetime | None:
        """Return the first time in a week that suits everybody; `booked`: and at which nobody is in a session."""
        zone = self.roster.by_id[people[0]].text("timezone")
        for day in week:
            for quarter in range(36, 65):
                starts = to_utc(datetime.combine(day, time(quarter // 4, quarter % 4 * 15)), zone)
                if all(self.suits(one, starts) for one in people) and (not booked or self.free(people, starts)):
                    return starts
        return None

    def greedy(self, pairs: list[tuple[Relationship, datetime]], *, booked: bool) -> int:
        """Return how many sessions find a time one after the other; without `booked`: each alone in the world."""
        placed = 0
        for relationship, _ in pairs:
            people = tuple(member.person for member in relationship.members)
            for start in series_days(STARTS, self.series):
                found = self.possible(people, week_of(start, STARTS, ENDS), booked=booked)
                placed += found is not None
                if found is not None and booked:
                    for person in people:
                        self.booked[person].append((found, found + timedelta(minutes=self.series.minutes)))
        return placed


def mismatches(plain: Plain, sessions: tuple[Session, ...]) -> dict[str, int]:
    """Return what is wrong with sessions by plain arithmetic: out of hours or busy, double-booked, wrong in UTC."""
    wrong = {"out of hours or busy": 0, "double-booked": 0, "not their local time": 0}
    for one in sessions:
        wrong["out of hours or busy"] += not all(plain.suits(person, one.starts) for person in one.people)
        wrong["not their local time"] += one.local.replace(tzinfo=ZoneInfo(one.zone)).astimezone(UTC) != one.starts
    by_person: dict[str, list[datetime]] = defaultdict(list)
    for one in sessions:
        for person in one.people:
            by_person[person].append(one.starts)
    for moments in by_person.values():
        moments.sort()
        wrong["double-booked"] += sum(b < a + timedelta(hours=1) for a, b in pairwise(moments))
    return wrong


def measured(count: int) -> tuple[Roster, list[tuple[Relationship, datetime]], Schedule, dict[str, Any]]:
    """Return a world, its schedule, and what the scheduling took; `before` is the memory that the world takes."""
    roster, pairs = a_world(count)
    before, stages = peak_megabytes(), Stages()
    with stages.stage("scheduling"):
        result = schedule(PROGRAM, roster, ROLES, pairs, ())
    return roster, pairs, result, {**stages.figures(), "before": before}


def main() -> None:
    """Schedule, and print what it took and what came of it; or all sizes in a process each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("relationships", type=int, nargs="?", default=5000)
    parser.add_argument("--sample", type=int, default=300, help="relationships that are searched for plainly, too")
    parser.add_argument("--json", action="store_true", help="print measurements, of all sizes")
    parser.add_argument("--quick", action="store_true", help=f"only of up to {QUICK:,} relationships")
    parser.add_argument("--one", action="store_true", help="print the measurement of this one")
    asked = parser.parse_args()
    if asked.json:
        for count in RUNS:
            if count <= QUICK or not asked.quick:
                subprocess.run([sys.executable, "-m", "benchmarks.scheduling", str(count), "--one"], check=True)
        return
    roster, pairs, result, figures = measured(asked.relationships)
    placed, wanted = len(result.sessions), asked.relationships * SERIES.count
    plain = Plain(roster, PROGRAM)
    wrong = mismatches(plain, result.sessions)
    before = figures.pop("before")
    if asked.one:
        instance = f"{asked.relationships:,} relationships with {SERIES.count} sessions each"
        told = f"{placed:,} of {wanted:,} placed, {sum(wrong.values())} of them wrong; {before:,} MB before"
        tell("scheduling", instance, asked.relationships, "mentorkit", **figures, note=told)
        return
    print(
        f"{asked.relationships} relationships x {SERIES.count} sessions: {figures['cpu_seconds']:.1f} s CPU, "
        f"{figures['peak_megabytes']} MB at most"
    )
    print(f"  ({before} MB before: the roster with {len(roster.busy)} calendars)")
    print(f"{placed} of {wanted} placed, {moved(result)} of them moved in their week")
    relieved = sum(bool(one.relief) for one in result.unplaced)
    print(f"{len(result.unplaced)} without a time; a change that helps is named for {relieved}")
    print(f"wrong by plain arithmetic: {wrong}")
    compare(plain, roster, pairs[: asked.sample])


def moved(result: Schedule) -> int:
    """Return how many sessions are not at the weekday and clock of most of their series."""
    steady = defaultdict(list)
    for one in result.sessions:
        steady[one.relationship].append((one.local.weekday(), one.local.time()))
    return sum(len(times) - max(map(times.count, times)) for times in steady.values())


def compare(plain: Plain, roster: Roster, pairs: list[tuple[Relationship, datetime]]) -> None:
    """Print what a greedy search makes of some relationships, and what each could have alone."""
    own = schedule(PROGRAM, roster, ROLES, pairs, ())
    bound = plain.greedy(pairs, booked=False)
    begun = process_time()
    greedy = plain.greedy(pairs, booked=True)
    print(
        f"of {len(pairs)} relationships: {len(own.sessions)} placed, {greedy} by plain greedy search "
        f"({process_time() - begun:.1f} s), {bound} if each were alone: {len(own.sessions) / max(bound, 1):.2%}"
    )


if __name__ == "__main__":
    main()
