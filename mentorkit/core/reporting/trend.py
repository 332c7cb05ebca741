"""How the program came along: what there was at the end of each month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from mentorkit.core.contracts import Role
from mentorkit.core.history import History
from mentorkit.core.phases import relationship_start
from mentorkit.core.program import Program
from mentorkit.core.reporting.figures import TrendFigures
from mentorkit.core.reporting.lives import last_moment, started
from mentorkit.core.reporting.small_cells import bands
from mentorkit.core.roster import Roster
from mentorkit.core.zones import day_end, to_local


def month_name(number: int) -> str:
    """Return `2027-01` for a month counted from year 0."""
    return f"{number // 12}-{number % 12 + 1:02}"


def month_of(moment: datetime, program: Program) -> int:
    """Return the number of a moment's month in the program's zone, counted from year 0."""
    local = to_local(moment, program.timezone)
    return local.year * 12 + local.month - 1


def trend_figures(
    program: Program, roles: Sequence[Role], roster: Roster, history: History, at: datetime
) -> tuple[TrendFigures, ...]:
    """Return one point per month from the first that anything is known of, the last one as of `at`.

    After the program has ended, the last point is its last day. `roster` is the one of now.
    """
    until = last_moment(program, at)
    known = [*(one.at for one in history.rosters), *(one.published_at for one in started(history) if one.published_at)]
    if not known or min(known) > until:
        return ()
    months = range(month_of(min(known), program), month_of(until, program) + 1)
    moments = [min(until, _month_end(month, program)) for month in months]
    held = Counter(month_of(one.session.starts, program) for one in history.sessions if one.state == "held")
    earlier = sum(count for month, count in held.items() if month < months[0])
    counts = [held[month] + (earlier if month == months[0] else 0) for month in months]
    people = zip(_participants(roster, history, moments), _matched(roles, history, moments), strict=True)
    active = _active(program, history, moments)
    sums = _sums(counts, program.privacy.small_cells)
    return tuple(
        TrendFigures(month_name(month), signed_up, matched, living, sessions)
        for month, (signed_up, matched), living, sessions in zip(months, people, active, sums, strict=True)
    )


def _sums(counts: Sequence[int], small: int) -> tuple[int | None, ...]:
    """Return the sums up to each count; None inside of counts that are joined because one is small."""
    ends = {band.last for band in bands([(count,) for count in counts], small)} | {len(counts) - 1}
    return tuple(sum(counts[: place + 1]) if place in ends else None for place in range(len(counts)))


def _month_end(month: int, program: Program) -> datetime:
    following = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return day_end(date.fromordinal(following.toordinal() - 1), program.timezone)


def _participants(roster: Roster, history: History, moments: Sequence[datetime]) -> Iterator[int | None]:
    for moment in moments[:-1]:
        seen = [one for one in history.rosters if one.at <= moment]
        yield max(seen, key=lambda one: one.at).participants if seen else None
    yield len(roster.participants)


def _matched(roles: Sequence[Role], history: History, moments: Sequence[datetime]) -> Iterator[int]:
    """Yield how many people of served roles had been in a relationship by each moment."""
    served = {role.name for role in roles if role.served}
    first: dict[str, datetime] = {}
    for known in started(history):
        for one in known.memberships:
            began, person = one.joined or known.published_at, one.member.person
            if one.member.role in served and began:
                first[person] = min(began, first.get(person, began))
    for moment in moments:
        yield sum(matched <= moment for matched in first.values())


def _active(program: Program, history: History, moments: Sequence[datetime]) -> Iterator[int]:
    begun = [
        (relationship_start(program, known.published_at), known) for known in started(history) if known.published_at
    ]
    for moment in moments:
        today = to_local(moment, program.timezone).date()
        yield sum(
            first <= today
            and known.published_at is not None
            and known.published_at <= moment
            and (known.ended_at is None or known.ended_at > moment)
            for first, known in begun
        )
