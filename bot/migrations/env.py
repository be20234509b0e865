"""What Alembic runs: the connection comes from bot.database, the versions from the folder of the database."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
