"""What an entry must say by its kind, beside what its head must hold (protocol section 3).

Entry 1 is sealed to readers whom its keyring names; entry 2 of a case, and no other, confirms entry
1; a system line holds a code, dates, numbers and hashes only, so that the server can never put
words to anybody.

Reasons of `ThreadError`: those of `strictjson`, and `readers`, `role`, `received`, `clear_differs`,
`system_params` as `chain` explains them.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from whistle.crypto import strictjson
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import Keyring, KeyringChain
from whistle.crypto.padding import ENTRY_SIZES
from whistle.errors import KeyringError, ThreadError

ERASABLE = frozenset({"message", "meeting", "meeting_offer", "note"})
"""What may be erased before its case: never the report, a decision, a consent, a change of readers
or a system line. Of what is gone only the clear column says its kind: a handler who lies in a
signed `removed`, and the server with them, could pass off another."""
BODY_BYTES_MAX = ENTRY_SIZES[-1]
_PARAM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[A-Za-z0-9_-]{43}")


def check_readers(head: Mapping[str, Any], keyring: Keyring) -> None:
    """Refuse an entry 1 that was sealed to others than its keyring names."""
    for reader in head["readers"]:
        handler = keyring.handler(reader["id"])
        if (
            handler is None
            or b64u(handler.age_sha256) != reader["sha256"]
            or head["channel"] not in handler.channels
            or reader["id"] in head["left_out"]
        ):
            raise ThreadError("readers")
    recovery = None if keyring.recovery is None else b64u(keyring.recovery.age_sha256)
    if head["recovery"] not in (None, recovery):
        raise ThreadError("readers")


def check_role(role: str, head: Mapping[str, Any]) -> None:
    """Refuse an investigator who writes to the reporter, or decides (Directive Art. 8(6)).

    They read, write notes, and leave.
    """
    leaves = head["kind"] == "access" and head["reason"] == "recused"
    if role == "investigator" and head["kind"] not in ("desk", "note") and not leaves:
        raise ThreadError("role")


def check_system(kind: str, body: bytes) -> Mapping[str, Any]:
    """Return a system line's params; refuse one that says more than it may."""
    line = strictjson.Fields(strictjson.parse(body, BODY_BYTES_MAX, ThreadError), ThreadError)
    code, params = line.take("code"), line.take("params")
    line.end()
    if code != kind or not isinstance(params, dict):
        raise ThreadError("system_params")
    for value in params.values():
        if type(value) is not int and not (isinstance(value, str) and _PARAM.fullmatch(value)):
            raise ThreadError("system_params")
    return params


def check_received(params: Mapping[str, Any], entry1_sha256: bytes, on: dt.date) -> None:
    """Refuse a confirmation of another report, or of another day."""
    if params.get("entry1_sha256") != b64u(entry1_sha256):
        raise ThreadError("received")
    if params.get("received_on") != on.isoformat():
        raise ThreadError("clear_differs")


def is_current(keyring: Keyring, keyrings: KeyringChain, on: dt.date) -> bool:
    """Say whether a keyring was in force on a day or the day before: a form may be open then."""
    for day in (on, on - dt.timedelta(days=1)):
        try:
            if keyrings.effective(day) == keyring:
                return True
        except KeyringError:
            continue
    return False
