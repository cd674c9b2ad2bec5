"""A turn of the clock by the machine's own time, which may be wrong.

`sweeping.sweep` does what is due at whatever time it is told; whoever runs it in earnest comes
through here. Where the time may be wrong (services/pauses.py) a turn does nothing at all: it says
so in the log of the process and on the office's pages, and tells the officers by mail, once a day.
In such a pause no mail goes to anybody else, and what goes says only that something needs them.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy.orm import Session

from whistle.errors import LeapError
from whistle.services import marks, pauses
from whistle.services.parts import Parts
from whistle.services.pauses import Pause
from whistle.services.upkeep import mailing, mending, telling
from whistle.services.upkeep.sweeping import Swept, sweep

_log = logging.getLogger("whistle.upkeep")


def turn(parts: Parts) -> Swept | Pause:
    """Do everything that is due, or nothing where the time may be wrong; return what it was.

    The demo's time is moved by hand and never suspected.

    Raises:
        LeapError: the time moved far while the turn was under way; nothing was done after that.
    """
    now = parts.clock()
    found = _met(parts, now)
    if found is not None:
        _hold(parts, found)
        return found
    steady = replace(parts, clock=_steady(parts.clock, now))
    with parts.database.writing() as session:
        mending.take_back(session, steady)
        if pauses.is_over(session, now):
            pauses.forget(session)
    return sweep(steady)


def post(parts: Parts, send: Callable[[EmailMessage], None]) -> Counter[str]:
    """Send the mails that are due; in a pause only what tells the officers of it."""
    found = _met(parts, parts.clock())
    if found is None:
        return mailing.deliver(parts, send)
    with parts.database.reading() as session:
        officers = telling.officers(session, parts)
    return mailing.deliver(parts, send, only_to=officers)


def _met(parts: Parts, now: datetime) -> Pause | None:
    if parts.settings.demo:
        return None
    with parts.database.reading() as session:
        return pauses.met(session, now)


def _hold(parts: Parts, found: Pause) -> None:
    _log.error(
        "The clock does nothing: this machine says %s, and its last turn was %s. If the machine is "
        "wrong, set its time. If it is right, an officer says so on the page Health of the office, "
        "or the operator with: whistle sweep --after-pause",
        _said(found.now),
        _said(found.last_turn),
    )
    with parts.database.writing() as session:
        pauses.keep(session, found)
        _tell_once_a_day(session, parts, found.now)


def _tell_once_a_day(session: Session, parts: Parts, now: datetime) -> None:
    told = marks.get(session, marks.PAUSE_TOLD)
    zone = parts.settings.channels[0].zoneinfo
    if told is not None and told.astimezone(zone).date() == now.astimezone(zone).date():
        return
    for person_id in telling.officers(session, parts):
        telling.tell(session, parts, person_id, due_on=None)
    marks.put(session, marks.PAUSE_TOLD, now)


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _steady(clock: Callable[[], datetime], begun: datetime) -> Callable[[], datetime]:
    """The clock, which refuses to go on when it is far from where the turn began."""

    def now() -> datetime:
        at = clock()
        if not -timedelta(days=1) <= at - begun <= pauses.LONGEST:
            raise LeapError("time")
        return at

    return now
