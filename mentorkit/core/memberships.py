"""Who is in a relationship from when to when: most from its publication to its end, some with days of their own.

A relationship keeps its id whoever comes and goes. Who is in it now is `members_now`, and nothing else: relationships
are read from the ledger and changed in memory by it alone, so that every stage means the same people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import combinations

from attrs import evolve, frozen

from mentorkit.core.relationships import Member


@frozen
class Membership:
    """Somebody's time in a published relationship.

    Attributes:
        joined: when they took a seat that was free, UTC, aware; None: they were in it from its publication on.
        left: when they left it while it went on, UTC, aware; None: they are in it for as long as it goes on.
        reason: why they left it, `left` or `declined`; "" while they have not.
        event: id of the event by which they left it; "" likewise.
    """

    member: Member
    joined: datetime | None = None
    left: datetime | None = None
    reason: str = ""
    event: str = ""

    @property
    def has_own_days(self) -> bool:
        """Whether it is shorter than the relationship."""
        return self.joined is not None or self.left is not None


def memberships_of(members: Iterable[Member]) -> tuple[Membership, ...]:
    """Return the memberships of people who are in a relationship from its publication on."""
    return tuple(map(Membership, members))


def members_now(memberships: Sequence[Membership]) -> tuple[Member, ...]:
    """Return who is in a relationship, in the order of its members: by role, then by person."""
    return _in_order(memberships, (one.member for one in memberships if one.left is None))


def members_ever(memberships: Sequence[Membership]) -> tuple[Member, ...]:
    """Return everybody who was ever in a relationship, each once, in the order of its members."""
    return _in_order(memberships, (one.member for one in memberships))


def _in_order(memberships: Sequence[Membership], members: Iterable[Member]) -> tuple[Member, ...]:
    """Return members by role as the first ones were listed, then by person; who comes later has one of these roles."""
    if all(one.joined is None for one in memberships):
        return tuple(dict.fromkeys(members))
    roles = {role: number for number, role in enumerate(dict.fromkeys(one.member.role for one in memberships))}
    return tuple(sorted(set(members), key=lambda one: (roles[one.role], one.person)))


def departed(
    memberships: Sequence[Membership], member: Member, at: datetime, reason: str, event: str
) -> tuple[Membership, ...]:
    """Return the memberships after somebody has left at a moment (UTC, aware), by an event."""
    return tuple(
        evolve(one, left=at, reason=reason, event=event) if one.member == member and one.left is None else one
        for one in memberships
    )


def together(memberships: Sequence[Membership]) -> Iterator[tuple[Membership, Membership, datetime | None]]:
    """Yield every two who were in a relationship at once, with the moment of their parting; None: its end."""
    for first, second in combinations(memberships, 2):
        lefts = [one.left for one in (first, second) if one.left is not None]
        until = min(lefts, default=None)
        joins = [one.joined for one in (first, second) if one.joined is not None]
        apart = first.member.person == second.member.person
        if not apart and (until is None or all(one < until for one in joins)):
            yield first, second, until
