"""What staff did."""

import sqlalchemy as sa
from alembic import op

from bot.storage.columns import WHOLE, line

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("number", WHOLE, primary_key=True),
        *(
            sa.Column(name, line(size), nullable=False)
            for name, size in (
                *(("at", 16), ("staff", 40), ("act", 40), ("about", 80), ("why", 300)),
            )
        ),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("entry")
