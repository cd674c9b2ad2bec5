"""Whole age files: a header of stanzas, a nonce, and a STREAM of chunks."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from whistle.crypto.age import scrypt, stream
from whistle.crypto.age.header import Header, Stanza, read_header
from whistle.errors import NotForMeError, SealError

FILE_KEY_BYTES = 16


class Identity(Protocol):
    """age's word for what opens a file: a private key, or a passphrase."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key; None if no stanza is for it; raise if one is malformed."""


@dataclass(frozen=True)
class Shape:
    """What a sealed object shows to anybody, without a key. Sizes in bytes."""

    stanza_types: tuple[str, ...]
    header_size: int
    plaintext_size: int


def decrypt(file: BinaryIO, identities: Sequence[Identity]) -> Iterator[bytes]:
    """Read the header at once; return an iterator over the plaintext's chunks.

    Raises:
        NotForMeError: reason `no_match`.
        SealError: reason `header`, `hmac`, or (while iterating) `payload`.
    """
    header = read_header(file)
    file_key = _unwrap(header, identities)
    header.verify(file_key)
    nonce = file.read(stream.NONCE_BYTES)
    if len(nonce) != stream.NONCE_BYTES:
        raise SealError("header")
    return stream.decrypt(file, file_key, nonce)


def shape(sealed: bytes) -> Shape:
    """Return what *sealed* shows without a key.

    Raises:
        SealError: reason `header`, or `size` if no plaintext gives that many bytes.
    """
    header = read_header(io.BytesIO(sealed))
    size = stream.plaintext_size(len(sealed) - header.size - stream.NONCE_BYTES)
    return Shape(tuple(stanza.kind for stanza in header.stanzas), header.size, size)


def _unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    """Return the file key by the first identity that has a stanza."""
    if len(header.stanzas) > 1 and any(s.kind == scrypt.KIND for s in header.stanzas):
        raise SealError("header")  # a passphrase's stanza stands alone, or proves nothing
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            return file_key
    raise NotForMeError("no_match")
