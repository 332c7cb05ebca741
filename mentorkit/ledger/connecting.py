"""Connections to a ledger: durable commits, one writer at a time, and errors in words for people.

SQLite decides nothing by itself here: the driver opens no transaction of its own, `BEGIN IMMEDIATE` takes the write
lock before the first read of a writing transaction, and every commit is on disk when it returns.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from mentorkit.core.errors import MentorkitError, RefusedError, RunError

BUSY_SECONDS = 30
"""How long a transaction waits for another program's."""


def connect(path: Path, *, durable: bool = True) -> Engine:
    """Return an engine with one connection to the SQLite file, which must exist.

    Args:
        path: the file.
        durable: False gives up surviving a power cut for speed (simulations).
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        ),
        poolclass=StaticPool,
    )
    pragmas = ("foreign_keys = ON", "synchronous = FULL" if durable else "synchronous = OFF")

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


WAY_ON = (
    "put back a backup of the ledger, or go on with `mentorkit ledger adopt PROGRAM.toml --assume-sent-until TIME`, "
    "which sets this file aside; nothing was sent after this"
)


class DamagedError(RefusedError):
    """What is under a ledger's name is not a sound ledger: nothing can go on with it."""


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """Give a connection that sees one consistent state.

    Raises:
        RefusedError: the ledger cannot be read.
    """
    try:
        with told_to_people(path, RefusedError, "read"), engine.begin() as connection:
            yield connection
    except (ValueError, KeyError) as odd:  # what is read only makes values: one that makes none was not written by us
        raise DamagedError(f"the ledger {path} is damaged: it says {odd}; {WAY_ON}") from odd


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """Give a connection whose changes are all kept, durably, or none is.

    Raises:
        RunError: the ledger cannot be written.
        DamagedError: it is not a sound one.
    """
    writer = engine.execution_options(begin="BEGIN IMMEDIATE")
    with told_to_people(path, RunError, "written"), writer.begin() as connection:
        yield connection


@contextmanager
def told_to_people(path: Path, kind: type[MentorkitError], verb: str) -> Iterator[None]:
    """Turn what a database says into what a person can act on."""
    try:
        yield
    except UnicodeDecodeError as odd:  # by sqlite3, of what it is told: the schema itself is not what was written
        raise DamagedError(f"the ledger {path} is damaged: its schema has {odd.object!r}; {WAY_ON}") from odd
    except (DatabaseError, sqlite3.DatabaseError) as problem:
        said = str(problem.orig if isinstance(problem, DatabaseError) else problem)
        beyond_repair = kind is RefusedError and any(word in said for word in _BEYOND_REPAIR)
        kind = DamagedError if beyond_repair else kind
        raise kind(f"the ledger {path} could not be {verb}: {said}; {_next_step(said)}") from problem


_BEYOND_REPAIR = ("malformed", "not a database")


def _next_step(said: str) -> str:
    steps = {
        "full": "free some space and run again; nothing was sent after this",
        "locked": f"another program kept it for {BUSY_SECONDS} seconds; run again when that has ended",
        "readonly": "make the file and its folder writable and run again; nothing was sent after this",
        "unable to open": "make the file and its folder readable and writable and run again",
    } | dict.fromkeys(_BEYOND_REPAIR, f"the file is damaged: {WAY_ON}")
    fallback = "check the disk and run again; nothing was sent after this"
    return next((step for word, step in steps.items() if word in said), fallback)
