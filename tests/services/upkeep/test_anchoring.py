"""The log's anchors and the reminders do not stand in each other's way."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.notify.mail import Reminder, compose
from whistle.services.notices import OFFICER, forget
from whistle.services.upkeep import mailing, telling
from whistle.services.upkeep.anchoring import send_anchor
from whistle.storage.tables import Notice

EVENING = "23:00"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that name an officer with a mail address."""
    return replace(settings, mail=clock.OFFICE_MAIL)


@pytest.fixture
def organisation(settings: Settings) -> Organisation:
    """An organisation with an officer who gets both."""
    return make_organisation(settings.data_dir.parent, settings)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each mail that went was: `anchor` or `reminder`."""
    kinds: list[str] = []

    def note(reminder: Reminder, **more: object) -> object:
        kinds.append("anchor" if reminder.anchor else "reminder")
        return compose(reminder, **more)  # type: ignore[arg-type] # each by its own name

    monkeypatch.setattr(mailing, "compose", note)
    return kinds


def _anchor(organisation: Organisation, day: str, at: str = EVENING) -> None:
    clock.go_to(organisation, day, at)
    with organisation.parts.database.writing() as session:
        session.add(_row(organisation))


def _alarm(organisation: Organisation) -> None:
    with organisation.parts.database.writing() as session:
        telling.tell(session, organisation.parts, OFFICER, due_on=None)


def _deliver(organisation: Organisation, day: str, at: str) -> int:
    clock.go_to(organisation, day, at)
    return mailing.deliver(organisation.parts, lambda _: None)["sent"]


def test_an_alarm_is_not_taken_for_an_anchor_that_waits(organisation: Organisation) -> None:
    """An anchor that waits for a set time, as an alarm does: both are kept, each for itself."""
    _anchor(organisation, "2026-11-22")
    with organisation.parts.database.writing() as session:
        (anchor,) = session.scalars(select(Notice))
        anchor.send_after = telling.next_batch(organisation.parts)
    _alarm(organisation)
    with organisation.parts.database.reading() as session:
        assert sorted(bool(one.anchor) for one in session.scalars(select(Notice))) == [False, True]


def test_a_reminder_goes_on_the_day_of_an_anchor(
    organisation: Organisation, said: list[str]
) -> None:
    """An anchor in the small hours does not put off what the officer is told at eight."""
    clock.go_to(organisation, "2026-11-22", "20:00")
    _alarm(organisation)
    _anchor(organisation, "2026-11-23", "00:30")
    assert _deliver(organisation, "2026-11-23", "00:31") == 1
    assert _deliver(organisation, "2026-11-23", "08:45") == 1
    assert said == ["anchor", "reminder"]


def test_an_anchor_goes_on_the_day_of_a_reminder(
    organisation: Organisation, said: list[str]
) -> None:
    """At its own moment, not at the reminders' set time of tomorrow."""
    clock.go_to(organisation, "2026-11-22", "12:00")
    _alarm(organisation)
    assert _deliver(organisation, "2026-11-22", "13:45") == 1
    _anchor(organisation, "2026-11-22")
    assert _deliver(organisation, "2026-11-22", EVENING) == 1
    assert said == ["reminder", "anchor"]


def test_only_the_newest_anchor_waits(organisation: Organisation) -> None:
    """After days without a mail server one mail says it all: its head holds the others."""
    _anchor(organisation, "2026-11-22")
    clock.go_to(organisation, "2026-11-23", EVENING)
    with organisation.parts.database.writing() as session:
        assert send_anchor(session, organisation.parts)
        (anchor,) = session.scalars(select(Notice))
        assert anchor.created_on == clock.day("2026-11-23")


def test_an_anchor_is_no_date_of_a_case(organisation: Organisation) -> None:
    """Who is taken out of a case keeps the anchors of the log."""
    _anchor(organisation, "2026-11-22")
    with organisation.parts.database.writing() as session:
        forget(session, OFFICER, ())
        assert len(session.scalars(select(Notice)).all()) == 1


def _row(organisation: Organisation) -> Notice:
    """An anchor as it is given to the outbox at this moment."""
    return Notice(
        id=b"a" * 16,
        person_id=OFFICER,
        due_on=None,
        anchor=f"1:{'00' * 32}",
        created_on=organisation.parts.today(organisation.parts.settings.channels[0]),
        send_after=organisation.now,
    )
