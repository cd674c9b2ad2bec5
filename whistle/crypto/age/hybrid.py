"""The post-quantum keys `age1pq1…`: ML-KEM-768 and X25519 together, by HPKE.

Both must be broken to open what was sealed. A private key is one 32-byte seed, from which SHAKE256
makes the two halves (HPKE's KEM 0x647a, MLKEM768-X25519). The encapsulation's own randomness
comes from the `cryptography` library; it takes none from outside.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from whistle.crypto.age.encoding import base64_decode, base64_encode, bech32_decode, bech32_encode
from whistle.crypto.age.header import Stanza
from whistle.errors import SealError

KIND = "mlkem768x25519"
PUBLIC_KEY_BYTES = 1216  # 1184 of ML-KEM-768, 32 of X25519
SEED_BYTES = 32
STANZA_BODY_BYTES = 32  # 16 of file key, 16 of tag
_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_CIPHERTEXT_BYTES = 1088
_ENCAPSULATED_BYTES = _MLKEM_CIPHERTEXT_BYTES + 32
_INFO = b"age-encryption.org/mlkem768x25519"
_PUBLIC_PREFIX = "age1pq"
_PRIVATE_PREFIX = "AGE-SECRET-KEY-PQ-"


@dataclass(frozen=True)
class PublicKey:
    """What anybody may know, and seal to. Text `age1pq1…`, 1 959 characters; 1 216 raw bytes."""

    raw: bytes
    _read: hpke.MLKEM768X25519PublicKey = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what is no key, so that a key that exists can always be sealed to."""
        if len(self.raw) != PUBLIC_KEY_BYTES:
            raise SealError("public_key")
        try:
            x25519 = X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC_BYTES:])
            # A low-order point would make the classic half of the secret a constant.
            _anybodys().exchange(x25519)
            mlkem = MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC_BYTES])
        except ValueError as error:
            raise SealError("public_key") from error
        # Read once: whoever checks a key mostly seals to it next.
        object.__setattr__(self, "_read", hpke.MLKEM768X25519PublicKey(mlkem, x25519))

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Return the key of 1 216 raw bytes. Raises `SealError` (`public_key`)."""
        return cls(bytes(raw))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key written as `age1pq1…`. Raises `SealError` (`public_key`)."""
        return cls(_bech32(text, _PUBLIC_PREFIX, "public_key"))

    def __str__(self) -> str:
        return bech32_encode(_PUBLIC_PREFIX, self.raw)

    def __bytes__(self) -> bytes:
        return self.raw

    def wrap(self, file_key: bytes) -> Stanza:
        """Return a stanza that gives *file_key* to the holder of the private key."""
        sealed = encapsulate(self, file_key)
        share = base64_encode(sealed[:_ENCAPSULATED_BYTES])
        return Stanza(KIND, (share,), sealed[_ENCAPSULATED_BYTES:])


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """The secret half: one 32-byte seed. Text `AGE-SECRET-KEY-PQ-1…`, 77 characters."""

    seed: bytes

    def __post_init__(self) -> None:
        """Refuse a seed of another length."""
        if len(self.seed) != SEED_BYTES:
            raise SealError("private_key")

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> Self:
        """Return a new key from 32 bytes of *random*."""
        return cls(random(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key of a 32-byte seed. Raises `SealError` (`private_key`)."""
        return cls(bytes(seed))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key written as `AGE-SECRET-KEY-PQ-1…`. Raises `SealError` (`private_key`)."""
        return cls(_bech32(text, _PRIVATE_PREFIX, "private_key"))

    def __str__(self) -> str:
        return bech32_encode(_PRIVATE_PREFIX.lower(), self.seed).upper()

    def __repr__(self) -> str:
        return "PrivateKey(…)"  # a traceback or a log line must not carry the seed

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        mlkem, x25519 = _halves(self.seed)
        return PublicKey(
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first stanza that is for this key, or None.

        Raises:
            SealError: reason `header`: a stanza of this type is malformed.
        """
        mine = [stanza for stanza in stanzas if stanza.kind == KIND]
        shares = [_share(stanza) for stanza in mine]
        if not mine:
            return None
        mlkem, x25519 = _halves(self.seed)
        private = hpke.MLKEM768X25519PrivateKey(mlkem, x25519)
        for share, stanza in zip(shares, mine, strict=True):
            try:
                return _suite().decrypt(share + stanza.body, private, info=_INFO)
            except InvalidTag:
                _refuse_low_order(x25519, share[_MLKEM_CIPHERTEXT_BYTES:])
        return None


def encapsulate(public_key: PublicKey, file_key: bytes) -> bytes:
    """Return HPKE's 1 120-byte share and the sealed 32 bytes of a 16-byte *file_key*."""
    read = public_key._read  # noqa: SLF001 - of this very module
    return _suite().encrypt(file_key, read, info=_INFO)


@cache
def _anybodys() -> X25519PrivateKey:
    """Return a private key that everybody knows, to try public ones with."""
    return X25519PrivateKey.from_private_bytes(b"\x01" * 32)


@cache
def _suite() -> hpke.Suite:
    """Return the HPKE suite of the age format."""
    return hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Return the two private keys that a seed stands for."""
    expanded = hashlib.shake_256(seed).digest(96)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def _share(stanza: Stanza) -> bytes:
    """Return a stanza's encapsulated share, its shape checked."""
    try:
        (text,) = stanza.args
        share = base64_decode(text)
    except ValueError as error:
        raise SealError("header") from error
    # The body's size is checked before opening, so that no stanza can hold a longer file key.
    if len(share) != _ENCAPSULATED_BYTES or len(stanza.body) != STANZA_BODY_BYTES:
        raise SealError("header")
    return share


def _refuse_low_order(private: X25519PrivateKey, point: bytes) -> None:
    """Tell a hostile share apart from one for somebody else: HPKE gives one error for both."""
    try:
        private.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise SealError("header") from error


def _bech32(text: str, prefix: str, reason: str) -> bytes:
    """Return the bytes of a key's text under exactly this prefix."""
    try:
        found, raw = bech32_decode(text)
    except ValueError as error:
        raise SealError(reason) from error
    if found != prefix:
        raise SealError(reason)
    return raw
