"""What the machine itself allows: the same bytes written durably, with nothing around them."""

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path


def durable_writes(folder: Path, posts: Sequence[bytes]) -> float:
    """Return how many of these rows a second one writer commits in SQLite, flushed each time."""
    connection = sqlite3.connect(folder / "floor.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE posts (id BLOB PRIMARY KEY, post BLOB) WITHOUT ROWID")
    begun = time.perf_counter()
    for post in posts:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO posts VALUES (?, ?)", (os.urandom(16), post))
        connection.execute("COMMIT")
    elapsed = time.perf_counter() - begun
    connection.close()
    return len(posts) / elapsed
