r"""The recovery key in shares: any *k* of *n* people together have it, fewer have nothing.

Shamir's sharing over GF(256) with AES's polynomial, byte by byte: share number x is f(x) of a
polynomial of degree k - 1 whose value at 0 is the secret (Shamir 1979; the layout of points is
that of draft-mcgrew-tss-03). Own code of some forty lines, because what the kept library
(shamir-mnemonic, SLIP-39) shares is a wallet's secret under a passphrase, in English words, in a
frame that has no place for the published hash below; its published vectors, and the draft's, are
held by the tests. No tables and no branches on secrets; Python itself promises no constant time,
so shares are made and joined on a machine of one's own.

On paper (protocol section 10):

    set(8) ‖ index(1) ‖ k(1) ‖ value(32) ‖ check(3)        45 bytes, three lines of fifteen

    check = the first 3 bytes of H("whistle/share-text/v1\0" ‖ the 42 bytes before it)

Each line is 24 symbols and a check symbol, in groups of five, as a receipt code is written; but
line 1, 2, 3 starts its check at 1, 2, 3, so that lines in another order, and receipt codes, are
found. A holder's drill compares H("whistle/share/v1\0" ‖ set ‖ index ‖ value), which is public.

Reasons of `ShareError`, one share: `length` not 75 symbols · `symbol` one that no share has ·
`line_1`, `line_2`, `line_3` something in that line is mistyped · `check` each line is right, but
they are not of one share · `value` an index or *k* of 0, or another size. Joining: `none` ·
`set` of different sets · `threshold` they do not agree on *k* · `duplicate` one share twice ·
`conflict` two shares with one number · `too_few` · `differ` more than *k*, which do not agree.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from whistle.crypto import symbols
from whistle.errors import ShareError

SECRET_BYTES = 32
SET_BYTES = 8
SHARES_MAX = 255
LINES = 3
_LINE_SYMBOLS = 25
_CHECK_BYTES = 3
_LABEL = b"whistle/share/v1\0"
_TEXT_LABEL = b"whistle/share-text/v1\0"
_POLYNOMIAL = 0x11B  # x^8 + x^4 + x^3 + x + 1 (FIPS 197 section 4.2)


@dataclass(frozen=True, repr=False)
class Share:
    """One holder's share: number *index* (from 1) of a set of which *k* join to the secret."""

    set_id: bytes
    index: int
    k: int
    value: bytes

    def __post_init__(self) -> None:
        """Refuse sizes and numbers that no share has."""
        if len(self.set_id) != SET_BYTES or len(self.value) != SECRET_BYTES:
            raise ShareError("value")
        if not (0 < self.index <= SHARES_MAX and 0 < self.k <= SHARES_MAX):
            raise ShareError("value")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the share that somebody typed: three lines, or all in one.

        Raises:
            ShareError: with a reason of this module's first list.
        """
        values = symbols.read(text)
        if len(values) != LINES * _LINE_SYMBOLS:
            raise ShareError("length")
        if -1 in values:
            raise ShareError("symbol")
        data = b""
        for number in range(LINES):
            *line, check = values[number * _LINE_SYMBOLS : (number + 1) * _LINE_SYMBOLS]
            if symbols.check(line, number + 1) != check:
                raise ShareError(f"line_{number + 1}")
            data += symbols.to_bytes(line)
        plain, check_bytes = data[:-_CHECK_BYTES], data[-_CHECK_BYTES:]
        if _text_check(plain) != check_bytes:
            raise ShareError("check")
        numbers = plain[SET_BYTES : SET_BYTES + 2]
        return cls(plain[:SET_BYTES], numbers[0], numbers[1], plain[SET_BYTES + 2 :])

    def __str__(self) -> str:
        plain = self.set_id + bytes([self.index, self.k]) + self.value
        values = symbols.from_bytes(plain + _text_check(plain))
        size = _LINE_SYMBOLS - 1
        lines = [values[i : i + size] for i in range(0, len(values), size)]
        return "\n".join(
            symbols.write([*line, symbols.check(line, number)])
            for number, line in enumerate(lines, start=1)
        )

    def __repr__(self) -> str:
        return f"Share(set_id={self.set_id.hex()!r}, index={self.index}, k={self.k}, …)"

    @property
    def sha256(self) -> bytes:
        """The published hash with which a holder checks the share (protocol section 10)."""
        return hashlib.sha256(_LABEL + self.set_id + bytes([self.index]) + self.value).digest()


def split(
    secret: bytes, k: int, n: int, *, random: Callable[[int], bytes] = os.urandom
) -> tuple[Share, ...]:
    """Return *n* shares of a 32-byte secret, any *k* of which join to it.

    Raises:
        ShareError: reason `value`: not 32 bytes, or not 1 <= k <= n <= 255.
    """
    if len(secret) != SECRET_BYTES or not 0 < k <= n <= SHARES_MAX:
        raise ShareError("value")
    set_id = random(SET_BYTES)
    polynomial = [secret, *(random(SECRET_BYTES) for _ in range(k - 1))]
    return tuple(Share(set_id, x, k, _evaluate(polynomial, x)) for x in range(1, n + 1))


def join(shares: Iterable[Share]) -> bytes:
    """Return the secret of at least *k* shares of one set.

    More than *k* must agree with each other. Exactly *k* always join to something: whether it is
    the right key shows when its public key is compared.

    Raises:
        ShareError: with a reason of this module's second list.
    """
    given = list(shares)
    if not given:
        raise ShareError("none")
    k = given[0].k
    if any(share.set_id != given[0].set_id for share in given):
        raise ShareError("set")
    if any(share.k != k for share in given):
        raise ShareError("threshold")
    points: dict[int, bytes] = {}
    for share in given:
        if share.index in points:
            raise ShareError("duplicate" if points[share.index] == share.value else "conflict")
        points[share.index] = share.value
    if len(points) < k:
        raise ShareError("too_few")
    first = dict(list(points.items())[:k])
    if any(interpolate(first, x) != value for x, value in points.items()):
        raise ShareError("differ")
    return interpolate(first, 0)


def interpolate(points: Mapping[int, bytes], at: int) -> bytes:
    """Return f(*at*) of the polynomials of least degree through *points* (Lagrange).

    All values have one length; the numbers are 0 to 255.
    """
    size = len(next(iter(points.values())))
    total = bytes(size)
    for x, value in points.items():
        weight = 1
        for other in points:
            if other != x:
                weight = multiply(weight, multiply(at ^ other, invert(x ^ other)))
        total = bytes(a ^ multiply(b, weight) for a, b in zip(total, value, strict=True))
    return total


def multiply(a: int, b: int) -> int:
    """Return the product of two elements of GF(256)."""
    product = 0
    for bit in range(8):
        product ^= -(b >> bit & 1) & a << bit
    for bit in range(14, 7, -1):
        product ^= -(product >> bit & 1) & _POLYNOMIAL << bit - 8
    return product


def invert(a: int) -> int:
    """Return the inverse of an element of GF(256), its 254th power; of 0, which has none, 0."""
    power = a
    for _ in range(6):  # 254 = 11111110 in binary
        power = multiply(multiply(power, power), a)
    return multiply(power, power)


def _evaluate(polynomial: Sequence[bytes], x: int) -> bytes:
    """Return the polynomials' values at *x*, the constant terms first (Horner)."""
    total = bytes(SECRET_BYTES)
    for coefficients in reversed(polynomial):
        total = bytes(multiply(a, x) ^ b for a, b in zip(total, coefficients, strict=True))
    return total


def _text_check(plain: bytes) -> bytes:
    """Return the three bytes that hold a share's lines together."""
    return hashlib.sha256(_TEXT_LABEL + plain).digest()[:_CHECK_BYTES]
