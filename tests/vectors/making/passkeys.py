"""What follows from a passkey's 32 bytes, and key files that they open or do not."""

from typing import Any

from tests.vectors.making.fixed import Fixed
from whistle.crypto import passkey
from whistle.crypto.age import PrivateKey


def vectors() -> dict[str, Any]:
    """Return the input, three derivations, and key files with what they hold."""
    secrets = [bytes(32), bytes(range(32)), Fixed("prf")(32)]
    private_key = PrivateKey.generate(Fixed("anna"))
    sealed = passkey.seal_key_file(private_key, secrets[2], random=Fixed("passkey file"))
    other = passkey.seal_key_file(private_key, secrets[1], random=Fixed("other file"))
    return {
        "prf_input": passkey.PRF_INPUT.hex(),
        "identities": [_identity(one) for one in secrets],
        "key_files": [
            {
                "comment": "a person's private key, sealed to one passkey",
                "prf": secrets[2].hex(),
                "sealed": sealed.hex(),
                "private_key": str(private_key),
            },
            {
                "comment": "sealed to another passkey",
                "prf": secrets[2].hex(),
                "sealed": other.hex(),
                "reason": "no_match",
            },
            {
                "comment": "one byte was changed",
                "prf": secrets[2].hex(),
                "sealed": (sealed[:-1] + bytes([sealed[-1] ^ 1])).hex(),
                "reason": "damaged",
            },
            {
                "comment": "31 bytes are no secret",
                "prf": secrets[2][:31].hex(),
                "sealed": sealed.hex(),
                "reason": "prf",
            },
        ],
    }


def _identity(secret: bytes) -> dict[str, str]:
    key = passkey.identity(secret)
    return {"prf": secret.hex(), "age_private": str(key), "age_public": str(key.public_key)}
