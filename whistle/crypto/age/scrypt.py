"""A file under a passphrase: scrypt, alone in its file, as the format demands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from whistle.crypto.age.encoding import base64_decode, base64_encode
from whistle.crypto.age.header import Stanza
from whistle.errors import SealError

KIND = "scrypt"
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_SALT_BYTES = 16
_LOG_N = re.compile(r"[1-9][0-9]?")


@dataclass(frozen=True, repr=False)
class Passphrase:
    """A passphrase, and the most work (log2 of scrypt's N) it may cost to try it."""

    text: str
    max_log_n: int

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key if the file's one stanza is for this passphrase, or None.

        Raises:
            SealError: reason `header`: the stanza is malformed, or asks for too much work.
        """
        for stanza in [stanza for stanza in stanzas if stanza.kind == KIND]:
            salt, log_n = _parse(stanza, self.max_log_n)
            try:
                return _cipher(self.text, salt, log_n).decrypt(bytes(12), stanza.body, None)
            except InvalidTag:
                continue
        return None


def wrap(file_key: bytes, passphrase: str, log_n: int, random: Callable[[int], bytes]) -> Stanza:
    """Return the stanza that gives *file_key* to whoever knows the passphrase."""
    salt = random(_SALT_BYTES)
    body = _cipher(passphrase, salt, log_n).encrypt(bytes(12), file_key, None)
    return Stanza(KIND, (base64_encode(salt), str(log_n)), body)


def _parse(stanza: Stanza, max_log_n: int) -> tuple[bytes, int]:
    """Return salt and work factor of a stanza."""
    try:
        text, work = stanza.args
        salt = base64_decode(text)
    except ValueError as error:
        raise SealError("header") from error
    if len(salt) != _SALT_BYTES or len(stanza.body) != 32 or not _LOG_N.fullmatch(work):
        raise SealError("header")
    if int(work) > max_log_n:
        raise SealError("header")
    return salt, int(work)


def _cipher(passphrase: str, salt: bytes, log_n: int) -> ChaCha20Poly1305:
    """Return the cipher that a passphrase makes."""
    kdf = Scrypt(salt=_SALT_LABEL + salt, length=32, n=1 << log_n, r=8, p=1)
    return ChaCha20Poly1305(kdf.derive(passphrase.encode()))
