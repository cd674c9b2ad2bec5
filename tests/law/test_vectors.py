"""The table of dates that a lawyer can sign, read row by row."""

import csv
from datetime import date
from pathlib import Path

import pytest

from whistle.law import Facts, deadlines, limits_for
from whistle.law.moments import parse_moment

VECTORS = Path(__file__).parents[1] / "vectors" / "deadlines.csv"

DATES = (
    "acknowledge_due_on",
    "acknowledge_latest_on",
    "feedback_due_on",
    "feedback_latest_on",
    "erase_by",
)


def _rows() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['id']}-{row['law']}")
def test_the_dates_are_those_of_the_table(row: dict[str, str]) -> None:
    """Each row of tests/vectors/deadlines.csv gives exactly its five dates."""
    limits = limits_for(row["law"], country=row["country"], zone=row["zone"])
    facts = Facts(
        received_on=parse_moment(row["received"], limits.zone).on,
        acknowledged_on=_date(row["acknowledged"]),
        waived=row["waived"] == "yes",
        withheld=row["withheld"] or None,
        closed_on=_date(row["closed"]),
    )
    dates = deadlines(limits, facts)
    assert {name: getattr(dates, name) for name in DATES} == {
        name: _date(row[name]) for name in DATES
    }


def test_the_table_covers_both_laws_in_every_example() -> None:
    """No example is there for one law only."""
    seen = {(row["id"], row["law"]) for row in _rows()}
    ids = {row["id"] for row in _rows()}
    assert seen == {(one, law) for one in ids for law in ("EU", "SE")}
