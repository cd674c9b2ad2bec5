"""The clock that runs by itself: at once, again and again, whatever fails; the demo too."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from click.testing import CliRunner

from tests import acts
from tests.notify.post_office import HOST, open_office
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.cli.demo import demo
from whistle.config import Mail, Security, Settings
from whistle.services.operating.demo import clock as demo_clock
from whistle.services.parts import Parts
from whistle.services.upkeep import running
from whistle.services.upkeep.running import Running
from whistle.services.upkeep.sweeping import Swept, sweep

SECONDS_MAX = 60


@contextmanager
def _turning(parts: Parts) -> Iterator[Callable[[], None]]:
    """Let it run; what is given waits until one more whole turn is over."""
    over = Event()

    def noted(given: Parts) -> Swept:
        try:
            return sweep(given)
        finally:
            over.set()

    def wait() -> None:
        for _ in range(2):  # the turn under way, and a whole one
            over.clear()
            assert over.wait(SECONDS_MAX)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "sweep", noted)
        patched.setattr(running, "EVERY_SECONDS", 0.05)
        patched.setattr(running, "EVERY_SECONDS_DEMO", 0.05)
        started = Running(parts).start()
        try:
            yield wait
        finally:
            started.stop()


def test_it_turns_at_once_and_again(organisation: Organisation) -> None:
    """What comes due while it runs is done."""
    filed = acts.file(organisation)
    with _turning(organisation.parts) as wait:
        wait()
        assert clock.keys(organisation, filed) == {"arrived"}
        clock.go_to(organisation, "2026-11-28")
        wait()
        assert clock.row(organisation, filed).acknowledged_by == "system"


def test_it_outlives_whatever_fails_and_names_only_the_kind(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    """The database was away for a moment."""
    filed = acts.file(organisation)
    good = organisation.parts.database.writing
    failing = True

    @contextmanager
    def away() -> Iterator[object]:
        if failing:
            raise OSError(str(filed.receipt))
        with good() as session:
            yield session

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(organisation.parts.database, "writing", away)
        with _turning(organisation.parts) as wait:
            wait()
            failing = False
            wait()
    assert clock.keys(organisation, filed) == {"arrived"}
    said = {one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR}
    assert said == {"The clock's turn failed: OSError"}


def test_it_sends_what_is_due(settings: Settings) -> None:
    """Through the organisation's own server, once."""
    with open_office() as office:
        mail = Mail(HOST, "forms@example.org", office.port, Security.NONE)
        organisation = make_organisation(
            settings.data_dir.parent, replace(settings, mail=mail, desk_address=acts.SITE)
        )
        clock.set_mail(organisation, anna="anna@example.org")
        acts.file(organisation, left_out=["bo"])
        with _turning(organisation.parts) as wait:
            wait()
            clock.go_to(organisation, "2026-11-22", "13:45")
            wait()
            wait()
        assert office.to() == ["anna@example.org"]


@pytest.mark.parametrize(("in_demo", "seconds"), [(True, 3), (False, 60)])
def test_the_demo_turns_within_seconds(
    organisation: Organisation, *, in_demo: bool, seconds: int
) -> None:
    """So that a moved clock shows at once."""
    settings = replace(organisation.parts.settings, demo=in_demo)
    assert Running(replace(organisation.parts, settings=settings))._every == seconds


def test_a_running_demo_follows_the_clock_that_is_moved_beside_it(
    organisation: Organisation, tmp_path: Path
) -> None:
    """`whistle demo clock 6` in another terminal."""
    folder = tmp_path / "demo"
    folder.mkdir()
    moved = demo_clock(folder)
    start = organisation.now
    real = moved()
    parts = replace(organisation.parts, clock=lambda: start + (moved() - real))
    filed = acts.file(organisation)
    with _turning(parts) as wait:
        wait()
        assert clock.row(organisation, filed).acknowledged_on is None
        told = CliRunner().invoke(demo, ["--folder", str(folder), "clock", "6"])
        assert "6 days ahead" in told.output
        wait()
        assert clock.row(organisation, filed).acknowledged_on == clock.day("2026-11-28")


def test_the_clock_that_is_read_while_it_is_moved_is_whole(tmp_path: Path) -> None:
    """Never an empty file between the old day and the new."""
    moved = demo_clock(tmp_path)
    days = set()
    stop = Event()

    def read() -> None:
        while not stop.is_set():
            days.add(moved.days)

    reader = Thread(target=read)
    reader.start()
    for _ in range(200):
        moved.move(1)
    stop.set()
    reader.join()
    assert days <= set(range(201))
    assert moved.days == 200


def test_after_a_jump_the_desk_asks_to_sign_in_again(organisation: Organisation) -> None:
    """A session of last week has ended; the answer says so, and signing in works at once."""
    desk = acts.sign_in(organisation, "anna")
    assert desk.ask("GET", "/cases").status_code == 200
    organisation.move(7)
    answer = desk.ask("GET", "/cases")
    assert (answer.status_code, answer.get_json()["error"]) == (401, "signed_out")
    assert acts.sign_in(organisation, "anna").ask("GET", "/cases").status_code == 200
