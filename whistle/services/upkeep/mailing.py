"""Sending what people are to be told: one mail for each person at each set time.

Rules:
* whoever takes the notices of a person first writes that down, with the time of the next try, so
  that two machines never send the same one;
* a failed mail is tried again after 5, 10, 20 … minutes, at most a day; its fault is shown at the
  desk until it has gone;
* a process killed after sending and before writing it down sends the mail again under the same
  name (Message-ID), so that the mailbox can recognise it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import select, update

from whistle.config import Mail
from whistle.errors import MailError
from whistle.notify.mail import Reminder, compose
from whistle.services.parts import Parts
from whistle.services.upkeep.telling import OFFICER, OUTSIDE
from whistle.storage.tables import Notice, Person

FIRST_WAIT = timedelta(minutes=5)
LONGEST_WAIT = timedelta(days=1)
NO_ADDRESS = "no_address"


@dataclass(frozen=True)
class _Taken:
    """One person's notices that are now to be sent, and the mail that says them."""

    notices: tuple[bytes, ...]
    reminder: Reminder


def deliver(parts: Parts, send: Callable[[EmailMessage], None]) -> Counter[str]:
    """Send what is due now with `send`, which raises MailError; count `sent` and the faults."""
    settings = parts.settings
    counted: Counter[str] = Counter()
    if settings.mail is None:
        return counted
    for taken in _take(parts, settings.mail, parts.clock()):
        fault = ""
        try:
            send(
                compose(
                    taken.reminder,
                    site=settings.site_name,
                    address=settings.desk_address,
                    sender=settings.mail.sender,
                )
            )
        except MailError as error:
            fault = error.reason
        counted[fault or "sent"] += 1
        _note(parts, taken, fault)
    return counted


def _take(parts: Parts, mail: Mail, now: datetime) -> list[_Taken]:
    with parts.database.writing() as session:
        due = session.scalars(
            select(Notice)
            .where(Notice.sent_at.is_(None), Notice.send_after <= now)
            .order_by(Notice.id)
            .with_for_update(skip_locked=True)
        ).all()
        by_person: dict[str, list[Notice]] = defaultdict(list)
        for notice in due:
            by_person[notice.person_id].append(notice)
        taken = []
        for person_id, notices in by_person.items():
            person = session.get(Person, person_id)
            fixed = {OFFICER: mail.officer, OUTSIDE: mail.outside}
            address = person.mail if person else fixed.get(person_id, "")
            language = person.language if person else parts.settings.languages[0]
            for notice in notices:
                notice.tries += 1
                notice.send_after = now + _wait(notice.tries)
                if not address:
                    notice.fault = NO_ADDRESS
            if address:
                taken.append(_joined(notices, address, language))
        return taken


def _joined(notices: list[Notice], address: str, language: str) -> _Taken:
    """One mail for all of them, with the nearest date."""
    return _Taken(
        tuple(one.id for one in notices),
        Reminder(
            id=notices[0].id.hex(),
            to=address,
            language=language,
            due_on=min((one.due_on for one in notices if one.due_on), default=None),
            days_late=max(one.days_late for one in notices),
        ),
    )


def _note(parts: Parts, taken: _Taken, fault: str) -> None:
    with parts.database.writing() as session:
        session.execute(
            update(Notice)
            .where(Notice.id.in_(taken.notices))
            .values(fault=fault, sent_at=None if fault else parts.clock())
        )


def _wait(tries: int) -> timedelta:
    doublings = min(tries - 1, 16)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
