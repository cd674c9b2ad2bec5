"""Who can still open what is filed: named by the keyring, and not taken out since."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import Keyring
from whistle.storage.tables import Invitation, Person


def able(session: Session, keyring: Keyring, channel_id: str, today: date) -> frozenset[str]:
    """The persons whom the keyring lets read a channel's reports, less those who were taken out.

    Whoever was taken out and has joined anew signs in when a keyring names the new keys.
    """
    joined = (
        (Invitation.person_id == Person.id)
        & Invitation.joined_on.is_not(None)
        & (Invitation.channels != "{}")
    )
    rows = session.execute(
        select(Person.id, Invitation.age, Invitation.sign).outerjoin(Invitation, joined)
    )
    there = {person_id: (age, sign) for person_id, age, sign in rows}
    return frozenset(
        one.person
        for one in keyring.readers(channel_id, today)
        if there.get(one.id) in {(None, None), (one.age.raw, one.sign)}
    )
