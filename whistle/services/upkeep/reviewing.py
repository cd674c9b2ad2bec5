"""The yearly review of who is appointed and who has access: it begins by itself, once a year.

A review is a task of its channel. Its id is made from the channel and the year's first day, so that
two machines that begin the same review begin one.
"""

from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from whistle.law.duties import access_review
from whistle.services import tasks
from whistle.services.parts import Parts
from whistle.storage.tables import Task
from whistle.storage.tables.base import ID_BYTES

BEGINS_BEFORE = timedelta(days=40)
"""How long before its date a review begins: time enough for the first reminder."""
_LABEL = b"whistle/access-review/v1\0"


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


def _year(first_on: date, today: date) -> date:
    """The first day of the year that `today` lies in, counted from `first_on`."""
    year_on = first_on
    while (following := access_review(year_on).due_on) < today:
        year_on = following
    return year_on
