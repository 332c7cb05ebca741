"""Many rows, a portion at a time: what a program's people come to is never in memory as rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Insert, Table, Update, insert

PORTION = 1_000
"""How many rows are made and handed over in one go."""


def insert_rows(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows in their order."""
    in_portions(connection, insert(table), rows)


def in_portions(connection: Connection, statement: Insert | Update, rows: Iterable[Mapping[str, Any]]) -> None:
    """Do the same for all rows in their order, making each portion only when the one before it is done."""
    coming = iter(rows)
    while portion := list(islice(coming, PORTION)):
        connection.execute(statement, portion)
