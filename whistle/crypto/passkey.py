"""A passkey as a key: what its PRF output opens (protocol section 6).

A browser asks an authenticator for 32 bytes that only it can make (WebAuthn's PRF extension) with
the one input `PRF_INPUT`. They are the secret of an age identity, and a person's private key lies
in an age file for that identity. Servers see the file and never the 32 bytes.
"""

import os
from collections.abc import Callable
from hashlib import sha256

from whistle.crypto.age import PrivateKey, open_sealed, seal
from whistle.crypto.signing import derive
from whistle.errors import SealError

PRF_INPUT = sha256(b"whistle/passkey-prf/v1\0").digest()
"""What the authenticator makes its 32 bytes from (`prf.eval.first`)."""
PRF_BYTES = 32
_SALT = b"whistle/passkey/v1"


def identity(prf_output: bytes) -> PrivateKey:
    """Return the private key that an authenticator's 32 bytes stand for.

    Raises:
        SealError: `prf`, they are not 32 bytes.
    """
    if len(prf_output) != PRF_BYTES:
        raise SealError("prf")
    return PrivateKey(derive(prf_output, _SALT, b"age-identity"))


def seal_key_file(
    private_key: PrivateKey, prf_output: bytes, *, random: Callable[[int], bytes] = os.urandom
) -> bytes:
    """Return a person's private key, sealed to a passkey."""
    public_key = identity(prf_output).public_key
    return seal(f"{private_key}\n".encode(), [public_key], random=random)


def open_key_file(sealed: bytes, prf_output: bytes) -> PrivateKey:
    """Return the private key in a passkey's key file.

    Raises:
        NotForMeError: it is sealed to another passkey.
        SealError: it is damaged, or holds no private key.
    """
    return PrivateKey.parse(open_sealed(sealed, [identity(prf_output)]).decode().strip())
