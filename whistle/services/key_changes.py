"""A handler's new key: when it takes the old one's place, and when the old one is deleted.

Rules (protocol section 2):
* the new key counts from the day on which a keyring that names it is in force, and the old key file
  and everything that opens it (passphrase, passkeys, paper) go with the first sign-in after that;
* a session begun with the old key ends by itself on that day: nothing is signed with it any more;
* the old key stays, sealed to the new one alone, while a case that is not erased is sealed to it.
"""

from collections.abc import Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import HandlerKey, Keyring
from whistle.services.parts import Parts
from whistle.storage.tables import Access, Case, KeyChange, Passkey, Person, SignedIn


def names(keyring: Keyring, change: KeyChange) -> bool:
    """Whether a keyring names the new key."""
    handler = keyring.handler(change.person_id)
    return handler is not None and _is(handler, change)


def is_due(session: Session, handler: HandlerKey | None) -> bool:
    """Whether the keyring in force names the new key while the old key file is still there."""
    change = None if handler is None else session.get(KeyChange, handler.id)
    return (
        change is not None
        and handler is not None
        and change.used_on is None
        and _is(handler, change)
    )


def take_over(parts: Parts, session: Session, handler: HandlerKey) -> None:
    """Put the new key file in the old one's place; what opened the old one opens nothing here.

    Sessions that the old key began are deleted: they would count again from now on.
    """
    person = session.get_one(Person, handler.id)
    change = session.get_one(KeyChange, handler.id)
    person.key_file, person.printed_on = change.key_file, None
    if person.sign is not None:
        person.sign = change.sign
    change.key_file = b""
    change.used_on = parts.today(parts.settings.channels[0])
    session.execute(delete(Passkey).where(Passkey.person_id == handler.id))
    session.execute(delete(SignedIn).where(SignedIn.person_id == handler.id))
    session.flush()


def old_key(session: Session, person_id: str) -> bytes:
    """The old private key sealed to the one in use; empty where nothing waits for it."""
    change = session.get(KeyChange, person_id)
    return b"" if change is None or change.used_on is None else change.old_key


def old_hashes(session: Session) -> Mapping[str, bytes]:
    """By person, the hash of the old public key that they can still open cases with."""
    rows = session.scalars(select(KeyChange).where(KeyChange.used_on.is_not(None)))
    return {one.person_id: one.old_sha256 for one in rows}


def drop_finished(parts: Parts, session: Session) -> None:
    """Delete the old keys for which no case waits any more."""
    for change in session.scalars(select(KeyChange).where(KeyChange.used_on.is_not(None))):
        serials = {
            link.keyring.serial
            for link in parts.keyrings.published().chain.links
            if _age(link.keyring, change.person_id) == change.old_sha256
        }
        waiting = session.scalar(
            select(func.count())
            .select_from(Case)
            .join(Access, Access.case_id == Case.id)
            .where(
                Access.handler_id == change.person_id,
                Access.until_on.is_(None),
                Case.number.is_not(None),
                Case.keyring_serial.in_(serials),
            )
        )
        if not waiting:
            session.delete(change)


def _is(handler: HandlerKey, change: KeyChange) -> bool:
    return (handler.age.raw, handler.sign) == (change.age, change.sign)


def _age(keyring: Keyring, person_id: str) -> bytes | None:
    handler = keyring.handler(person_id)
    return None if handler is None else handler.age_sha256
