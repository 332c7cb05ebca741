"""Since when and until when somebody is in a relationship, where that is shorter than it lasts.

Whoever has left a relationship that went on is taken from the events; who was taken in again since is in it, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LAST_WORD = """
    SELECT {what} FROM events JOIN relationships ON relationships.id = members.relationship
    WHERE events.number = members.number AND events.kind IN ('left', 'resumed')
    AND relationships.published_at IS NOT NULL AND events.at >= relationships.published_at
    AND (relationships.ended_at IS NULL OR events.at < relationships.ended_at)
    ORDER BY events.at DESC, events.n DESC LIMIT 1
"""


def upgrade() -> None:
    """Add the columns, and fill them in from what was said."""
    with op.batch_alter_table("members") as batch:
        batch.drop_constraint(op.f("uq_members_relationship"), type_="unique")  # who has left may come back
        batch.add_column(sa.Column("joined_at", sa.String(length=27), nullable=True))
        batch.add_column(sa.Column("left_at", sa.String(length=27), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=20), server_default="", nullable=False))
        batch.add_column(sa.Column("event", sa.String(length=200), server_default="", nullable=False))
        batch.create_check_constraint(op.f("ck_members_left_has_reason"), "(left_at IS NULL) = (reason = '')")
    op.execute(
        f"UPDATE members SET left_at = ({_LAST_WORD.format(what='events.at')}), reason = 'left', "
        f"event = ({_LAST_WORD.format(what='events.id')}) WHERE ({_LAST_WORD.format(what='events.kind')}) = 'left'"
    )
