"""The keyring: who reads and signs for an organisation, as its root key has signed it.

One file is JSON with a detached OpenSSH signature over its exact bytes; each names the hash of the
one before, so the files form a chain from serial 1 (protocol section 2). The chain's rules are
in `keyring`; here is one file.

Life: a keyring lasts 400 days at most; from 60 days before its end it is `expiring`; for 60 days
after, `expired`: reports are still taken, because the duty to take them stands; then `closed`.
A handler's key with no `to` lasts as long as the keyring and is due for renewal after 12 months.

Reasons of `KeyringError`, one file: those of `strictjson`, and `version` · `dates` in the wrong
order, or a life over 400 days · `duplicate` an id or a key stands there twice · `public_key` or
`key` a key that may not be used.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from whistle.crypto import strictjson
from whistle.crypto.age import PublicKey
from whistle.crypto.signing import check_public
from whistle.crypto.strictjson import Fields
from whistle.errors import KeyringError, SealError, SignatureError

VERSION = 1
FILE_BYTES_MAX = 256 * 1024
LIFE_DAYS_MAX = 400
WARNING_DAYS = 60
GRACE_DAYS = 60
HANDLER_KEY_MONTHS = 12
ROLES = ("handler", "deputy", "investigator")
READING_ROLES = ("handler", "deputy")  # an investigator is let into single cases by `access`
ENROLLED_MIN = 2  # persons that it takes to open a channel
_RESERVED_IDS = ("reporter", "service")


@dataclass(frozen=True)
class HandlerKey:
    """One handler's public keys, and where and how long they count."""

    id: str
    person: str
    name: str
    role_text: str
    age: PublicKey
    sign: bytes
    valid_from: dt.date
    valid_to: dt.date | None
    channels: Mapping[str, str]

    def valid_on(self, on: dt.date) -> bool:
        """Say whether the key counts on a date, both ends included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def age_sha256(self) -> bytes:
        """The hash of the raw 1 216-byte public key, as entries name it."""
        return hashlib.sha256(self.age.raw).digest()

    @property
    def renew_on(self) -> dt.date:
        """The day by which the key should be replaced: twelve months after it began."""
        try:
            return self.valid_from.replace(year=self.valid_from.year + 1)
        except ValueError:  # 29 February
            return self.valid_from.replace(year=self.valid_from.year + 1, month=3, day=1)


@dataclass(frozen=True)
class ServiceKey:
    """A key with which the server signs its own lines."""

    sign: bytes
    valid_from: dt.date
    valid_to: dt.date | None

    def valid_on(self, on: dt.date) -> bool:
        """Say whether the key counts on a date, both ends included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a share of the recovery key."""

    person: str
    name: str


@dataclass(frozen=True)
class Recovery:
    """The recovery key, whose private half *k* of the *holders* together can restore."""

    age: PublicKey
    k: int
    holders: tuple[Holder, ...]

    @property
    def age_sha256(self) -> bytes:
        """The hash of the raw 1 216-byte public key, as entries name it."""
        return hashlib.sha256(self.age.raw).digest()


@dataclass(frozen=True)
class Keyring:
    """One keyring file, read. `sha256` is the hash of its exact bytes."""

    sha256: bytes
    org: str
    serial: int
    previous: bytes | None
    issued_on: dt.date
    expires_on: dt.date
    next_root: bytes | None
    service: tuple[ServiceKey, ...]
    recovery: Recovery | None
    handlers: tuple[HandlerKey, ...]

    def handler(self, handler_id: str) -> HandlerKey | None:
        """Return the handler with that id, or None."""
        return next((h for h in self.handlers if h.id == handler_id), None)

    def readers(self, channel: str, on: dt.date) -> tuple[HandlerKey, ...]:
        """Return who reads a channel's reports from the start: handlers and deputies."""
        return tuple(
            h for h in self.handlers if h.channels.get(channel) in READING_ROLES and h.valid_on(on)
        )

    def persons(self, channel: str, on: dt.date) -> frozenset[str]:
        """Return the persons who read a channel's reports; two of them open it (section 5)."""
        return frozenset(one.person for one in self.readers(channel, on))

    def appointed(self, channel: str, on: dt.date) -> tuple[HandlerKey, ...]:
        """Return who has a place in a channel, whatever the role: investigators too."""
        return tuple(h for h in self.handlers if channel in h.channels and h.valid_on(on))

    def channels(self) -> tuple[str, ...]:
        """Return the channels that somebody is appointed to, sorted."""
        return tuple(sorted({channel for h in self.handlers for channel in h.channels}))

    def state(self, on: dt.date) -> str:
        """Return `good`, `expiring`, `expired` or `closed`."""
        if on > self.expires_on + dt.timedelta(days=GRACE_DAYS):
            return "closed"
        if on > self.expires_on:
            return "expired"
        if on > self.expires_on - dt.timedelta(days=WARNING_DAYS):
            return "expiring"
        return "good"

    @property
    def stanza_count_extra(self) -> int:
        """How many stanzas `case.age` has beside the readers': reporter, and recovery if any."""
        return 1 if self.recovery is None else 2


