"""Whether a ledger adds up."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from mentorkit.ledger import logbook
from mentorkit.ledger.connecting import DamagedError
from mentorkit.ledger.schema import log, members, relationships, sessions, transmissions

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
    _compare_members(connection)


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


def _compare_members(connection: Connection) -> None:
    """Compare who has joined or left what, as the log says it last, with the rows; who did neither is in no entry."""
    entries = connection.execute(select(log.c.subject, log.c.after).where(log.c.what == "member").order_by(log.c.n))
    told = {row.subject: row.after for row in entries}
    rows = connection.execute(select(members).order_by(members.c.position)).all()
    kept = {f"{row.relationship}/p{row.number}": "joined" if row.left_at is None else "left" for row in rows}
    joined = {f"{row.relationship}/p{row.number}" for row in rows if row.joined_at is not None}
    wrong = sorted(one for one in told if told[one] != kept.get(one)) + sorted(joined - told.keys())
    if wrong:
        raise DamagedError(f"the ledger is damaged: the log says otherwise of the member {wrong[0]}")
