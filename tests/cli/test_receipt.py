"""`whistle receipt`."""

import json

import pytest
from click.testing import CliRunner

from whistle.cli import main
from whistle.crypto.receipt import Receipt

CODE = str(Receipt(bytes(range(15))))


def test_new_codes_are_codes_and_differ() -> None:
    """Each new code is its own."""
    codes = {CliRunner().invoke(main, ["receipt", "new"]).stdout.strip() for _ in range(3)}
    assert len(codes) == 3
    assert {str(Receipt.parse(code)) for code in codes} == codes


def test_new_prints_json() -> None:
    """Programs read JSON."""
    printed = json.loads(CliRunner().invoke(main, ["receipt", "new", "--json"]).stdout)
    assert str(Receipt.parse(printed["receipt"])) == printed["receipt"]


def test_check_reads_leniently_and_prints_the_right_form() -> None:
    """What was typed comes back as it is written."""
    result = CliRunner().invoke(main, ["receipt", "check", CODE.lower().replace("-", " ")])
    assert (result.exit_code, result.stdout) == (0, f"Typed right: {CODE}\n")


def test_an_empty_code_is_told_of_and_not_asked_for_again() -> None:
    """An empty variable in a script is a wrong code like any other."""
    result = CliRunner().invoke(main, ["receipt", "check", ""])
    assert result.exit_code == 1
    assert "has 25 letters" in result.stderr


def test_check_asks_for_the_code() -> None:
    """Asked for, it does not stand in the shell's history."""
    result = CliRunner().invoke(main, ["receipt", "check", "--json"], input=f"{CODE}\n")
    assert result.exit_code == 0
    assert CODE in result.stdout


def test_the_help_tells_of_the_shells_history() -> None:
    """Before a code is typed where it stays."""
    shown = CliRunner().invoke(main, ["receipt", "check", "--help"]).stdout
    assert "stays in the shell's history" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [(CODE[:-1], "25 letters"), ("U" + CODE[1:], "no receipt code has"), (CODE[:-1] + "U", "no")],
)
def test_a_wrong_code_is_exit_code_1_and_says_what_to_do(typed: str, said: str) -> None:
    """The error says of which sort it is."""
    result = CliRunner().invoke(main, ["receipt", "check", typed])
    assert result.exit_code == 1
    assert said in result.stderr


def test_a_mistyped_code_never_says_where() -> None:
    """The check symbol tells that something is wrong, and nothing more."""
    wrong = ("1" if CODE[0] == "0" else "0") + CODE[1:]
    result = CliRunner().invoke(main, ["receipt", "check", wrong])
    assert result.exit_code == 1
    assert "Compare it" in result.stderr
