"""The database: what is written is on the disk, whole or not at all, and deleted bytes are gone."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, create_engine, event, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from whistle.storage.engine import Database
from whistle.storage.tables import Entry, KeyringFile, Seen, Table


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh database in a file."""
    made = Database(f"sqlite:///{tmp_path / 'whistle.sqlite'}")
    made.prepare()
    yield made
    made.close()


def keyring(serial: int, file: bytes = b"{}") -> KeyringFile:
    """A row of a table that stands alone."""
    return KeyringFile(serial=serial, sha256=bytes(32), file=file, signature="")


def serials(database: Database) -> list[int]:
    """The rows that are there."""
    with database.reading() as session:
        return sorted(session.scalars(select(KeyringFile.serial)))


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("secure_delete", 1),
        ("foreign_keys", 1),
        ("temp_store", 2),
        ("busy_timeout", 30_000),
    ],
)
def test_each_connection_has_its_settings(database: Database, pragma: str, value: object) -> None:
    """Write-ahead log, FULL, overwriting, foreign keys, no temporary files, patience."""
    with database.reading() as one, database.reading() as two, database.writing() as three:
        for session in (one, two, three):
            assert session.execute(text(f"PRAGMA {pragma}")).scalar() == value


def begun(database: Database) -> list[str]:
    """How transactions begin from now on."""
    seen: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        if statement.startswith("BEGIN"):
            seen.append(statement)

    return seen


def test_writing_takes_its_lock_at_the_start(database: Database) -> None:
    """So that it never fails half way for want of it."""
    seen = begun(database)
    with database.writing() as session:
        session.execute(text("SELECT 1"))
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    assert seen == ["BEGIN IMMEDIATE", "BEGIN DEFERRED"]


def test_a_second_writer_is_locked_out_from_the_first_statement(database: Database) -> None:
    """Whoever has not even written yet holds the lock already."""
    with database.writing() as session:
        session.execute(text("SELECT 1"))
        other = create_engine(database.engine.url, connect_args={"timeout": 0.01})
        with other.connect() as connection, pytest.raises(OperationalError, match="locked"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        other.dispose()


def test_writing_is_kept_when_the_block_ends(database: Database) -> None:
    """Another process sees it."""
    with database.writing() as session:
        session.add(keyring(1))
    other = Database(str(database.engine.url))
    assert serials(other) == [1]
    other.close()


def test_writing_leaves_nothing_when_the_block_fails(database: Database) -> None:
    """Not even what was flushed."""

    def fail_after_writing() -> None:
        with database.writing() as session:
            session.add(keyring(1))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()
    assert serials(database) == []


def test_a_failed_writer_lets_the_next_one_in(database: Database) -> None:
    """No lock stays behind."""
    with pytest.raises(ZeroDivisionError), database.writing():
        raise ZeroDivisionError
    assert not database.in_writing
    with database.writing() as session:
        session.add(keyring(1))
    assert serials(database) == [1]


def test_reading_keeps_nothing(database: Database) -> None:
    """What is done in it is forgotten."""
    with database.reading() as session:
        session.add(keyring(1))
        session.flush()
    assert serials(database) == []


def test_reading_sees_one_state_throughout(database: Database) -> None:
    """What others write meanwhile is not there yet."""
    with database.writing() as session:
        session.add(keyring(1))
    with database.reading() as session:
        query = select(KeyringFile.serial)
        assert session.scalars(query).all() == [1]
        with database.writing() as other:
            other.add(keyring(2))
        assert session.scalars(query).all() == [1]
    assert serials(database) == [1, 2]


def test_only_the_writing_thread_is_inside(database: Database) -> None:
    """Others are not told that they are."""
    seen: list[bool] = []
    with database.writing():
        assert database.in_writing
        other = Thread(target=lambda: seen.append(database.in_writing))
        other.start()
        other.join()
    assert seen == [False]
    assert not database.in_writing


def test_many_threads_write_one_after_another(database: Database) -> None:
    """None fails, none is lost."""
    start = Barrier(16)

    def write(serial: int) -> None:
        start.wait()
        with database.writing() as session:
            session.add(keyring(serial))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(1, 17)))
    assert serials(database) == list(range(1, 17))


def put(serial: int) -> Callable[[Connection], int]:
    """A piece of writing: one row; tells which."""

    def work(connection: Connection) -> int:
        row = {"serial": serial, "sha256": bytes(32), "file": b"{}", "signature": ""}
        connection.execute(insert(KeyringFile), row)
        return serial

    return work


def at_once(database: Database, works: Sequence[Callable[[Connection], int]]) -> list[object]:
    """Let pieces wait for one writer, then be done; what each gave, or the error it raised."""
    with ThreadPoolExecutor(len(works)) as pool:
        with database.writing():
            asked = [pool.submit(database.together, work) for work in works]
            while len(database._waiting) < len(works):
                os.sched_yield()
        return [one.exception() or one.result() for one in asked]


