"""What a handler signs of a case that cannot be opened: of this case, as it is now."""

import pytest

from tests.crypto.vectors import load
from whistle.crypto import unopened
from whistle.crypto.age import PrivateKey
from whistle.crypto.signing import SigningKey, handler_signing_key
from whistle.errors import SignatureError

KEY = SigningKey.from_seed(b"k" * 32)
NAMED = (b"t" * 32, b"a" * 32, b"h" * 32)


@pytest.mark.parametrize("one", load("handler")["cannot_open"], ids=lambda one: one["handler"])
def test_the_vector(one: dict[str, str]) -> None:
    """The very bytes, and the very signature, as every client makes them."""
    named = [bytes.fromhex(one[name]) for name in ("thread", "case_age", "newest_entry")]
    seed = bytes.fromhex(load("handler")["handlers"][0]["seed"])
    key = handler_signing_key(PrivateKey.from_seed(seed).seed)
    assert unopened.signed_bytes(*named).hex() == one["message"]
    assert unopened.sign(key, *named).hex() == one["signature"]
    unopened.verify(bytes.fromhex(one["sign_public"]), bytes.fromhex(one["signature"]), *named)


@pytest.mark.parametrize("place", range(3))
def test_it_is_of_one_case_and_one_state(place: int) -> None:
    """Another thread, other sealed keys or another newest entry: it does not verify."""
    signature = unopened.sign(KEY, *NAMED)
    unopened.verify(KEY.public, signature, *NAMED)
    other = [*NAMED]
    other[place] = b"x" * 32
    with pytest.raises(SignatureError, match="signature"):
        unopened.verify(KEY.public, signature, *other)


@pytest.mark.parametrize("place", range(3))
def test_nothing_of_another_length_is_signed(place: int) -> None:
    """Or a byte could move from one name to the next."""
    other = [*NAMED]
    other[place] = b"x" * 31
    with pytest.raises(ValueError, match="32 bytes"):
        unopened.sign(KEY, *other)
