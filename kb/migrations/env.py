"""Run by Alembic inside `kb.migrate`, which hands it a connection with an open transaction."""

from alembic import context
from sqlalchemy.engine import Connection

from kb.models import Base


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    context.run_migrations()


_run(context.config.attributes["connection"])
