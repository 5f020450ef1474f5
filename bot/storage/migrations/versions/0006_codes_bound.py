"""A word code is bound to its chat. Codes from before are good for nothing: they live three days,
and a page or a messenger leads back without one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With nothing in it, for a replica of before that adds rows meanwhile.
    bound = sa.Column("bound", sa.LargeBinary(16), nullable=False, server_default="")
    op.add_column("code", bound)


def downgrade() -> None:
    op.drop_column("code", "bound")
