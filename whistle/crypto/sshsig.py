"""OpenSSH signatures (SSHSIG) with plain Ed25519 keys: what `ssh-keygen -Y sign` and `verify` use.

Everything in such a signature but its last 64 bytes follows from key and namespace, so checking
means building it again and comparing: there is no parser to fool. Only SHA-512, which is what
`ssh-keygen` takes by itself.

Reasons of `SignatureError`: `armor` not such a signature · `signature` of another key, namespace
or message · `key` not an Ed25519 key, or one that may not be used · `passphrase` wrong or missing.
"""

import base64
import hashlib

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from whistle.crypto.signing import SIGNATURE_BYTES, SigningKey, check_public
from whistle.crypto.signing import verify as verify_ed25519
from whistle.errors import SignatureError

_TYPE = b"ssh-ed25519"
_MAGIC = b"SSHSIG"
_HASH = b"sha512"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_END = "-----END SSH SIGNATURE-----"
_COLUMNS = 70  # as ssh-keygen writes it


def sign(key: SigningKey, namespace: str, message: bytes) -> str:
    """Return the armoured signature of *message*, ended by a new line."""
    blob = _blob(key.public, namespace) + key.sign(_signed(namespace, message))
    text = base64.b64encode(blob).decode("ascii")
    lines = [text[i : i + _COLUMNS] for i in range(0, len(text), _COLUMNS)]
    return "".join(line + "\n" for line in [_BEGIN, *lines, _END])


def verify(public: bytes, namespace: str, message: bytes, armored: str) -> None:
    """Check an armoured signature of *message* by *public* (32 bytes) in *namespace*.

    Raises:
        SignatureError: reason `armor`, `signature` or `key`.
    """
    blob = _dearmor(armored)
    head, signature = blob[:-SIGNATURE_BYTES], blob[-SIGNATURE_BYTES:]
    if head != _blob(public, namespace):
        raise SignatureError("signature")
    verify_ed25519(public, signature, _signed(namespace, message))


def public_line(public: bytes, comment: str = "") -> str:
    """Return a public key as one line of an OpenSSH `.pub` file, without its end."""
    return f"ssh-ed25519 {base64.b64encode(_public(public)).decode('ascii')} {comment}".rstrip()


def parse_public_line(line: str) -> bytes:
    """Return the 32 bytes of a public key written as in an OpenSSH `.pub` file.

    Raises:
        SignatureError: reason `key`.
    """
    words = line.split(None, 2)
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, ValueError) as error:
        raise SignatureError("key") from error
    public = blob[-32:]
    if words[0] != "ssh-ed25519" or blob != _public(public):
        raise SignatureError("key")
    check_public(public)
    return public


def private_openssh(key: SigningKey) -> str:
    """Return a private key as an OpenSSH key file without a passphrase."""
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    return private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()


def read_private_openssh(text: str, passphrase: str | None = None) -> SigningKey:
    """Return the private key of an OpenSSH key file.

    Raises:
        SignatureError: reason `key` or `passphrase`.
    """
    try:
        private = load_ssh_private_key(text.encode(), passphrase.encode() if passphrase else None)
    except TypeError as error:  # a passphrase is needed and there is none, or the reverse
        raise SignatureError("passphrase") from error
    except UnsupportedAlgorithm as error:  # an encrypted file without the library for it
        raise SignatureError("passphrase") from error
    except ValueError as error:
        raise SignatureError("passphrase" if passphrase else "key") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SignatureError("key")
    return SigningKey(private.private_bytes_raw())


def _string(data: bytes) -> bytes:
    """Return an SSH string (RFC 4251 section 5)."""
    return len(data).to_bytes(4, "big") + data


def _public(public: bytes) -> bytes:
    """Return a public key as SSH writes it (RFC 8709 section 4)."""
    return _string(_TYPE) + _string(public)


def _signed(namespace: str, message: bytes) -> bytes:
    """Return the bytes that are signed (OpenSSH PROTOCOL.sshsig)."""
    digest = hashlib.sha512(message).digest()
    return _MAGIC + b"".join(map(_string, (namespace.encode(), b"", _HASH, digest)))


def _blob(public: bytes, namespace: str) -> bytes:
    """Return a signature's bytes without the last 64 (OpenSSH PROTOCOL.sshsig)."""
    version = (1).to_bytes(4, "big")
    fixed = b"".join(map(_string, (_public(public), namespace.encode(), b"", _HASH)))
    inner = _string(_TYPE) + SIGNATURE_BYTES.to_bytes(4, "big")
    return _MAGIC + version + fixed + (len(inner) + SIGNATURE_BYTES).to_bytes(4, "big") + inner


def _dearmor(armored: str) -> bytes:
    """Return the bytes within the armour."""
    lines = armored.strip().splitlines()
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:
        raise SignatureError("armor")
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except ValueError as error:
        raise SignatureError("armor") from error
