"""Which transmissions went out, or were to, as one message."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; until now each was a message of its own."""
    op.add_column("transmissions", sa.Column("bundle", sa.String(length=400), server_default="", nullable=False))
