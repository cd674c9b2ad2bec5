"""The edges of Ed25519, where libraries differ: which keys and signatures must be refused."""

import hashlib
from collections.abc import Iterator
from typing import Any

from tests.vectors.making.fixed import Fixed
from whistle.crypto import signing
from whistle.crypto.signing import _L, _P, SigningKey, _add, _decode, _Point, _times

_BASE_Y = 4 * pow(5, -1, _P) % _P


def encode(point: _Point) -> bytes:
    """Return a point's canonical encoding (RFC 8032 section 5.1.2)."""
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def base() -> _Point:
    """Return the base point."""
    point = _decode(_BASE_Y.to_bytes(32, "little"))
    assert point is not None
    return point


def torsion() -> _Point:
    """Return a point of order 8: a point of the whole curve, times the prime order."""
    for y in range(2, 100):
        point = _decode(y.to_bytes(32, "little"))
        if point is not None:
            small = _times(_L, point)
            if encode(_times(4, small)) != encode((0, 1, 1, 0)):
                return small
    raise AssertionError


def keys() -> Iterator[tuple[str, bytes, str | None]]:
    """Yield public keys with a comment, and the reason they are refused for."""
    good = SigningKey.generate(Fixed("edge")).public
    yield "an ordinary key", good, None
    small = torsion()
    for i in range(8):
        yield f"small order, {i} times a point of order 8", encode(_times(i, small)), "key"
    for y in (0, 1, 3, 4, 5, 9, 10, 18):
        for sign in (0, 1):
            raw = ((_P + y) | sign << 255).to_bytes(32, "little")
            yield f"not canonical, y = p + {y}, sign {sign}", raw, "key"
    yield "x is zero with the sign set, y = 1", (1 | 1 << 255).to_bytes(32, "little"), "key"
    yield "x is zero with the sign set, y = -1", (_P - 1 | 1 << 255).to_bytes(32, "little"), "key"
    yield "not on the curve", (2).to_bytes(32, "little"), "key"
    point = _decode(good)
    assert point is not None
    for i in (1, 2, 4):
        mixed = encode(_add(point, _times(i, small)))
        yield f"an ordinary key and {i} times a point of order 8", mixed, "key"
    yield "one byte short", good[:-1], "key"
    yield "one byte long", good + b"\0", "key"


def signatures() -> Iterator[tuple[str, bytes, bytes, bytes, str | None]]:
    """Yield comment, public key, message, signature, and the reason for refusal."""
    key, message = SigningKey.generate(Fixed("edge")), b"Whistle"
    good = key.sign(message)
    r, s = good[:32], int.from_bytes(good[32:], "little")
    yield "an ordinary signature", key.public, message, good, None
    yield "of nothing", key.public, b"", key.sign(b""), None
    yield "of another message", key.public, b"whistle", good, "signature"
    yield "of another key", SigningKey.generate(Fixed("other")).public, message, good, "signature"
    yield "one byte short", key.public, message, good[:-1], "signature"
    yield "one byte long", key.public, message, good + b"\0", "signature"
    over = r + (s + _L).to_bytes(32, "little")
    yield "S plus the group's order: a second form", key.public, message, over, "signature"
    secret = _secret(key.seed)
    yield (
        "R has a part of small order: passes where the cofactor is multiplied in",
        key.public,
        message,
        _crafted(key.public, secret, message, _add(_times(77, base()), torsion()), 77),
        "signature",
    )
    yield (
        "R is the neutral point, written canonically: unusual and right",
        key.public,
        message,
        _crafted(key.public, secret, message, (0, 1, 1, 0), 0),
        None,
    )
    neutral = (_P + 1).to_bytes(32, "little")
    yield (
        "R is the neutral point, not written canonically",
        key.public,
        message,
        _crafted(key.public, secret, message, (0, 1, 1, 0), 0, written=neutral),
        "signature",
    )
    small = encode(torsion())
    yield "a key of small order, R the same, S zero", small, message, small + bytes(32), "key"
    point = _decode(key.public)
    assert point is not None
    mixed = encode(_add(point, torsion()))
    yield (
        "a key with a part of small order: passes where the cofactor is multiplied in",
        mixed,
        message,
        _crafted(mixed, secret, message, _times(77, base()), 77),
        "key",
    )


def vectors() -> dict[str, Any]:
    """Return all, each checked against our own verdict."""
    return {
        "keys": [
            {"comment": c, "public": raw.hex(), "reason": reason} for c, raw, reason in keys()
        ],
        "signatures": [
            {
                "comment": comment,
                "public": public.hex(),
                "message": message.hex(),
                "signature": signature.hex(),
                "reason": reason,
            }
            for comment, public, message, signature, reason in signatures()
        ],
    }


def _secret(seed: bytes) -> int:
    """Return the secret scalar of a seed (RFC 8032 section 5.1.5)."""
    number = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return number & ((1 << 254) - 8) | 1 << 254


def _crafted(
    public: bytes, secret: int, message: bytes, r: _Point, nonce: int, written: bytes | None = None
) -> bytes:
    """Return a signature with a chosen R = *nonce* times the base, and perhaps something more."""
    first = written or encode(r)
    digest = int.from_bytes(hashlib.sha512(first + public + message).digest(), "little")
    return first + ((nonce + digest * secret) % _L).to_bytes(signing.KEY_BYTES, "little")
