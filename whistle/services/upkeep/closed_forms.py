"""A form that takes no reports, or soon will take none: the officers are told.

Rules:
* a form is closed when fewer than two can read its reports, or the keyring is too old or does not
  verify: told every day, because meanwhile nobody can report;
* a keyring that is past its end still takes reports, for sixty days: told every day too;
* before its end: told 60, 30, 14, 7 and 1 days before, or at the first turn after that.
A form that was never open is the founding's business, and the overview's.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from whistle.crypto.keyring_file import ENROLLED_MIN
from whistle.errors import KeyringError
from whistle.services import marks
from whistle.services.able import able
from whistle.services.parts import Parts
from whistle.services.upkeep import telling

DAYS_BEFORE = (60, 30, 14, 7, 1)


def tell_officers(session: Session, parts: Parts, *, verified: bool) -> None:
    """Keep today's notices to the officers, if there is something to tell; once a day.

    `verified`: the folder of keys could be read a moment ago; until it can, every form is closed.
    """
    if not parts.keyrings.begun:
        return
    now = parts.clock()
    zone = parts.settings.channels[0].zoneinfo
    today = now.astimezone(zone).date()
    told_at = marks.get(session, marks.FORM_TOLD)
    told_on = None if told_at is None else told_at.astimezone(zone).date()
    days = _days(session, parts, today) if verified else iter([today])
    if any(told_on is None or told_on < day for day in days):
        for person_id in telling.officers(session, parts):
            telling.tell(session, parts, person_id, due_on=None)
        marks.put(session, marks.FORM_TOLD, now)


def _days(session: Session, parts: Parts, today: date) -> Iterator[date]:
    """The days up to today on which there was something to tell, by how things are today."""
    try:
        keyring = parts.keyrings.published().chain.effective(today)
    except KeyringError:
        return  # the first one does not count yet
    for channel in parts.settings.channels:
        if len(able(session, keyring, channel.id, parts.today(channel))) < ENROLLED_MIN:
            yield today
    yield from (
        day
        for before in DAYS_BEFORE
        if (day := keyring.expires_on - timedelta(days=before)) <= today
    )
    if today > keyring.expires_on:
        yield today
