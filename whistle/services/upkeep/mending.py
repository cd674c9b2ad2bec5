"""Taking back dates that have not come: a machine's time was ahead, and is right again.

What was done at the wrong time is done: each action of the clock happens once, and what a reporter
was told stays told. But nothing may wait for a day that was never there:
* every case is looked at again today, and an order of events that lies ahead does not stand against
  what happens now;
* mails, reminders and the log's waiting events go on at today's date;
* old sealed keys are kept no longer than from today.
It is done at most once a day, so that two machines that differ do not undo each other all day long.
"""

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, delete, update
from sqlalchemy.orm import Session

from whistle.services import marks, old_seals, pauses
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Case, LogWaiting, Mailed, Notice, OldSeal, Task

_TURNED = (marks.SWEEP, marks.PAUSE, marks.PAUSE_OVER)
"""What tells that a machine's time was ahead."""
_log = logging.getLogger("whistle.upkeep")


def is_needed(session: Session, now: datetime) -> bool:
    """Whether a machine's time was ahead and what it dated was not taken back today."""
    ahead = any(pauses.is_ahead(marks.get(session, key), now) for key in _TURNED)
    last = marks.get(session, marks.MENDED)
    return ahead and (last is None or last.date() != now.date())


def mend(session: Session, parts: Parts) -> None:
    """Take back every date ahead of today that something waits for."""
    now = parts.clock().astimezone(UTC)
    first = parts.settings.channels[0]
    today = parts.today(first)
    # A day of slack: where channels have several zones it is tomorrow already in one of them.
    last_day = max(map(parts.today, parts.settings.channels)) + timedelta(days=1)
    session.execute(update(Case).where(Case.erased_on.is_(None)).values(wake_on=today))
    # A report that came at the wrong time keeps its date: a receipt date is set once.
    no_earlier = case((Case.received_on > today, Case.received_on), else_=today)
    for column in (Case.last_on, Case.active_on):
        ahead = update(Case).where(column > last_day, Case.erased_on.is_(None))
        session.execute(ahead.values({column: no_earlier}))
    session.execute(update(Task).where(Task.told_on > last_day).values(told_on=today))
    session.execute(delete(Mailed).where(Mailed.on > last_day))
    batch = telling.next_batch(parts)
    session.execute(
        update(Notice)
        .where(Notice.created_on > last_day)
        .values(created_on=today, send_after=batch)
    )
    kept_until = today + old_seals.KEPT
    session.execute(update(OldSeal).where(OldSeal.until > kept_until).values(until=kept_until))
    session.execute(update(LogWaiting).where(LogWaiting.on > last_day).values(on=today))
    for key in (marks.ANCHOR, marks.PAUSE_OVER):
        if pauses.is_ahead(marks.get(session, key), now):
            marks.drop(session, key)
    marks.put(session, marks.MENDED, now)
    _log.error("The time was ahead and is not any more: what waited for it is looked at again.")
