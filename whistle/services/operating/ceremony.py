"""A whole key ceremony in one place, for organisations that are thrown away: the demo, the tests.

A real organisation makes its root key offline and signs by hand (keys/README.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyotp

from whistle.case.permissions import Role
from whistle.crypto import passphrase, strictjson
from whistle.crypto.age import PrivateKey, seal_with_passphrase
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import SIGN_NAMESPACE, Recovery, SignedKeyring
from whistle.crypto.recovery import member
from whistle.crypto.signing import SigningKey, handler_signing_key
from whistle.crypto.sshsig import public_line, sign
from whistle.storage.engine import Database
from whistle.storage.keys_dir import KEYRING_FILE, ROOT_FILE, SIGNATURE_SUFFIX
from whistle.storage.tables import Person

KEYRING_LIFE = timedelta(days=400)


@dataclass(frozen=True)
class Appointed:
    """Somebody to be appointed: who, in which words, to which channels in which role.

    Who has no channel stands in no keyring; `office` makes them its officer or auditor.
    """

    id: str
    name: str
    role_text: str
    channels: Mapping[str, str]
    office: Role | None = None


@dataclass(frozen=True)
class Enrolled:
    """Somebody who can now sign in, with every secret of theirs: never for a real organisation."""

    appointed: Appointed
    private_key: PrivateKey
    passphrase: str
    one_time_secret: str
    key_file: bytes

    @property
    def signing_key(self) -> SigningKey:
        """The key that signs what this handler writes."""
        return handler_signing_key(self.private_key.seed)

    def person(self) -> Person:
        """The row with which the server lets this person sign in."""
        outside = not self.appointed.channels
        return Person(
            id=self.appointed.id,
            name=self.appointed.name if outside else "",
            office=self.appointed.office,
            sign=self.signing_key.public if outside else None,
            one_time_secret=self.one_time_secret,
            one_time_step=0,
            key_file=self.key_file,
        )


def enrol(appointed: Appointed, *, log_n: int = 16) -> Enrolled:
    """Make a person's keys, passphrase and one-time codes. `log_n` is scrypt's cost."""
    private_key = PrivateKey.generate()
    words = passphrase.generate()
    key_file = seal_with_passphrase(f"{private_key}\n".encode(), words, log_n=log_n)
    return Enrolled(appointed, private_key, words, pyotp.random_base32(), key_file)


def first_keyring(
    org: str,
    people: Sequence[Enrolled],
    service: bytes,
    root: SigningKey,
    issued_on: date,
    *,
    recovery: Recovery | None = None,
) -> SignedKeyring:
    """Make and sign the keyring with serial 1."""
    since = issued_on.isoformat()
    file = strictjson.write(
        {
            "v": 1,
            "org": org,
            "serial": 1,
            "previous": None,
            "issued_on": since,
            "expires_on": (issued_on + KEYRING_LIFE).isoformat(),
            "next_root": None,
            "service": [{"sign": b64u(service), "from": since, "to": None}],
            "recovery": None if recovery is None else member(recovery),
            "handlers": [_handler(one, since) for one in people if one.appointed.channels],
        }
    )
    return SignedKeyring(file, sign(root, SIGN_NAMESPACE, file))


def publish(folder: Path, root: SigningKey, keyring: SignedKeyring) -> None:
    """Write the root's public key and the first keyring into a folder of public keys."""
    folder.mkdir(parents=True, exist_ok=True)
    name = KEYRING_FILE.format(serial=1)
    (folder / ROOT_FILE).write_text(public_line(root.public, "whistle-root") + "\n")
    (folder / name).write_bytes(keyring.file)
    (folder / f"{name}{SIGNATURE_SUFFIX}").write_text(keyring.signature)


def admit(database: Database, people: Sequence[Enrolled]) -> None:
    """Let these people sign in."""
    with database.writing() as session:
        session.add_all([one.person() for one in people])


def _handler(one: Enrolled, since: str) -> dict[str, object]:
    return {
        "id": one.appointed.id,
        "person": one.appointed.id,
        "name": one.appointed.name,
        "role_text": one.appointed.role_text,
        "age": str(one.private_key.public_key),
        "sign": b64u(one.signing_key.public),
        "from": since,
        "to": None,
        "channels": dict(one.appointed.channels),
    }
