"""What counts as an empty text; tests/js/reporter_answers.test.mjs asks the browser the same."""

import pytest

from whistle.services.reporting.visible import is_blank


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
