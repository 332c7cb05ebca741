"""The one table that knows who people are: running numbers, in the order of first sight."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from mentorkit.core.history import CONTACT
from mentorkit.core.plan import Newcomer
from mentorkit.ledger.logbook import Entry
from mentorkit.ledger.portioning import insert_rows
from mentorkit.ledger.schema import people


def add_people(connection: Connection, newcomers: Sequence[Newcomer], at: datetime) -> Iterator[Entry]:
    """Write people and contacts down, and yield what the log says of it."""
    insert_rows(connection, people, (_row(newcomer, at) for newcomer in newcomers))
    for newcomer in newcomers:
        yield Entry("person", str(newcomer.number), "", "known")


def _row(newcomer: Newcomer, at: datetime) -> dict[str, Any]:
    kind = "contact" if newcomer.id.startswith(CONTACT) else "person"
    return {"number": newcomer.number, "kind": kind, "external": newcomer.id.removeprefix(CONTACT), "seen": at}


def numbers_by_id(connection: Connection) -> dict[str, int]:
    """Return running numbers of people by id; contacts take part in nothing."""
    rows = connection.execute(select(people).where(people.c.kind == "person", people.c.external.is_not(None)))
    return {str(row.external): row.number for row in rows}
