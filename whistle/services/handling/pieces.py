"""What a list shows of many cases: the sealed pieces from which a handler's browser takes it.

Of each case the keys, the report and the newest marks, as they are kept; so that a list of hundreds
need not fetch hundreds of whole threads. Who asks gets the cases that they see; the others are
left out of the answer, absent and foreign alike, and nothing is noted: the cases stay unread.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from whistle.crypto.chain import EntryRecord
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import HandlerKey
from whistle.errors import FilingError, NotFoundError
from whistle.services import access, thread
from whistle.services.handling.asked import case_key
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Entry, EntrySeal

PIECES_MAX = 50
"""So many cases in one answer: some 2 MB with five handlers."""
MARKS = "marks"


def pieces(parts: Parts, handler: HandlerKey, ids: object) -> dict[str, Any]:
    """The sealed pieces of the cases that are asked for, in that order.

    Raises:
        FilingError: `cases`, it is no list of at most 50 ids.
    """
    if not isinstance(ids, list) or len(ids) > PIECES_MAX:
        raise FilingError("cases")
    asked = [key for one in ids if (key := _key(one)) is not None]
    with parts.database.reading() as session:
        seen = access.visible_cases(handler).where(Case.id.in_(asked))
        cases = {case.id: case for case in session.scalars(seen)}
        is_report = and_(Entry.chain == thread.CASE_CHAIN, Entry.seq == 1)
        reports = _sealed(session, cases, is_report)
        newest = _newest_marks(cases).subquery()
        is_newest = and_(Entry.case_id == newest.c.case_id, Entry.seq == newest.c.seq, _IS_MARKS)
        marks = _sealed(session, cases, is_newest)
        found = [
            _piece(cases[key], reports[key], marks.get(key))
            for key in dict.fromkeys(asked)
            if key in cases
        ]
    return {"pieces": found}


def newest_marks(session: Session, case_ids: Iterable[bytes]) -> dict[bytes, int]:
    """The numbers of the newest marks, of those cases that have some."""
    rows = session.execute(_newest_marks(case_ids))
    return {row.case_id: row.seq for row in rows}


_IS_MARKS = and_(Entry.chain == thread.DESK_CHAIN, Entry.kind == MARKS)


def _newest_marks(case_ids: Iterable[bytes]) -> Select[bytes, int]:
    return (
        select(Entry.case_id, func.max(Entry.seq).label("seq"))
        .where(Entry.case_id.in_(list(case_ids)), _IS_MARKS)
        .group_by(Entry.case_id)
    )


def _sealed(
    session: Session, case_ids: Iterable[bytes], which: ColumnElement[bool]
) -> dict[bytes, dict[str, Any]]:
    """One entry of each case, as browsers get it."""
    rows = session.execute(
        select(Entry, EntrySeal.sealed)
        .join(EntrySeal, EntrySeal.entry_id == Entry.id)
        .where(Entry.case_id.in_(list(case_ids)), which)
    )
    return {
        one.case_id: thread.entry_json(
            EntryRecord(one.chain, one.seq, one.kind, one.handler_id, one.on, sealed, one.sha256)
        )
        for one, sealed in rows
    }


def _piece(case: Case, report: dict[str, Any], marks: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": case.id.hex(),
        "channel": case.channel,
        "thread": b64u(case.thread),
        "case_age": b64u(case.case_age),
        "report": report,
        "desk_age": b64u(case.desk_age) if case.desk_age else None,
        "marks": marks,
    }


def _key(written: object) -> bytes | None:
    try:
        return case_key(written)
    except NotFoundError:
        return None
