"""The reporter's mailbox, by its token: what is in it, and one entry more.

Rules:
* the token opens it, nothing else does; the database knows only the token's hash;
* unknown, wrong and erased have one answer, after the same statements;
* a reporter's entry is a message; whatever else is refused.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.case.events import Actor, MessageWritten
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import mailbox_id
from whistle.errors import DeniedError, FilingError, NotFoundError
from whistle.services import dates, facts, thread
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Entry
from whistle.storage.tables.base import ID_BYTES

REPORTER_KINDS = frozenset({"message"})
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


def find(session: Session, token: bytes) -> tuple[Case, list[tuple[Entry, bytes]]]:
    """The case of this token and its chain; the same two statements whether it is there or not.

    Raises:
        NotFoundError: `unknown`.
    """
    case = session.scalar(select(Case).where(Case.mailbox_id == mailbox_id(token)))
    entries = thread.sealed_entries(session, case.id if case else _NO_CASE, thread.CASE_CHAIN)
    if case is None:
        raise NotFoundError("unknown")
    return case, entries


def mailbox_of(parts: Parts, case: Case, entries: list[tuple[Entry, bytes]]) -> dict[str, Any]:
    """The answer for a mailbox that was found."""
    channel = parts.channel(case.channel)
    today = parts.today(channel)
    return {
        "thread": b64u(case.thread),
        "channel": case.channel,
        "received_on": case.received_on.isoformat(),
        "state": dates.phase(case),
        "dates": dates.as_json(dates.told_reporter(case, dates.due_in(case, channel, today))),
        "law": {"code": channel.law, "knows_waiver": dates.knows_waiver(channel)},
        "case_age": b64u(case.case_age),
        "entries": [thread.entry_json(entry, sealed) for entry, sealed in entries],
        **parts.keyrings.published().answer(today),
    }


def append_entry(
    parts: Parts, token: bytes, *, seq: object, kind: object, sealed: bytes
) -> thread.Appended:
    """Add one sealed entry of the reporter's.

    Raises:
        NotFoundError: `unknown`.
        FilingError: it is no sealed entry, or not of a kind that reporters write.
        ConflictError: `out_of_turn`.
        DeniedError: `enough_for_today`.
    """
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise FilingError("seq")
    with parts.database.writing() as session:
        case, entries = find(session, token)
        if kind not in REPORTER_KINDS:
            raise FilingError("kind")
        today = parts.today(parts.channel(case.channel))
        own = [one for one, _ in entries if one.handler_id is None and one.on == today]
        if len(own) > ENTRIES_A_DAY:
            raise DeniedError("enough_for_today")
        draft = thread.Draft(thread.CASE_CHAIN, seq, str(kind), None, sealed, today)
        appended = thread.append(session, case, draft)
        if not appended.repeated:
            channel = parts.channel(case.channel)
            rules = facts.limits_of(channel).version
            facts.happen(
                session,
                case,
                MessageWritten(on=today, actor=Actor.reporter(), rules=rules),
                channel,
            )
        return appended
