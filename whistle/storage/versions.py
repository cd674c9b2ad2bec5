"""Bringing a database to the version that this program needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

HEAD = "0001"
"""The newest migration; a database that stands there is left alone at start."""
_FOLDER = Path(__file__).parent / "migrations"


def current(connection: Connection) -> str | None:
    """The version that the database stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply what is missing, in the transaction of this connection."""
    command.upgrade(configuration(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take back what came after a version, in the transaction of this connection."""
    command.downgrade(configuration(connection), revision)


def configuration(connection: Connection) -> Config:
    """Alembic's settings: our folder, this connection."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
