"""Bringing a database to the version that this program needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, String, column, inspect, select, table

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest migration; a database that stands there is left alone at start."""
_TABLE = "alembic_version"
_FOLDER = Path(__file__).parent / "migrations"


def current(connection: Connection) -> str | None:
    """The version that the database stands at; None for an empty one.

    Read as Alembic keeps it, and without loading Alembic: that takes as long as all the rest.
    """
    if not inspect(connection).has_table(_TABLE):
        return None
    return connection.scalar(select(column("version_num", String)).select_from(table(_TABLE)))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply what is missing, in the transaction of this connection."""
    from alembic import command  # noqa: PLC0415 - slow to load, and rarely needed

    command.upgrade(configuration(connection), revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Take back what came after a version, in the transaction of this connection."""
    from alembic import command  # noqa: PLC0415 - slow to load, and rarely needed

    command.downgrade(configuration(connection), revision)


def configuration(connection: Connection) -> "Config":
    """Alembic's settings: our folder, this connection."""
    from alembic.config import Config  # noqa: PLC0415 - slow to load, and rarely needed

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config
