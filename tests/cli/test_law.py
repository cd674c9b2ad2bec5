"""`whistle law`: the dates of one case, for people and for programs."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from whistle.cli import main
from whistle.cli.law import DATES
from whistle.law.limits import Certainty

VECTORS = Path(__file__).parents[1] / "vectors" / "deadlines.csv"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["law", *arguments])


def _json(*arguments: str) -> dict[str, Any]:
    result = _run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def _rows() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['id']}-{row['law']}")
def test_the_command_gives_the_dates_of_the_table(row: dict[str, str]) -> None:
    """Each row of tests/vectors/deadlines.csv, through the command line."""
    arguments = ["--law", row["law"], "--received", row["received"], "--zone", row["zone"]]
    for option in ("acknowledged", "withheld", "closed"):
        arguments += [f"--{option}", row[option]] if row[option] else []
    arguments += ["--waived"] if row["waived"] else []
    answer = _json(*arguments)
    assert {name: answer[name] for name in DATES} == {name: row[name] or None for name in DATES}


def test_each_date_comes_with_its_citation() -> None:
    """`basis` has exactly the five dates, each with an article."""
    answer = _json("--law", "SE", "--received", "2026-11-27", "--closed", "2028-02-29")
    assert list(answer["basis"]) == list(DATES)
    assert "5 kap. 8 §" in answer["basis"]["acknowledge_due_on"]
    assert "1930:173" in answer["basis"]["feedback_latest_on"]
    assert "7 kap. 8 §" in answer["basis"]["erase_by"]
    assert answer["rules"].startswith("SE/")


def test_an_instant_is_turned_into_the_zones_date() -> None:
    """23:30 in London is the next day in Stockholm; a time without an offset is local."""
    london = _json("--law", "SE", "--received", "2026-12-23T23:30+00:00")
    local = _json("--law", "SE", "--received", "2026-12-23T23:30")
    there = _json("--law", "EU", "--received", "2026-12-23T23:30Z", "--zone", "Europe/Lisbon")
    assert london["received_on"] == "2026-12-24"
    assert local["received_on"] == "2026-12-23"
    assert there["received_on"] == "2026-12-23"


def test_the_country_decides_the_holidays_under_the_directive() -> None:
    """6 December is Finland's national day; it is a Sunday in 2026 and a Monday in 2027."""
    arguments = ("--law", "EU", "--received", "2027-11-29")
    assert _json(*arguments)["acknowledge_latest_on"] == "2027-12-06"
    assert _json(*arguments, "--country", "fi")["acknowledge_latest_on"] == "2027-12-07"


def test_a_waiver_is_printed_as_not_recognised_under_the_directive() -> None:
    """In JSON and in text; the dates stay."""
    arguments = ("--law", "EU", "--received", "2026-12-01")
    answer = _json(*arguments, "--waived", "--withheld", "identity")
    assert [one["code"] for one in answer["not_recognised"]] == ["waived", "identity"]
    assert answer["feedback_due_on"] == _json(*arguments)["feedback_due_on"]
    assert "waived is not recognised" in _run(*arguments, "--waived").stdout
    swedish = _json("--law", "SE", "--received", "2026-12-01", "--waived")
    assert swedish["not_recognised"] == []


def test_a_time_that_the_clocks_skipped_is_handled_and_said() -> None:
    """There is no 02:30 on 28 March 2027 in Stockholm."""
    answer = _json("--law", "SE", "--received", "2027-03-28T02:30")
    assert answer["received_on"] == "2027-03-28"
    assert "skipped" in answer["notes"][0]
    assert "03:30" in answer["notes"][0]
    twice = _run("--law", "SE", "--received", "2026-10-25T02:30")
    assert "came twice" in twice.stdout


def test_the_text_shows_every_date_and_its_article() -> None:
    """One line a date, "none" where the law has none."""
    result = _run("--law", "EU", "--received", "2026-11-27", "--closed", "2027-03-01")
    assert result.exit_code == 0
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert all(name in lines for name in ("received_on", *DATES))
    assert "none" in lines["erase_by"]
    assert "Art. 9(1)(f)" in lines["feedback_due_on"]


@pytest.mark.parametrize(("language", "word"), [("en", "New Year's Eve"), ("sv", "nyårsafton")])
def test_the_reasoning_is_told_in_either_language(language: str, word: str) -> None:
    """As sentences in the text and as steps in JSON."""
    arguments = ("--law", "SE", "--received", "2026-12-24", "--explain", "--lang", language)
    assert word in _run(*arguments).stdout
    steps = _json(*arguments)["explanation"]
    assert any(word in step["sentence"] for step in steps)
    assert all(set(step) == {"about", "code", "sentence"} for step in steps)
    assert "explanation" not in _json("--law", "SE", "--received", "2026-12-24")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--received 2026-11-27", "--law"),
        ("--law SE", "--received"),
        ("--law DE --received 2026-11-27", "--law"),
        ("--law SE --received 2026-11-31", "Not a date or time"),
        ("--law SE --received tomorrow", "Not a date or time"),
        ("--law SE --received 1989-01-01", "2000 to 2099"),
        ("--law SE --received 2026-11-27 --acknowledged 2026-11-26", "before the report"),
        ("--law SE --received 2026-11-27 --closed 2026-11-26", "before the report"),
        ("--law SE --received 2026-11-27 --acknowledged soon", "Not a date or time"),
        ("--law SE --received 2026-11-27 --zone Europe/Sthlm", "zone is not known"),
        ("--law EU --received 2026-11-27 --country XX", "country is not known"),
        ("--law SE --received 2026-11-27 --country DE", "leave --country out"),
        ("--law SE --received 2026-11-27 --withheld Because!", "--withheld"),
        ("--law SE --received 2026-11-27 --withheld waived", "--withheld"),
        ("--law SE --received 2026-11-27 --lang fi", "--lang"),
    ],
)
def test_bad_input_says_what_is_wrong_and_ends_with_2(arguments: str, said: str) -> None:
    """A sentence on the error stream, no dates, exit code 2."""
    result = _run(*arguments.split())
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.output


def test_the_letters_of_certainty_are_explained() -> None:
    """Each letter that --json can print."""
    shown = " ".join(CliRunner().invoke(main, ["law", "--help"]).stdout.split())
    for letter in Certainty:
        assert f" {letter.value}, " in shown
