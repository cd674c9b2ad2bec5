"""Who has joined and is not in a keyring yet."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto import drafting
from whistle.crypto.keyring import Keyring
from whistle.storage.tables import Invitation


def waiting(session: Session, newest: Keyring | None) -> list[Invitation]:
    """Those who have joined for a channel and whom the newest keyring does not name."""
    rows = session.scalars(
        select(Invitation)
        .where(Invitation.joined_on.is_not(None), Invitation.channels != "{}")
        .order_by(Invitation.person_id)
    )
    return [one for one in rows if newest is None or not is_named(one, newest)]


def is_named(one: Invitation, keyring: Keyring) -> bool:
    """Whether a keyring names these keys, or they are for the office alone."""
    if one.channels == "{}":
        return True
    handler = keyring.handler(one.person_id)
    return handler is not None and (handler.age.raw, handler.sign) == (one.age, one.sign)


def member(one: Invitation, since: date) -> Mapping[str, Any]:
    """The person as the keyring will write them."""
    made = drafting.handler_member(
        one.person_id, one.name, one.role_text, (one.age or b"", one.sign or b""), since
    )
    return {**made, "channels": invited_to(one)}


def invited_to(one: Invitation) -> dict[str, str]:
    """The channels and roles of an invitation."""
    channels: dict[str, str] = json.loads(one.channels)
    return channels
