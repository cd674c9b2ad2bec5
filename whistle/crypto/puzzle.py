r"""A price in work (protocol section 6): a number that takes long to find and one hash to check.

    prefix = H("whistle/price/v1\0" ‖ H(subject) ‖ u64 at)
    paid   = leading zero bits of H(prefix ‖ u64 number)

`subject` says what exactly is tried, so that one payment buys one try and the same try twice buys
nothing; `at` is the server's time in seconds, so that nobody works ahead. Nothing is kept of it.
"""

from dataclasses import dataclass
from hashlib import sha256

_LABEL = b"whistle/price/v1\0"
NUMBER_MAX = 2**53 - 1
"""Scripts have no larger whole numbers."""
FIRST_BITS = 12
MOST_BITS = 20
"""The lowest price and the highest, which a slow telephone pays in a minute."""
LASTS = 600
AHEAD = 60
"""Seconds that a payment holds, and by how much its time may be ahead of our clock."""


@dataclass(frozen=True)
class Paid:
    """What somebody found: a number, for the second that the server named."""

    at: int
    number: int


def subject(purpose: str, *parts: str) -> bytes:
    """What is tried: a purpose and its parts, none of which can be taken for another."""
    digests = b"".join(sha256(one.encode()).digest() for one in parts)
    return purpose.encode() + b"\0" + digests


def bits(tried: bytes, paid: Paid) -> int:
    """How much was paid for a try, in bits: each one more is twice the work."""
    prefix = _prefix(tried, paid.at)
    found = int.from_bytes(sha256(prefix + paid.number.to_bytes(8)).digest())
    return 256 - found.bit_length()


def price_of(times: int) -> int:
    """What a try costs, in bits, when `times` as many came as are free: twice as much, one more."""
    return min(FIRST_BITS + times.bit_length() - 1, MOST_BITS) if times > 0 else 0


def pays(paid: Paid | None, tried: bytes, price: int, now: float) -> bool:
    """Whether a payment is enough, for this try, and of now (seconds)."""
    if paid is None or not -AHEAD <= now - paid.at <= LASTS:
        return False
    return bits(tried, paid) >= price


def solve(tried: bytes, at: int, price: int) -> Paid:
    """Find a number that pays the price; takes about 2^price hashes."""
    prefix = _prefix(tried, at)
    limit = 1 << (256 - price)
    number = 0
    while int.from_bytes(sha256(prefix + number.to_bytes(8)).digest()) >= limit:
        number += 1
    return Paid(at, number)


def _prefix(tried: bytes, at: int) -> bytes:
    return sha256(_LABEL + sha256(tried).digest() + at.to_bytes(8)).digest()
