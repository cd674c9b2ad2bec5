"""The receipt code: 15 random bytes that are all a reporter needs to come back.

    24 symbols of five bits, big-endian, in Crockford's alphabet, and one check symbol over
    GF(32), shown as XXXXX-XXXXX-XXXXX-XXXXX-XXXXX (protocol section 1).

Reading is lenient: case, spaces, dashes and invisible characters do not matter; O is 0, I and L
are 1. The check symbol finds every single wrong symbol and every swap of two; it tells *that*
something is wrong, never where. 120 bits need no slow derivation.

Reasons of `ReceiptError`, in the order they are looked for: `length` not 25 symbols · `symbol` one
that no code has · `check` something is mistyped.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from whistle.crypto.age import PrivateKey
from whistle.crypto.signing import SigningKey, derive
from whistle.errors import ReceiptError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RAW_BYTES = 15
SYMBOLS = 25
_SALT = b"whistle/receipt/v1"
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


@dataclass(frozen=True, repr=False)
class Receipt:
    """A receipt code, and what is derived from it at each visit and kept nowhere."""

    raw: bytes

    def __post_init__(self) -> None:
        """Refuse another length than 15 bytes."""
        if len(self.raw) != RAW_BYTES:
            raise ReceiptError("length")

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> Self:
        """Return a new code from 15 bytes of *random*."""
        return cls(random(RAW_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code that somebody typed.

        Raises:
            ReceiptError: reason `length`, `symbol` or `check`.
        """
        symbols = text.translate(_READ)
        if len(symbols) != SYMBOLS:
            raise ReceiptError("length")
        values = [ALPHABET.find(symbol) for symbol in symbols]
        if -1 in values:
            raise ReceiptError("symbol")
        if _check(values[:-1]) != values[-1]:
            raise ReceiptError("check")
        number = 0
        for value in values[:-1]:
            number = number << 5 | value
        return cls(number.to_bytes(RAW_BYTES, "big"))

    def __str__(self) -> str:
        number = int.from_bytes(self.raw, "big")
        values = [number >> shift & 31 for shift in range(115, -1, -5)]
        symbols = "".join(ALPHABET[value] for value in [*values, _check(values)])
        return "-".join(symbols[i : i + 5] for i in range(0, SYMBOLS, 5))

    def __repr__(self) -> str:
        return "Receipt(…)"  # a traceback or a log line must not carry the code

    @property
    def private_key(self) -> PrivateKey:
        """The reporter's private key."""
        return PrivateKey(derive(self.raw, _SALT, b"age-identity"))

    @property
    def mailbox_token(self) -> bytes:
        """The 32 bytes that open the mailbox: the only thing of the code a server is shown."""
        return derive(self.raw, _SALT, b"mailbox-token")

    @property
    def signing_key(self) -> SigningKey:
        """The reporter's signing key."""
        return SigningKey(derive(self.raw, _SALT, b"sign-ed25519"))

    @property
    def mailbox_id(self) -> bytes:
        """The 32 bytes under which the server finds the mailbox."""
        return mailbox_id(self.mailbox_token)


def mailbox_id(token: bytes) -> bytes:
    """Return the mailbox id of a token; the server keeps only this (protocol section 1)."""
    return hashlib.sha256(b"whistle/mailbox/v1" + token).digest()


def _check(values: list[int]) -> int:
    """Return the check symbol: Horner's scheme at alpha over GF(32)."""
    total = 0
    for value in values:
        total = (total ^ value) << 1
        if total & 32:
            total ^= _POLYNOMIAL
    return total
