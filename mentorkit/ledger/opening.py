"""Opening a ledger that is there: telling ours from anything else, and a sound one from a damaged one.

Whatever is found under a ledger's name is never overwritten or started anew: a run that believed an empty ledger would
send everything again.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select, text

from mentorkit.core.errors import RefusedError
from mentorkit.ledger.connecting import WAY_ON, DamagedError, connect, reading, writing
from mentorkit.ledger.schema import APPLICATION_ID, REVISION, meta


def open_checked(path: Path, *, durable: bool) -> tuple[Engine, str, str]:
    """Return a connection to a sound, up-to-date ledger, its id and its program's id.

    Raises:
        RefusedError: the file is not a ledger, is damaged, or was written by a newer mentorkit.
        RunError: it is older and cannot be brought up to date.
    """
    _look_at_file(path)
    engine = connect(path, durable=durable)
    try:
        with reading(engine, path) as connection:
            revision = _look_inside(connection, path)
        if revision != REVISION:
            _bring_up_to_date(engine, path)
        with reading(engine, path) as connection:
            facts = {row.name: row.value for row in connection.execute(select(meta))}
        return engine, facts["ledger"], facts["program"]
    except KeyError as missing:
        engine.dispose()
        raise DamagedError(f"the ledger {path} does not say its {missing.args[0]}; {WAY_ON}") from None
    except BaseException:
        engine.dispose()
        raise


def _look_at_file(path: Path) -> None:
    if path.is_symlink():
        told = f"the ledger {path} is a symbolic link; move the ledger itself there, or name its folder by --folder"
        raise RefusedError(told)
    if not path.is_file():
        raise RefusedError(f"the ledger {path} is not a file")
    try:
        with path.open("rb") as file:
            head = file.read(16)
        with path.open("r+b"):
            pass
    except OSError as problem:
        raise RefusedError(f"the ledger {path} cannot be opened: {problem.strerror}; nothing was sent") from problem
    if not head:
        raise DamagedError(f"the ledger {path} is empty, and a ledger never is; {WAY_ON}")
    if head != b"SQLite format 3\0":
        raise DamagedError(f"{path} is not a ledger; {WAY_ON}")


def _look_inside(connection: Connection, path: Path) -> str:
    application = connection.execute(text("PRAGMA application_id")).scalar_one()
    if application != APPLICATION_ID or not inspect(connection).has_table("alembic_version"):
        raise DamagedError(f"{path} is a database of something else, not a ledger; {WAY_ON}")
    findings = connection.execute(text("PRAGMA quick_check(1)")).scalars().all()
    if findings != ["ok"]:
        raise DamagedError(f"the ledger {path} is damaged ({findings[0]}); {WAY_ON}")
    revisions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    if len(revisions) != 1 or revisions[0] > REVISION:
        raise RefusedError(
            f"the ledger {path} was written by another version of mentorkit (its schema is "
            f"{', '.join(revisions) or 'unknown'}, this one knows {REVISION}); install that version or a newer one"
        )
    return str(revisions[0])


def _bring_up_to_date(engine: Engine, path: Path) -> None:
    from mentorkit.ledger.creating import migrate

    with writing(engine, path) as connection:
        migrate(connection)
