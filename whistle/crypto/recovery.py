"""A case's keys, sealed anew once the recovery key has opened them (protocol sections 3 and 10).

To whom is computed from the verified thread and keyrings, never chosen by who recovers, and by the
same code as every other change (`resealing`). So a new handler's key waits its days here too,
nobody who was left out or taken out is let in, nor a recovery key of which they hold a share.
"""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.crypto.access import Access
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import VerifiedEntry
from whistle.crypto.keyring import HandlerKey, KeyringChain, Recovery
from whistle.crypto.resealing import Sealing
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
    access = Access.of(entry.head for entry in case)
    handlers = access.sealed_to(case[0].head["channel"], keyrings, on)
    if not handlers:
        raise FilingError("no_readers")
    sealing = Sealing(case, access, keyrings, on, random)
    kept = [key for key in case_keys if key.public_key.raw in access.keys]
    desk_age = sealing.desk_age(desk_keys) if desk_keys else None
    return Resealed(handlers, sealing.case_age(kept), desk_age)
