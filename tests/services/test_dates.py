"""Dates as they are posted and as they are told: one form in, one form out."""

from datetime import date

import pytest

from whistle.errors import FilingError
from whistle.services.dates import as_json, day


def test_a_date_is_read() -> None:
    """Year, month and day with lines between."""
    assert day("2026-11-22", "x") == date(2026, 11, 22)


WRONG = [
    None,
    20261122,
    "",
    "20261122",
    "2026-W47-7",
    "2026-11-31",
    "2026-13-01",
    "0000-01-01",
    " 2026-11-22",
    "2026-11-22\n",
    "2026-11-22T00:00",
    "\uff12\uff10\uff12\uff16-11-22",
    ["2026-11-22"],
    date(2026, 11, 22),
]


@pytest.mark.parametrize("text", WRONG)
def test_any_other_form_is_refused_by_the_fields_name(text: object) -> None:
    """Two programs must not read two dates."""
    with pytest.raises(FilingError, match="started_on"):
        day(text, "started_on")


def test_every_date_in_an_answer_is_a_text() -> None:
    """At whatever depth; the rest stays as it is."""
    value = {"a": date(2026, 1, 2), "b": [date(2026, 1, 3), 4, None], "c": {"d": "x"}}
    assert as_json(value) == {"a": "2026-01-02", "b": ["2026-01-03", 4, None], "c": {"d": "x"}}
