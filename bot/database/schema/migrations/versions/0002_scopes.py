"""Which texts answer where: for channels, servers and single questions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; so far all texts answered everywhere."""
    op.add_column("channels", sa.Column("texts", sa.JSON(), nullable=True))
    op.add_column(
        "servers",
        sa.Column("shared_texts", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    op.add_column("questions", sa.Column("within", sa.String(100), nullable=True))


def downgrade() -> None:
    """Remove them."""
    for table, column in (
        ("questions", "within"),
        ("servers", "shared_texts"),
        ("channels", "texts"),
    ):
        op.drop_column(table, column)
