"""A handler's cases: the list by nearest due date, and one case whole."""

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import HandlerKey
from whistle.errors import NotFoundError
from whistle.law.duties import disclosure
from whistle.services import access, dates, log, notices, thread
from whistle.services.handling import reseals
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Entry, Seen
from whistle.storage.tables.base import ID_BYTES

CASES_MAX = 2_000
OPENED = "Opened"
"""The log's event: a handler's browser was given a case whole."""


def list_cases(parts: Parts, handler: HandlerKey) -> dict[str, Any]:
    """The cases this handler sees, the nearest strict due date first, then the rest by receipt."""
    today = max(parts.today(channel) for channel in parts.settings.channels)
    with parts.database.reading() as session:
        rows = session.scalars(
            access.visible_cases(handler, today)
            .order_by(Case.due_on.is_(None), Case.due_on, Case.received_on.desc(), Case.id)
            .limit(CASES_MAX)
        ).all()
        unread = _unread(session, handler.id, [case.id for case in rows])
        faults = notices.faults(session, handler.id)
        listed = [{**summary(parts, case), "unread": case.id in unread} for case in rows]
        again = reseals.waiting(session, parts, handler, rows)
    told = {"cases": listed, "mail_faults": faults, "reseals": again}
    return {"today": today.isoformat(), **told}


def summary(parts: Parts, case: Case) -> dict[str, Any]:
    """What the list shows of a case: nothing that needs a key."""
    channel = parts.channel(case.channel)
    now = dates.due_in(case, channel, parts.today(channel))
    return {
        "id": case.id.hex(),
        "number": case.number,
        "channel": case.channel,
        "received_on": case.received_on.isoformat(),
        "state": dates.phase(case),
        "outcome": case.outcome,
        "out_of_scope": case.out_of_scope,
        "withheld": case.withheld,
        "dates": dates.as_json(dates.told_handler(case, now)),
        "chips": dates.as_json(dates.chips(now)),
    }


def open_case(parts: Parts, handler: HandlerKey, case_id: str) -> dict[str, Any]:
    """One case whole, sealed, with the keyrings that verify it; notes that it was read.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
    """
    today = max(parts.today(channel) for channel in parts.settings.channels)
    with parts.database.reading() as session:
        case = access.visible_case(session, handler, case_key(case_id), today)
        entries = thread.sealed_entries(session, case.id, thread.CASE_CHAIN)
        notes = thread.sealed_entries(session, case.id, thread.DESK_CHAIN)
        opened = {
            **summary(parts, case),
            "ready": dates.as_json({"feedback_due_on": _ready_date(parts, case)}),
            "disclose_from_on": disclosure(today).due_on.isoformat(),
            "grounds": dates.grounds(parts.channel(case.channel)),
            "thread": b64u(case.thread),
            "case_age": b64u(case.case_age),
            "desk_age": b64u(case.desk_age) if case.desk_age else None,
            "entries": [thread.entry_json(one) for one in entries],
            "notes": [thread.entry_json(one) for one in notes],
            **parts.keyrings.published().answer(today),
        }
    _note_opened(parts, case.id, handler.id, entries[-1].seq)
    return opened


def _ready_date(parts: Parts, case: Case) -> date | None:
    channel = parts.channel(case.channel)
    return dates.feedback_due_if_acknowledged(case, channel, parts.today(channel))


def case_key(case_id: object) -> bytes:
    """The key of a case from the text in an address.

    Raises:
        NotFoundError: `unknown`, it is no such text.
    """
    try:
        key = bytes.fromhex(case_id) if isinstance(case_id, str) else b""
    except ValueError as error:
        raise NotFoundError("unknown") from error
    if len(key) != ID_BYTES:
        raise NotFoundError("unknown")
    return key


def _unread(session: Session, handler_id: str, case_ids: list[bytes]) -> set[bytes]:
    """The cases with an entry of somebody else's that this handler has not opened."""
    seen = select(Seen.case_id, Seen.seq).where(Seen.handler_id == handler_id).subquery("seen")
    newest = (
        select(Entry.case_id)
        .outerjoin(seen, seen.c.case_id == Entry.case_id)
        .where(
            Entry.chain == thread.CASE_CHAIN,
            Entry.case_id.in_(case_ids),
            Entry.handler_id.is_distinct_from(handler_id),
            Entry.seq > func.coalesce(seen.c.seq, 0),
        )
        .distinct()
    )
    return set(session.scalars(newest))


def _note_opened(parts: Parts, case_id: bytes, handler_id: str, seq: int) -> None:
    """Enter in the log that this handler opened the case, and remember how far they have read."""
    now = parts.clock()
    payload = {"event": OPENED, "case": case_id.hex(), "who": handler_id}
    with parts.database.writing() as session:
        log.record(session, payload, case_id=case_id, on=now.date(), at=now)
        row = session.get(Seen, (case_id, handler_id))
        if row is None:
            session.add(Seen(case_id=case_id, handler_id=handler_id, seq=seq))
        else:
            row.seq = max(row.seq, seq)
