"""From a history and a happening to the history that the ledger holds once it is written down."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from mentorkit.core.happenings import Happening, with_joined, without
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.learning.known import ended


def applied(history: History, happening: Happening) -> History:
    """Return the history with everything of the happening in it; running numbers are the caller's business."""
    if not happening:
        return history
    changed = {one.session.id: one for one in happening.sessions}
    dropped = frozenset(happening.superseded)
    transmissions = {
        key: evolve(one, state="superseded", deliveries=(), not_before=None) if key in dropped else one
        for key, one in history.transmissions.items()
    }
    gone = {delivery for key in dropped for delivery in history.transmissions[key].deliveries}
    events = sorted((*history.events, *happening.events), key=lambda event: event.at)  # stable: as they were written
    return evolve(
        history,
        relationships=_changed(history.relationships, happening),
        sessions=_in_order(changed.get(one.session.id, one) for one in history.sessions),
        transmissions=transmissions,
        deliveries={key: "superseded" if key in gone else state for key, state in history.deliveries.items()},
        events=tuple(events),
    )


def _changed(relationships: Iterable[KnownRelationship], happening: Happening) -> tuple[KnownRelationship, ...]:
    """Return relationships after some have left them, some have joined them, and some of them have ended."""
    after = {one.relationship.id: one for one in relationships}
    for departure in happening.departures:
        after[departure.relationship] = without(after[departure.relationship], departure)
    for joining in happening.joinings:
        after[joining.relationship] = with_joined(after[joining.relationship], joining)
    for ending in happening.endings:
        after[ending.relationship] = ended(after[ending.relationship], ending)
    return tuple(after.values())


def _in_order(sessions: Iterable[KnownSession]) -> tuple[KnownSession, ...]:
    return tuple(sorted(sessions, key=lambda one: (one.session.starts, one.session.id)))
