"""Who can come into the next keyring: who has joined, and who has made a new key at the desk."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto import drafting
from whistle.crypto.keyring import Keyring
from whistle.crypto.phrase import fingerprint
from whistle.services import key_changes
from whistle.storage.tables import Invitation, KeyChange


@dataclass(frozen=True)
class Candidate:
    """Somebody with keys that the newest keyring does not name.

    `renews`: a handler who stays and has made a new key, signed by the old one.
    """

    person_id: str
    name: str
    role_text: str
    channels: Mapping[str, str]
    age: bytes
    sign: bytes
    renews: bool = False

    @property
    def words(self) -> Sequence[str]:
        """The eight words to compare by voice."""
        return fingerprint(self.age, self.sign)


def waiting(session: Session, newest: Keyring | None) -> list[Candidate]:
    """Those who wait for a keyring, by id; who was invited anew comes in with those keys."""
    rows = session.scalars(
        select(Invitation).where(Invitation.joined_on.is_not(None), Invitation.channels != "{}")
    )
    joined = [one for one in rows if newest is None or not is_named(one, newest)]
    found = {} if newest is None else _renewing(session, newest)
    found |= {one.person_id: _joined(one) for one in joined}
    return [found[one] for one in sorted(found)]


def is_named(one: Invitation, keyring: Keyring) -> bool:
    """Whether a keyring names these keys, or they are for the office alone."""
    if one.channels == "{}":
        return True
    handler = keyring.handler(one.person_id)
    return handler is not None and (handler.age.raw, handler.sign) == (one.age, one.sign)


def member(one: Candidate, since: date) -> Mapping[str, Any]:
    """The person as the keyring will write them."""
    made = drafting.handler_member(
        one.person_id, one.name, one.role_text, (one.age, one.sign), since
    )
    return {**made, "channels": dict(one.channels)}


def invited_to(one: Invitation) -> dict[str, str]:
    """The channels and roles of an invitation."""
    channels: dict[str, str] = json.loads(one.channels)
    return channels


def _joined(one: Invitation) -> Candidate:
    keys = (one.age or b"", one.sign or b"")
    return Candidate(one.person_id, one.name, one.role_text, invited_to(one), *keys)


def _renewing(session: Session, newest: Keyring) -> dict[str, Candidate]:
    """Handlers who stay as they are, with a new key."""
    found = {}
    for change in session.scalars(select(KeyChange).where(KeyChange.used_on.is_(None))):
        handler = newest.handler(change.person_id)
        if handler is not None and not key_changes.names(newest, change):
            found[handler.id] = Candidate(
                handler.id,
                handler.name,
                handler.role_text,
                handler.channels,
                change.age,
                change.sign,
                renews=True,
            )
    return found
