"""Who sees a case: what the server enforces, beside what the keys enforce.

Rules:
* a reader of the channel who was not left out at filing gets a row; one who was left out gets
  none by any key of theirs, and for that person the case is in no list, count or answer;
* a deputy holds a key from the start but sees the case only once called: at the start, where
  nobody but deputies is left;
* who no longer has a place in the channel by the keyring in effect sees none of its cases: what
  they wrote would break the thread for everybody;
* absent and foreign look the same;
* who is taken out, or leaves, sees the case no more from that moment, in no list and under no
  address. Somebody who is let in sees it at once; a deputy waits like the others, until the clock
  or the last colleague's leaving calls them;
* a row with a first day and no last one sees the case. Which days they are stands there for the
  record and decides nothing: a machine's time may be wrong.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import HandlerKey
from whistle.errors import NotFoundError
from whistle.storage.tables import Access, Case, Seen

DEPUTY = "deputy"


def granted(
    case_id: bytes,
    channel_id: str,
    received_on: date,
    readers: Sequence[HandlerKey],
    left_out: Iterable[str],
) -> list[dict[str, Any]]:
    """A row for each reader who was not left out; deputies wait if there is anybody else."""
    ids = set(left_out)
    persons = {one.person for one in readers if one.id in ids}
    roles = {one.id: one.channels[channel_id] for one in readers if one.person not in persons}
    alone = all(role == DEPUTY for role in roles.values())
    return [
        {
            "case_id": case_id,
            "handler_id": handler_id,
            "role": role,
            "from_on": None if role == DEPUTY and not alone else received_on,
            "until_on": None,
        }
        for handler_id, role in roles.items()
    ]


def visible_cases(handler: HandlerKey) -> Select[Case]:
    """The cases that this handler sees."""
    return (
        select(Case)
        .join(Access, Access.case_id == Case.id)
        .where(
            Access.handler_id == handler.id,
            Access.from_on.is_not(None),
            Access.until_on.is_(None),
            Case.channel.in_(handler.channels),
        )
    )


def who_sees(case_id: bytes) -> Select[str]:
    """The ids of the handlers who see this case."""
    return have_part(case_id).where(Access.from_on.is_not(None))


def have_part(case_id: bytes) -> Select[str]:
    """The ids of all who have a part in this case, waiting deputies included; nobody taken out."""
    return select(Access.handler_id).where(Access.case_id == case_id, Access.until_on.is_(None))


def rows(session: Session, case_id: bytes) -> dict[str, Access]:
    """Everybody's row in this case by their id, also of those who had a part in it."""
    found = session.scalars(select(Access).where(Access.case_id == case_id))
    return {row.handler_id: row for row in found}


def let_in(session: Session, case: Case, handler: HandlerKey, today: date) -> None:
    """Give somebody a part in a case from today; a deputy waits unless deputies were called."""
    held = rows(session, case.id)
    role = handler.channels[case.channel]
    called = any(row.role == DEPUTY and row.from_on is not None for row in held.values())
    row = held.get(handler.id) or Access(case_id=case.id, handler_id=handler.id)
    row.role = role
    row.from_on = None if role == DEPUTY and not called else today
    row.until_on = None
    session.add(row)


def take_out(session: Session, case: Case, handler_id: str, today: date) -> None:
    """End somebody's part in a case now, and forget how far they had read."""
    row = session.get(Access, (case.id, handler_id))
    if row is not None:
        row.until_on = today
    session.execute(delete(Seen).where(Seen.case_id == case.id, Seen.handler_id == handler_id))


def call_deputies(session: Session, case: Case, today: date) -> None:
    """Let the deputies who wait see the case from today; they held keys all along."""
    session.flush()
    waiting = select(Access).where(
        Access.case_id == case.id, Access.from_on.is_(None), Access.until_on.is_(None)
    )
    for row in session.scalars(waiting):
        row.from_on = today
    session.flush()


def call_if_nobody_sees(session: Session, case: Case, ids: Collection[str], today: date) -> None:
    """Let the waiting deputies among *ids* see the case from today, where nobody else does."""
    session.flush()
    if not set(session.scalars(who_sees(case.id))) & set(ids):
        call_deputies(session, case, today)


def visible_case(session: Session, handler: HandlerKey, case_id: bytes) -> Case:
    """One case, if this handler sees it.

    Raises:
        NotFoundError: it is not there, or not for this handler; nothing tells which.
    """
    case = session.scalar(visible_cases(handler).where(Case.id == case_id))
    if case is None:
        raise NotFoundError("unknown")
    return case
