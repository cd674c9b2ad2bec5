"""Erasing a case: the keys first, then the bytes, then what points to it (protocol sections 8, 9).

What stays is a row with a random id and dates, and in the log a trace of dates and counts. Whoever
holds a copy of the sealed bytes from before can open them only with a key they had before.
"""

from dataclasses import replace

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from whistle.case import CaseState
from whistle.case.events import Erased
from whistle.config import Channel
from whistle.law import Clock
from whistle.services import facts, log, old_seals
from whistle.storage.tables import (
    Access,
    Case,
    CaseKey,
    ClockAction,
    Entry,
    EntrySeal,
    ErasureProposal,
    Seen,
    Task,
    Unopened,
)

_NOTHING = bytes(32)


def erase(
    session: Session, case: Case, event: Erased, channel: Channel, *, proposer: str | None = None
) -> None:
    """Erase everything of the case but its tombstone; `proposer` is the other of two handlers.

    Raises:
        CaseError: the case is open, its day has not come, or a public body archives instead.
    """
    state, dated = facts.after(case, event, channel)
    entries = session.scalar(
        select(func.count()).select_from(Entry).where(Entry.case_id == case.id)
    )
    _erase_keys(session, case)
    of_case = select(Entry.id).where(Entry.case_id == case.id)
    session.execute(delete(EntrySeal).where(EntrySeal.entry_id.in_(of_case)))
    for table in (ErasureProposal, Entry, Access, Seen, Unopened, Task, ClockAction):
        session.execute(delete(table).where(table.case_id == case.id))
    _leave_tombstone(case, state, channel, dated)
    trace = {
        "event": log.TRACE,
        "case": case.id.hex(),
        "who": event.actor.id,
        "ground": event.ground.value,
        "received_on": state.received_on.isoformat(),
        "closed_on": state.closed_on.isoformat() if state.closed_on else None,
        "on": dated.on.isoformat(),
        "entries": entries,
        "events": log.erase_events(session, case.id),
        "rules": event.rules,
        **({} if proposer is None else {"proposer": proposer}),
    }
    log.record(session, trace, case_id=None, on=dated.on, at=event.at)


def _leave_tombstone(case: Case, state: CaseState, channel: Channel, event: Erased) -> None:
    """Keep what figures need: dates and codes of what the organisation did, nothing of the rest."""
    left = replace(
        state,
        waived=False,
        withheld=None,
        excused=False,
        meeting_asked_on=None,
        meeting_offered_on=None,
        late=state.late - {Clock.MEETING},
    )
    facts.keep(case, left, channel, event.on)
    case.mailbox_id = case.number = case.failed_on = None
    case.thread = case.filing_sha256 = _NOTHING


def _erase_keys(session: Session, case: Case) -> None:
    case.case_age = b""
    case.desk_age = None
    case.keyring_serial = case.filed_serial = 0
    session.execute(delete(CaseKey).where(CaseKey.case_id == case.id))
    old_seals.drop(session, case.id)
    session.flush()
