"""What months of a program add: who is who, when ends became known, and how often and when sessions changed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("people", sa.Column("takes_part", sa.Integer(), server_default="0", nullable=False))
    op.add_column("people", sa.Column("known_by", sa.String(length=40), nullable=True))
    op.add_column("rosters", sa.Column("columns", sa.Text(), server_default="", nullable=False))
    op.add_column("relationships", sa.Column("end_noted", sa.String(length=27), nullable=True))
    op.add_column("sessions", sa.Column("moves", sa.Integer(), server_default="0", nullable=False))
    op.add_column("sessions", sa.Column("changed", sa.String(length=27), nullable=True))
    op.execute("UPDATE relationships SET end_noted = ended_at")
