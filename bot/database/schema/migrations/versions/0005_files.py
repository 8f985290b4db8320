"""The files of servers' texts, and those of the shared texts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "folders",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_folders")),
    )
    op.create_table(
        "files",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["folders.guild_id"],
            name=op.f("fk_files_guild_id_folders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "path", name=op.f("pk_files")),
    )
    op.create_table(
        "file_chunks",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"],
            ["folders.guild_id"],
            name=op.f("fk_file_chunks_guild_id_folders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("guild_id", "digest", "number", name=op.f("pk_file_chunks")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("file_chunks")
    op.drop_table("files")
    op.drop_table("folders")
