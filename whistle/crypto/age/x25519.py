"""The classic keys `age1…`, read only: Whistle never seals to them.

They are here because the public test kit of the format speaks of them, and whoever opens a
file of somebody else's with `whistle open` may hold one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from whistle.crypto.age.encoding import base64_decode, bech32_decode
from whistle.crypto.age.header import Stanza
from whistle.errors import SealError

KIND = "X25519"
_INFO = b"age-encryption.org/v1/X25519"
_PREFIX = "AGE-SECRET-KEY-"


@dataclass(frozen=True, repr=False)
class ClassicPrivateKey:
    """A private key written `AGE-SECRET-KEY-1…`: 32 raw bytes."""

    raw: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key of its text. Raises `SealError` (`private_key`)."""
        try:
            prefix, raw = bech32_decode(text)
        except ValueError as error:
            raise SealError("private_key") from error
        if prefix != _PREFIX or len(raw) != 32:
            raise SealError("private_key")
        return cls(raw)

    def __repr__(self) -> str:
        return "ClassicPrivateKey(…)"

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key from the first stanza that is for this key, or None.

        Raises:
            SealError: reason `header`: a stanza of this type is malformed.
        """
        private = X25519PrivateKey.from_private_bytes(self.raw)
        public = private.public_key().public_bytes_raw()
        for stanza in [stanza for stanza in stanzas if stanza.kind == KIND]:
            share = _share(stanza)
            try:
                shared = private.exchange(X25519PublicKey.from_public_bytes(share))
            except ValueError as error:  # a low-order point
                raise SealError("header") from error
            key = HKDF(SHA256(), 32, salt=share + public, info=_INFO).derive(shared)
            try:
                return ChaCha20Poly1305(key).decrypt(bytes(12), stanza.body, None)
            except InvalidTag:
                continue
        return None


def _share(stanza: Stanza) -> bytes:
    """Return a stanza's 32-byte share, its shape checked."""
    try:
        (text,) = stanza.args
        share = base64_decode(text)
    except ValueError as error:
        raise SealError("header") from error
    if len(share) != 32 or len(stanza.body) != 32:
        raise SealError("header")
    return share
