"""A price in work: found by trying, checked by one hash, good for one try."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto import puzzle
from whistle.crypto.puzzle import Paid

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/puzzle.json").read_text())["vectors"]
TRIED = puzzle.subject("sign_in", "anna", "123456")


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: one["person"])
def test_the_vectors(one: dict[str, str]) -> None:
    """The first number that pays, as every client finds it."""
    tried = puzzle.subject("sign_in", one["person"], one["code"])
    paid = Paid(int(one["at"]), int(one["number"]))
    assert puzzle.solve(tried, paid.at, int(one["bits"])) == paid
    assert puzzle.bits(tried, paid) == int(one["paid"]) >= int(one["bits"])


@given(st.integers(0, 8), st.integers(0, 2**40))
def test_what_is_found_pays(price: int, at: int) -> None:
    """At any price and time."""
    assert puzzle.bits(TRIED, puzzle.solve(TRIED, at, price)) >= price


def test_a_payment_is_for_one_try() -> None:
    """Another code, name, purpose or second is not paid by it."""
    paid = puzzle.solve(TRIED, 1000, 16)
    others = (
        puzzle.bits(puzzle.subject("sign_in", "anna", "123457"), paid),
        puzzle.bits(puzzle.subject("sign_in", "bo", "123456"), paid),
        puzzle.bits(puzzle.subject("filing", "anna", "123456"), paid),
        puzzle.bits(TRIED, Paid(1001, paid.number)),
    )
    assert max(others) < 16


def test_parts_are_not_taken_for_each_other() -> None:
    """Where one ends is part of it."""
    assert puzzle.subject("a", "bc", "d") != puzzle.subject("a", "b", "cd")
