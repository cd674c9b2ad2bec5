"""The made-up organisation of all vectors: a root, a service key, four people, and dates."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from tests.vectors.making.fixed import Fixed
from whistle.crypto import sshsig, strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import COSIGN_NAMESPACE, SIGN_NAMESPACE, SignedKeyring, parse
from whistle.crypto.signing import SigningKey, handler_signing_key

CHANNEL = "main"
ISSUED = dt.date(2026, 11, 2)
TODAY = dt.date(2026, 11, 22)
ORG = "Exempel Åkeri AB"

ROOT = SigningKey.generate(Fixed("root"))
NEXT_ROOT = SigningKey.generate(Fixed("next root"))
SERVICE = SigningKey.generate(Fixed("service"))
RECOVERY = PrivateKey.generate(Fixed("recovery"))
PEOPLE = {
    name: PrivateKey.generate(Fixed(name))
    for name in ("anna", "bo", "carin", "dilan", "mallory", "bo-two")
}
_NAMES = {
    "anna": ("Anna Öberg", "Case handler"),
    "bo": ("Bo Lind", "Case handler"),
    "carin": ("Carin Åström", "Deputy"),
    "dilan": ("Dilan Çelik", "Investigator from outside"),
    "mallory": ("Mallory", "Case handler"),
    "bo-two": ("Bo Lind", "Investigator"),
}


def signing(name: str) -> SigningKey:
    """Return a handler's signing key."""
    return handler_signing_key(PEOPLE[name].seed)


def handler(name: str, role: str = "handler", **changes: Any) -> dict[str, Any]:
    """Return a handler as the keyring file writes one."""
    return {
        "id": name,
        "person": name,
        "name": _NAMES[name][0],
        "role_text": _NAMES[name][1],
        "age": str(PEOPLE[name].public_key),
        "sign": b64u(signing(name).public),
        "from": ISSUED.isoformat(),
        "to": None,
        "channels": {CHANNEL: role},
        **changes,
    }


HANDLERS = (
    handler("anna"),
    handler("bo"),
    handler("carin", "deputy"),
    handler("dilan", "investigator"),
)
RECOVERY_ENTRY = {
    "age": str(RECOVERY.public_key),
    "k": 2,
    "holders": [
        {"person": "anna", "name": "Anna Öberg"},
        {"person": "eva", "name": "Eva Ek"},
        {"person": "gun", "name": "Gun Alm"},
    ],
}


def content(**changes: Any) -> dict[str, Any]:
    """Return the content of serial 1, with changes."""
    return {
        "v": 1,
        "org": ORG,
        "serial": 1,
        "previous": None,
        "issued_on": ISSUED.isoformat(),
        "expires_on": (ISSUED + dt.timedelta(days=400)).isoformat(),
        "next_root": None,
        "service": [{"sign": b64u(SERVICE.public), "from": ISSUED.isoformat(), "to": None}],
        "recovery": None,
        "handlers": list(HANDLERS),
        **changes,
    }


def sign(file: bytes, key: SigningKey = ROOT, cosigner: SigningKey | None = None) -> SignedKeyring:
    """Return a keyring file, signed by the root and perhaps by a handler."""
    second = None if cosigner is None else sshsig.sign(cosigner, COSIGN_NAMESPACE, file)
    return SignedKeyring(file, sshsig.sign(key, SIGN_NAMESPACE, file), second)


def follow(
    last: SignedKeyring,
    cosigner: str | None = None,
    key: SigningKey = ROOT,
    **changes: Any,
) -> SignedKeyring:
    """Return the keyring after *last*: a day later unless the changes say otherwise."""
    before = parse(last.file)
    written = strictjson.parse(last.file, len(last.file), ValueError)  # type: ignore[arg-type]  # never raised: the file is ours
    issued = before.issued_on + dt.timedelta(days=1)
    values = {
        **written,
        "serial": before.serial + 1,
        "previous": b64u(before.sha256),
        "issued_on": issued.isoformat(),
        **changes,
    }
    second = None if cosigner is None else signing(cosigner)
    return sign(strictjson.write(values), key, second)


FIRST = sign(strictjson.write(content()))
WITH_RECOVERY = sign(strictjson.write(content(recovery=RECOVERY_ENTRY)))


def as_json(chain: Sequence[SignedKeyring]) -> list[Mapping[str, Any]]:
    """Return a chain as the API gives it."""
    return [
        {"file": b64u(one.file), "signature": one.signature, "cosignature": one.cosignature}
        for one in chain
    ]
