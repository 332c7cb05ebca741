"""The append-only log: one row per transition, each hashed with the one before.

A row holds running numbers, keys and relationship ids, never a name, an address or a text somebody wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, select

from mentorkit.ledger.connecting import WAY_ON, DamagedError
from mentorkit.ledger.portioning import insert_rows
from mentorkit.ledger.schema import log, moment_text


@frozen
class Entry:
    """One transition: what kind of thing, which one, from what state, to what state."""

    what: str
    subject: str
    before: str
    after: str


@frozen
class Tail:
    """The last row of a log: its number (0: none) and its hash."""

    number: int
    hash: str


def first_hash(ledger: str) -> str:
    """Return what the first row is hashed with: a ledger's rows fit into no other ledger."""
    return hashlib.sha256(ledger.encode()).hexdigest()


def next_hash(previous: str, number: int, at: datetime, entry: Entry) -> str:
    """Return the hash of a row."""
    words = (previous, str(number), moment_text(at), entry.what, entry.subject, entry.before, entry.after)
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


_LAST = select(log.c.n, log.c.hash).order_by(log.c.n.desc()).limit(1)  # asked all the time, so it is made once


def tail(connection: Connection, ledger: str) -> Tail:
    """Return where the log stands."""
    row = connection.execute(_LAST).first()
    return Tail(0, first_hash(ledger)) if row is None else Tail(row.n, row.hash)


def hash_at(connection: Connection, ledger: str, number: int) -> str | None:
    """Return the hash of a row (number 0: what the first is hashed with), None where there is no such row."""
    if number == 0:
        return first_hash(ledger)
    return connection.execute(select(log.c.hash).where(log.c.n == number)).scalar()


def append(connection: Connection, ledger: str, at: datetime, entries: Iterable[Entry]) -> None:
    """Write rows, in their order."""
    insert_rows(connection, log, _rows(tail(connection, ledger), at, entries))


def _rows(end: Tail, at: datetime, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        number = end.number + 1
        end = Tail(number, next_hash(end.hash, number, at, entry))
        yield {
            "n": number,
            "at": at,
            "what": entry.what,
            "subject": entry.subject,
            "before": entry.before,
            "after": entry.after,
            "hash": end.hash,
        }


def check_chain(connection: Connection, ledger: str) -> None:
    """Recompute every hash.

    Raises:
        RefusedError: a row was changed, removed or put in between.
    """
    end = Tail(0, first_hash(ledger))
    for row in connection.execute(select(log).order_by(log.c.n)):
        entry = Entry(row.what, row.subject, row.before, row.after)
        expected = Tail(end.number + 1, next_hash(end.hash, end.number + 1, row.at, entry))
        if (row.n, row.hash) != (expected.number, expected.hash):
            raise DamagedError(
                f"the ledger's log does not add up at entry {expected.number}: a row was changed or lost; {WAY_ON}"
            )
        end = expected
