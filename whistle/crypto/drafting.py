"""The next keyring as it is drafted, before anybody signs: content in, exact bytes out.

A draft is checked only for what one file can tell (`keyring_file.parse`); whether it follows the
last one is `keyring.verify_chain`'s to say. What it changes is told in words by `changes`.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.crypto import strictjson
from whistle.crypto.age import PublicKey
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import HandlerKey, Keyring, ServiceKey, parse
from whistle.crypto.keyring_file import FILE_BYTES_MAX, LIFE_DAYS_MAX, VERSION
from whistle.crypto.phrase import fingerprint
from whistle.errors import KeyringError

KINDS = ("added", "keys", "name", "channels", "validity", "removed")
"""What can happen to a handler from one keyring to the next, the weightiest first."""


@dataclass(frozen=True)
class Change:
    """One line of what a draft changes: what, whose, and the words to compare by voice."""

    what: str
    id: str
    name: str
    fingerprint: tuple[str, ...] = ()
    before: Mapping[str, str] | None = None
    now: Mapping[str, str] | None = None


def first(org: str, issued: dt.date, days: int = LIFE_DAYS_MAX) -> dict[str, Any]:
    """Return the content of a first keyring without anybody in it (protocol section 2)."""
    return {
        "v": VERSION,
        "org": org,
        "serial": 1,
        "previous": None,
        "issued_on": issued.isoformat(),
        "expires_on": (issued + dt.timedelta(days=days)).isoformat(),
        "next_root": None,
        "service": [],
        "recovery": None,
        "handlers": [],
    }


def following(last: bytes, issued: dt.date, days: int = LIFE_DAYS_MAX) -> dict[str, Any]:
    """Return the content of the keyring after *last* (its exact bytes), with the same people."""
    before = strictjson.parse(last, FILE_BYTES_MAX, KeyringError)
    content = first("", issued, days)
    content |= {key: before[key] for key in ("org", "recovery", "handlers", "service")}
    return content | {"serial": before["serial"] + 1, "previous": b64u(parse(last).sha256)}


def handler_member(
    name_id: str, name: str, role_text: str, keys: tuple[bytes, bytes], since: dt.date
) -> dict[str, Any]:
    """Return a handler as the keyring writes one, without channels.

    Args:
        name_id: the id, and the person's.
        name: as reporters will know the person.
        role_text: the role in words.
        keys: the raw age public key (1 216 bytes) and the signing key (32).
        since: the first day of validity.
    """
    return {
        "id": name_id,
        "person": name_id,
        "name": name,
        "role_text": role_text,
        "age": str(PublicKey.from_bytes(keys[0])),
        "sign": b64u(keys[1]),
        "from": since.isoformat(),
        "to": None,
        "channels": {},
    }


def service_member(sign: bytes, since: dt.date) -> dict[str, Any]:
    """Return a service key as the keyring writes one."""
    return {"sign": b64u(sign), "from": since.isoformat(), "to": None}


def write(content: Mapping[str, Any]) -> bytes:
    """Return the exact bytes to sign.

    Raises:
        KeyringError: the content is no keyring (`keyring_file`'s reasons).
    """
    file = strictjson.write(content)
    parse(file)
    return file


def changes(new: Keyring, old: Keyring | None) -> list[Change]:
    """Tell what *new* changes against *old*, handler by handler, then the other keys."""
    found = []
    for handler in new.handlers:
        was = None if old is None else old.handler(handler.id)
        what = "added" if was is None else _difference(handler, was)
        if what:
            found.append(
                Change(
                    what,
                    handler.id,
                    handler.name,
                    tuple(fingerprint(handler.age.raw, handler.sign)),
                    None if was is None else was.channels,
                    handler.channels,
                )
            )
    found += [
        Change("removed", was.id, was.name, before=was.channels)
        for was in (() if old is None else old.handlers)
        if new.handler(was.id) is None
    ]
    found.sort(key=lambda one: KINDS.index(one.what))
    return found + _others(new, old)


def _difference(handler: HandlerKey, was: HandlerKey) -> str:
    if (handler.age, handler.sign) != (was.age, was.sign):
        return "keys"
    if (handler.person, handler.name, handler.role_text) != (was.person, was.name, was.role_text):
        return "name"
    if dict(handler.channels) != dict(was.channels):
        return "channels"
    same = (handler.valid_from, handler.valid_to) == (was.valid_from, was.valid_to)
    return "" if same else "validity"


def _others(new: Keyring, old: Keyring | None) -> list[Change]:
    """Recovery key, service keys, root: what touches everybody."""
    found = []
    recovery = None if old is None else old.recovery
    if new.recovery != recovery:
        gone = new.recovery is None
        names = "" if new.recovery is None else ", ".join(one.name for one in new.recovery.holders)
        found.append(Change("recovery_gone" if gone else "recovery", "recovery", names))
    known = _signs(() if old is None else old.service)
    if _signs(new.service) - known:
        found.append(Change("service", "service", ""))
    if known - _signs(new.service):
        found.append(Change("service_gone", "service", ""))
    if new.next_root is not None:
        found.append(Change("next_root", "root", ""))
    return found


def _signs(keys: Sequence[ServiceKey]) -> set[bytes]:
    return {key.sign for key in keys}
