"""What places cost by the last matching, so that the next one begins from there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "prices",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=80), nullable=False),
        sa.Column("covers", sa.BigInteger(), nullable=False),
        sa.Column("tenths", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["people.number"], name=op.f("fk_prices_number")),
        sa.PrimaryKeyConstraint("number", "role", name=op.f("pk_prices")),
    )
