"""Sending what people are to be told: one mail for each person at each set time.

Rules:
* whoever takes the notices of a person first writes that down, with the time of the next try, so
  that two machines never send the same one;
* whoever had a reminder today is told the rest at the first set time of tomorrow, in one mail; an
  anchor of the log goes at its own moment and counts for no reminder;
* what could not be sent is joined with the next reminder: however long the server was away, its
  return is one mail for each person;
* a failed mail is tried again after 5, 10, 20 … minutes, at most a day; its fault is shown at the
  desk until it has gone;
* what has once been one mail stays one: a process killed after sending and before writing it down
  sends the same again under the same name (Message-ID), so that the mailbox can recognise it;
* what goes wrong with one mail stops no other.
"""

import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from hashlib import sha256

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from whistle.config import Mail
from whistle.errors import MailError
from whistle.notify.mail import Reminder, compose
from whistle.services import pauses
from whistle.services.notices import OFFICER, OUTSIDE
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Mailed, Notice, Person

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)
NO_ADDRESS = "no_address"
UNKNOWN = "unknown"
_log = logging.getLogger("whistle.upkeep")


@dataclass(frozen=True)
class _Taken:
    """One person's notices that are now to be sent, and the mail that says them."""

    person_id: str
    notices: tuple[bytes, ...]
    reminder: Reminder


def deliver(
    parts: Parts, send: Callable[[EmailMessage], None], only_to: Collection[str] | None = None
) -> Counter[str]:
    """Send what is due now with `send`, which raises MailError; count `sent` and the faults.

    With `only_to` just what tells these persons that something needs them, without a date; the rest
    waits as it is.
    """
    settings = parts.settings
    counted: Counter[str] = Counter()
    if settings.mail is None:
        return counted
    for taken in _take(parts, settings.mail, only_to):
        fault = _sent(parts, settings.mail, taken, send)
        counted[fault or "sent"] += 1
        _note(parts, taken, fault)
    return counted


def _sent(parts: Parts, mail: Mail, taken: _Taken, send: Callable[[EmailMessage], None]) -> str:
    """Send one mail; return what went wrong, or nothing."""
    settings = parts.settings
    try:
        send(
            compose(
                taken.reminder,
                site=settings.site_name,
                address=settings.desk_address,
                sender=mail.sender,
                at=parts.clock(),
            )
        )
    except MailError as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - whatever one mail brings up, the others go
        _log.error("A mail could not be made or sent: %s", type(error).__name__)
        return UNKNOWN
    return ""


def _take(parts: Parts, mail: Mail, only_to: Collection[str] | None) -> list[_Taken]:
    """Take what is due, and write down when it is tried again."""
    now = parts.clock()
    with parts.database.writing() as session:
        taken = []
        for notices in _mails(session, now, only_to):
            person_id = notices[0].person_id
            once_a_day = not notices[0].anchor and not _in_doubt(notices[0])
            if once_a_day and _had_today(session, parts, person_id):
                telling.put_off(session, parts, notices)
                continue
            address, language = _recipient(session, parts, mail, person_id)
            # To the microsecond by chance: what was tried together, and only that, stays together.
            by_chance = timedelta(microseconds=secrets.randbelow(10**6))
            again = now + _wait(max(one.tries for one in notices)) + by_chance
            for notice in notices:
                notice.tries += 1
                notice.send_after = again
                notice.fault = "" if address else NO_ADDRESS
            if address:
                taken.append(_joined(notices, address, language, _today(parts)))
        return taken


def _mails(session: Session, now: datetime, only_to: Collection[str] | None) -> list[list[Notice]]:
    """What is due, by the mails that say it; what could not be sent to somebody goes along."""
    query = select(Notice).where(
        or_(Notice.send_after <= now, and_(Notice.fault != "", Notice.anchor == ""))
    )
    if only_to is not None:
        plain = (Notice.due_on.is_(None), Notice.days_late == 0, Notice.anchor == "")
        query = query.where(Notice.person_id.in_(only_to), *plain)
    found = session.scalars(query.order_by(Notice.id).with_for_update(skip_locked=True))
    mails: dict[tuple[str, str, datetime | None], list[Notice]] = defaultdict(list)
    for notice in found:
        tried = notice.send_after if _in_doubt(notice) else None
        mails[notice.person_id, notice.anchor, tried].append(notice)
    return [
        notices
        for notices in mails.values()
        if any(one.send_after.replace(tzinfo=UTC) <= now for one in notices)
    ]


def _in_doubt(notice: Notice) -> bool:
    """Whether it was taken and nobody knows how that ended: sent perhaps, or being sent."""
    return bool(notice.tries) and not notice.fault


def _today(parts: Parts) -> date:
    return parts.today(parts.settings.channels[0])


def _had_today(session: Session, parts: Parts, person_id: str) -> bool:
    """Whether a reminder went to somebody today; another machine may call it tomorrow."""
    last = session.get(Mailed, person_id)
    return last is not None and timedelta() <= last.on - _today(parts) <= pauses.SLACK


def _recipient(session: Session, parts: Parts, mail: Mail, person_id: str) -> tuple[str, str]:
    """A person's mail address, empty if there is none, and the language of their mails."""
    person = session.get(Person, person_id)
    if person is not None:
        return person.mail, person.language
    fixed = {OFFICER: mail.officer, OUTSIDE: mail.outside}
    return fixed.get(person_id, ""), parts.settings.languages[0]


def _joined(notices: list[Notice], address: str, language: str, today: date) -> _Taken:
    """One mail for all of them, with the earliest date; its name is theirs together."""
    due_on = min((one.due_on for one in notices if one.due_on), default=None)
    return _Taken(
        notices[0].person_id,
        tuple(one.id for one in notices),
        Reminder(
            id=sha256(b"".join(one.id for one in notices)).hexdigest()[:32],
            to=address,
            language=language,
            due_on=due_on,
            passed=due_on is not None and due_on < today,
            days_late=max(one.days_late for one in notices),
            anchor=notices[0].anchor,
            on=notices[0].created_on,
        ),
    )


def _note(parts: Parts, taken: _Taken, fault: str) -> None:
    """Forget what has been sent; keep why something could not be."""
    notices = Notice.id.in_(taken.notices)
    with parts.database.writing() as session:
        if fault:
            session.execute(update(Notice).where(notices).values(fault=fault))
        else:
            session.execute(delete(Notice).where(notices))
            if not taken.reminder.anchor:
                session.merge(Mailed(person_id=taken.person_id, on=_today(parts)))


def _wait(tries: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(tries, 16)), LONGEST_WAIT)
