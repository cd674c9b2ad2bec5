"""A person's sealed key files: how many ways there are to the private key, and changing one.

Rules:
* the server sees shapes, never a key: under a passphrase one scrypt stanza, for a passkey one
  post-quantum stanza, and inside exactly the bytes of one private key;
* a new file under a passphrase replaces the old one, which is deleted; every other session ends;
* who has one way only is told so: a lost authenticator, or forgotten words, would be the end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.crypto import age
from whistle.crypto.age import scrypt
from whistle.errors import FilingError, SealError
from whistle.services import log
from whistle.services.entrance import sessions
from whistle.services.entrance.who import Entered
from whistle.services.parts import Parts
from whistle.services.shapes import KEY_LINE_BYTES
from whistle.storage.tables import Passkey, Person

FILE_BYTES_MAX = 8 * 1024


@dataclass(frozen=True)
class Ways:
    """By how many ways somebody reaches their private key."""

    person_id: str
    passphrase: bool
    passkeys: int
    printed_on: date | None

    @property
    def only_one(self) -> bool:
        """Whether losing one thing would lose the key."""
        return self.passphrase + self.passkeys + (self.printed_on is not None) < 2

    @property
    def told(self) -> Mapping[str, Any]:
        """As the person's own page is told."""
        return {
            "passphrase": self.passphrase,
            "passkeys": self.passkeys,
            "printed_on": self.printed_on.isoformat() if self.printed_on else None,
            "only_one": self.only_one,
        }


def ways(parts: Parts) -> list[Ways]:
    """Everybody's ways, by id; the office tells those who have only one."""
    with parts.database.reading() as session:
        return [_ways(*row) for row in session.execute(_counted().order_by(Person.id))]


def ways_of(parts: Parts, person: Entered) -> Ways:
    """One's own ways."""
    with parts.database.reading() as session:
        row = session.execute(_counted().where(Person.id == person.id)).one()
        return _ways(*row)


def has_passphrase(session: Session, person_id: str) -> bool:
    """Whether there is a file under a passphrase."""
    return bool(session.get_one(Person, person_id).key_file)


def change_passphrase(parts: Parts, person: Entered, key_file: bytes, token: bytes) -> None:
    """Keep the file under new words and nothing of the old; end every other session.

    Raises:
        FilingError: `key_file`, it is not one private key under a passphrase.
    """
    check_shape(key_file, scrypt.KIND)
    with parts.database.writing() as session:
        session.get_one(Person, person.id).key_file = key_file
        sessions.end_others_in(session, person.id, token)
        note(parts, session, "PassphraseChanged", person.id)


def printed(parts: Parts, person: Entered) -> date:
    """Note that the key was printed today; nothing of it is known here."""
    today = parts.today(parts.settings.channels[0])
    with parts.database.writing() as session:
        session.get_one(Person, person.id).printed_on = today
        note(parts, session, "KeyPrinted", person.id)
    return today


def check_passkeys(key_file: bytes) -> None:
    """Refuse what is not one private key sealed to one passkey.

    Raises:
        FilingError: `key_file`.
    """
    check_shape(key_file, age.KIND)


def note(parts: Parts, session: Session, event: str, person_id: str) -> None:
    """Enter in the log what somebody did with their own keys."""
    now = parts.clock()
    on = parts.today(parts.settings.channels[0])
    payload = {"event": event, "case": None, "who": person_id, "on": on.isoformat()}
    log.record(session, payload, case_id=None, on=on, at=now)


def check_shape(key_file: bytes, kind: str) -> None:
    """Refuse what is not one private key sealed in one way.

    Raises:
        FilingError: `key_file`.
    """
    try:
        shape = age.shape(key_file[: FILE_BYTES_MAX + 1])
    except SealError as error:
        raise FilingError("key_file") from error
    right = shape.stanza_types == (kind,) and shape.plaintext_size == KEY_LINE_BYTES
    if not right or len(key_file) > FILE_BYTES_MAX:
        raise FilingError("key_file")


def _counted() -> Any:
    passkeys = select(func.count()).where(Passkey.person_id == Person.id).scalar_subquery()
    return select(Person.id, Person.key_file != b"", passkeys, Person.printed_on)


def _ways(person_id: str, passphrase: bool, passkeys: int, printed_on: date | None) -> Ways:  # noqa: FBT001 - a row
    return Ways(person_id, bool(passphrase), passkeys, printed_on)
