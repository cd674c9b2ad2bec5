"""Challenges for passkeys that the server can check without having kept them.

    challenge = u64 milliseconds ‖ 16 random bytes ‖ HMAC-SHA256(key, purpose ‖ 0 ‖ both), 16 bytes

A challenge is good for five minutes and for one purpose; that it is answered once is seen by the
passkey's own row (`passkeys.challenged_ms`), so a stranger who asks for many fills no table.
"""

import hashlib
import hmac
import os
from datetime import datetime, timedelta

from whistle.errors import SignInError

LASTS = timedelta(minutes=5)
TIME_BYTES = 8
RANDOM_BYTES = 16
MAC_BYTES = 16


def make(key: bytes, purpose: str, now: datetime) -> bytes:
    """A fresh challenge of 40 bytes."""
    said = _milliseconds(now).to_bytes(TIME_BYTES) + os.urandom(RANDOM_BYTES)
    return said + _mac(key, purpose, said)


def check(key: bytes, purpose: str, challenge: bytes, now: datetime) -> int:
    """The millisecond at which a challenge of this server for this purpose was made.

    Raises:
        SignInError: it is not ours, for something else, or too old.
    """
    said, mac = challenge[:-MAC_BYTES], challenge[-MAC_BYTES:]
    ours = len(challenge) == TIME_BYTES + RANDOM_BYTES + MAC_BYTES
    if not ours or not hmac.compare_digest(mac, _mac(key, purpose, said)):
        raise SignInError("sign_in")
    made = int.from_bytes(said[:TIME_BYTES])
    if not 0 <= _milliseconds(now) - made <= LASTS / timedelta(milliseconds=1):
        raise SignInError("sign_in")
    return made


def is_ahead(made: int, now: datetime) -> bool:
    """Whether a challenge was made at a time that was ahead of the present."""
    return made - _milliseconds(now) > LASTS / timedelta(milliseconds=1)


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)


def _mac(key: bytes, purpose: str, said: bytes) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + said, hashlib.sha256)[:MAC_BYTES]
