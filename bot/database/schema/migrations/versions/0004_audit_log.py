"""The audit log of each server, and channels where answers to /ask are private."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and add the column; so far /ask did what `private:` said."""
    op.create_table(
        "audit_log",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("sealed", sa.String(16), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("paragraph", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
        sqlite_autoincrement=True,
    )
    for columns in (["guild_id", "at"], ["at"], ["person"]):
        op.create_index(f"ix_audit_log_{'_'.join(columns)}", "audit_log", columns)
    op.add_column("channels", sa.Column("private_answers", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("channels", "private_answers")
    op.drop_table("audit_log")
