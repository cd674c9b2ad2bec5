"""Pad sizes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.vectors import load
from whistle.crypto.padding import PADME_FLOOR_BYTES, entry_size, padme
from whistle.errors import TooLargeError

VECTORS = load("padding")


@pytest.mark.parametrize("vector", VECTORS["entry"], ids=lambda v: str(v["size"]))
def test_entries_take_one_of_four_sizes(vector: dict[str, Any]) -> None:
    """An entry takes the smallest size that holds it, or is too large."""
    if vector["reason"] is None:
        assert entry_size(vector["size"]) == vector["padded"]
    else:
        with pytest.raises(TooLargeError, match=vector["reason"]):
            entry_size(vector["size"])


@pytest.mark.parametrize("vector", VECTORS["padme"], ids=lambda v: str(v["size"]))
def test_attachments_take_a_padme_size(vector: dict[str, Any]) -> None:
    """Published sizes come out the same in every client."""
    assert padme(vector["size"]) == vector["padded"]


@given(st.integers(0, 2**44))
def test_padme_holds_what_it_pads_and_little_more(size: int) -> None:
    """Padding never cuts, adds at most 6.2 % above the floor, and is a size of its own."""
    padded = padme(size)
    assert padded >= size
    assert padded <= max(PADME_FLOOR_BYTES, size * 1.0625)
    assert padme(padded) == padded
