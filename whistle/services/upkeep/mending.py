"""Taking back dates that have not come: something was done at a time that was ahead.

What was done at the wrong time is done: each action of the clock happens once, and what a reporter
was told stays told. But nothing may wait for a day that was never there, so each turn begins with
looking for dates ahead of it; on an ordinary day there are none:
* a case in which something was dated ahead is looked at today;
* reminders go on at today's date, and the log's waiting events after it;
* old sealed keys are kept no longer than from today;
* what is done once a day, an anchor of the log or telling of a closed form, may be done today.
Cases that the clock itself let sleep too long do not show it: they are woken when somebody ends the
pause (services/pauses.py). A machine that is behind takes nothing back, for it does not turn.
"""

from datetime import UTC, date, timedelta

from sqlalchemy import case, delete, or_, update
from sqlalchemy.orm import Session

from whistle.services import marks, old_seals, pauses
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Case, LogWaiting, Notice, OldSeal, Task

_FAR = 3 * pauses.SLACK
"""No mail is put off so far."""


def take_back(session: Session, parts: Parts) -> None:
    """Take back every date ahead of today that something waits for."""
    today = parts.today(parts.settings.channels[0])
    # A day of slack: where channels have several zones it is tomorrow already in one of them.
    last_day = max(map(parts.today, parts.settings.channels)) + timedelta(days=1)
    _wake(session, today, last_day)
    _send(session, parts, today, last_day)
    session.execute(
        update(Task).where(Task.done_on.is_(None), Task.told_on > last_day).values(told_on=today)
    )
    kept_until = last_day + old_seals.KEPT
    session.execute(update(OldSeal).where(OldSeal.until > kept_until).values(until=kept_until))
    session.execute(update(LogWaiting).where(LogWaiting.on > last_day).values(on=today))
    now = parts.clock()
    for key in (marks.ANCHOR, marks.FORM_TOLD):
        at = marks.get(session, key)
        if at is not None and at - now > pauses.SLACK:
            marks.drop(session, key)


def _wake(session: Session, today: date, last_day: date) -> None:
    """Look today at each case whose last event lies ahead; an index finds them.

    A report that came at the wrong time keeps its date: a receipt date is set once.
    """
    first = case((Case.received_on > today, Case.received_on), else_=today)
    active = case((Case.active_on > last_day, first), else_=Case.active_on)
    session.execute(
        update(Case)
        .where(
            Case.last_on > last_day,
            Case.erased_on.is_(None),
            or_(Case.last_on > Case.received_on, Case.wake_on > today),
        )
        .values(last_on=first, active_on=active, wake_on=today)
    )


def _send(session: Session, parts: Parts, today: date, last_day: date) -> None:
    """Let the mails go at the next set time; an anchor is made anew."""
    session.execute(delete(Notice).where(Notice.anchor != "", Notice.created_on > last_day))
    far = (parts.clock() + _FAR).astimezone(UTC)
    session.execute(
        update(Notice)
        .where(or_(Notice.created_on > last_day, Notice.send_after > far))
        .values(created_on=today, send_after=telling.next_batch(parts))
    )
