"""What a matching fixes of a relationship (last day, slot and its moment), and when people were asked about it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("relationships", sa.Column("until", sa.String(length=10), nullable=True))
    op.add_column("relationships", sa.Column("slot", sa.Text(), server_default="", nullable=False))
    op.add_column("relationships", sa.Column("meets_at", sa.String(length=27), nullable=True))
    op.add_column("relationships", sa.Column("asked_at", sa.String(length=27), nullable=True))
