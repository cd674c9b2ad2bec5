"""A case's keys, sealed anew once the recovery key has opened them (protocol sections 3 and 10).

To whom is computed from the verified thread and keyrings, never chosen by who recovers: the
handlers that `chain.readers` gives, the reporter, and the recovery key in force, unless the report
left recovery out or somebody left out now holds a share. So a new handler's key waits its days
here too, and nobody who was left out is let in.
"""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from whistle.crypto import chain
from whistle.crypto.access import Access
from whistle.crypto.age import PrivateKey, PublicKey
from whistle.crypto.chain import VerifiedEntry
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.filing import seal_case_keys
from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain, Recovery
from whistle.errors import FilingError, KeyringError


@dataclass(frozen=True)
class Resealed:
    """A case's keys for its readers of today: `case.age`, and `desk.age` where there is one."""

    handlers: tuple[HandlerKey, ...]
    case_age: bytes
    desk_age: bytes | None


def member(recovery: Recovery) -> dict[str, Any]:
    """Return the recovery key as the keyring file writes it (protocol section 2)."""
    return {
        "age": str(recovery.age),
        "k": recovery.k,
        "holders": [{"person": one.person, "name": one.name} for one in recovery.holders],
    }


def check_key(key: PrivateKey, keyrings: KeyringChain) -> int:
    """Return the serial of the last keyring that names this recovery key.

    Raises:
        KeyringError: reason `recovery`: no keyring does.
    """
    for link in reversed(keyrings.links):
        recovery = link.keyring.recovery
        if recovery is not None and recovery.age == key.public_key:
            return link.keyring.serial
    raise KeyringError("recovery")


def reseal(
    case: Sequence[VerifiedEntry],
    case_keys: Sequence[PrivateKey],
    desk_keys: Sequence[PrivateKey],
    keyrings: KeyringChain,
    on: dt.date,
    *,
    random: Callable[[int], bytes] = os.urandom,
) -> Resealed:
    """Return a case's keys, sealed to its readers of today.

    Only keys that the verified thread names are kept. *desk_keys* are empty where there is no
    `desk.age`.

    Raises:
        FilingError: reason `no_readers`: no handler in force may read this case.
    """
    head = case[0].head
    handlers = chain.readers(case, keyrings, on)
    if not handlers:
        raise FilingError("no_readers")
    keyring = keyrings.effective(on)
    access = Access.of(entry.head for entry in case)
    recovery = _recovery(head["recovery"], access.left_out, keyring, keyrings)
    to = [one.age for one in handlers] + ([] if recovery is None else [recovery.age])
    places = len(keyring.readers(head["channel"], on)) + keyring.stanza_count_extra - 1
    kept = [key for key in case_keys if key.public_key.raw in access.keys]
    reporter = PublicKey.from_bytes(b64u_decode(head["reporter_age"]))
    return Resealed(
        handlers,
        _seal(kept, [*to, reporter], places + 1, random),
        _seal(desk_keys, to, places, random) if desk_keys else None,
    )


def _recovery(
    named: str | None, left_out: AbstractSet[str], keyring: Keyring, keyrings: KeyringChain
) -> Recovery | None:
    """Return the recovery key in force, if this case is sealed to one."""
    if named is None or keyring.recovery is None:
        return None
    persons = {
        h.person for link in keyrings.links for h in link.keyring.handlers if h.id in left_out
    }
    return None if persons & {one.person for one in keyring.recovery.holders} else keyring.recovery


def _seal(
    keys: Sequence[PrivateKey],
    to: Sequence[PublicKey],
    places: int,
    random: Callable[[int], bytes],
) -> bytes:
    """Seal keys to at least as many stanzas as a new report of the channel has."""
    return seal_case_keys(keys, to, count=max(places, len(to)), random=random)
