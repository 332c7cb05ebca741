"""Who joins and who leaves a relationship that goes on, and who of it is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from attrs import frozen

from mentorkit.core.history import Event, KnownRelationship
from mentorkit.core.relationships import Member
from mentorkit.core.timeline.occurrence_ids import joining_key, leaving_key


@frozen
class Change:
    """Somebody joins or leaves.

    Attributes:
        key: what stands for it in the ids of occurrences.
        at: its moment, UTC, aware.
        there_before: those members who were there before and still are.
    """

    key: str
    at: datetime
    there_before: tuple[Member, ...]


def by_joining(known: KnownRelationship) -> Iterator[tuple[datetime | None, tuple[Member, ...]]]:
    """Yield the members who came at one moment; first, without a moment, those who were there from the beginning."""
    members = known.relationship.members
    came = [known.joined(one.person) for one in members] if known.own_days else [None] * len(members)
    for joined in (None, *sorted({one for one in came if one is not None})):
        yield joined, tuple(one for one, moment in zip(members, came, strict=True) if moment == joined)


def leavings(known: KnownRelationship, events: Mapping[str, Event]) -> Iterator[Change]:
    """Yield each leaving of somebody who is not back; `events` are those by which people left, by id."""
    for one in known.departures:
        if one.member not in known.relationship.members and one.event in events:
            at = events[one.event].at
            yield Change(leaving_key(one.event), at, _there_before(known, at))


def joinings(known: KnownRelationship) -> Iterator[Change]:
    """Yield each moment at which somebody has come who is there."""
    for joined, _ in by_joining(known):
        if joined is not None:
            yield Change(joining_key(joined), joined, _there_before(known, joined))


def _there_before(known: KnownRelationship, moment: datetime) -> tuple[Member, ...]:
    groups = by_joining(known)
    return tuple(one for joined, members in groups if joined is None or joined < moment for one in members)
