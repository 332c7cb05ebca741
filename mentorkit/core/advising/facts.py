"""What may be counted in a roster without naming anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from mentorkit.core.conditions import tags_in
from mentorkit.core.contracts import Role
from mentorkit.core.roster import Person, Roster, RosterFacts

_DAY_HOURS = 8
_ENOUGH_HOURS = 2


def facts_of(
    roster: Roster,
    roles: Sequence[Role],
    on: date,
    *,
    weeks: int | None = None,
    hours: float | None = None,
    sponsor: bool = False,
) -> RosterFacts:
    """Return the counts of a roster whose people have roles of a model already; zones are compared on the day `on`."""
    people = roster.people
    by_role = {role.name: roster.in_role(role.name) for role in roles}
    offering = [role.name for role in roles if not role.served] or [role.name for role in roles]
    return RosterFacts(
        people=len(people),
        by_role={role: len(members) for role, members in by_role.items()},
        places={role: sum(one.places[role] for one in members) for role, members in by_role.items()},
        levels=len({value for one in people if (value := one.values.get("level")) is not None}),
        filled=_filled(people),
        topics=len(_tags((one for role in offering for one in by_role[role]), "skills")),
        knowing={role: _knowing(role, by_role) for role in by_role},
        members=sum(bool(tags_in(one.values.get("erg"))) for one in people) / len(people) if people else 0.0,
        overlap=_overlap(people, on),
        weeks=weeks,
        hours=hours,
        sponsor=sponsor,
    )


def _filled(people: Sequence[Person]) -> Mapping[str, float]:
    counts = Counter(column for one in people for column, value in one.values.items() if value not in ("", frozenset()))
    return {column: counts[column] / len(people) for column in sorted(counts)}


def _tags(people: Iterable[Person], column: str) -> frozenset[str]:
    return frozenset().union(*(tags_in(one.values.get(column)) for one in people))


def _knowing(role: str, by_role: Mapping[str, Sequence[Person]]) -> int:
    others = [one for one in by_role if one != role] or [role]
    wanted: Counter[str] = Counter()
    for other in others:
        for one in by_role[other]:
            wanted.update(tags_in(one.values.get("wants")))
    own = role in others

    def serves(one: Person) -> bool:
        wants = tags_in(one.values.get("wants")) if own else frozenset()
        return any(wanted[tag] > (tag in wants) for tag in tags_in(one.values.get("skills")))

    return sum(serves(one) for one in by_role[role])


def _overlap(people: Sequence[Person], on: date) -> float | None:
    """Return the share of pairs whose office hours have two hours in common; None where fewer than two zones are known.

    Office hours are eight hours of each person's day, so two are common where zones are six hours apart or less.
    """
    zones = Counter(str(value) for one in people if (value := one.values.get("timezone")) is not None)
    if sum(zones.values()) < max(2, len(people) / 2):
        return None
    noon = datetime.combine(on, time(12), UTC)
    shifts: Counter[float] = Counter()
    for zone, count in zones.items():
        shift = ZoneInfo(zone).utcoffset(noon)
        shifts[shift.total_seconds() / 3600 if shift else 0.0] += count
    pairs = common = 0
    for first, one in shifts.items():
        for second, other in shifts.items():
            together = one * other if first != second else one * (one - 1)
            apart = abs(first - second)
            pairs += together
            common += together * (min(apart, 24 - apart) <= _DAY_HOURS - _ENOUGH_HOURS)
    return common / pairs if pairs else None
