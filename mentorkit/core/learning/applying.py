"""From a history and a happening to the history that the ledger holds once it is written down."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import evolve

from mentorkit.core.happenings import Happening
from mentorkit.core.history import History, KnownSession
from mentorkit.core.learning.known import ended


def applied(history: History, happening: Happening) -> History:
    """Return the history with everything of the happening in it; running numbers are the caller's business."""
    if not happening:
        return history
    endings = {one.relationship: one for one in happening.endings}
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
        relationships=tuple(
            ended(one, endings[one.relationship.id]) if one.relationship.id in endings else one
            for one in history.relationships
        ),
        sessions=_in_order(changed.get(one.session.id, one) for one in history.sessions),
        transmissions=transmissions,
        deliveries={key: "superseded" if key in gone else state for key, state in history.deliveries.items()},
        events=tuple(events),
    )


def _in_order(sessions: Iterable[KnownSession]) -> tuple[KnownSession, ...]:
    return tuple(sorted(sessions, key=lambda one: (one.session.starts, one.session.id)))