def test_pieces_that_wait_together_are_kept_by_one_transaction(database: Database) -> None:
    """Each is told what it gave."""
    seen = begun(database)
    assert at_once(database, [put(serial) for serial in range(1, 9)]) == list(range(1, 9))
    assert len(seen) == 2  # the writer before them, and theirs
    assert serials(database) == list(range(1, 9))


def test_a_piece_that_fails_takes_no_other_with_it(database: Database) -> None:
    """It alone raises, and nothing of it is kept; each of the others is kept once."""

    def fail(connection: Connection) -> int:
        put(9)(connection)
        raise ZeroDivisionError

    told = at_once(database, [put(1), fail, put(2), put(3)])
    assert isinstance(told[1], ZeroDivisionError)
    assert [told[0], *told[2:]] == [1, 2, 3]
    assert serials(database) == [1, 2, 3]
    assert database.together(put(4)) == 4


def test_a_piece_is_on_the_disk_when_its_writer_is_told(database: Database) -> None:
    """Another connection sees it already, whoever did it."""

    def write(serial: int) -> bool:
        database.together(put(serial))
        return serial in serials(database)

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(write, range(1, 65)))
    assert not database._waiting


def _write_in_a_process(address: str, first: int) -> None:
    database = Database(address)
    database.prepare()
    for serial in range(first, first + 20):
        with database.writing() as session:
            session.add(keyring(serial))
    database.close()


def test_several_processes_make_and_write_one_new_database(tmp_path: Path) -> None:
    """All start at once on an empty folder, as workers do at the first start."""
    address = f"sqlite:///{tmp_path / 'new.sqlite'}"
    processes = [
        get_context("spawn").Process(target=_write_in_a_process, args=(address, first))
        for first in (1, 101, 201, 301)
    ]
    for one in processes:
        one.start()
    for one in processes:
        one.join()
    assert [one.exitcode for one in processes] == [0, 0, 0, 0]
    database = Database(address)
    assert len(serials(database)) == 80
    database.close()


def test_rows_belong_to_their_case(database: Database) -> None:
    """A row without its case is refused."""
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Seen(case_id=bytes(16), handler_id="anna", seq=1))


def test_an_error_does_not_tell_what_was_written(database: Database) -> None:
    """A log line would carry it."""
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.add(Seen(case_id=b"secretsecretsecr", handler_id="anna-lind", seq=1))
    assert "anna-lind" not in str(caught.value)
    assert "secret" not in str(caught.value)


def everything(database: Database) -> bytes:
    """Every byte that the database has on the disk."""
    file = Path(str(database.engine.url.database))
    return b"".join(one.read_bytes() for one in sorted(file.parent.glob(f"{file.name}*")))


def test_deleted_bytes_are_overwritten(database: Database) -> None:
    """After `forget` neither the pages nor the write-ahead log hold them."""
    mark = b"canary " * 2000
    with database.writing() as session:
        session.add(keyring(1, file=mark))
    assert mark[:100] in everything(database)
    with database.writing() as session:
        session.delete(session.get_one(KeyringFile, 1))
    database.forget()
    assert b"canary canary" not in everything(database)


def test_only_its_owner_may_read_the_database(tmp_path: Path) -> None:
    """Also in a folder that others may enter, and whatever the mask is."""
    tmp_path.chmod(0o755)
    before = os.umask(0)
    try:
        database = Database(f"sqlite:///{tmp_path / 'whistle.sqlite'}")
        database.prepare()
        with database.writing() as session:
            session.add(keyring(1))
    finally:
        os.umask(before)
    modes = {one.name: stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()}
    database.close()
    assert len(modes) == 4
    assert set(modes.values()) == {0o600}


def test_primary_keys_have_no_order_of_arrival() -> None:
    """Tables are stored by their key, without a row number beside it."""
    for table in Table.metadata.sorted_tables:
        assert table.dialect_options["sqlite"]["with_rowid"] is False, table.name


def test_another_database_gets_none_of_sqlites_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reached by its address, and no file beside it is touched."""
    asked: list[tuple[str, dict[str, object]]] = []

    def make(address: str, **settings: object) -> object:
        asked.append((address, settings))
        return _Other()

    monkeypatch.setattr("whistle.storage.engine.create_engine", make)
    database = Database("postgresql+psycopg2://nobody@127.0.0.1/none")
    database.forget()
    assert asked[0][1] == {"pool_size": 32, "hide_parameters": True}
    assert database._queue is None


class _Other:
    """An engine that is not SQLite's."""

    dialect = SimpleNamespace(name="postgresql")

    def execution_options(self, **_: object) -> "_Other":
        """Take what the writer asks for."""
        return self


def test_an_entry_has_one_place() -> None:
    """The database itself refuses two entries in one place of a chain."""
    unique = [
        sorted(column.name for column in one.columns)
        for one in Entry.__table__.constraints  # type: ignore[attr-defined] # a Table
        if one.__class__.__name__ == "UniqueConstraint"
    ]
    assert unique == [["case_id", "chain", "seq"]]
