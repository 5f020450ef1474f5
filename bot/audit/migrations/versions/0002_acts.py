"""Entries are found by their act: where the book was cut, and where it was put back."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("entry_act", "entry", ["act"])


def downgrade() -> None:
    op.drop_index("entry_act", "entry")
