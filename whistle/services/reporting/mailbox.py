"""The reporter's mailbox, by its token: what is in it, and one entry more.

Rules:
* the token opens it, nothing else does; the database knows only the token's hash;
* unknown, wrong and erased have one answer, after the same statements;
* a reporter writes messages, asks for a meeting, waives the acknowledgement or takes that back,
  and answers who may be told who they are; whatever else is refused.
"""

from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from whistle.case.events import (
    Actor,
    ConsentAnswered,
    Event,
    MeetingAsked,
    MessageWritten,
    Waived,
    WaiverRevoked,
)
from whistle.config import Channel
from whistle.crypto.chain import EntryRecord
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import mailbox_id
from whistle.errors import BusyError, FilingError, NotFoundError
from whistle.services import dates, facts, marks, pauses, thread
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Entry
from whistle.storage.tables.base import ID_BYTES

REPORTER_KINDS = frozenset({"message", "waiver", "meeting", "consent"})
ENTRIES_A_DAY = 50
_NO_CASE = bytes(ID_BYTES)


def read_mailbox(parts: Parts, token: bytes) -> dict[str, Any]:
    """The sealed thread with its dates, and the keyrings that verify it.

    Args:
        parts: the real parts.
        token: 32 bytes.

    Raises:
        NotFoundError: `unknown`.
    """
    with parts.database.reading() as session:
        case, entries = find(session, token)
        return mailbox_of(parts, case, entries)


def find(session: Session, token: bytes) -> tuple[Case, list[EntryRecord]]:
    """The case of this token and its chain; the same two statements whether it is there or not.

    The case is for reading only: its columns, and no object that the session would look after.

    Raises:
        NotFoundError: `unknown`.
    """
    asked = {"mailbox_id": mailbox_id(token)}
    case = cast("Case | None", session.connection().execute(_columns(), asked).first())
    entries = thread.sealed_entries(session, case.id if case else _NO_CASE, thread.CASE_CHAIN)
    if case is None:
        raise NotFoundError("unknown")
    return case, entries


@cache
def _columns() -> Select[*tuple[Any, ...]]:
    swept = marks.column(marks.SWEEP).label("swept_at")
    of_case = Case.mailbox_id == bindparam("mailbox_id")
    return select(*Case.__table__.columns, swept).where(of_case)


def sure_day(parts: Parts, case: Case, channel: Channel) -> date:
    """The day by which a case that was found is told: today, or in a pause the earliest it can be.

    A reporter who read at a wrong time that a date of the law was missed could go public and have
    no protection.
    """
    swept, today = cast("Any", case).swept_at, parts.today(channel)
    last = None if swept is None else marks.aware(swept)
    pause = None if parts.settings.demo else pauses.between(last, parts.clock())
    if pause is None:
        return today
    return max(min(today, pause.last_turn.astimezone(channel.zoneinfo).date()), case.received_on)


def mailbox_of(parts: Parts, case: Case, entries: list[EntryRecord]) -> dict[str, Any]:
    """The answer for a mailbox that was found."""
    channel = parts.channel(case.channel)
    today = parts.today(channel)
    now = dates.due_in(case, channel, sure_day(parts, case, channel))
    told = dates.told_reporter(case, now, parts.settings.mail)
    return {
        "thread": b64u(case.thread),
        "channel": case.channel,
        "received_on": case.received_on.isoformat(),
        "state": dates.phase(case),
        "dates": dates.as_json(told),
        "law": {"code": channel.law, "knows_waiver": dates.knows_waiver(channel)},
        "case_age": b64u(case.case_age),
        "entries": [thread.entry_json(entry) for entry in entries],
        **parts.keyrings.published().answer(today),
    }


def append_entry(
    parts: Parts,
    token: bytes,
    *,
    seq: object,
    kind: object,
    sealed: bytes,
    waive_ack: object = None,
) -> thread.Appended:
    """Add one sealed entry of the reporter's; `waive_ack` goes with a waiver and says which way.

    Raises:
        NotFoundError: `unknown`.
        FilingError: it is no sealed entry, or not of a kind that reporters write.
        ConflictError: `out_of_turn`.
        BusyError: `enough_for_today`; what is there already may still be repeated.
    """
    place = thread.number(seq)
    with parts.database.writing() as session:
        case = session.scalar(_case_of(token))
        if case is None:
            raise NotFoundError("unknown")
        if not isinstance(kind, str) or kind not in REPORTER_KINDS:
            raise FilingError("kind")
        channel = parts.channel(case.channel)
        today = parts.today(channel)
        draft = thread.Draft(thread.CASE_CHAIN, place, kind, None, sealed, today)
        appended = thread.append(session, case, draft)
        if not appended.repeated:
            if _written_today(session, case, today) > ENTRIES_A_DAY:
                raise BusyError("enough_for_today")
            rules = facts.limits_of(channel).version
            base = {"on": today, "actor": Actor.reporter(), "rules": rules}
            event = _event(kind, waive_ack, base)
            settle = not pauses.lasts(session, parts)
            facts.happen(session, case, event, channel, settle=settle)
        return appended


def _case_of(token: bytes) -> Select[Case]:
    return select(Case).where(Case.mailbox_id == mailbox_id(token))


def _written_today(session: Session, case: Case, today: date) -> int:
    """How many entries the reporter has added today: at most 256 KiB each, so bytes have an end."""
    session.flush()
    count = select(func.count()).where(
        Entry.case_id == case.id,
        Entry.handler_id.is_(None),
        Entry.kind.in_(REPORTER_KINDS),
        Entry.on == today,
    )
    return session.scalars(count).one()


def _event(kind: str, waive_ack: object, base: dict[str, Any]) -> Event:
    """What a reporter's entry means to the case."""
    if kind == "meeting":
        return MeetingAsked(**base)
    if kind == "consent":
        return ConsentAnswered(**base)
    if kind == "waiver":
        if not isinstance(waive_ack, bool):
            raise FilingError("waive_ack")
        return Waived(**base) if waive_ack else WaiverRevoked(**base)
    return MessageWritten(**base)
