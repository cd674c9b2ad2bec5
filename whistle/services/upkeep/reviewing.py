"""What comes once a year: the review of who has access, and the renewal of the recovery key.

Each is a task of its channel, which begins by itself. Its id is made from the channel and the first
day of its year, so that two machines that begin the same task begin one.
"""

from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import KeyringChain
from whistle.law.duties import access_review, recovery_roll_told_on
from whistle.services import tasks
from whistle.services.parts import Parts
from whistle.storage.tables import Task
from whistle.storage.tables.base import ID_BYTES

BEGINS_BEFORE = timedelta(days=40)
"""How long before its date a review begins: time enough for the first reminder."""
_LABEL = b"whistle/access-review/v1\0"
_ROLL_LABEL = b"whistle/recovery-roll/v1\0"


def begin_reviews(session: Session, parts: Parts) -> int:
    """Begin what begins today; return how many began.

    The first year runs from the day of the first keyring: then people were first appointed.
    """
    if not parts.keyrings.begun:
        return 0
    first_on = parts.keyrings.published().chain.links[0].effective_on
    begun = 0
    for channel in parts.settings.channels:
        year_on = _year(first_on, parts.today(channel))
        task_id = sha256(_LABEL + channel.id.encode() + year_on.isoformat().encode()).digest()
        due = access_review(year_on).due_on
        if due - BEGINS_BEFORE > parts.today(channel):
            continue
        if session.get(Task, task_id[:ID_BYTES]) is None:
            beginning = tasks.Begun(tasks.ACCESS_REVIEW, year_on)
            tasks.begin(session, channel, beginning, task_id[:ID_BYTES])
            begun += 1
    return begun


def begin_rolls(session: Session, parts: Parts) -> int:
    """Begin the renewal of a recovery key that is due in 30 days; return how many began.

    Its year runs from the issue of the keyring that first named it: a new key ends the task,
    because its own is another one.
    """
    if not parts.keyrings.begun:
        return 0
    begun_on = _recovery_since(parts.keyrings.published().chain)
    begun = 0
    for channel in parts.settings.channels:
        open_rolls = select(Task).where(
            Task.kind == tasks.RECOVERY_ROLL, Task.channel == channel.id, Task.done_on.is_(None)
        )
        for task in session.scalars(open_rolls):
            if task.started_on != begun_on:
                tasks.finish(task, parts.today(channel))
        if begun_on is None or recovery_roll_told_on(begun_on) > parts.today(channel):
            continue
        name = _ROLL_LABEL + channel.id.encode() + begun_on.isoformat().encode()
        task_id = sha256(name).digest()[:ID_BYTES]
        if session.get(Task, task_id) is None:
            tasks.begin(session, channel, tasks.Begun(tasks.RECOVERY_ROLL, begun_on), task_id)
            begun += 1
    return begun


def _recovery_since(chain: KeyringChain) -> date | None:
    """The issue of the first keyring with today's recovery key; None where there is none."""
    now = chain.newest.recovery
    if now is None:
        return None
    return min(
        link.keyring.issued_on
        for link in chain.links
        if link.keyring.recovery is not None and link.keyring.recovery.age == now.age
    )


def _year(first_on: date, today: date) -> date:
    """The first day of the year that `today` lies in, counted from `first_on`."""
    year_on = first_on
    while (following := access_review(year_on).due_on) < today:
        year_on = following
    return year_on
