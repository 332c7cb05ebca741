"""Making a new ledger and bringing an older one up to date.

A new ledger is built under another name and gets its own in one step, so that an interruption leaves no half of one:
an empty file under the ledger's name is never ours.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Connection, insert

from mentorkit.core.errors import RunError
from mentorkit.durable_files import make_private_folder, sync_folder
from mentorkit.ledger.connecting import connect, told_to_people, writing
from mentorkit.ledger.schema import APPLICATION_ID, meta


def create(path: Path, program: str, *, durable: bool) -> None:
    """Make an empty ledger of a program at `path`, where there is none.

    Raises:
        RunError: the folder cannot be written.
        FileExistsError: there is one by now.
    """
    half = _half(path)
    make_private_folder(path.parent)
    clear(path)
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    half.chmod(0o600)
    _fill(half, path, program, durable=durable)
    os.link(half, path)
    half.unlink()
    if durable:
        sync_folder(path.parent)


def clear(path: Path) -> None:
    """Remove what an interrupted making left behind; its journal would be played back into the next attempt."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        _half(path).with_name(_half(path).name + suffix).unlink(missing_ok=True)


def _half(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _fill(half: Path, path: Path, program: str, *, durable: bool) -> None:
    engine = connect(half, durable=durable)
    try:
        with writing(engine, path) as connection:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            migrate(connection)
            facts = {"ledger": token_hex(16), "program": program}
            connection.execute(insert(meta), [{"name": name, "value": facts[name]} for name in sorted(facts)])
        with told_to_people(path, RunError, "made"), engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA journal_mode = WAL").close()
    finally:
        engine.dispose()


def migrate(connection: Connection) -> None:
    """Run all migrations that this ledger has not seen, inside the open transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "mentorkit.ledger:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
