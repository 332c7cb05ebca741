"""The ledger's tables.

People live in one table and nowhere else: every other table knows running numbers, so that erasing a person is
erasing one row's `external`. Moments are UTC text of fixed width, so that they sort and read the same in every
database. A change here needs a migration; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import get_args

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from mentorkit.core.deliveries import State
from mentorkit.core.history import RelationshipState, SessionState

REVISION = "0008"
"""The migration that this module's tables are the outcome of."""

APPLICATION_ID = 0x6D6E7472
"""Marks a SQLite file as ours (`mntr`)."""

RELATIONSHIP_STATES: tuple[str, ...] = get_args(RelationshipState)
SESSION_STATES: tuple[str, ...] = get_args(SessionState)
TRANSMISSION_STATES: tuple[str, ...] = get_args(State)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC text `2027-01-11T09:00:00.000000Z`."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text that is stored; a naive datetime has no moment and is refused."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the aware datetime."""
        return None if value is None else datetime.fromisoformat(value)


class Day(TypeDecorator[date]):
    """A date, kept as text `2027-01-11`."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Return the text that is stored."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """Return the date."""
        return None if value is None else date.fromisoformat(value)


def moment_text(moment: datetime) -> str:
    """Return an aware datetime as UTC text of fixed width.

    Raises:
        ValueError: the datetime is naive.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"known_{column}")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("external", Text),
    Column("seen", Moment, nullable=False),
    Column("known_by", String(40)),
    Column("takes_part", Integer, nullable=False, server_default="0"),
    UniqueConstraint("kind", "external"),
    _one_of("kind", ("person", "contact")),
)

occasions = Table(
    "occasions",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("at", Moment, nullable=False),
)

relationships = Table(
    "relationships",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("occasion", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("score", Float, nullable=False),
    Column("published_at", Moment),
    Column("ended_at", Moment),
    Column("reason", Text, nullable=False, server_default=""),
    Column("end_noted", Moment),
    Column("until", Day),
    Column("slot", Text, nullable=False, server_default=""),
    Column("meets_at", Moment),
    Column("asked_at", Moment),
    _one_of("state", RELATIONSHIP_STATES),
    CheckConstraint("state = 'proposed' OR published_at IS NOT NULL", name="published_has_moment"),
    CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_has_moment"),
)

members = Table(
    "members",
    metadata,
    Column("relationship", ForeignKey("relationships.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", ForeignKey("people.number"), nullable=False),
    Column("role", String(80), nullable=False),
    Column("joined_at", Moment),
    Column("left_at", Moment),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("event", String(200), nullable=False, server_default=""),
    CheckConstraint("(left_at IS NULL) = (reason = '')", name="left_has_reason"),
)

prices = Table(
    "prices",
    metadata,
    Column("number", ForeignKey("people.number"), primary_key=True),
    Column("role", String(80), primary_key=True),
    Column("covers", BigInteger, nullable=False),
    Column("tenths", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("relationship", ForeignKey("relationships.id"), nullable=False, index=True),
    Column("series", String(80), nullable=False),
    Column("number", Integer, nullable=False),
    Column("local", String(26), nullable=False),
    Column("zone", String(80), nullable=False),
    Column("starts", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("place", Text, nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("moves", Integer, nullable=False, server_default="0"),
    Column("changed", Moment),
    UniqueConstraint("relationship", "series", "number"),
    _one_of("state", SESSION_STATES),
    CheckConstraint("minutes > 0", name="has_length"),
)

session_people = Table(
    "session_people",
    metadata,
    Column("session", ForeignKey("sessions.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", ForeignKey("people.number"), nullable=False),
)

transmissions = Table(
    "transmissions",
    metadata,
    Column("key", String(300), primary_key=True),
    Column("step", String(200), nullable=False),
    Column("number", ForeignKey("people.number"), nullable=False),
    Column("role", String(80), nullable=False),
    Column("due", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Column("zone", String(80), nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner", String(40)),
    Column("channel", String(80)),
    Column("kind", String(80)),
    Column("bundle", String(400), nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("not_before", Moment),
    Column("detail", Text, nullable=False, server_default=""),
    Column("changed", Moment, nullable=False),
    Column("marked_at", Moment),
    Column("doubt_since", Moment),
    _one_of("state", TRANSMISSION_STATES),
    CheckConstraint("state NOT IN ('claimed', 'at_risk') OR owner IS NOT NULL", name="held_has_owner"),
    Index("ix_transmissions_state_due", "state", "due"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("transmission", ForeignKey("transmissions.key"), nullable=False, index=True),
    Column("step", String(200), nullable=False),
    Column("occurrence", String(200), nullable=False),
    Column("number", ForeignKey("people.number"), nullable=False),
    Column("role", String(80), nullable=False),
    Column("relationship", ForeignKey("relationships.id")),
)

refusals = Table(
    "refusals",
    metadata,
    Column("transmission", ForeignKey("transmissions.key"), primary_key=True),
    Column("channel", String(80), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

unreachable = Table(
    "unreachable",
    metadata,
    Column("channel", String(80), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("number", ForeignKey("people.number"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

events = Table(
    "events",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("id", String(200), nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("number", ForeignKey("people.number"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("value", Text, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("channel", String(80), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)

rosters = Table(
    "rosters",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("people", Integer, nullable=False),
    Column("participants", Integer, nullable=False),
    Column("columns", Text, nullable=False, server_default=""),
)

log = Table(
    "log",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("what", String(20), nullable=False),
    Column("subject", String(400), nullable=False),
    Column("before", String(20), nullable=False),
    Column("after", String(20), nullable=False),
    Column("hash", String(64), nullable=False),
)
