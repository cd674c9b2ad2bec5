"""Sending what people are to be told: one mail for each person at each set time.

Rules:
* whoever takes the notices of a person first writes that down, with the time of the next try, so
  that two machines never send the same one;
* whoever had a reminder today is told the rest at the first set time of tomorrow, in one mail; an
  anchor of the log goes at its own moment and counts for no reminder;
* a failed mail is tried again after 5, 10, 20 … minutes, at most a day; its fault is shown at the
  desk until it has gone;
* what has once been one mail stays one: a process killed after sending and before writing it down
  sends the same again under the same name (Message-ID), so that the mailbox can recognise it;
* what goes wrong with one mail stops no other.
"""

import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from whistle.config import Mail
from whistle.errors import MailError
from whistle.notify.mail import Reminder, compose
from whistle.services.notices import OFFICER
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.services.upkeep.telling import OUTSIDE
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


def deliver(parts: Parts, send: Callable[[EmailMessage], None]) -> Counter[str]:
    """Send what is due now with `send`, which raises MailError; count `sent` and the faults."""
    settings = parts.settings
    counted: Counter[str] = Counter()
    if settings.mail is None:
        return counted
    for taken in _take(parts, settings.mail):
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


def _take(parts: Parts, mail: Mail) -> list[_Taken]:
    """Take what is due, and write down when it is tried again."""
    now = parts.clock()
    with parts.database.writing() as session:
        due = session.scalars(
            select(Notice)
            .where(Notice.send_after <= now)
            .order_by(Notice.id)
            .with_for_update(skip_locked=True)
        )
        mails: dict[tuple[str, datetime | None, str], list[Notice]] = defaultdict(list)
        for notice in due:
            tried = notice.send_after if notice.tries else None
            mails[notice.person_id, tried, notice.anchor].append(notice)
        taken = []
        for (person_id, *_), notices in mails.items():
            reminds = not notices[0].anchor
            if reminds and not notices[0].tries and _had_today(session, parts, person_id):
                telling.put_off(session, parts, notices)
                continue
            address, language = _recipient(session, parts, mail, person_id)
            # To the microsecond by chance: what was tried together, and only that, stays together.
            again = now + _wait(notices[0].tries) + timedelta(microseconds=secrets.randbelow(10**6))
            for notice in notices:
                notice.tries += 1
                notice.send_after = again
                if not address:
                    notice.fault = NO_ADDRESS
            if address:
                taken.append(_joined(notices, address, language))
        return taken


def _today(parts: Parts) -> date:
    return parts.today(parts.settings.channels[0])


def _had_today(session: Session, parts: Parts, person_id: str) -> bool:
    """Whether a reminder went to somebody today."""
    last = session.get(Mailed, person_id)
    return last is not None and last.on >= _today(parts)


def _recipient(session: Session, parts: Parts, mail: Mail, person_id: str) -> tuple[str, str]:
    """A person's mail address, empty if there is none, and the language of their mails."""
    person = session.get(Person, person_id)
    if person is not None:
        return person.mail, person.language
    fixed = {OFFICER: mail.officer, OUTSIDE: mail.outside}
    return fixed.get(person_id, ""), parts.settings.languages[0]


def _joined(notices: list[Notice], address: str, language: str) -> _Taken:
    """One mail for all of them, with the nearest date."""
    return _Taken(
        notices[0].person_id,
        tuple(one.id for one in notices),
        Reminder(
            id=notices[0].id.hex(),
            to=address,
            language=language,
            due_on=min((one.due_on for one in notices if one.due_on), default=None),
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
