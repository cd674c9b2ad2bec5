"""The text header of an age file: stanzas and a message authentication code.

Reads exactly what the format allows and nothing else, so that one header has one spelling.
A header over 128 KiB is refused before it is read (protocol section 3): a hostile file with
hundreds of stanzas would cost its readers seconds.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from whistle.crypto.age.encoding import base64_decode, base64_encode
from whistle.errors import SealError

HEADER_BYTES_MAX = 128 * 1024
VERSION_LINE = b"age-encryption.org/v1\n"
_WORD = re.compile(r"[!-~]+")  # an argument: printable ASCII without the space
_COLUMNS = 64  # a body line of exactly this many characters is followed by another


@dataclass(frozen=True)
class Stanza:
    """One way to the file key: its type, its arguments, and a body."""

    kind: str
    args: tuple[str, ...]
    body: bytes

    def encode(self) -> bytes:
        """Return the stanza's lines."""
        body = base64_encode(self.body)
        lines = [" ".join(["->", self.kind, *self.args])]
        lines += [body[i : i + _COLUMNS] for i in range(0, len(body) + 1, _COLUMNS)]
        return "".join(line + "\n" for line in lines).encode("ascii")


@dataclass(frozen=True)
class Header:
    """A parsed header: its stanzas, its code, the bytes the code covers, and its size in bytes."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    covered: bytes
    size: int

    def verify(self, file_key: bytes) -> None:
        """Check the code under *file_key* (16 bytes).

        Raises:
            SealError: reason `hmac`.
        """
        if not hmac.compare_digest(_mac(file_key, self.covered), self.mac):
            raise SealError("hmac")


def write_header(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """Return the header over *stanzas*, authenticated with *file_key* (16 bytes)."""
    covered = VERSION_LINE + b"".join(stanza.encode() for stanza in stanzas) + b"---"
    return covered + b" " + base64_encode(_mac(file_key, covered)).encode("ascii") + b"\n"


def read_header(file: BinaryIO) -> Header:
    """Read a header from *file* and leave it at the first byte after.

    Raises:
        SealError: reason `header`, whatever is wrong with it.
    """
    try:
        return _read(_Lines(file))
    except ValueError as error:
        raise SealError("header") from error


class _Lines:
    """Lines of a file, kept, and counted against the limit."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.read = b""

    def next(self) -> bytes:
        """Return the next line without its end; `ValueError` when there is no whole one."""
        line = self._file.readline(HEADER_BYTES_MAX - len(self.read))
        if not line.endswith(b"\n"):
            raise ValueError("no whole line within the limit")
        self.read += line
        return line[:-1]


def _read(lines: _Lines) -> Header:
    """Read version line, stanzas and code."""
    if lines.next() + b"\n" != VERSION_LINE:
        raise ValueError("another version, or not an age file")
    stanzas: list[Stanza] = []
    while True:
        before = len(lines.read)
        line = lines.next()
        if line.startswith(b"---"):
            break
        stanzas.append(_read_stanza(line, lines))
    if not stanzas or not line.startswith(b"--- "):
        raise ValueError("no stanza, or no code")
    mac = base64_decode(line[4:].decode("ascii"))
    if len(mac) != 32:
        raise ValueError("the code has another length")
    return Header(tuple(stanzas), mac, lines.read[: before + 3], len(lines.read))


def _read_stanza(line: bytes, lines: _Lines) -> Stanza:
    """Read the stanza that begins with *line*."""
    start, *words = line.decode("ascii").split(" ")
    if start != "->" or not words:
        raise ValueError("not a stanza")
    if not all(_WORD.fullmatch(word) for word in words):
        raise ValueError("a foreign character in a stanza's argument")
    body = ""
    while True:
        part = lines.next().decode("ascii")
        if len(part) > _COLUMNS:
            raise ValueError("a long line")
        body += part
        if len(part) < _COLUMNS:
            return Stanza(words[0], tuple(words[1:]), base64_decode(body))


def _mac(file_key: bytes, covered: bytes) -> bytes:
    """Return the 32-byte code of a header."""
    key = HKDF(SHA256(), 32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, covered, "sha256")
