"""What the two clocks say, by the table that the browser's script is tested with."""

import json
from pathlib import Path
from typing import Any

import pytest

from whistle.web.reporter.sentences import DATES
from whistle.web.reporter.status import alarm_of, lines_of

TABLE = json.loads((Path(__file__).parents[2] / "vectors/reporter_status.json").read_text("utf-8"))


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_the_dates_say_what_the_table_says(row: dict[str, Any]) -> None:
    """Line by line, and whether an answer is overdue or missed."""
    assert [[one.code, dict(one.values)] for one in lines_of(row["dates"])] == row["lines"]
    alarm = alarm_of(row["dates"])
    assert {"late": alarm.late, "missed": alarm.missed} == row["alarm"]


def test_every_line_has_its_sentence_and_every_sentence_its_line() -> None:
    """Nothing is said that was never tried."""
    assert {code for row in TABLE for code, _ in row["lines"]} == set(DATES)
