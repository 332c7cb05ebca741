"""What newer zone data do to sessions: the local time that people agreed to stays, and its moment in UTC moves.

Governments change their clocks at short notice. Whoever sits in the zone of a session sees no difference, those in
others do, and so do calendars that were sent its UTC time.
"""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from mentorkit.core.happenings import Happening
from mentorkit.core.history import TO_COME, History, KnownSession
from mentorkit.core.zones import known_zones, to_local, to_utc, tzdata_version


def rezone(history: History, at: datetime) -> Happening:
    """Return the sessions to come whose moment is another one by the zone data in use, as of `at` (aware).

    Nothing is looked for while the ledger knows of these data already. Each session's sequence is one more, so that
    invitations are sent anew; the number of its moves stays, so that nobody is reminded again.
    """
    if history.data.get("tzdata") == tzdata_version():
        return Happening()
    moved = (_moved(known, at) for known in history.sessions if known.state in TO_COME and known.session.starts > at)
    changed = sorted(filter(None, moved), key=lambda known: (known.session.starts, known.session.id))
    return Happening(sessions=tuple(changed))


def _moved(known: KnownSession, at: datetime) -> KnownSession | None:
    session = known.session
    if session.zone not in known_zones() or to_local(session.starts, session.zone) == session.local:
        return None
    starts = to_utc(session.local, session.zone)
    if starts == session.starts:  # a local time that the clocks skip now, as they did
        return None
    return evolve(known, session=evolve(session, starts=starts), sequence=known.sequence + 1, changed=at)
