"""Alembic's way in: run the migrations on the connection that the program or a test gives."""

from alembic import context

from bot.database.schema.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by replacing it
)
with context.begin_transaction():
    context.run_migrations()
