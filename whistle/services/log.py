r"""The event log: what happened, to which case, by whom, when and by which rules; no content.

Rules (protocol section 9):
* an event is c = H("whistle/log-event/v1\0" ‖ salt ‖ payload) and h = H("whistle/log/v1\0" ‖ the
  head before ‖ c); the log only grows;
* what a handler or the clock did has its instant and is entered at once;
* what a reporter did, and what happened at the moment of filing, has a date only and waits for the
  night, when the day's events are entered in random order: neighbours do not tell the time;
* erasing takes salt and payload and leaves both hashes, so that the chain can still be verified,
  and the trace that it leaves says how many: what was emptied without a trace shows;
* what was cut off at the end shows only against an anchor: length and head, given away before.
"""

import os
import random as _random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from whistle.crypto import strictjson
from whistle.errors import LogError
from whistle.storage.tables import LogEvent, LogWaiting, new_id

TRACE = "Erased"
"""The event that stays of an erased case, with how many events were emptied for it."""
SALT_BYTES = 16
FIRST_HEAD = bytes(32)
_EVENT_LABEL = b"whistle/log-event/v1\0"
_LOG_LABEL = b"whistle/log/v1\0"
_LOCK = 0x77686973746C65


@dataclass(frozen=True)
class Verified:
    """What a whole chain has: its events, how many of them were emptied, and its head."""

    events: int
    emptied: int
    head: bytes


def record(
    session: Session,
    payload: Mapping[str, Any],
    *,
    case_id: bytes | None,
    on: date,
    at: datetime | None,
) -> None:
    """Enter an event: at once with its instant, or after the day `on` without any."""
    if at is None:
        session.add(LogWaiting(**waiting(payload, case_id=case_id, on=on)))
        return
    stamped = strictjson.write({**payload, "at": at.isoformat(timespec="seconds")})
    _append(session, stamped, case_id)


def waiting(payload: Mapping[str, Any], *, case_id: bytes | None, on: date) -> dict[str, Any]:
    """The row of an event that waits for the night after the day `on`."""
    return {
        "id": new_id(),
        "case_id": case_id,
        "on": on,
        "payload": strictjson.write(payload),
    }


def enter_waiting(session: Session, today: date) -> int:
    """Enter the events of the days before today, in random order; return how many."""
    over = select(LogWaiting).where(LogWaiting.on < today).with_for_update(skip_locked=True)
    events = list(session.scalars(over))
    _random.SystemRandom().shuffle(events)
    for one in events:
        _append(session, one.payload, one.case_id)
        session.delete(one)
    return len(events)


def erase_events(session: Session, case_id: bytes) -> int:
    """Take what the log says of a case; its hashes stay. Return how many events it was."""
    session.execute(delete(LogWaiting).where(LogWaiting.case_id == case_id))
    found = session.scalars(select(LogEvent.position).where(LogEvent.case_id == case_id)).all()
    session.execute(
        update(LogEvent)
        .where(LogEvent.case_id == case_id)
        .values(salt=None, payload=None, case_id=None)
    )
    return len(found)


def verify(session: Session, anchor: tuple[int, bytes] | None = None) -> Verified:
    """Check the whole chain.

    Args:
        session: where the log is.
        anchor: a length and the head that the log had then, kept somewhere else.

    Raises:
        LogError: somebody has changed it. `gap`, a place is empty or twice; `commitment`, an event
            is not what was entered; `head`, not in this order; `case`, an event was put to another
            case; `emptied`, more was taken out than the traces of erasing say; `anchor`, it was
            written anew, or cut off at the end.
    """
    head, count, emptied, erased = FIRST_HEAD, 0, 0, 0
    for event in session.scalars(select(LogEvent).order_by(LogEvent.position)):
        count += 1
        if event.position != count:
            raise LogError("gap")
        if not _commits(event):
            raise LogError("commitment")
        if _head(head, event.commitment) != event.head:
            raise LogError("head")
        head = event.head
        if anchor is not None and count == anchor[0] and head != anchor[1]:
            raise LogError("anchor")
        if event.payload is None:
            emptied += 1
        else:
            erased += _traced(event.case_id, event.payload)
    if anchor is not None and count < anchor[0]:
        raise LogError("anchor")
    if emptied != erased:
        raise LogError("emptied")
    return Verified(count, emptied, head)


def is_whole(*values: object) -> bool:
    """Whether all are bytes or empty: SQLite keeps text where bytes were, if somebody puts it."""
    return all(one is None or isinstance(one, bytes) for one in values)


def last_head(session: Session) -> tuple[int, bytes]:
    """The chain's length and its head: what is given away as an anchor."""
    last = session.execute(
        select(LogEvent.position, LogEvent.head).order_by(LogEvent.position.desc()).limit(1)
    ).first()
    return (last[0], last[1]) if last else (0, FIRST_HEAD)


def _commits(event: LogEvent) -> bool:
    """Whether the event is what was committed to; of an erased one only the hash is left."""
    if not is_whole(event.payload, event.salt, event.commitment, event.head, event.case_id):
        return False
    if event.payload is None or event.salt is None:
        return event.payload is event.salt
    return _commitment(event.salt, event.payload) == event.commitment


def _traced(case_id: bytes | None, payload: bytes) -> int:
    """How many events this one says were emptied; refuses one put to another case."""
    said = strictjson.parse(payload, len(payload), LogError)
    if said.get("event") == TRACE:
        return int(said["events"])
    named = said.get("case")
    if named != (case_id.hex() if case_id else None):
        raise LogError("case")
    return 0


def _append(session: Session, payload: bytes, case_id: bytes | None) -> None:
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        # One writer at a time, as SQLite has it anyway: a place in the chain is taken once.
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    position, before = last_head(session)
    salt = os.urandom(SALT_BYTES)
    commitment = _commitment(salt, payload)
    session.add(
        LogEvent(
            position=position + 1,
            commitment=commitment,
            head=_head(before, commitment),
            case_id=case_id,
            salt=salt,
            payload=payload,
        )
    )


def _commitment(salt: bytes, payload: bytes) -> bytes:
    return sha256(_EVENT_LABEL + salt + payload).digest()


def _head(before: bytes, commitment: bytes) -> bytes:
    return sha256(_LOG_LABEL + before + commitment).digest()
