"""The database is brought to the newest version, and that version is what the tables say."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from whistle.storage import versions
from whistle.storage.engine import Database
from whistle.storage.tables import Table


def test_the_newest_version_is_the_one_the_program_needs(tmp_path: Path) -> None:
    """A migration that is added without raising HEAD would never be applied."""
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with database.engine.connect() as connection:
        script = ScriptDirectory.from_config(versions.configuration(connection))
    assert script.get_heads() == [versions.HEAD]


def test_a_new_database_has_exactly_the_tables(tmp_path: Path) -> None:
    """Nothing in the models is missing from the migrations, and nothing is too much."""
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    database.prepare()
    with database.engine.connect() as connection:
        assert versions.current(connection) == versions.HEAD
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_preparing_twice_changes_nothing(tmp_path: Path) -> None:
    """Every process of a server prepares the same database."""
    for _ in range(2):
        Database(f"sqlite:///{tmp_path / 'new.sqlite'}").prepare()


def test_the_first_version_goes_back_to_nothing(tmp_path: Path) -> None:
    """Down and up again."""
    database = Database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    database.prepare()
    with database.engine.begin() as connection:
        versions.downgrade(connection, "base")
        assert versions.current(connection) is None
    database.prepare()
    with database.engine.connect() as connection:
        assert versions.current(connection) == versions.HEAD
