"""Alembic runs this file. The connection comes from mentorkit, inside a transaction that mentorkit ends."""

from __future__ import annotations

from alembic import context

from mentorkit.ledger.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
context.run_migrations()
