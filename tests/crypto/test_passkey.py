"""A passkey as a key: derived as in the browser, and its key files open alike."""

import json
from pathlib import Path

import pytest

from whistle.crypto import passkey
from whistle.crypto.age import PrivateKey
from whistle.errors import NotForMeError, SealError

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/passkey.json").read_text())["vectors"]


def test_the_input_is_the_protocols() -> None:
    """A hash of its label: the same for every site and person."""
    assert passkey.PRF_INPUT.hex() == VECTORS["prf_input"]


@pytest.mark.parametrize("one", VECTORS["identities"], ids=lambda one: one["prf"][:8])
def test_an_identity_follows_from_the_secret(one: dict[str, str]) -> None:
    """And from nothing else."""
    key = passkey.identity(bytes.fromhex(one["prf"]))
    assert (str(key), str(key.public_key)) == (one["age_private"], one["age_public"])


@pytest.mark.parametrize("one", VECTORS["key_files"], ids=lambda one: one["comment"])
def test_a_key_file_opens_with_its_own_secret_only(one: dict[str, str]) -> None:
    """Whole, or not at all."""
    sealed, secret = bytes.fromhex(one["sealed"]), bytes.fromhex(one["prf"])
    if "reason" not in one:
        assert str(passkey.open_key_file(sealed, secret)) == one["private_key"]
        return
    with pytest.raises(NotForMeError if one["reason"] == "no_match" else SealError):
        passkey.open_key_file(sealed, secret)


def test_what_is_sealed_is_opened_again() -> None:
    """There and back, with a fresh file each time."""
    key, secret = PrivateKey.generate(), bytes(range(32))
    first, second = (passkey.seal_key_file(key, secret) for _ in range(2))
    assert first != second
    assert passkey.open_key_file(first, secret).seed == key.seed
