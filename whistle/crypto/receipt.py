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

from whistle.crypto import symbols
from whistle.crypto.age import PrivateKey
from whistle.crypto.signing import SigningKey, derive
from whistle.crypto.symbols import ALPHABET
from whistle.errors import ReceiptError

__all__ = ["ALPHABET", "RAW_BYTES", "SYMBOLS", "Receipt", "mailbox_id"]

RAW_BYTES = 15
SYMBOLS = 25
_SALT = b"whistle/receipt/v1"


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
        values = symbols.read(text)
        if len(values) != SYMBOLS:
            raise ReceiptError("length")
        if -1 in values:
            raise ReceiptError("symbol")
        if symbols.check(values[:-1]) != values[-1]:
            raise ReceiptError("check")
        return cls(symbols.to_bytes(values[:-1]))

    def __str__(self) -> str:
        values = symbols.from_bytes(self.raw)
        return symbols.write([*values, symbols.check(values)])

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
