"""What counts as an empty text; tests/js/reporter_answers.test.mjs asks the browser the same."""

import json
from pathlib import Path

import pytest

from whistle.services.reporting.visible import is_blank, visible

SIGNS = json.loads((Path(__file__).parents[2] / "vectors/signs.json").read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\u200b\u200d\ufeff", "\u00ad \u2060\n", "\u3164\u2800", "\U000e0100"],
    ids=ascii,
)
def test_what_nobody_can_see_is_blank(text: str) -> None:
    """Spaces, controls, what has no width, and letters without a picture."""
    assert is_blank(text)


@pytest.mark.parametrize("text", ["x", "\u200b.", "\N{THUMBS UP SIGN}", "\u0627"], ids=ascii)
def test_one_letter_or_sign_is_not(text: str) -> None:
    """Whatever stands around it."""
    assert not is_blank(text)


@pytest.mark.parametrize("one", SIGNS, ids=lambda one: one["shown"])
def test_signs_that_turn_the_reading_are_shown(one: dict[str, str]) -> None:
    """Each as its number, in the words that the browser's pages use; all else as it is."""
    assert visible(one["written"]) == one["shown"]
