"""The history as it was at a moment: what happened later has not happened yet."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.memberships import Membership, members_now


def as_of(history: History, at: datetime) -> History:
    """Return what was known at `at` (aware), as far as the ledger can tell.

    A relationship that ended later is published, one that was accepted later is proposed, a session of which somebody
    spoke later is planned. Deliveries carry no moment and stay.
    """
    known = tuple(_then(one, at) for one in history.relationships if _known_then(one, at))
    ids = {one.relationship.id for one in known}
    events = tuple(event for event in history.events if event.at <= at)
    told = {event.subject for event in events if event.kind in ("met", "missed")}
    return evolve(
        history,
        occasions={key: moment for key, moment in history.occasions.items() if moment <= at},
        relationships=known,
        sessions=tuple(_as_told(one, at, told) for one in history.sessions if one.session.relationship in ids),
        events=events,
        transmissions={key: one for key, one in history.transmissions.items() if one.due <= at},
        rosters=tuple(one for one in history.rosters if one.at <= at),
    )


def last_known(history: History) -> datetime | None:
    """Return the latest moment of which the ledger tells anything; None where it tells nothing.

    A ledger that was played on a virtual clock is ahead of the real one.
    """
    moments = [*history.occasions.values(), *(one.at for one in history.events), *(one.at for one in history.rosters)]
    moments += [one.due for one in history.transmissions.values() if one.state == "sent"]
    return max(moments, default=None)


def _known_then(known: KnownRelationship, at: datetime) -> bool:
    """Return whether it was published by then, or proposed, as far as the ledger can tell."""
    if known.asked_at is not None:
        return known.asked_at <= at
    return known.published_at is None or known.published_at <= at


def _then(known: KnownRelationship, at: datetime) -> KnownRelationship:
    known = _with_those_then(known, at) if known.own_days else known
    if known.published_at is not None and known.published_at > at:
        return evolve(known, state="proposed", published_at=None, ended_at=None, reason="", end_noted=None)
    if known.state != "ended" or known.published_at is None or known.ended_at is None or known.ended_at <= at:
        return known
    return evolve(known, state="published", ended_at=None, reason="", end_noted=None)


def _with_those_then(known: KnownRelationship, at: datetime) -> KnownRelationship:
    """Return a relationship with those who had come by then, and without what made some of them go later."""
    days = tuple(one if one.left is None or one.left <= at else _not_gone(one) for one in known.own_days)
    days = tuple(one for one in days if one.joined is None or one.joined <= at)
    there = evolve(known.relationship, members=members_now(days))
    return evolve(known, relationship=there, own_days=days if any(one.has_own_days for one in days) else ())


def _not_gone(one: Membership) -> Membership:
    return evolve(one, left=None, reason="", event="")


def _as_told(known: KnownSession, at: datetime, told: set[str]) -> KnownSession:
    session = known.session
    later = known.state in ("held", "missed") and session.starts > at and session.id not in told
    return evolve(known, state="planned") if later else known
