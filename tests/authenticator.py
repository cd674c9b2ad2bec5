"""An authenticator in software: makes and uses a passkey as a browser would hand it on."""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256

from whistle.crypto.encoding import b64u
from whistle.services.entrance.passkeys import Made
from whistle.services.entrance.webauthn import Assertion

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Passkey:
    """One passkey; `counts` tells whether the authenticator counts its uses."""

    host: str = "localhost"
    origin: str = "https://localhost"
    counts: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    flags: int = PRESENT | VERIFIED

    def __post_init__(self) -> None:
        """Make its keys."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._secret = os.urandom(32)

    def secret(self, prf: bytes) -> bytes:
        """The 32 bytes that it makes of an input."""
        return hmac.digest(self._secret, prf, hashlib.sha256)

    def client_data(self, kind: str, challenge: bytes, **other: object) -> bytes:
        """What the browser says that was asked for."""
        said = {"type": kind, "challenge": b64u(challenge), "origin": self.origin, **other}
        return json.dumps(said).encode()

    def made(self, challenge: bytes, key_file: bytes, name: str = "Blue") -> Made:
        """Being made."""
        public = cbor.encode(_cose(self._key.public_key()))
        attested = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return Made(name, self.client_data("webauthn.create", challenge), attestation, key_file)

    def answer(self, challenge: bytes, **other: object) -> Assertion:
        """Being used."""
        self.count += self.counts
        data = self._data()
        said = self.client_data("webauthn.get", challenge, **other)
        signed = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        return Assertion(self.id, said, data, signed)

    def _data(self, flags: int = 0) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([self.flags | flags]) + self.count.to_bytes(4)


def _cose(key: ec.EllipticCurvePublicKey) -> ES256:
    made: ES256 = ES256.from_cryptography_key(key)  # type: ignore[no-untyped-call] # the library's
    return made
