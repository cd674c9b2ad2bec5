"""What people of the organisation are to be told by mail: kept here, sent by `mailing.py`.

Rules:
* a notice names a person and a date, never a case; mails are all of one length;
* it waits for the next set time and some more, by chance, so that a mail's moment does not tell
  when a report came; all that a person is told at one set time has one moment and goes in one mail;
* who is to be told the same thing already is not told twice: a flood of reports is one mail, and
  the rows do not count them;
* anchors of the log are mails of their own, at a moment of their own: no reminder waits for one,
  shares its moment or is taken for the same;
* a person who is left out of a case is told nothing of it, in whatever other office.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from whistle.case.permissions import Role
from whistle.services import access
from whistle.services.notices import OFFICER, OUTSIDE
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Notice, Person, new_id

BATCHES = (time(8), time(13))
JITTER = timedelta(minutes=45)
LASTS = timedelta(days=45)
"""What could not be sent for so long says nothing any more."""


def tell(
    session: Session, parts: Parts, person_id: str, *, due_on: date | None, days_late: int = 0
) -> None:
    """Keep a notice for somebody, unless the same one waits already."""
    batch = next_batch(parts)
    waiting = _waiting(session, person_id, batch)
    if any((one.due_on, one.days_late) == (due_on, days_late) for one in waiting):
        return
    session.add(
        Notice(
            id=new_id(),
            person_id=person_id,
            due_on=due_on,
            days_late=days_late,
            created_on=parts.today(parts.settings.channels[0]),
            send_after=_moment(waiting, batch),
        )
    )


def put_off(session: Session, parts: Parts, notices: Sequence[Notice]) -> None:
    """Let one person's notices wait for tomorrow's first set time, with what waits for it."""
    zone = parts.settings.channels[0].zoneinfo
    today = parts.clock().astimezone(zone).date()
    first = datetime.combine(today + timedelta(days=1), BATCHES[0], zone).astimezone(UTC)
    moment = _moment(_waiting(session, notices[0].person_id, first), first)
    for notice in notices:
        notice.send_after = moment


def _waiting(session: Session, person_id: str, batch: datetime) -> Sequence[Notice]:
    """What a person is to be reminded of at a set time: what was not tried yet, or failed."""
    return session.scalars(
        select(Notice).where(
            Notice.person_id == person_id,
            or_(Notice.tries == 0, Notice.fault != ""),
            Notice.anchor == "",
            Notice.send_after >= batch,
            Notice.send_after < batch + JITTER,
        )
    ).all()


def _moment(waiting: Sequence[Notice], batch: datetime) -> datetime:
    """The moment that was drawn for the others, or a new one within the jitter."""
    if waiting:
        return waiting[0].send_after
    return batch + timedelta(seconds=secrets.randbelow(int(JITTER.total_seconds())))


def next_batch(parts: Parts) -> datetime:
    """The next set time, in UTC; where channels have several zones the first one's counts."""
    return after(parts.clock(), parts.settings.channels[0].zoneinfo)


def after(now: datetime, zone: ZoneInfo) -> datetime:
    """The first set time of a zone's wall clock after an instant, in UTC."""
    today = now.astimezone(zone).date()
    days = (today, today + timedelta(days=1))
    times = [datetime.combine(day, at, zone).astimezone(UTC) for day in days for at in BATCHES]
    return min(one for one in times if one > now)


def circle(session: Session, parts: Parts, case: Case) -> list[str]:
    """The handlers who see the case and still have a place in its channel."""
    appointed = set(members(parts, case.channel))
    return [one for one in session.scalars(access.who_sees(case.id)) if one in appointed]


def members(parts: Parts, channel_id: str) -> list[str]:
    """The ids of those who have a place in a channel today, deputies included."""
    if not parts.keyrings.begun:
        return []
    today = parts.today(parts.channel(channel_id))
    keyring = parts.keyrings.published().chain.effective(today)
    return [one.id for one in keyring.readers(channel_id, today)]


def tell_office(
    session: Session, parts: Parts, case: Case, office: str, *, days_late: int = 0
) -> None:
    """Tell the officer or the outside person, if there is one, that something is up."""
    address = address_of(parts, office)
    if address and address.casefold() not in _left_out(session, parts, case):
        tell(session, parts, office, due_on=None, days_late=days_late)


def officers(session: Session, parts: Parts) -> dict[str, str]:
    """Everybody to whom a notice for the officers goes, with the address; none of them twice."""
    found = session.execute(
        select(Person.id, Person.mail).where(Person.office == Role.OFFICER, Person.mail != "")
    )
    by_address = {mail.casefold(): person_id for person_id, mail in found}
    fixed = address_of(parts, OFFICER).casefold()
    if fixed:
        by_address.setdefault(fixed, OFFICER)
    return {person_id: address for address, person_id in by_address.items()}


def tell_officers_of(session: Session, parts: Parts, case: Case) -> None:
    """Tell the officers that something is wrong in a case, which they are not told.

    Nobody who handles cases is told as an officer: the office's pages do not count for them.
    """
    barred, at_desk = _left_out(session, parts, case), handlers(parts)
    for person_id, address in officers(session, parts).items():
        if person_id not in at_desk and address not in barred:
            tell(session, parts, person_id, due_on=None)


def handlers(parts: Parts) -> frozenset[str]:
    """Who is at the desk today, in any channel, under each of their ids."""
    if not parts.keyrings.begun:
        return frozenset()
    today = max(parts.today(channel) for channel in parts.settings.channels)
    found = parts.keyrings.published().chain.effective(today).handlers
    own = [one for one in found if one.channels and one.valid_on(today)]
    return frozenset(one_id for one in own for one_id in (one.id, one.person))


def address_of(parts: Parts, office: str) -> str:
    """The mail address of the officer or the outside person; empty where there is none."""
    mail = parts.settings.mail
    return "" if mail is None else {OFFICER: mail.officer, OUTSIDE: mail.outside}.get(office, "")


def drop_old(session: Session, today: date) -> None:
    """Delete what has lost its meaning."""
    session.execute(delete(Notice).where(Notice.created_on < today - LASTS))


def _left_out(session: Session, parts: Parts, case: Case) -> set[str]:
    """The mail addresses of the channel's handlers who have no part in the case."""
    known = parts.settings.channel(case.channel) is not None
    readers = members(parts, case.channel) if known else handlers(parts)
    outsiders = set(readers) - set(session.scalars(access.have_part(case.id)))
    addresses = select(Person.mail).where(Person.id.in_(outsiders), Person.mail != "")
    return {one.casefold() for one in session.scalars(addresses)}
