"""Time and memory of scheduling: `python benchmarks/scheduling.py [RELATIONSHIPS]`.

People live in twelve zones; a mentor has two mentees; every fifth person has working hours of their own.
"""

from __future__ import annotations

import random
import resource
import sys
from time import perf_counter

from mentorkit.core.contracts import Role
from mentorkit.core.roster import Person
from mentorkit.core.scheduling.placing import schedule
from mentorkit.testing import a_moment, a_person, a_program, a_relationship, a_roster

ZONES = [
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "Europe/Madrid",
    "America/Chicago",
    "Asia/Kathmandu",
    "Asia/Singapore",
    "Australia/Sydney",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Africa/Lagos",
]
HOURS = ("08:00-16:00", "09:00-15:00", "10:00-18:00", "07:30-15:30")


def main(count: int) -> None:
    """Schedule `count` relationships and print what it took."""
    choose = random.Random(1)

    def somebody(name: str, role: str) -> Person:
        zone = ZONES[min(int(choose.expovariate(0.5)), len(ZONES) - 1)]
        hours = {"working_hours": choose.choice(HOURS)} if choose.random() < 0.2 else {}
        return a_person(name, role, timezone=zone, **hours)

    mentors = [somebody(f"m{n}", "mentor") for n in range((count + 1) // 2)]
    mentees = [somebody(f"e{n}", "mentee") for n in range(count)]
    moment = a_moment("2027-01-01T00:00:00+00:00")
    pairs = [(a_relationship((f"m{n // 2}", "mentor"), (f"e{n}", "mentee")), moment) for n in range(count)]
    roles = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
    begun = perf_counter()
    result = schedule(a_program(), a_roster(*mentors, *mentees), roles, pairs, ())
    took = perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count} relationships: {len(result.sessions)} sessions, {len(result.unplaced)} without a time, "
        f"{took:.1f} s, {memory:.0f} MB at most"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
