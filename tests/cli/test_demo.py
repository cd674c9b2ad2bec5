"""`whistle demo`: what it prints lets one sign in and come back."""

import re
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from whistle.cli import demo as command
from whistle.cli import main
from whistle.crypto.receipt import Receipt
from whistle.errors import SignInError
from whistle.services.entrance import sign_in
from whistle.services.operating import demo
from whistle.services.operating.start import start
from whistle.services.parts import Parts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo, made once."""
    made = tmp_path_factory.mktemp("demo")
    demo.prepare(made)
    return made


def run(folder: Path, *arguments: str) -> Any:
    """Run the command on a demo."""
    return CliRunner().invoke(main, ["demo", "--folder", str(folder), *arguments])


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What would have been served."""
    found: list[dict[str, Any]] = []

    def note(parts: Parts, **how: Any) -> None:
        found.append({"parts": parts, **how})

    monkeypatch.setattr("whistle.cli.site.run", note)
    return found


def test_it_prints_everything_and_serves(folder: Path, served: list[dict[str, Any]]) -> None:
    """Addresses, names with passphrases, two receipt codes, and how to get a one-time code."""
    result = run(folder, "--port", "8123")
    assert result.exit_code == 0, result.output
    facts = demo.prepare(folder)
    assert "http://localhost:8123/desk" in result.output
    for person in facts.people:
        assert person["name"] in result.output
        assert person["passphrase"] in result.output
        assert person["one_time_secret"] not in result.output
    codes = re.findall(r"(?:[0-9A-Z]{5}-){4}[0-9A-Z]{5}", result.output)
    assert [str(Receipt.parse(one)) for one in codes] == [one["code"] for one in facts.receipts]
    assert "demo code anna" in result.output
    (one,) = served
    assert one["bind"] == "127.0.0.1:8123"
    assert one["parts"].settings.demo


def test_it_finds_a_free_port(folder: Path, served: list[dict[str, Any]]) -> None:
    """The next one that nobody listens on."""
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", command.FIRST_PORT))
            taken.listen()
        except OSError:
            pass  # somebody else has it already
        assert run(folder).exit_code == 0
    assert served[0]["bind"] != f"127.0.0.1:{command.FIRST_PORT}"


def test_it_says_when_no_port_is_free(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to name another."""
    monkeypatch.setattr(command, "LAST_PORT", command.FIRST_PORT - 1)
    result = run(folder)
    assert result.exit_code == 1
    assert "give --port" in result.output


@pytest.mark.parametrize("name", ["anna", "bo", "carin", "david", "elin"])
def test_a_one_time_code_is_printed(folder: Path, name: str) -> None:
    """Six digits and nothing else."""
    result = run(folder, "code", name)
    assert result.exit_code == 0
    assert re.fullmatch(r"[0-9]{6}\n", result.output)


def test_each_one_time_code_is_another_and_signs_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at once, a third after a wait that is told; the server takes each, in that order."""
    at = datetime(2030, 1, 1, 12, 0, 7, tzinfo=UTC)
    slept: list[float] = []
    monkeypatch.setattr(demo, "clock", lambda _: lambda: at)
    monkeypatch.setattr(command, "sleep", slept.append)
    results = [run(folder, "code", "anna") for _ in range(3)]
    codes = [one.stdout.strip() for one in results]
    assert len(set(codes)) == 3
    assert [one.stderr for one in results] == ["", "", "A new code in 23 seconds …\n"]
    assert slept == [23.0]
    parts = start(demo.settings(folder), lambda: at)
    for code in codes[:2]:
        sign_in.start(parts, "anna", code)
    with pytest.raises(SignInError):
        sign_in.start(parts, "anna", codes[2])
    later = replace(parts, clock=lambda: at + timedelta(seconds=slept[0]))
    sign_in.start(later, "anna", codes[2])
    parts.database.close()


def test_roles_mix_no_languages(folder: Path) -> None:
    """One text serves pages in both languages, so it holds words that both have."""
    for person in demo.prepare(folder).people:
        assert re.fullmatch(r"[A-Z][A-Za-z]+", person["role"]), person["role"]


def test_an_unknown_name_is_told_with_those_there_are(folder: Path) -> None:
    """Exit code 2: the command was not understood."""
    result = run(folder, "code", "nobody")
    assert result.exit_code == 2
    assert "there are anna, bo, carin, david, elin" in result.output


def test_the_clock_is_moved_and_told(tmp_path: Path, served: list[dict[str, Any]]) -> None:
    """0 only tells; the welcome says how far ahead it is."""
    demo.prepare(tmp_path)
    assert "0 days ahead" in run(tmp_path, "clock", "0").output
    assert "7 days ahead" in run(tmp_path, "clock", "7").output
    assert run(tmp_path, "clock", "-1").exit_code == 2
    assert "7 days ahead" in run(tmp_path, "--port", "8123").output
    assert served
