"""Who is asked before a relationship is published, what they have said, and until when they can say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from attrs import field, frozen

from mentorkit.core.contracts import Asking
from mentorkit.core.history import Event, KnownRelationship
from mentorkit.core.moments import add_length
from mentorkit.core.program import Length
from mentorkit.core.relationships import Relationship
from mentorkit.core.zones import to_local

EXPIRED = "expired"
"""The reason of a proposal of whose people somebody said nothing in time."""


@frozen
class Answers:
    """What people said about relationships that they were asked about, by relationship.

    Attributes:
        accepted: ids of who said yes.
        declined: ids of who said no.
    """

    accepted: Mapping[str, frozenset[str]] = field(factory=dict)
    declined: Mapping[str, frozenset[str]] = field(factory=dict)


def answers_of(events: Iterable[Event]) -> Answers:
    """Return what events say of who accepted and who declined."""
    said: dict[str, dict[str, set[str]]] = {"accepted": {}, "declined": {}}
    for event in events:
        if event.kind in said:
            said[event.kind].setdefault(event.subject, set()).add(event.person)
    frozen_ones = {kind: {one: frozenset(people) for one, people in found.items()} for kind, found in said.items()}
    return Answers(frozen_ones["accepted"], frozen_ones["declined"])


def asked_people(asking: Asking | None, relationship: Relationship) -> tuple[str, ...]:
    """Return the ids of its members who are asked, in its order; nobody where a program asks nobody."""
    roles = asking.roles if asking else ()
    return tuple(dict.fromkeys(one.person for one in relationship.members if one.role in roles))


def yet_to_answer(asking: Asking | None, relationship: Relationship, answers: Answers) -> tuple[str, ...]:
    """Return the ids of those asked who have not accepted, in its order."""
    accepted = answers.accepted.get(relationship.id, frozenset())
    return tuple(one for one in asked_people(asking, relationship) if one not in accepted)


def last_day_to_answer(asking: Asking, known: KnownRelationship, zone: str) -> date | None:
    """Return the last day, in a zone, on which an answer comes in time; None where nobody was asked.

    It is never after the last day of the relationship itself.
    """
    if known.asked_at is None:
        return None
    last = add_length(to_local(known.asked_at, zone).date(), Length(asking.days, "business days"))
    return min(last, known.relationship.until or last)


def unwilling(asking: Asking | None, known: KnownRelationship, answers: Answers) -> frozenset[str]:
    """Return the ids of those for whom a proposal came to nothing: who declined, or said nothing in time."""
    if known.reason == EXPIRED:
        return frozenset(yet_to_answer(asking, known.relationship, answers))
    return answers.declined.get(known.relationship.id, frozenset())
