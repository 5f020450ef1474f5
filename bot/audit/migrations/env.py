"""How alembic runs here: inside the transaction of `bot.storage.migrate`, and only there."""

from alembic import context

from bot.audit.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
