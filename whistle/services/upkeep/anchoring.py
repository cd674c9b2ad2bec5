"""Anchors: length and head of the log, mailed each day to officer and auditor (protocol section 9).

Rules:
* once a day, on any number of machines, also on days on which nothing happened;
* at a moment of the day that chance decides and that tells nothing: it is drawn from the server's
  own key and the date, so that all machines agree;
* nobody who handles cases gets one: the length grows with a case that they were left out of;
* an anchor that could not be sent until the next one is left out: the next one holds it;
* the mail has the length, the head and the date, and nothing else; alone in its mail.
"""

import hmac
from datetime import UTC, date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.services import log, marks
from whistle.services.notices import OFFICER
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Notice, Person, new_id

MINUTES = 20 * 60
"""In the first twenty hours of the day, so that a sweep that comes late is still in time."""
_LABEL = b"whistle/anchor-moment/v1\0"


def send_anchor(session: Session, parts: Parts) -> bool:
    """Give today's anchor to the outbox, if its moment has come; tell whether it was done now."""
    channel = parts.settings.channels[0]
    now = parts.clock()
    today = parts.today(channel)
    local = now.astimezone(channel.zoneinfo)
    minute = local.hour * 60 + local.minute
    sent = marks.get(session, marks.ANCHOR)
    if parts.settings.mail is None or minute < moment(parts, today):
        return False
    if sent is not None and sent.astimezone(channel.zoneinfo).date() >= today:
        return False
    session.execute(delete(Notice).where(Notice.anchor != "", Notice.created_on < today))
    count, head = log.last_head(session)
    for person_id in _readers(session, parts):
        session.add(
            Notice(
                id=new_id(),
                person_id=person_id,
                due_on=None,
                anchor=f"{count}:{head.hex()}",
                created_on=today,
                send_after=now.astimezone(UTC),
            )
        )
    marks.put(session, marks.ANCHOR, now)
    return True


def moment(parts: Parts, day: date) -> int:
    """The minute of a day at which its anchor goes."""
    drawn = hmac.digest(parts.service_key.seed, _LABEL + day.isoformat().encode(), "sha256")
    return int.from_bytes(drawn[:4], "big") % MINUTES


def _readers(session: Session, parts: Parts) -> list[str]:
    """Officers and auditors with a mail address, and the officer of the settings; no handler."""
    handlers = telling.handlers(parts)
    people = session.execute(select(Person.id, Person.mail, Person.office)).all()
    barred = {mail.casefold() for one, mail, _ in people if mail and one in handlers}
    told = {
        one: mail.casefold()
        for one, mail, office in people
        if office is not None and mail and one not in handlers and mail.casefold() not in barred
    }
    fixed = telling.address_of(parts, OFFICER).casefold()
    others = [OFFICER] if fixed and fixed not in barred | set(told.values()) else []
    return [*told, *others]
