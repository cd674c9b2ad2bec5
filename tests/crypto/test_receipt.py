"""Receipt codes: how they are written, read, refused, and what is derived from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.vectors import comment, load
from whistle.crypto.receipt import ALPHABET, Receipt, mailbox_id
from whistle.errors import ReceiptError

VECTORS = load("receipt")
raws = st.binary(min_size=15, max_size=15)


@pytest.mark.parametrize("vector", VECTORS["good"], ids=lambda v: v["raw"])
def test_code_and_everything_derived_from_it(vector: dict[str, str]) -> None:
    """Fifteen bytes give one code, and the same keys everywhere."""
    code = Receipt(bytes.fromhex(vector["raw"]))
    assert str(code) == vector["written"]
    assert str(code.private_key) == vector["age_private"]
    assert str(code.private_key.public_key) == vector["age_public"]
    assert code.mailbox_token.hex() == vector["mailbox_token"]
    assert code.mailbox_id.hex() == vector["mailbox_id"]
    assert mailbox_id(code.mailbox_token) == code.mailbox_id
    assert code.signing_key.seed.hex() == vector["sign_seed"]
    assert code.signing_key.public.hex() == vector["sign_public"]


@pytest.mark.parametrize("vector", VECTORS["typed"], ids=comment)
def test_typing_is_read_leniently(vector: dict[str, str]) -> None:
    """Case, spaces, dashes and look-alikes do not matter."""
    assert Receipt.parse(vector["typed"]).raw.hex() == vector["raw"]


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=comment)
def test_wrong_codes_are_refused_with_their_reason(vector: dict[str, str]) -> None:
    """A wrong code says that something is wrong, and of which sort."""
    with pytest.raises(ReceiptError) as caught:
        Receipt.parse(vector["typed"])
    assert caught.value.reason == vector["reason"]


@given(raws)
def test_reading_undoes_writing(raw: bytes) -> None:
    """Every code reads back to the same bytes."""
    assert Receipt.parse(str(Receipt(raw))).raw == raw


@given(raws, st.integers(0, 24), st.integers(1, 31))
def test_every_single_wrong_symbol_is_found(raw: bytes, place: int, shift: int) -> None:
    """The check symbol finds one mistyped symbol wherever it stands."""
    symbols = list(str(Receipt(raw)).replace("-", ""))
    symbols[place] = ALPHABET[(ALPHABET.index(symbols[place]) + shift) % 32]
    with pytest.raises(ReceiptError):
        Receipt.parse("".join(symbols))


@given(raws, st.integers(0, 24), st.integers(0, 24))
def test_every_swap_is_found(raw: bytes, one: int, two: int) -> None:
    """The check symbol finds two symbols that changed places, at any distance."""
    symbols = list(str(Receipt(raw)).replace("-", ""))
    if symbols[one] == symbols[two]:
        return
    symbols[one], symbols[two] = symbols[two], symbols[one]
    with pytest.raises(ReceiptError):
        Receipt.parse("".join(symbols))


def test_generate_takes_fifteen_bytes_of_the_given_randomness() -> None:
    """Randomness is an argument, so a code can be made again in tests."""
    assert Receipt.generate(lambda size: bytes(range(size))).raw == bytes(range(15))


def test_another_length_is_no_code() -> None:
    """Fourteen bytes are refused."""
    with pytest.raises(ReceiptError, match="length"):
        Receipt(bytes(14))


def test_a_code_does_not_print_itself_by_accident() -> None:
    """A traceback or a log line never carries the code."""
    code = Receipt(bytes(15))
    assert str(code)[:5] not in repr(code)
    assert str(code.private_key) not in repr(code.private_key)
    assert code.signing_key.seed.hex() not in repr(code.signing_key)
