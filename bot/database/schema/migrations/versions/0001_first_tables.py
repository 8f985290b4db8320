"""The first tables: settings, questions and votes, what was taught, facts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_settings()
    _make_questions()
    _make_votes()
    _make_taught()
    op.create_table(
        "facts",
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_facts"),
    )


def downgrade() -> None:
    """Remove them with all that is in them."""
    for table in ("facts", "taught", "votes", "questions", "channels", "servers"):
        op.drop_table(table)


def _make_settings() -> None:
    op.create_table(
        "servers",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("ask_roles", sa.JSON(), nullable=False),
        sa.Column("admin_roles", sa.JSON(), nullable=False),
        sa.Column("trusted_roles", sa.JSON(), nullable=False),
        sa.Column("cooldown_questions", sa.BigInteger(), nullable=False),
        sa.Column("cooldown_seconds", sa.BigInteger(), nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_servers"),
    )
    op.create_table(
        "channels",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("threads", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_channels"),
    )


def _make_questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("asker", sa.String(32), nullable=False),
        sa.Column("question", sa.String(4000), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("likeness", sa.String(4000), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("milliseconds", sa.Double(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("answer_id", sa.BigInteger(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("settled_at", _TIME, nullable=True),
        sa.CheckConstraint(
            "outcome IN ('answered', 'hesitant', 'nothing_found')",
            name=op.f("ck_questions_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sqlite_autoincrement=True,
    )
    for columns in (
        ["guild_id", "asked_at"],
        ["guild_id", "day"],
        ["asked_at"],
        ["asker"],
        ["message_id"],
        ["answer_id"],
    ):
        op.create_index(f"ix_questions_{'_'.join(columns)}", "questions", columns)


def _make_votes() -> None:
    op.create_table(
        "votes",
        sa.Column("question_id", _COUNTER, nullable=False),
        sa.Column("voter", sa.String(32), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("paragraph", sa.BigInteger(), nullable=True),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_votes_value")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name="fk_votes_question_id_questions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "voter", name="pk_votes"),
    )
    op.create_index("ix_votes_voter", "votes", ["voter"])


def _make_taught() -> None:
    op.create_table(
        "taught",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("identity", sa.String(32), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("question", sa.String(4000), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("paragraph", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), nullable=False),
        sa.Column("taught_by", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.CheckConstraint("kind IN ('taught', 'confirmed')", name=op.f("ck_taught_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_taught"),
        sa.UniqueConstraint("identity", name="uq_taught_identity"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_taught_guild_id", "taught", ["guild_id"])
    op.create_index("ix_taught_taught_by", "taught", ["taught_by"])
