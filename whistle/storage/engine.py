"""The one door to the database: SQLite as one file (default), or PostgreSQL by its address.

Rules:
* what was answered as done is on the disk: SQLite runs in WAL mode with synchronous=FULL;
* a writing transaction takes its lock at the start (`BEGIN IMMEDIATE`), so that it never fails
  half way for want of one; writers queue here, those of other processes by a lock on a file of
  its own, not in SQLite's busy loop, which lets some of them wait a hundred times as long;
* bytes that are deleted are overwritten (`secure_delete`).
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, local
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from whistle.storage import versions

T = TypeVar("T")

BUSY_TIMEOUT_MS = 30_000
FORGET_TIMEOUT_MS = 1_000
POOL_SIZE = 32

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",  # no temporary file ever holds a page of a case
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
)


class _Piece:
    """A piece of writing that waits for its turn, and how it went."""

    def __init__(self, work: Callable[[Connection], object]) -> None:
        self.work = work
        self.result: object = None
        self.error: Exception | None = None


class Database:
    """Hands out sessions: `reading` sees one state throughout, `writing` commits or leaves none."""

    def __init__(self, address: str) -> None:
        self.engine = _engine(address)
        self._writer = self.engine.execution_options(whistle_begin="IMMEDIATE")
        self._one_writer = Lock()
        self._waiting: list[_Piece] = []
        self._here = local()
        self._file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self._queue = f"{self._file}-queue" if self._file else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking only; nothing done in it is kept."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is kept whole when the block ends, or not at all when it raises."""
        with self._one_writer, self._kept() as connection, Session(connection) as session:
            yield session
            session.flush()

    def together(self, work: Callable[[Connection], T]) -> T:
        """Do a short piece of writing and return what it returns, once that is on the disk.

        Pieces that wait at the same time are kept by one transaction, so with one flush of the
        disk. A piece may be begun again, but is kept once; if it raises, nothing of it is kept,
        and the others are.
        """
        piece = _Piece(work)
        self._waiting.append(piece)
        with self._one_writer:
            if piece in self._waiting:  # nobody did it while this thread waited
                pieces = list(self._waiting)
                self._do(pieces)
                for done in pieces:
                    self._waiting.remove(done)
        if piece.error is not None:
            raise piece.error
        return cast("T", piece.result)

    def _do(self, pieces: Sequence["_Piece"]) -> None:
        """Do all pieces in one transaction; should one fail, each in a transaction of its own."""
        try:
            with self._kept() as connection:
                for piece in pieces:
                    piece.result = piece.work(connection)
        except Exception as error:  # noqa: BLE001 - it is raised where the piece came from
            if len(pieces) == 1:
                pieces[0].error = error
                return
            for piece in pieces:
                self._do([piece])

    @contextmanager
    def _kept(self) -> Iterator[Connection]:
        """A connection whose work is kept whole when the block ends, or not at all."""
        with self._noted(), _queued(self._queue), self._writer.begin() as connection:
            yield connection

    @property
    def in_writing(self) -> bool:
        """Whether this thread is inside `writing`: a second one would wait for itself."""
        return getattr(self._here, "writing", False)

    def prepare(self) -> None:
        """Bring the database to the version that this program needs; one process does it.

        A new file is its owner's alone; SQLite gives the files beside it the same mode.
        """
        if self._file is not None:
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        with self._writer.begin() as connection:
            if versions.current(connection) != versions.HEAD:
                versions.upgrade(connection)

    def forget(self) -> bool:
        """Take what was deleted out of the write-ahead log as well; tell whether it is gone.

        Whoever reads just then keeps it a moment longer: ask again later.
        """
        if self._queue is None:
            return True
        with self._one_writer, _queued(self._queue), self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            if raw is None:
                return False
            raw.execute(f"PRAGMA busy_timeout={FORGET_TIMEOUT_MS}")
            try:
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            return not busy

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        self._here.writing = True
        try:
            yield
        finally:
            self._here.writing = False


@contextmanager
def _queued(path: str | None) -> Iterator[None]:
    """Wait until no other process writes; the lock ends with the file, also when we are killed."""
    if path is None:
        yield
        return
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _engine(address: str) -> Engine:
    if not address.startswith("sqlite"):
        return create_engine(address, pool_size=POOL_SIZE, hide_parameters=True)
    engine = create_engine(
        address,
        pool_size=POOL_SIZE,
        # An error's text would otherwise carry the values of the statement into a log.
        hide_parameters=True,
        connect_args={
            "isolation_level": None,  # the driver's own transactions begin too late; ours are below
            "check_same_thread": False,
            "cached_statements": 0,  # a kept statement keeps the values it was given last
        },
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("whistle_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
