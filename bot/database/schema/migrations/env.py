"""Alembic's entry point: run the migrations on a given connection."""

from alembic import context

from bot.database.schema.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by replacing it
)
with context.begin_transaction():
    context.run_migrations()
