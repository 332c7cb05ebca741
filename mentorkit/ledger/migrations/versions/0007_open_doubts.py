"""When a message was last marked, and since when nobody knows whether it has arrived."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of doubts so far no moment is known, so that only a person settles them."""
    op.add_column("transmissions", sa.Column("marked_at", sa.String(length=27), nullable=True))
    op.add_column("transmissions", sa.Column("doubt_since", sa.String(length=27), nullable=True))
