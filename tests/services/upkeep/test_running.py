"""The clock inside a process that serves: a turn at once, others after it, until it is stopped."""

import logging
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from tests.organisation import Organisation
from whistle.config import Mail
from whistle.services.upkeep import running
from whistle.services.upkeep.running import Running

PATIENCE_SECONDS = 30


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The turns that were taken; none really sweeps."""
    taken: list[Any] = []
    monkeypatch.setattr(running, "turn", taken.append)
    return taken


def test_a_turn_is_taken_at_once(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fell due while the server was off is done when it starts."""
    taken = Event()
    monkeypatch.setattr(running, "turn", lambda _: taken.set())
    clock = Running(organisation.parts).start()
    assert taken.wait(PATIENCE_SECONDS)
    clock.stop()


def test_it_goes_on_until_it_is_stopped(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One turn after another, and none after the stop."""
    taken: list[Any] = []
    third = Event()

    def turn(parts: Any) -> None:
        taken.append(parts)
        if len(taken) == 3:
            third.set()

    monkeypatch.setattr(running, "turn", turn)
    monkeypatch.setattr(running, "EVERY_SECONDS", 0)
    clock = Running(organisation.parts).start()
    assert third.wait(PATIENCE_SECONDS)
    clock.stop()
    assert taken[0] is organisation.parts
    assert not clock._thread.is_alive()


def test_a_turn_that_fails_is_named_and_tried_again(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """By its class only: a fault's text can hold what a case says."""
    again = Event()
    tries: list[None] = []

    def fail(_: Any) -> None:
        tries.append(None)
        if len(tries) == 2:
            again.set()
        raise ValueError("anna-lind")

    monkeypatch.setattr(running, "turn", fail)
    monkeypatch.setattr(running, "EVERY_SECONDS", 0)
    with caplog.at_level(logging.ERROR):
        clock = Running(organisation.parts).start()
        assert again.wait(PATIENCE_SECONDS)
        clock.stop()
    assert "ValueError" in caplog.text
    assert "anna-lind" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("turns")
def test_mail_is_sent_after_the_turn(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the organisation has a mail server."""
    sent = Event()
    monkeypatch.setattr(running, "post", lambda *_: sent.set())
    mail = Mail(host="localhost", sender="a@example.org")
    settings = replace(organisation.parts.settings, mail=mail)
    clock = Running(replace(organisation.parts, settings=settings)).start()
    assert sent.wait(PATIENCE_SECONDS)
    clock.stop()


def test_mail_is_sent_though_the_turn_failed(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What waits in the outbox has nothing to do with what stopped the clock."""
    sent = Event()

    def fail(_: Any) -> None:
        raise ValueError

    monkeypatch.setattr(running, "turn", fail)
    monkeypatch.setattr(running, "post", lambda *_: sent.set())
    mail = Mail(host="localhost", sender="a@example.org")
    settings = replace(organisation.parts.settings, mail=mail)
    with caplog.at_level(logging.ERROR):
        clock = Running(replace(organisation.parts, settings=settings)).start()
        assert sent.wait(PATIENCE_SECONDS)
        clock.stop()
    assert "The clock's turn failed: ValueError" in caplog.text


def test_the_demo_turns_more_often(organisation: Organisation) -> None:
    """Its clock is moved by hand, and one wants to see what follows."""
    demo = replace(organisation.parts.settings, demo=True)
    assert Running(replace(organisation.parts, settings=demo))._every < running.EVERY_SECONDS
