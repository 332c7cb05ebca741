"""The first ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table."""
    _keep_books()
    _keep_matchings()
    _keep_sessions()
    _keep_sending()


def _keep_books() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "people",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("external", sa.Text(), nullable=True),
        sa.Column("seen", sa.String(length=27), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'contact')", name=op.f("ck_people_known_kind")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_people")),
        sa.UniqueConstraint("kind", "external", name=op.f("uq_people_kind")),
    )
    op.create_table(
        "log",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_log")),
    )
    op.create_table(
        "consents",
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("channel", "digest", name=op.f("pk_consents")),
    )
    op.create_table(
        "rosters",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_rosters")),
    )


def _keep_matchings() -> None:
    op.create_table(
        "occasions",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_occasions")),
    )
    op.create_table(
        "relationships",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("published_at", sa.String(length=27), nullable=True),
        sa.Column("ended_at", sa.String(length=27), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_relationships_ended_has_moment")
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR published_at IS NOT NULL", name=op.f("ck_relationships_published_has_moment")
        ),
        sa.CheckConstraint("state IN ('proposed', 'published', 'ended')", name=op.f("ck_relationships_known_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relationships")),
    )
    op.create_table(
        "members",
        sa.Column("relationship", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_members_number")),
        sa.ForeignKeyConstraint(["relationship"], ["relationships.id"], name=op.f("fk_members_relationship")),
        sa.PrimaryKeyConstraint("relationship", "position", name=op.f("pk_members")),
        sa.UniqueConstraint("relationship", "number", name=op.f("uq_members_relationship")),
    )


def _keep_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("relationship", sa.String(length=40), nullable=False),
        sa.Column("series", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("local", sa.String(length=26), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("starts", sa.String(length=27), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'moved', 'canceled', 'held', 'missed')", name=op.f("ck_sessions_known_state")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_sessions_has_length")),
        sa.ForeignKeyConstraint(["relationship"], ["relationships.id"], name=op.f("fk_sessions_relationship")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("relationship", "series", "number", name=op.f("uq_sessions_relationship")),
    )
    op.create_index(op.f("ix_sessions_relationship"), "sessions", ["relationship"], unique=False)
    op.create_table(
        "session_people",
        sa.Column("session", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_session_people_number")),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name=op.f("fk_session_people_session")),
        sa.PrimaryKeyConstraint("session", "position", name=op.f("pk_session_people")),
    )


def _keep_sending() -> None:
    op.create_table(
        "transmissions",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("due", sa.String(length=27), nullable=False),
        sa.Column("expires", sa.String(length=27), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.String(length=27), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("changed", sa.String(length=27), nullable=False),
        sa.CheckConstraint(
            "state IN ('due', 'claimed', 'at_risk', 'sent', 'failed', 'deferred', 'in_doubt', "
            "'superseded', 'suppressed', 'expired')",
            name=op.f("ck_transmissions_known_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'at_risk') OR owner IS NOT NULL", name=op.f("ck_transmissions_held_has_owner")
        ),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_transmissions_number")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_transmissions")),
    )
    op.create_index("ix_transmissions_state_due", "transmissions", ["state", "due"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("transmission", sa.String(length=300), nullable=False),
        sa.Column("step", sa.String(length=200), nullable=False),
        sa.Column("occurrence", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("relationship", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_deliveries_number")),
        sa.ForeignKeyConstraint(["relationship"], ["relationships.id"], name=op.f("fk_deliveries_relationship")),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.key"], name=op.f("fk_deliveries_transmission")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_transmission"), "deliveries", ["transmission"], unique=False)
    op.create_table(
        "events",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_events_number")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
    )
