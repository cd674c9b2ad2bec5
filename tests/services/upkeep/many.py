"""Many cases at once: copies of one that was really filed, each with an id of its own.

A copy has the same sealed bytes and thread, so that whoever has the first one's receipt code can
verify the copies' threads too.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from whistle.storage.engine import Database
from whistle.storage.tables import Access, Case, CaseKey, Entry, EntrySeal, Table, new_id


def copies(database: Database, case_id: bytes, count: int) -> list[bytes]:
    """Add so many copies of a case; return their ids."""
    with database.writing() as session:
        (case,) = _rows(session, Case, Case.id, [case_id])
        entries = _rows(session, Entry, Entry.case_id, [case_id])
        seals = {
            one["entry_id"]: one["sealed"]
            for one in _rows(session, EntrySeal, EntrySeal.entry_id, [e["id"] for e in entries])
        }
        ids = [new_id() for _ in range(count)]
        numbers = secrets.token_hex(4)
        session.execute(
            sa.insert(Case),
            [
                {**case, "id": one, "mailbox_id": secrets.token_bytes(32), "number": name}
                for at, one in enumerate(ids)
                for name in [f"{numbers}{at:04x}"]
            ],
        )
        for kind in (CaseKey, Access):
            rows = _rows(session, kind, kind.case_id, [case_id])
            made = [{**row, "case_id": one} for one in ids for row in rows]
            session.execute(sa.insert(kind), made)
        new = [{**row, "id": new_id(), "case_id": one} for one in ids for row in entries]
        session.execute(sa.insert(Entry), new)
        kept = [seals[row["id"]] for row in entries] * count
        session.execute(
            sa.insert(EntrySeal),
            [
                {"entry_id": row["id"], "sealed": sealed}
                for row, sealed in zip(new, kept, strict=True)
            ],
        )
    return ids


def _rows(
    session: sa.orm.Session, kind: type[Table], column: Any, values: Sequence[bytes]
) -> list[dict[str, Any]]:
    """The rows of a table as they are."""
    table = kind.__table__
    found = session.execute(sa.select(table).where(column.in_(values)))
    return [dict(row) for row in found.mappings()]
