"""A handler's cases: the list by nearest due date, and one case whole.

A case is unread while somebody else has written what this handler has not opened: an entry, or a
note or a decision among the handlers. A new desk key or new marks are no news.
"""

from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from whistle.case import latest_next_on
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import HandlerKey
from whistle.law.duties import disclosure
from whistle.services import access, dates, facts, log, notices, thread
from whistle.services.handling import pieces, reseals
from whistle.services.handling.asked import case_key
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Entry, Seen

CASES_MAX = 2_000
OPENED = "Opened"
"""The log's event: a handler's browser was given a case whole."""
NO_NEWS = ("desk", "marks")
"""Kinds of the desk chain that leave a case read."""


def list_cases(parts: Parts, handler: HandlerKey) -> dict[str, Any]:
    """The cases this handler sees, the nearest strict due date first, then the rest by receipt."""
    today = max(parts.today(channel) for channel in parts.settings.channels)
    with parts.database.reading() as session:
        rows = session.scalars(
            access.visible_cases(handler)
            .order_by(Case.due_on.is_(None), Case.due_on, Case.received_on.desc(), Case.id)
            .limit(CASES_MAX)
        ).all()
        ids = [case.id for case in rows]
        unread = _unread(session, handler.id, ids)
        marks = pieces.newest_marks(session, ids)
        faults = notices.faults(session, handler.id)
        listed = [
            {**summary(parts, case), "unread": case.id in unread, "marks": marks.get(case.id)}
            for case in rows
        ]
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
        "handed_over": case.handed_over,
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
        case = access.visible_case(session, handler, case_key(case_id))
        entries = thread.sealed_entries(session, case.id, thread.CASE_CHAIN)
        notes = thread.sealed_entries(session, case.id, thread.DESK_CHAIN)
        opened = {
            **summary(parts, case),
            "ready": dates.as_json(_ready(parts, case)),
            "disclose_from_on": disclosure(today).due_on.isoformat(),
            "grounds": dates.grounds(parts.channel(case.channel)),
            "thread": b64u(case.thread),
            "case_age": b64u(case.case_age),
            "desk_age": b64u(case.desk_age) if case.desk_age else None,
            "entries": [thread.entry_json(one) for one in entries],
            "notes": [thread.entry_json(one) for one in notes],
            **parts.keyrings.published().answer(today),
        }
    note_seq = notes[-1].seq if notes else 0
    _note_opened(parts, Seen(**_of(case.id, handler.id), seq=entries[-1].seq, note_seq=note_seq))
    return opened


def _ready(parts: Parts, case: Case) -> dict[str, date | None]:
    """Dates that hold if something is written today, which is never before the report came."""
    channel = parts.channel(case.channel)
    today = max(parts.today(channel), case.received_on)
    return {
        "feedback_due_on": dates.feedback_due_if_acknowledged(case, channel, today),
        "next_feedback_latest_on": latest_next_on(today, facts.limits_of(channel)),
    }


def _of(case_id: bytes, handler_id: str) -> dict[str, Any]:
    return {"case_id": case_id, "handler_id": handler_id}


def _unread(session: Session, handler_id: str, case_ids: list[bytes]) -> set[bytes]:
    """The cases with something of somebody else's that this handler has not opened."""
    seen = select(Seen).where(Seen.handler_id == handler_id).subquery("seen")
    entry = and_(Entry.chain == thread.CASE_CHAIN, Entry.seq > func.coalesce(seen.c.seq, 0))
    note = and_(
        Entry.chain == thread.DESK_CHAIN,
        Entry.kind.not_in(NO_NEWS),
        Entry.seq > func.coalesce(seen.c.note_seq, 0),
    )
    newer = (
        select(Entry.case_id)
        .outerjoin(seen, seen.c.case_id == Entry.case_id)
        .where(
            Entry.case_id.in_(case_ids),
            Entry.handler_id.is_distinct_from(handler_id),
            or_(entry, note),
        )
        .distinct()
    )
    return set(session.scalars(newer))


def _note_opened(parts: Parts, now: Seen) -> None:
    """Enter in the log that this handler opened the case, and remember how far they have read."""
    key, at = (now.case_id, now.handler_id), parts.clock()
    payload = {"event": OPENED, "case": now.case_id.hex(), "who": now.handler_id}
    with parts.database.writing() as session:
        log.record(session, payload, case_id=now.case_id, on=at.date(), at=at)
        row = session.get(Seen, key)
        if row is None:
            session.add(now)
        else:
            row.seq = max(row.seq, now.seq)
            row.note_seq = max(row.note_seq, now.note_seq)
