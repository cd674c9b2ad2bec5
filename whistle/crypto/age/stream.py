"""STREAM: the payload in chunks of 64 KiB, each under ChaCha20-Poly1305, in constant memory.

The nonce is an 11-byte counter and a byte that is 1 on the last chunk only, so that cutting,
swapping and appending show. Plaintext is handed out chunk by chunk *before* the end is seen:
what was released is only whole once the iterator ends without an error.
"""

from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from whistle.errors import SealError

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
NONCE_BYTES = 16


class Encrypter:
    """Encrypts a payload piece by piece."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = _cipher(file_key, nonce)
        self._counter = 0
        self._held = bytearray()

    def update(self, data: bytes) -> bytes:
        """Take more plaintext; return the chunks that are certainly not the last."""
        self._held += data
        out = bytearray()
        # The last chunk may be full, so one full chunk is always held back.
        whole = max(len(self._held) - 1, 0) // CHUNK_BYTES * CHUNK_BYTES
        with memoryview(self._held) as held:
            for start in range(0, whole, CHUNK_BYTES):
                out += self._chunk(held[start : start + CHUNK_BYTES], last=False)
        del self._held[:whole]
        return bytes(out)

    def finish(self) -> bytes:
        """Return the last chunk."""
        return self._chunk(self._held, last=True)

    def _chunk(self, plaintext: memoryview | bytearray, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._counter, last=last), plaintext, None)
        self._counter += 1
        return sealed


def decrypt(file: BinaryIO, file_key: bytes, nonce: bytes) -> Iterator[bytes]:
    """Yield the plaintext of the chunks in *file*, up to its end.

    Raises:
        SealError: reason `payload`: changed, cut, swapped, or with something after its end.
    """
    cipher = _cipher(file_key, nonce)
    counter = 0
    chunk = _read(file, CHUNK_BYTES + TAG_BYTES)
    while True:
        ahead = _read(file, CHUNK_BYTES + TAG_BYTES) if len(chunk) > CHUNK_BYTES else b""
        plaintext, last = _open(cipher, counter, chunk)
        if not plaintext and counter:
            raise SealError("payload")  # the last chunk is empty only if the whole payload is
        yield plaintext
        if last == bool(ahead):
            raise SealError("payload")  # it goes on after its end, or ends before it
        if last:
            return
        chunk = ahead
        counter += 1


def _open(cipher: ChaCha20Poly1305, counter: int, chunk: bytes) -> tuple[bytes, bool]:
    """Return a chunk's plaintext, and whether it says that it is the last.

    The chunk itself says so, not the end of the file: the format's test kit wants a whole chunk
    released before the error that follows it.
    """
    for last in (False, True) if len(chunk) == CHUNK_BYTES + TAG_BYTES else (True,):
        try:
            return cipher.decrypt(_nonce(counter, last=last), chunk, None), last
        except InvalidTag:
            continue
    raise SealError("payload")


def plaintext_size(payload_size: int) -> int:
    """Return how many bytes of plaintext a payload (nonce not counted) of that size holds.

    Raises:
        SealError: reason `size`: no payload has that size.
    """
    chunks, rest = divmod(payload_size, CHUNK_BYTES + TAG_BYTES)
    if rest:
        chunks += 1
    if chunks == 0 or 0 < rest < TAG_BYTES or (rest == TAG_BYTES and chunks > 1):
        raise SealError("size")
    return payload_size - chunks * TAG_BYTES


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    """Return the cipher for a payload."""
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=nonce, info=b"payload").derive(file_key))


def _nonce(counter: int, *, last: bool) -> bytes:
    """Return a chunk's 12-byte nonce."""
    return counter.to_bytes(11, "big") + bytes([last])


def _read(file: BinaryIO, size: int) -> bytes:
    """Read *size* bytes, fewer only at the end of the file."""
    parts = []
    while size:
        part = file.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
