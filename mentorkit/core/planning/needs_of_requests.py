"""Requests that wait for somebody, and those for which nobody was found: of models that work on request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from mentorkit.core.planning.needs import RECENT_DAYS, Need, Situation
from mentorkit.core.relationships import Unmatched
from mentorkit.core.requests import Requested, last_day, requests_of

_SAYS_NOTHING = "the next run looks for somebody"


def waiting_requests(situation: Situation, waiting: Sequence[Unmatched]) -> list[Need]:
    """Return the open requests, each person once, the first first, and why nobody is found for it yet.

    `waiting` are those without a relationship, with the reasons.
    """
    reasons = {one.person: "; ".join(map(str, one.reasons)) for one in waiting}
    open_ones: dict[str, list[Requested]] = {}
    for one in _requests(situation):
        if one.open:
            open_ones.setdefault(one.event.person, []).append(one)
    return sorted(
        (
            Need(
                "requested",
                (person,),
                theirs[0].key,
                f"{_topics(theirs[0])}: {_why(situation, theirs[0], reasons)}{_until(situation, theirs[0])}",
                since=theirs[0].event.at,
                amount=len(theirs),
                subjects=tuple(one.key for one in theirs),
            )
            for person, theirs in open_ones.items()
        ),
        key=lambda need: (need.since, need.subject),
    )


def unserved(situation: Situation) -> list[Need]:
    """Return the requests that have expired lately, the last first."""
    since = situation.at - timedelta(days=RECENT_DAYS)
    late = [one for one in _requests(situation) if one.expired_at is not None and since < one.expired_at]
    return [
        Need("unserved", (one.event.person,), one.key, _topics(one), since=one.event.at)
        for one in sorted(late, key=lambda one: (one.expired_at, one.key), reverse=True)
    ]


def _requests(situation: Situation) -> tuple[Requested, ...]:
    return requests_of(situation.program, situation.history.relationships, situation.history.events)


def _why(situation: Situation, one: Requested, reasons: dict[str, str]) -> str:
    person = one.event.person
    if one.relationship:
        return "somebody is asked"
    if person in situation.away.left:
        return "they have left"
    if person in situation.away.paused:
        return "they pause"
    if situation.plan.matching and person in situation.plan.matching.people:
        return "the next run has somebody"
    running = any(person in known.relationship.people() for known in situation.history.published)
    return reasons.get(person) or ("what they have goes on" if running else _SAYS_NOTHING)


def _until(situation: Situation, one: Requested) -> str:
    day = last_day(situation.program, situation.history, one)
    return f"; it expires after {day}" if day is not None and not one.relationship else ""


def _topics(one: Requested) -> str:
    return ", ".join(part.strip() for part in one.event.value.split(";") if part.strip()) or "something"
