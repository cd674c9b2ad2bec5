"""Who can still open what is filed: named by the keyring, with a key that somebody here holds."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import Keyring
from whistle.storage.tables import Invitation, Person

_PEOPLE, _JOINED = Person.__table__, Invitation.__table__
_KEYS = select(_PEOPLE.c.id, _JOINED.c.age, _JOINED.c.sign).outerjoin_from(
    _PEOPLE,
    _JOINED,
    (_JOINED.c.person_id == _PEOPLE.c.id)
    & _JOINED.c.joined_on.is_not(None)
    & (_JOINED.c.channels != "{}"),
)
"""Who signs in, and the keys with which they wait. Asked in every filing, so made once."""


def able(session: Session, keyring: Keyring, channel_id: str, today: date) -> frozenset[str]:
    """The persons who read a channel's reports by a keyring, and hold the key that it names.

    Whoever was taken out, or has lost the key and joined anew, holds it no more: they sign in when
    a keyring that names the new keys is in force.
    """
    gone = lost(session, keyring)
    readers = keyring.readers(channel_id, today)
    return frozenset(one.person for one in readers if one.id not in gone)


def lost(session: Session, keyring: Keyring) -> frozenset[str]:
    """The ids of a keyring's handlers whose key there nobody who signs in here holds.

    An invitation that was joined by stays until the keyring in force names its keys
    (`office.drafts.tidy`): until then the person's key file is the new key's.
    """
    rows = session.connection().execute(_KEYS)
    there = {person_id: (age, sign) for person_id, age, sign in rows}
    return frozenset(
        one.id
        for one in keyring.handlers
        if there.get(one.id) not in {(None, None), (one.age.raw, one.sign)}
    )
