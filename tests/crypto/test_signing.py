"""Ed25519 read strictly: the edges on which libraries differ."""

from typing import Any

import pytest

from tests.crypto.vectors import comment, load
from whistle.crypto.signing import SigningKey, check_public, handler_signing_key, verify
from whistle.errors import SignatureError

VECTORS = load("ed25519")
HANDLERS = load("handler")


def reason_of(vector: dict[str, Any]) -> str | None:
    """Return our verdict on a vector."""
    public = bytes.fromhex(vector["public"])
    try:
        if "signature" in vector:
            verify(public, bytes.fromhex(vector["signature"]), bytes.fromhex(vector["message"]))
        else:
            check_public(public)
    except SignatureError as error:
        return error.reason
    return None


@pytest.mark.parametrize("vector", VECTORS["keys"], ids=comment)
def test_keys_on_which_libraries_differ_are_refused(vector: dict[str, Any]) -> None:
    """Only the canonical form of a point in the prime-order group is a key."""
    assert reason_of(vector) == vector["reason"]


@pytest.mark.parametrize("vector", VECTORS["signatures"], ids=comment)
def test_signatures_on_which_libraries_differ_are_refused(vector: dict[str, Any]) -> None:
    """A signature has one verdict, whoever checks it."""
    assert reason_of(vector) == vector["reason"]


@pytest.mark.parametrize("vector", HANDLERS["handlers"], ids=lambda v: v["seed"][:8])
def test_a_handlers_signing_key_follows_from_the_seed(vector: dict[str, str]) -> None:
    """One 32-byte seed is all that a handler has to keep."""
    key = handler_signing_key(bytes.fromhex(vector["seed"]))
    assert (key.seed.hex(), key.public.hex()) == (vector["sign_seed"], vector["sign_public"])


@pytest.mark.parametrize("vector", HANDLERS["sign_in"], ids=lambda v: v["handler"])
def test_a_sign_in_signature_is_the_published_one(vector: dict[str, str]) -> None:
    """Signing is deterministic, so browser and command line give the same bytes."""
    key = SigningKey.from_seed(bytes.fromhex(HANDLERS["handlers"][0]["sign_seed"]))
    assert key.sign(bytes.fromhex(vector["message"])).hex() == vector["signature"]


def test_a_seed_of_another_length_is_refused() -> None:
    """A signing key is 32 bytes."""
    with pytest.raises(SignatureError, match="key"):
        SigningKey.from_seed(bytes(31))


def test_a_new_key_takes_its_randomness_from_the_argument() -> None:
    """Randomness is an argument."""
    assert SigningKey.generate(bytes).seed == bytes(32)
