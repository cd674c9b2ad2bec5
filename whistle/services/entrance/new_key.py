"""A handler makes a new key at the desk, before the old one's twelve months are over.

Rules:
* the old key signs everything that is given: nobody else can put a new key there;
* nothing changes until a keyring that the root key signed names it (services/key_changes.py);
* a key that the next list names already is not replaced: its key file would be gone on the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.crypto import age, keyring, signing
from whistle.crypto.age import scrypt
from whistle.crypto.keyring_file import WARNING_DAYS
from whistle.crypto.phrase import fingerprint
from whistle.errors import ConflictError, DeniedError, FilingError, SealError, SignatureError
from whistle.services import key_changes
from whistle.services.entrance import key_files
from whistle.services.entrance.who import Entered
from whistle.services.parts import Parts
from whistle.storage.tables import Invitation, KeyChange, KeyringDraft

LABEL = b"whistle/new-key/v1\0"


@dataclass(frozen=True)
class Given:
    """What the person's browser made: public keys, sealed private keys, the old key's signature."""

    age: bytes
    sign: bytes
    key_file: bytes
    old_key: bytes
    signature: bytes


def signed_bytes(person_id: str, given: Given) -> bytes:
    """What the old key signs."""
    name = person_id.encode()
    made = (given.age, given.sign, given.key_file, given.old_key)
    return LABEL + bytes([len(name)]) + name + b"".join(sha256(one).digest() for one in made)


def give(parts: Parts, person: Entered, given: Given) -> None:
    """Keep a new key until a keyring names it, in the place of one that none names.

    Raises:
        DeniedError: `not_handler`, the keyring does not name this person.
        FilingError: `key_file`, the sealed keys are not of their form; `keys`, the public keys
            are not, or are the old ones; `signature`, it is not the old key's.
        ConflictError: `key_in_list`, the next list names the one before; `key_waits`, cases still
            wait for the key before the present one.
    """
    handler = person.handler
    if handler is None:
        raise DeniedError("not_handler")
    key_files.check_shape(given.key_file, scrypt.KIND)
    key_files.check_shape(given.old_key, age.KIND)
    _check_keys(given)
    if given.age == handler.age.raw or given.sign == handler.sign:
        raise FilingError("keys")
    try:
        signing.verify(handler.sign, given.signature, signed_bytes(person.id, given))
    except SignatureError as error:
        raise FilingError("signature") from error
    parts.keyrings.published()  # anew, before the transaction
    with parts.database.writing() as session:
        before = session.get(KeyChange, person.id)
        if before is not None:
            _refuse_replacing(parts, session, before)
            session.delete(before)
            session.flush()
        # Joining is over for whoever is signed in with the key that the keyring names.
        session.execute(
            delete(Invitation).where(
                Invitation.person_id == person.id, Invitation.joined_on.is_not(None)
            )
        )
        session.add(
            KeyChange(
                person_id=person.id,
                age=given.age,
                sign=given.sign,
                signature=given.signature,
                key_file=given.key_file,
                old_key=given.old_key,
                old_sha256=handler.age_sha256,
                made_on=parts.today(parts.settings.channels[0]),
                used_on=None,
            )
        )
        key_files.note(parts, session, "NewKeyMade", person.id)


def told(parts: Parts, person: Entered) -> Mapping[str, Any] | None:
    """The person's own key and the new one, as their page is told; None for who handles nothing."""
    if person.handler is None:
        return None
    today = parts.today(parts.settings.channels[0])
    with parts.database.reading() as session:
        change = session.get(KeyChange, person.id)
        coming = change if change is not None and change.used_on is None else None
        return {
            "renew_on": person.handler.renew_on.isoformat(),
            "soon": person.handler.renew_on <= today + timedelta(days=WARNING_DAYS),
            "made_on": coming.made_on.isoformat() if coming else None,
            "words": list(fingerprint(coming.age, coming.sign)) if coming else [],
            "old_key_waits": change is not None and coming is None,
        }


def _check_keys(given: Given) -> None:
    try:
        age.PublicKey.from_bytes(given.age)
        signing.check_public(given.sign)
    except (SealError, SignatureError) as error:
        raise FilingError("keys") from error


def _refuse_replacing(parts: Parts, session: Session, before: KeyChange) -> None:
    if before.used_on is not None:
        raise ConflictError("key_waits")
    drafted = [keyring.parse(one.file) for one in session.scalars(select(KeyringDraft))]
    newest = parts.keyrings.published().chain.newest
    if any(key_changes.names(one, before) for one in (*drafted, newest)):
        raise ConflictError("key_in_list")
