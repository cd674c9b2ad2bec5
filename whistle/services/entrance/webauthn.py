"""What a browser says of a passkey, checked by the rules of WebAuthn (W3C, level 3).

User verification (a finger, a face, a PIN) is required, the origin must be the desk's own to the
letter, and no attestation is asked for: which make of authenticator somebody has is not our matter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fido2 import cbor
from fido2.cose import ES256, RS256, CoseKey, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
    UserVerificationRequirement,
)

from whistle.errors import SignInError

T = TypeVar("T")
ALGORITHMS = tuple(int(one.ALGORITHM) for one in (ES256, EdDSA, RS256))
"""What authenticators sign with, by COSE number: Windows Hello may have nothing but the last."""


@dataclass(frozen=True)
class Assertion:
    """What an authenticator says when somebody signs in with it."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes


@dataclass(frozen=True)
class Credential:
    """What an authenticator says of a passkey that it has just made."""

    id: bytes
    public_key: bytes
    sign_count: int


def host_for_passkeys(origin: str) -> str | None:
    """The host name that passkeys of this origin are bound to, or None: it can have none.

    Browsers bind passkeys to a domain: an IP address is none, and on an onion address a passkey
    would be tied to a name that only Tor Browser reaches, which has no passkeys.
    """
    host = urlsplit(origin).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return None if not host or host.endswith(".onion") else host
    return None


def challenge_in(client_data: bytes) -> bytes:
    """The challenge that a browser answered, on a page of the desk itself.

    Raises:
        SignInError: these bytes are none of a browser's, or it was in a frame of another site.
    """

    def work() -> bytes:
        said = CollectedClientData(client_data)
        if said.cross_origin:
            raise SignInError("sign_in")
        return said.challenge

    return _checked(work)


def registered(origin: str, challenge: bytes, client_data: bytes, attestation: bytes) -> Credential:
    """The passkey that was made for this origin and challenge.

    Raises:
        SignInError: it was not, nobody was verified, or it signs in a way that we do not check.
    """

    def work() -> Credential:
        made = _server(origin).register_complete(
            _state(challenge),
            {
                "id": websafe_encode(b"\0"),
                "rawId": websafe_encode(b"\0"),
                "response": {
                    "clientDataJSON": websafe_encode(client_data),
                    "attestationObject": websafe_encode(attestation),
                },
            },
        )
        data = made.credential_data
        if data is None or data.public_key.ALGORITHM not in ALGORITHMS:
            raise SignInError("sign_in")
        return Credential(data.credential_id, cbor.encode(data.public_key), made.counter)

    return _checked(work)


def verify(origin: str, challenge: bytes, assertion: Assertion, public_key: bytes) -> int:
    """Check an assertion; return the authenticator's count.

    Raises:
        SignInError: it is not this passkey's for this origin and challenge, or nobody was verified.
    """

    def work() -> int:
        credential = AttestedCredentialData.create(
            bytes(16), assertion.credential_id, CoseKey.parse(_cose(public_key))
        )
        _server(origin).authenticate_complete(
            _state(challenge),
            [credential],
            {
                "id": websafe_encode(assertion.credential_id),
                "rawId": websafe_encode(assertion.credential_id),
                "response": {
                    "clientDataJSON": websafe_encode(assertion.client_data),
                    "authenticatorData": websafe_encode(assertion.authenticator_data),
                    "signature": websafe_encode(assertion.signature),
                },
            },
        )
        return AuthenticatorData(assertion.authenticator_data).counter

    return _checked(work)


def _cose(public_key: bytes) -> Mapping[int, Any]:
    read: Mapping[int, Any] = cbor.decode(public_key)  # type: ignore[assignment] # we encoded it
    return read


def _server(origin: str) -> Fido2Server:
    host = host_for_passkeys(origin)
    if host is None:
        raise SignInError("sign_in")
    party = PublicKeyCredentialRpEntity(name=host, id=host)
    return Fido2Server(party, verify_origin=lambda said: said == origin)


def _state(challenge: bytes) -> Mapping[str, Any]:
    return {
        "challenge": websafe_encode(challenge),
        "user_verification": UserVerificationRequirement.REQUIRED,
    }


def _checked(work: Callable[[], T]) -> T:
    """Do it; whatever is wrong has one answer."""
    try:
        return work()
    except SignInError:
        raise
    except Exception as error:  # malformed bytes: the library has no error of its own
        raise SignInError("sign_in") from error
