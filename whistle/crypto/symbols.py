"""Symbols that people write down and type: Crockford's alphabet, groups of five, a check symbol.

Reading is lenient: case, spaces, dashes and invisible characters do not matter; O is 0, I and L
are 1. The check symbol is Horner's scheme at alpha over GF(32): among up to 31 symbols it finds
every single wrong one and every swap of two (protocol section 1).
"""

from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5
_POLYNOMIAL = 0x25  # x^5 + x^2 + 1
_IGNORED = (
    "\t\n\v\f\r \u0085\u00a0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"  # white space, as Unicode counts it
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # invisible, as pasting brings them along
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"  # dashes
)
_READ = (
    dict.fromkeys(map(ord, _IGNORED))
    | {ord(c.lower()): c for c in ALPHABET}
    | dict.fromkeys(map(ord, "Oo"), "0")
    | dict.fromkeys(map(ord, "IiLl"), "1")
)


def read(text: str) -> list[int]:
    """Return the value of each symbol that was typed, -1 for a character that is none."""
    return [ALPHABET.find(symbol) for symbol in text.translate(_READ)]


def write(values: Sequence[int]) -> str:
    """Return symbols in groups of five, joined by dashes."""
    symbols = "".join(ALPHABET[value] for value in values)
    return "-".join(symbols[i : i + GROUP] for i in range(0, len(symbols), GROUP))


def from_bytes(data: bytes) -> list[int]:
    """Return the values of *data*, big-endian; its length in bits must be a multiple of five."""
    number = int.from_bytes(data, "big")
    return [number >> shift & 31 for shift in range(8 * len(data) - 5, -1, -5)]


def to_bytes(values: Sequence[int]) -> bytes:
    """Return the bytes that `from_bytes` made these values of."""
    number = 0
    for value in values:
        number = number << 5 | value
    return number.to_bytes(len(values) * 5 // 8, "big")


def check(values: Sequence[int], start: int = 0) -> int:
    """Return the check symbol's value. Another *start* (0 to 31) makes it another sort of line."""
    total = start
    for value in values:
        total = (total ^ value) << 1
        if total & 32:
            total ^= _POLYNOMIAL
    return total
