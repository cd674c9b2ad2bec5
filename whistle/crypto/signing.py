"""Ed25519, read strictly: one signature, one verdict, whoever checks it.

RFC 8032 leaves room where libraries differ, and a thread that one reader accepts and another
refuses would be a weapon. So a public key must be the canonical form of a point in the prime-order
group (no small order, no part of small order), S must be under the group's order, and R must be
exactly the bytes that the check computes (no cofactor). `tests/vectors/ed25519.json` holds the
edges for every implementation.

Reasons of `SignatureError`: `key` may not be used · `signature` does not verify.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from whistle.errors import SignatureError

KEY_BYTES = 32
SIGNATURE_BYTES = 64

_P = 2**255 - 19  # the field (RFC 8032 section 5.1)
_L = 2**252 + 27742317777372353535851937790883648493  # the order of the base point
_D = -121665 * pow(121666, -1, _P) % _P
_Point = tuple[int, int, int, int]  # extended homogeneous coordinates X, Y, Z, T
_NEUTRAL: _Point = (0, 1, 1, 0)


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A private signing key: one 32-byte seed."""

    seed: bytes

    def __post_init__(self) -> None:
        """Refuse a seed of another length."""
        if len(self.seed) != KEY_BYTES:
            raise SignatureError("key")

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> Self:
        """Return a new key from 32 bytes of *random*."""
        return cls(random(KEY_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key of a 32-byte seed. Raises `SignatureError` (`key`)."""
        return cls(bytes(seed))

    def __repr__(self) -> str:
        return "SigningKey(…)"  # a traceback or a log line must not carry the seed

    @property
    def public(self) -> bytes:
        """The 32-byte public key."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of *message*; the same each time (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def handler_signing_key(seed: bytes) -> SigningKey:
    """Return a handler's signing key, from the 32-byte age seed (protocol section 1)."""
    return SigningKey(derive(seed, b"whistle/handler/v1", b"sign-ed25519"))


def derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes of HKDF-SHA256 (RFC 5869)."""
    key = hmac.digest(salt, secret, hashlib.sha256)
    return hmac.digest(key, info + b"\x01", hashlib.sha256)


def check_public(public: bytes) -> None:
    """Refuse a public key on which implementations could differ.

    Raises:
        SignatureError: reason `key`.
    """
    point = _decode(public)
    if point is None or _is_neutral(_times(8, point)) or not _is_neutral(_times(_L, point)):
        raise SignatureError("key")


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Check a 64-byte signature under a 32-byte public key.

    Raises:
        SignatureError: reason `key` or `signature`.
    """
    check_public(public)
    try:
        # OpenSSL computes R and compares bytes: canonical R, no cofactor, S under the order.
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature as error:
        raise SignatureError("signature") from error


def _decode(public: bytes) -> _Point | None:
    """Return the point of a canonical encoding, or None (RFC 8032 section 5.1.3)."""
    number = int.from_bytes(public, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(public) != KEY_BYTES or y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == -u % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _add(one: _Point, two: _Point) -> _Point:
    """Return the sum of two points (RFC 8032 section 5.1.4)."""
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: _Point) -> _Point:
    """Return a point added to itself; public points only, so not in constant time."""
    total = _NEUTRAL
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total


def _is_neutral(point: _Point) -> bool:
    """Say whether a point is the group's neutral element."""
    return point[0] == 0 and point[1] == point[2]
