"""What people of the organisation are to be told by mail: kept here, sent by `mailing.py`.

Rules:
* a notice names a person and a date, never a case; mails are all of one length;
* it waits for the next set time and some more, by chance, so that a mail's moment does not tell
  when a report came;
* on a day with more than ten notices for one person the rest wait for the next morning: one digest.
"""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.services.parts import Parts
from whistle.storage.tables import Notice, new_id

OFFICER = "officer"
OUTSIDE = "outside"
BATCHES = (time(8), time(13))
JITTER_SECONDS = 45 * 60
FLOOD = 10


def tell(
    session: Session, parts: Parts, person_id: str, *, due_on: date | None, days_late: int = 0
) -> None:
    """Keep a notice for somebody."""
    now = parts.clock()
    today = parts.today(parts.settings.channels[0])
    session.add(
        Notice(
            id=new_id(),
            person_id=person_id,
            due_on=due_on,
            days_late=days_late,
            created_on=today,
            send_after=next_batch(parts, now, flooded=_flooded(session, person_id, today)),
        )
    )


def next_batch(parts: Parts, now: datetime, *, flooded: bool) -> datetime:
    """The next set time in the channel's zone, and up to 45 minutes more, in UTC."""
    zone = parts.settings.channels[0].zoneinfo
    local = now.astimezone(zone)
    days = (local.date(), local.date() + timedelta(days=1))
    times = [datetime.combine(day, at, zone) for day in days for at in BATCHES]
    if flooded:
        times = [datetime.combine(days[1], BATCHES[0], zone)]
    following = min(one for one in times if one > local)
    return following.astimezone(UTC) + timedelta(seconds=secrets.randbelow(JITTER_SECONDS))


def _flooded(session: Session, person_id: str, today: date) -> bool:
    count = session.scalar(
        select(func.count())
        .select_from(Notice)
        .where(Notice.person_id == person_id, Notice.created_on == today)
    )
    return (count or 0) >= FLOOD
