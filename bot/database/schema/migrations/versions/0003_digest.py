"""Where each server's weekly digest is sent, and until when questions were in one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; no server has a digest so far."""
    op.add_column("servers", sa.Column("digest_channel", sa.BigInteger(), nullable=True))
    op.add_column("servers", sa.Column("digest_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("servers", "digest_until")
    op.drop_column("servers", "digest_channel")
