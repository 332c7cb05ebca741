"""What people have decided about deliveries: doubts that are settled, failures to try again, what counts as sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, or_, select

from mentorkit.core.deliveries import State
from mentorkit.ledger import logbook
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.protocol import move
from mentorkit.ledger.reading import portions
from mentorkit.ledger.schema import refusals, transmissions, unreachable


def retry_doubts(connection: Connection, ledger: str, at: datetime) -> tuple[str, ...]:
    """Make everything in doubt due again: a person has decided that twice is better than never; return its keys."""
    return move(connection, ledger, at, ("in_doubt",), "due", transmissions.c.state == "in_doubt")


def settle_doubts(
    connection: Connection, ledger: str, keys: Sequence[str], arrived: bool, at: datetime, detail: str
) -> tuple[str, ...]:
    """Write down what somebody found out about messages in doubt: they arrived, or they are due again."""
    after: State = "sent" if arrived else "due"
    found: list[str] = []
    for part in portions(keys):
        found += move(connection, ledger, at, ("in_doubt",), after, transmissions.c.key.in_(part), detail)
    return tuple(sorted(found))


def retry_failed(connection: Connection, ledger: str, keys: Sequence[str], at: datetime) -> tuple[str, ...]:
    """Make due again what has failed and is not too late by now, by any channel; return its keys."""
    found: list[str] = []
    in_time = or_(transmissions.c.expires.is_(None), transmissions.c.expires > at)
    for part in portions(keys):
        again = move(connection, ledger, at, ("failed",), "due", and_(transmissions.c.key.in_(part), in_time), "")
        connection.execute(delete(refusals).where(refusals.c.transmission.in_(again)))
        found += again
    return tuple(sorted(found))


def forget_unreachable(
    connection: Connection, ledger: str, numbers: Collection[int], at: datetime
) -> tuple[tuple[int, str], ...]:
    """Forget at whose addresses channels reached nobody, so that they are tried again; return numbers and channels."""
    found: list[tuple[int, str]] = []
    for part in portions(sorted(numbers)):
        whose = unreachable.c.number.in_(part)
        rows = select(unreachable.c.number, unreachable.c.channel).where(whose).distinct()
        found += [(row.number, row.channel) for row in connection.execute(rows)]
        connection.execute(delete(unreachable).where(whose))
    entries = [Entry("address", f"p{number}/{channel}", "unreachable", "") for number, channel in sorted(found)]
    logbook.append(connection, ledger, at, entries)
    return tuple(sorted(found))


def assume_sent(connection: Connection, ledger: str, at: datetime, until: datetime) -> tuple[str, ...]:
    """Take everything due up to a moment that has not gone out, or may have, as sent; return its keys."""
    open_ones = ("due", "deferred", "claimed", "at_risk", "in_doubt")
    return move(connection, ledger, at, open_ones, "superseded", transmissions.c.due <= until, "assumed sent")
