"""age v1, in the part of it that Whistle uses: post-quantum keys only, and passphrases.

`seal` and `open_sealed` for what fits in memory, `Sealer` and `open_stream` for what does not.
Nothing here says who sealed an object: anybody can, to a public key. That is what the signature
within is for (protocol section 3).

Reasons of `SealError`: `header`, `hmac`, `payload`, `armor`, `size`, `public_key`, `private_key`,
`no_keys`, `work`; of `NotForMeError`: `no_match`.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from whistle.crypto.age import scrypt, stream
from whistle.crypto.age.file import FILE_KEY_BYTES, Shape, decrypt, shape
from whistle.crypto.age.header import HEADER_BYTES_MAX, write_header
from whistle.crypto.age.hybrid import KIND, PUBLIC_KEY_BYTES, SEED_BYTES, PrivateKey, PublicKey
from whistle.errors import SealError

__all__ = [
    "HEADER_BYTES_MAX",
    "KIND",
    "PUBLIC_KEY_BYTES",
    "SEED_BYTES",
    "PrivateKey",
    "PublicKey",
    "Sealer",
    "Shape",
    "open_sealed",
    "open_stream",
    "open_with_passphrase",
    "seal",
    "seal_with_passphrase",
    "shape",
]


class Sealer:
    """Seals a stream to *public_keys* in constant memory: `header`, then `update`s, then `finish`.

    Raises:
        SealError: reason `no_keys`: nobody could ever open it.
    """

    def __init__(
        self, public_keys: Sequence[PublicKey], *, random: Callable[[int], bytes] = os.urandom
    ) -> None:
        if not public_keys:
            raise SealError("no_keys")
        file_key, nonce = random(FILE_KEY_BYTES), random(stream.NONCE_BYTES)
        self.header = write_header([key.wrap(file_key) for key in public_keys], file_key) + nonce
        self._payload = stream.Encrypter(file_key, nonce)

    def update(self, plaintext: bytes) -> bytes:
        """Take more plaintext; return what can be written already, perhaps nothing."""
        return self._payload.update(plaintext)

    def finish(self) -> bytes:
        """Return the last bytes. Without them the object cannot be opened."""
        return self._payload.finish()


def seal(
    plaintext: bytes,
    public_keys: Sequence[PublicKey],
    *,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return *plaintext* sealed to every one of *public_keys*, stanzas in that order.

    *random* gives the file key and the nonce; the encapsulation draws from the library's own.

    Raises:
        SealError: reason `no_keys`.
    """
    sealer = Sealer(public_keys, random=random)
    return sealer.header + sealer.update(plaintext) + sealer.finish()


def open_sealed(sealed: bytes, private_keys: Sequence[PrivateKey]) -> bytes:
    """Return the plaintext of *sealed*, whole or not at all.

    Raises:
        NotForMeError: none of *private_keys* opens it.
        SealError: reason `header`, `hmac` or `payload`.
    """
    return b"".join(decrypt(io.BytesIO(sealed), private_keys))


def open_stream(file: BinaryIO, private_keys: Sequence[PrivateKey]) -> Iterator[bytes]:
    """Yield the plaintext of a sealed stream; whole only once the iterator ends without error.

    Raises:
        NotForMeError: none of *private_keys* opens it.
        SealError: reason `header`, `hmac` or `payload`.
    """
    return decrypt(file, private_keys)


def seal_with_passphrase(
    plaintext: bytes,
    passphrase: str,
    *,
    log_n: int = 16,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return *plaintext* under a passphrase, with 2^*log_n* of scrypt's work."""
    file_key, nonce = random(FILE_KEY_BYTES), random(stream.NONCE_BYTES)
    header = write_header([scrypt.wrap(file_key, passphrase, log_n, random)], file_key)
    payload = stream.Encrypter(file_key, nonce)
    return header + nonce + payload.update(plaintext) + payload.finish()


def open_with_passphrase(sealed: bytes, passphrase: str, max_log_n: int = 20) -> bytes:
    """Return the plaintext of a file under a passphrase.

    Raises:
        NotForMeError: another passphrase, or not a file under a passphrase.
        SealError: `header` (also: more work than 2^*max_log_n* asked for), `hmac` or `payload`.
    """
    return b"".join(decrypt(io.BytesIO(sealed), [scrypt.Passphrase(passphrase, max_log_n)]))
