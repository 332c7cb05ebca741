"""Whom a matching after the first one left out, who is to hear it.

A round draws everybody anew, so whoever has nobody in it hears that of each. An intake only fills free places, and who
waits has been told so before: of an intake those hear who have lost somebody since the matching before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from attrs import frozen

from mentorkit.core.history import KnownRelationship
from mentorkit.core.matching.intakes import INTAKE
from mentorkit.core.program import Program
from mentorkit.core.relationships import Member

_NEVER = datetime.max.replace(tzinfo=UTC)


@frozen
class LaterMatching:
    """A round or an intake after the first matching; moments are UTC, aware.

    Attributes:
        key: of its occasion.
        before: when the matching before it was.
        until: when the next one was; of the latest, the end of time.
        anew: whether everybody was free in it, as in a round.
    """

    key: str
    at: datetime
    before: datetime
    until: datetime
    anew: bool


@frozen
class Together:
    """How long somebody has been in a relationship, or was asked about one: from `begins` to before `ends`, UTC, aware.

    Attributes:
        completed: whether it has come to its own last day.
    """

    begins: datetime
    ends: datetime
    completed: bool


def later_matchings(program: Program, occasions: Mapping[str, datetime]) -> tuple[LaterMatching, ...]:
    """Return the rounds and intakes after the first matching, in order; none where a model works on request.

    Who asks for something hears of that request. What is matched for some people only, between rounds and intakes, says
    nothing about everybody else.
    """
    if program.model.request_days is not None or not occasions:
        return ()
    first = min(occasions.values())
    rounds = {one.key for one in program.model.rounds}
    keys: dict[datetime, str] = {first: ""}
    for key, at in sorted(occasions.items(), key=lambda one: (one[0] not in rounds, one[0])):
        if key in rounds or key.startswith(INTAKE):
            keys.setdefault(at, key)
    moments = sorted(keys)
    after = (*moments[2:], _NEVER)
    return tuple(
        LaterMatching(keys[at], at, before, until, keys[at] in rounds)
        for before, at, until in zip(moments, moments[1:], after, strict=False)
    )


def times_together(relationships: Iterable[KnownRelationship]) -> Mapping[Member, tuple[Together, ...]]:
    """Return how long each was in which relationships; proposals that came to nothing are none."""
    found: dict[Member, list[Together]] = {}
    for known in relationships:
        if not known.withdrawn:
            begins = known.asked_at or known.published_at or _NEVER
            over = known.ended_at or known.end_noted if known.state == "ended" else None
            for member in known.relationship.members:
                found.setdefault(member, []).append(Together(begins, over or _NEVER, known.completed))
    return {member: tuple(times) for member, times in found.items()}


def passed_over(matching: LaterMatching, came: datetime | None, together: Iterable[Together]) -> bool:
    """Return whether somebody has had nobody since a matching until the next, and hears it because of this matching.

    Who came after it, or with it, hears that they wait when they come; None: they were always there.
    """
    together = tuple(together)
    if came is not None and came >= matching.at:
        return False
    if any(matching.at < one.ends and (one.begins < matching.until or matching.until == _NEVER) for one in together):
        return False
    return matching.anew or any(
        one.begins < matching.at and matching.before < one.ends and not one.completed for one in together
    )
