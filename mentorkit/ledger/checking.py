"""Whether a ledger adds up."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from mentorkit.ledger import logbook
from mentorkit.ledger.connecting import DamagedError
from mentorkit.ledger.schema import log, relationships, sessions, transmissions

_KEPT = {
    "transmission": (transmissions.c.key, transmissions.c.state),
    "relationship": (relationships.c.id, relationships.c.state),
    "session": (sessions.c.id, sessions.c.state),
}


def check(connection: Connection, ledger: str) -> None:
    """Check the file, its references, the log's chain, and that tables say what the log says.

    Raises:
        RefusedError: something does not add up; the message says what.
    """
    findings = connection.execute(text("PRAGMA integrity_check(1)")).scalars().all()
    if findings != ["ok"]:
        raise DamagedError(f"the ledger is damaged: {findings[0]}")
    dangling = connection.execute(text("PRAGMA foreign_key_check")).first()
    if dangling is not None:
        raise DamagedError(
            f"the ledger is damaged: a row of {dangling[0]} refers to a row of {dangling[2]} that is gone"
        )
    logbook.check_chain(connection, ledger)
    for what in _KEPT:
        _compare_states(connection, what)


def _compare_states(connection: Connection, what: str) -> None:
    key, state = _KEPT[what]
    entries = connection.execute(select(log.c.subject, log.c.after).where(log.c.what == what).order_by(log.c.n))
    told = {row.subject: row.after for row in entries}
    kept = {row[0]: row[1] for row in connection.execute(select(key, state))}
    wrong = sorted(one for one in told.keys() | kept.keys() if told.get(one) != kept.get(one))
    if wrong:
        one = wrong[0]
        raise DamagedError(
            f"the ledger is damaged: {what} {one} is {kept.get(one, 'missing')}, "
            f"and the log says {told.get(one, 'nothing of it')}"
        )
