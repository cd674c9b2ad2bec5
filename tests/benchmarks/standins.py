"""Many cases at once: rows of the right shape with small stand-in seals that nobody opens.

Real seals of a million cases would be 20 GB; what is measured here is how look-ups grow.
"""

import secrets
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tests.benchmarks.house import House
from whistle.storage.tables import Access, Case, CaseKey, Entry, EntrySeal, Table

BATCH = 10_000
SEAL = b"stand-in"
ENTRIES = (("report", 1), ("received", 2))


def fill(house: House, count: int) -> None:
    """Add so many cases, each with a key, its readers and two entries."""
    engine = sa.create_engine(f"sqlite:///{house.database}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")  # only while filling
        for first in range(0, count, BATCH):
            ids = sorted(secrets.token_bytes(16) for _ in range(min(BATCH, count - first)))
            for table, rows in _rows(house, ids, first):
                connection.execute(sa.insert(table), rows)
            connection.commit()
    engine.dispose()


def _rows(
    house: House, ids: list[bytes], first: int
) -> Iterator[tuple[sa.Table, list[dict[str, Any]]]]:
    """Return each table's rows; a column that none names gets a neutral value."""
    cases = [
        {
            "id": case_id,
            "number": f"{first + at:x}"[:7],
            "mailbox_id": secrets.token_bytes(32),
            "channel": "main",
            "received_on": house.today - timedelta(days=at % 700),
            "state": "received",
            "due_on": house.today + timedelta(days=at % 90),
        }
        for at, case_id in enumerate(ids)
    ]
    readers = [
        {"case_id": one, "handler_id": who.appointed.id, "role": "handler", "from_on": house.today}
        for one in ids
        for who in house.people
    ]
    entries = [
        {"id": secrets.token_bytes(16), "case_id": one, "chain": "case", "seq": seq, "kind": kind}
        for one in ids
        for kind, seq in ENTRIES
    ]
    keys = [{"case_id": one} for one in ids]
    seals = [{"entry_id": one["id"], "sealed": SEAL} for one in entries]
    for kind, rows in (
        (Case, cases),
        (CaseKey, keys),
        (Access, readers),
        (Entry, entries),
        (EntrySeal, seals),
    ):
        table = Table.metadata.tables[kind.__tablename__]
        neutral = {column.name: _neutral(column, house.today) for column in table.columns}
        yield table, [{**neutral, **row} for row in rows]


def _neutral(column: sa.Column[Any], today: date) -> object:
    values: Mapping[type, object] = {bytes: SEAL, str: "", int: 0, bool: False, date: today}
    return None if column.nullable else values[column.type.python_type]
