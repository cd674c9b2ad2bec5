"""The organisations that are measured are real ones, and what is looked for in them is found."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.benchmarks import house
from tests.benchmarks.goals.surviving import HALF_THERE
from tests.benchmarks.standins import fill
from whistle.config import load
from whistle.crypto.receipt import Receipt
from whistle.services.operating.start import start
from whistle.services.reporting.filing import file_report
from whistle.services.reporting.mailbox import read_mailbox


@pytest.fixture
def made(tmp_path: Path) -> house.House:
    """An organisation with two handlers, twenty stand-in cases and one real report."""
    built = house.build(tmp_path / "house", 2)
    fill(built, 20)
    return built


def file_one(made: house.House) -> Receipt:
    """File a report as the benchmark does."""
    parts = start(load(made.folder / "whistle.toml"), lambda: datetime.now(UTC))
    receipt = Receipt.generate()
    file_report(parts, house.filing(made, receipt).to_bytes())
    assert read_mailbox(parts, receipt.mailbox_token)["state"] == "received"
    parts.database.close()
    return receipt


def test_a_report_is_filed_and_found_among_stand_ins(made: house.House) -> None:
    """The made-up filing is one that the service takes, in a database full of stand-ins."""
    file_one(made)


@pytest.mark.parametrize("table", ["case_keys", "case_access", "entry_seals"])
def test_what_is_half_there_is_seen(made: house.House, table: str) -> None:
    """A case that lacks rows of any table that filing writes is counted."""
    file_one(made)
    connection = sqlite3.connect(made.database)
    assert connection.execute(HALF_THERE, (2,)).fetchone() == (0,)
    connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
    assert connection.execute(HALF_THERE, (2,)).fetchone() == (21,)
    connection.close()