def parse(file: bytes) -> Keyring:
    """Return the keyring in *file*; signatures and chain are not looked at.

    Raises:
        KeyringError: with a reason of this module's list.
    """
    fields = Fields(strictjson.parse(file, FILE_BYTES_MAX, KeyringError), KeyringError)
    if fields.number("v") != VERSION:
        raise KeyringError("version")
    keyring = Keyring(
        sha256=hashlib.sha256(file).digest(),
        org=fields.text("org"),
        serial=fields.number("serial", 1),
        previous=None if fields.absent("previous") else fields.binary("previous", 32),
        issued_on=fields.date("issued_on"),
        expires_on=fields.date("expires_on"),
        next_root=None if fields.absent("next_root") else _sign(fields, "next_root"),
        service=tuple(_service(inner) for inner in fields.inners("service")),
        recovery=None if fields.absent("recovery") else _recovery(fields.inner("recovery")),
        handlers=tuple(_handler(inner) for inner in fields.inners("handlers")),
    )
    fields.end()
    life = keyring.expires_on - keyring.issued_on
    if not 0 <= life.days <= LIFE_DAYS_MAX:
        raise KeyringError("dates")
    _refuse_duplicates(keyring)
    return keyring


def _handler(fields: Fields) -> HandlerKey:
    """Read one handler."""
    handler = HandlerKey(
        id=fields.id("id"),
        person=fields.id("person"),
        name=fields.text("name"),
        role_text=fields.text("role_text"),
        age=_age(fields),
        sign=_sign(fields, "sign"),
        valid_from=fields.date("from"),
        valid_to=_to(fields),
        channels=_channels(fields.inner("channels")),
    )
    fields.end()
    if handler.id in _RESERVED_IDS:
        raise KeyringError("value")
    _check_dates(handler)
    return handler


def _service(fields: Fields) -> ServiceKey:
    """Read one of the server's keys."""
    key = ServiceKey(_sign(fields, "sign"), fields.date("from"), _to(fields))
    fields.end()
    _check_dates(key)
    return key


def _recovery(fields: Fields) -> Recovery:
    """Read the recovery key."""
    holders = []
    key, k = _age(fields), fields.number("k", 1)
    for inner in fields.inners("holders"):
        holders.append(Holder(inner.id("person"), inner.text("name")))
        inner.end()
    fields.end()
    if k > len(holders):
        raise KeyringError("value")
    return Recovery(key, k, tuple(holders))


def _channels(fields: Fields) -> dict[str, str]:
    """Read a handler's channels and roles; a channel's name has the form of an id."""
    names = Fields({"names": list(fields.names())}, KeyringError).ids("names")
    return {name: fields.one_of(name, ROLES) for name in names}


def _age(fields: Fields) -> PublicKey:
    """Read an age public key."""
    text = fields.take("age")
    try:
        return PublicKey.parse(text if isinstance(text, str) else "")
    except SealError as error:
        raise KeyringError("public_key") from error


def _sign(fields: Fields, key: str) -> bytes:
    """Read a signing key, and refuse one on which implementations could differ."""
    public = fields.binary(key, 32)
    try:
        check_public(public)
    except SignatureError as error:
        raise KeyringError("key") from error
    return public


def _to(fields: Fields) -> dt.date | None:
    """Read the end of a validity."""
    return None if fields.absent("to") else fields.date("to")


def _check_dates(key: HandlerKey | ServiceKey) -> None:
    """Refuse a validity that ends before it begins."""
    if key.valid_to is not None and key.valid_to < key.valid_from:
        raise KeyringError("dates")


def _refuse_duplicates(keyring: Keyring) -> None:
    """Refuse one id or one key for two."""
    recovery = [] if keyring.recovery is None else [keyring.recovery.age.raw]
    for values in (
        [h.id for h in keyring.handlers],
        [h.age.raw for h in keyring.handlers] + recovery,
        [h.sign for h in keyring.handlers] + [s.sign for s in keyring.service],
    ):
        if len(set(values)) != len(values):
            raise KeyringError("duplicate")
