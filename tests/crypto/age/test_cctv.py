"""The whole public test kit of the age format: outcome, and every byte that was released."""

import base64
import hashlib
import io
import json
import zlib
from pathlib import Path

import pytest

from whistle.crypto.age import PrivateKey, armor
from whistle.crypto.age.file import Identity, decrypt
from whistle.crypto.age.scrypt import Passphrase
from whistle.crypto.age.x25519 import ClassicPrivateKey
from whistle.errors import NotForMeError, SealError

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "cctv" / "vectors.json").read_text("utf-8")
)
OUTCOMES = {
    "no_match": "no match",
    "header": "header failure",
    "hmac": "HMAC failure",
    "payload": "payload failure",
    "armor": "armor failure",
}


def identities(fields: list[tuple[str, str]]) -> list[Identity]:
    """Return what a vector says to open it with."""
    found: list[Identity] = []
    for key, value in fields:
        if key == "passphrase":
            found.append(Passphrase(value, max_log_n=22))
        elif key == "identity" and value.startswith("AGE-SECRET-KEY-PQ-1"):
            found.append(PrivateKey.parse(value))
        elif key == "identity":
            found.append(ClassicPrivateKey.parse(value))
    return found


def run(vector: bytes) -> tuple[str, str, dict[str, str]]:
    """Return the outcome, the hash of what was released, and the vector's own fields."""
    text, _, file = vector.partition(b"\n\n")
    fields = [(k, v) for k, _, v in (line.partition(": ") for line in text.decode().split("\n"))]
    known = dict(fields)
    if known.get("compressed") == "zlib":
        file = zlib.decompress(file)
    released = hashlib.sha256()
    try:
        if known.get("armored") == "yes":
            file = armor.decode(file)
        for chunk in decrypt(io.BytesIO(file), identities(fields)):
            released.update(chunk)
    except (SealError, NotForMeError) as error:
        return OUTCOMES[error.reason], released.hexdigest(), known
    return "success", released.hexdigest(), known


def test_the_kit_is_whole() -> None:
    """All 143 published vectors are here."""
    assert len(VECTORS) == 143


@pytest.mark.parametrize("name", VECTORS)
def test_vector(name: str) -> None:
    """Each vector ends as it should, and releases exactly the payload it should."""
    outcome, released, fields = run(base64.b64decode(VECTORS[name]))
    assert outcome == fields["expect"]
    if "payload" in fields:
        assert released == fields["payload"]
