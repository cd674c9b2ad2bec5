"""A form that takes no reports, or soon will take none, is no secret of the office's pages."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests import office_acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.storage.tables import Person

OFFICER = {("officer", None, 0)}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings that name an officer with a mail address."""
    return replace(settings, mail=replace(clock.OFFICE_MAIL, outside=""))


def told_on(organisation: Organisation, *days: date) -> list[date]:
    """On which of the days the officer is told something, the clock turning twice on each."""
    told = []
    for day in days:
        new = clock.new_notices(organisation, day.isoformat())
        told += [day] if new >= OFFICER else []
        assert not OFFICER & clock.new_notices(organisation, day.isoformat())
    return told


def told_of_the_end(organisation: Organisation, *days: date) -> list[date]:
    """As `told_on`, with all tasks done: of a late one the officer is told too."""
    told = []
    for day in days:
        told += told_on(organisation, day)
        clock.finish_tasks(organisation)
    return told


def ends_on(organisation: Organisation) -> date:
    """The last day of the list of keys."""
    return organisation.parts.keyrings.published().chain.newest.expires_on


def test_nothing_is_told_while_a_form_is_open(organisation: Organisation) -> None:
    """And its list of keys is good for longer than two months."""
    assert told_on(organisation, clock.day("2026-11-22"), clock.day("2026-11-23")) == []


def test_the_end_of_the_list_is_told_before_it_comes_and_every_day_after(
    organisation: Organisation,
) -> None:
    """60, 30, 14, 7 and 1 days before; then it is past its end, and then the form is closed."""
    end = ends_on(organisation)
    around = [end + timedelta(days=day) for day in range(-63, 64)]
    before = [end - timedelta(days=day) for day in (60, 30, 14, 7, 1)]
    assert told_of_the_end(organisation, *around) == [*before, *around[64:]]


def test_a_step_that_no_turn_saw_is_told_at_the_next(organisation: Organisation) -> None:
    """Once, not once for each step that was missed."""
    end = ends_on(organisation)
    turns = [end - timedelta(days=day) for day in (61, 10, 9, 8, 7)]
    assert told_of_the_end(organisation, *turns) == [turns[1], turns[4]]


def test_a_form_that_fewer_than_two_can_read_is_told_every_day(
    organisation: Organisation,
) -> None:
    """Two of three handlers cannot sign in any more."""
    with organisation.parts.database.writing() as session:
        for one in ("anna", "bo"):
            session.delete(session.get_one(Person, one))
    days = [clock.day(f"2026-11-{day}") for day in (22, 23, 24)]
    assert told_on(organisation, *days) == days


def test_keys_that_do_not_verify_are_told_every_day_until_they_do(
    organisation: Organisation,
) -> None:
    """Until the folder is mended nobody can report."""
    signature = organisation.parts.settings.keys_dir / "keyring-0001.json.sig"
    right = signature.read_text()
    days = [clock.day(f"2026-11-{day}") for day in (22, 23, 24)]
    assert told_on(organisation, days[0]) == []
    signature.write_text("no signature")
    assert told_on(organisation, *days[1:]) == days[1:]
    signature.write_text(right)
    assert told_on(organisation, clock.day("2026-11-25")) == []


def test_before_the_first_list_nobody_is_told(tmp_path: Path, settings: Settings) -> None:
    """That the form is not open yet stands in the overview."""
    organisation = office_acts.founded(tmp_path, settings)
    assert told_on(organisation, clock.day("2026-11-22"), clock.day("2026-11-23")) == []
