"""A handler's own calendar: an address that only its holder knows, made and taken back at will."""

import os
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select, update

from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import HandlerKey
from whistle.errors import NotFoundError
from whistle.law import Clock
from whistle.notify.feed import Dated, calendar
from whistle.services import access
from whistle.services.dates import due_in
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Person

TOKEN_BYTES = 32
_LABEL = b"whistle/feed/v1\0"


def make_feed(parts: Parts, handler: HandlerKey) -> str:
    """A new token; the one before stops working."""
    token = os.urandom(TOKEN_BYTES)
    _keep(parts, handler.id, sha256(_LABEL + token).digest())
    return b64u(token)


def drop_feed(parts: Parts, handler: HandlerKey) -> None:
    """Take the calendar back."""
    _keep(parts, handler.id, None)


def has_feed(parts: Parts, handler: HandlerKey) -> bool:
    """Whether the handler has a calendar."""
    with parts.database.reading() as session:
        person = session.get(Person, handler.id)
        return person is not None and person.feed_sha256 is not None


def read_feed(parts: Parts, token: bytes) -> bytes:
    """The calendar behind a token: every open clock of the cases that its holder sees today.

    It ends with its holder's key in the keyring.

    Raises:
        NotFoundError: `unknown`.
    """
    today = max(parts.today(channel) for channel in parts.settings.channels)
    with parts.database.reading() as session:
        person = session.scalar(
            select(Person).where(Person.feed_sha256 == sha256(_LABEL + token).digest())
        )
        handler = (
            parts.keyrings.published().chain.effective(today).handler(person.id if person else "")
        )
        if person is None or handler is None or not handler.valid_on(today):
            raise NotFoundError("unknown")
        cases = session.scalars(
            access.visible_cases(handler)
            .where(Case.due_on.is_not(None))
            .order_by(Case.due_on, Case.id)
        ).all()
        dates = [one for case in cases for one in _dates(parts, token, case)]
    dates.sort(key=lambda one: (one.on, one.id))
    return calendar(dates, site=parts.settings.site_name, language=person.language)


def _dates(parts: Parts, token: bytes, case: Case) -> Iterator[Dated]:
    """The strict date of each clock that runs in a case."""
    channel = parts.channel(case.channel)
    for one in due_in(case, channel, parts.today(channel)).running:
        if one.due_on is not None:
            yield Dated(_name(token, case.id, one.clock), one.due_on)


def _name(token: bytes, case_id: bytes, clock: Clock) -> str:
    """Tells one task from another in this calendar, and leads to no case."""
    return sha256(_LABEL + token + case_id + clock.value.encode()).hexdigest()[:32]


def _keep(parts: Parts, handler_id: str, digest: bytes | None) -> None:
    with parts.database.writing() as session:
        session.execute(update(Person).where(Person.id == handler_id).values(feed_sha256=digest))
