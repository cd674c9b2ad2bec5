"""`whistle sweep`: the clock by hand, what it would do, and the demo's other time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import acts
from tests.cli.organised import as_json, organised, run
from tests.notify.post_office import HOST, open_office
from tests.services.upkeep import clockwork as clock
from whistle.services import marks
from whistle.storage.tables import LogEvent


def test_it_tells_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    """At another time too, in any organisation."""
    organisation, file = organised(tmp_path)
    filed = acts.file(organisation)
    number = clock.row(organisation, filed).number
    for _ in range(2):
        assert as_json("sweep", "--config", file, "--dry-run", "--as-of", "2026-11-28") == [
            {"case": number, "action": "arrived", "on": "2026-11-22"},
            {"case": number, "action": "acknowledge", "on": "2026-11-28"},
            {"case": number, "action": "warn", "on": "2026-11-27"},
            {"case": number, "action": "escalate", "on": "2026-11-28"},
        ]
    before = as_json("sweep", "--config", file, "--dry-run", "--as-of", "2026-11-28T07:59")
    assert "acknowledge" not in {one["action"] for one in before}
    shown = run("sweep", "--config", file, "--dry-run", "--as-of", "2026-11-22T12:00+01:00")
    assert shown.stdout == f"2026-11-22  {number}  arrived\n"
    assert clock.keys(organisation, filed) == set()


def test_it_does_once_what_is_due(tmp_path: Path) -> None:
    """In the demo at the time that it is told."""
    organisation, file = organised(tmp_path, "demo = true")
    filed = acts.file(organisation)
    once = as_json("sweep", "--config", file, "--as-of", "2026-11-28")
    assert once == {
        "looked": 1, "failed": 0, "done": {"acknowledge": 1, "arrived": 1},
    }  # fmt: skip
    again = as_json("sweep", "--config", file, "--as-of", "2026-11-28")
    assert again == {"looked": 0, "failed": 0, "done": {}}
    clock.go_to(organisation, "2026-11-28")
    assert [line[0] for line in clock.lines(organisation, filed)] == ["acknowledged"]
    shown = run("sweep", "--config", file, "--as-of", "2027-03-05")
    assert shown.stdout.splitlines()[0] == "Looked at 1 cases."
    assert "     1  missed" in shown.stdout.splitlines()


def test_another_time_is_acted_on_in_the_demo_only(tmp_path: Path) -> None:
    """A real organisation's reporters are told nothing that is not so."""
    organisation, file = organised(tmp_path)
    filed = acts.file(organisation)
    refused = run("sweep", "--config", file, "--as-of", "2027-03-05")
    assert (refused.exit_code, "demo only" in refused.output) == (2, True)
    assert clock.keys(organisation, filed) == set()


@pytest.mark.parametrize("instant", ["tomorrow", "2026-13-01", "2026-11-22T25:00", "1999-01-01"])
def test_what_is_no_instant_is_not_understood(tmp_path: Path, instant: str) -> None:
    """Exit code 2."""
    _, file = organised(tmp_path)
    assert run("sweep", "--config", file, "--dry-run", "--as-of", instant).exit_code == 2


def test_nothing_due_is_said(tmp_path: Path) -> None:
    """An empty organisation."""
    _, file = organised(tmp_path)
    assert run("sweep", "--config", file, "--dry-run").stdout == "Nothing is due.\n"
    assert as_json("sweep", "--config", file) == {"looked": 0, "failed": 0, "done": {}}


def test_a_case_that_failed_is_an_exit_code(tmp_path: Path) -> None:
    """So that a timer's mail tells the operator."""
    organisation, file = organised(tmp_path, "demo = true")
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        acts.case_row(session, filed).channel = "gone"
    failed = run("sweep", "--config", file, "--as-of", "2026-11-22")
    assert failed.exit_code == 1
    assert "were left as they were: 1." in failed.output


@pytest.mark.parametrize("turns", [True, False])
def test_it_sends_the_mails_that_are_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, turns: bool
) -> None:
    """A timer is all that an organisation needs; a turn that fails holds no mail back."""
    with open_office() as post:
        mail = f'[mail]\nhost = "{HOST}"\nport = {post.port}\nsecurity = "none"\nsender = "a@b.org"'
        organisation, file = organised(tmp_path, f"demo = true\n{mail}")
        clock.set_mail(organisation, anna="anna@example.org", bo="bo@example.org")
        acts.file(organisation)
        clock.turn(organisation)
        if not turns:
            monkeypatch.setattr("whistle.cli.sweep.turn", _fail)
        swept = run("sweep", "--config", file, "--as-of", "2026-11-23T08:45")
        assert (swept.exit_code == 0) == turns
        assert post.to() == ["anna@example.org", "bo@example.org"]


def _fail(_: object) -> None:
    raise OSError


def test_settings_that_are_not_there_are_a_sentence(tmp_path: Path) -> None:
    """No trace of a program."""
    result = run("sweep", "--config", tmp_path / "whistle.toml")
    assert (result.exit_code, "cannot read" in result.output) == (1, True)


def test_after_a_pause_nothing_is_done_until_it_is_said(tmp_path: Path) -> None:
    """Exit code 1 with both times; then once with --after-pause, which the log keeps."""
    organisation, file = organised(tmp_path)
    now = datetime.now(UTC).replace(microsecond=0)
    last = now - timedelta(days=40)
    organisation.now = max(organisation.now, now)
    with organisation.parts.database.writing() as session:
        marks.put(session, marks.SWEEP, last)
    refused = run("sweep", "--config", file)
    assert refused.exit_code == 1
    assert f"{last:%Y-%m-%d %H:%M} UTC" in refused.output
    assert "whistle sweep --after-pause" in refused.output
    told = run("sweep", "--config", file, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["pause"]["last_turn"] == last.isoformat()
    with organisation.parts.database.reading() as session:
        assert marks.get(session, marks.SWEEP) == last
    assert as_json("sweep", "--config", file, "--after-pause")["looked"] == 0
    assert as_json("sweep", "--config", file)["looked"] == 0
    with organisation.parts.database.reading() as session:
        payloads = [one for one in session.scalars(select(LogEvent.payload)) if one]
    assert [b'"operator"' in one for one in payloads if b'"PauseEnded"' in one] == [True]


def test_without_a_pause_there_is_nothing_to_say(tmp_path: Path) -> None:
    """A timer that always says it would say it at a wrong time too."""
    _, file = organised(tmp_path)
    refused = run("sweep", "--config", file, "--after-pause")
    assert (refused.exit_code, "There was no pause" in refused.output) == (2, True)
