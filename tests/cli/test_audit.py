"""`whistle audit verify`: whole or not, by exit code, words and JSON."""

import re
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from tests import acts
from tests.cli.organised import as_json, organised, run
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.storage.tables import LogEvent


def _with_events(folder: Path) -> tuple[Organisation, Path]:
    """An organisation in whose log something stands."""
    organisation, file = organised(folder)
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2026-11-23")
    return organisation, file


def test_a_whole_log_gives_an_anchor_that_it_then_fits(tmp_path: Path) -> None:
    """Length and head; a longer log still fits an older anchor."""
    organisation, file = _with_events(tmp_path)
    told = as_json("audit", "verify", "--config", file)
    assert (told["events"], told["emptied"]) == (3, 0)
    shown = run("audit", "verify", "--config", file)
    assert shown.exit_code == 0
    assert shown.stdout.splitlines() == [
        "Whole: 3 events, 0 of them emptied by erasing cases.",
        f"Anchor of {told['on']}: {told['anchor']}",
        "No mail is set up: keep this line where the operator cannot change it.",
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["on"])
    clock.acknowledge(organisation, acts.file(organisation))
    later = as_json("audit", "verify", "--config", file, "--anchor", told["anchor"])
    assert later["events"] > 3


def test_a_changed_log_is_an_alarm(tmp_path: Path) -> None:
    """Exit code 1 and a sentence, with and without --json."""
    organisation, file = _with_events(tmp_path)
    with organisation.parts.database.writing() as session:
        session.execute(update(LogEvent).values(payload=b'{"event":"Closed"}'))
    for more in ([], ["--json"]):
        result = run("audit", "verify", "--config", file, *more)
        assert result.exit_code == 1
        assert "ALARM: an event of the log is not what was entered. [commitment]" in result.output
        assert result.stdout == ""


@pytest.mark.parametrize("column", ["payload", "salt", "commitment", "head"])
def test_text_where_bytes_were_is_an_alarm(tmp_path: Path, column: str) -> None:
    """What SQLite's own replace() leaves is text: an alarm like others, and no crash."""
    organisation, file = _with_events(tmp_path)
    with organisation.parts.database.writing() as session:
        session.execute(update(LogEvent).values({column: text("'bobo'")}))
    result = run("audit", "verify", "--config", file)
    assert result.exit_code == 1
    assert "ALARM: an event of the log is not what was entered. [commitment]" in result.output


def test_an_end_that_was_cut_off_is_an_alarm_against_the_anchor(tmp_path: Path) -> None:
    """Without the anchor it cannot show."""
    organisation, file = _with_events(tmp_path)
    anchor = as_json("audit", "verify", "--config", file)["anchor"]
    with organisation.parts.database.writing() as session:
        session.execute(delete(LogEvent).where(LogEvent.position == 3))
    assert run("audit", "verify", "--config", file).exit_code == 0
    result = run("audit", "verify", "--config", file, "--anchor", anchor)
    assert (result.exit_code, "[anchor]" in result.output) == (1, True)


@pytest.mark.parametrize("anchor", ["2", "x:00", "2:00", f"-1:{'00' * 32}", f"2:{'0g' * 32}"])
def test_what_is_no_anchor_is_not_understood(tmp_path: Path, anchor: str) -> None:
    """Exit code 2."""
    _, file = organised(tmp_path)
    result = run("audit", "verify", "--config", file, f"--anchor={anchor}")
    assert result.exit_code == 2
