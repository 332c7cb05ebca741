"""Which channels refused a message for good, at which addresses they reach nobody, and what kind the last one was."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column; of what was sent so far, the channel's name was its kind."""
    op.create_table(
        "refusals",
        sa.Column("transmission", sa.String(length=300), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["transmission"], ["transmissions.key"], name=op.f("fk_refusals_transmission")),
        sa.PrimaryKeyConstraint("transmission", "channel", name=op.f("pk_refusals")),
    )
    op.create_table(
        "unreachable",
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_unreachable_number")),
        sa.PrimaryKeyConstraint("channel", "digest", name=op.f("pk_unreachable")),
    )
    op.add_column("transmissions", sa.Column("kind", sa.String(length=80), nullable=True))
    op.execute("UPDATE transmissions SET kind = channel")
