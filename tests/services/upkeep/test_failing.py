"""A case in which the clock fails is told to the office, without the case."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from tests import acts
from tests.acts import Filed
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.case import ActionKind
from whistle.case.events import Actor, Erased, EraseGround
from whistle.config import Settings
from whistle.services.erasing import erase
from whistle.services.facts import limits_of
from whistle.services.office import health
from whistle.services.upkeep import sweeping
from whistle.storage.tables import Case, Person


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer's address."""
    return replace(settings, mail=clock.OFFICE_MAIL)


def failing(organisation: Organisation, *, handles: bool = False) -> int:
    """What the office is shown."""
    return health.look(organisation.parts, handles=handles).failing


def fails(organisation: Organisation, filed: Filed, *, yet: bool = True) -> None:
    """Let the clock fail in a case, or no longer."""
    row = clock.row(organisation, filed)
    with organisation.parts.database.writing() as session:
        late = "no_such_clock" if yet else ""
        session.execute(update(Case).where(Case.id == row.id).values(late=late))


def test_it_is_counted_until_a_look_succeeds(organisation: Organisation) -> None:
    """Cases, not tries; whoever handles cases counts nothing."""
    filed = [acts.file(organisation) for _ in range(3)]
    for one in filed[:2]:
        fails(organisation, one)
    for at in ("12:00", "12:01"):
        assert clock.turn(organisation, "2026-11-22", at).failed == 2
        assert failing(organisation) == 2
    assert failing(organisation, handles=True) == 0
    fails(organisation, filed[0], yet=False)
    assert clock.turn(organisation).failed == 1
    assert failing(organisation) == 1
    fails(organisation, filed[1], yet=False)
    assert clock.turn(organisation).failed == 0
    assert failing(organisation) == 0
    assert clock.row(organisation, filed[1]).failed_on is None


def test_the_officer_is_told_once_a_day(organisation: Organisation) -> None:
    """Of no case, and of no date."""
    fails(organisation, acts.file(organisation))
    for day in ("2026-11-22", "2026-11-23"):
        told = clock.new_notices(organisation, day)
        assert told == {("officer", None, 0)}
        for at in ("14:00", "18:00"):
            clock.turn(organisation, day, at)
        assert len(clock.notices(organisation)) == 1


def test_officers_at_the_desk_and_who_was_left_out_are_not_told(
    organisation: Organisation,
) -> None:
    """Their world is the one without the case."""
    clock.set_mail(organisation, bo="officer@example.org", anna="anna@example.org")
    with organisation.parts.database.writing() as session:
        session.get_one(Person, "anna").office = "officer"
    fails(organisation, acts.file(organisation, left_out=("bo",)))
    assert clock.turn(organisation).failed == 1
    assert clock.notices(organisation) == set()
    clock.set_mail(organisation, olle="olle@example.org")
    clock.turn(organisation, "2026-11-23")
    assert clock.notices(organisation) == {("olle", None, 0)}


def test_a_case_of_a_channel_that_is_gone_is_told_too(organisation: Organisation) -> None:
    """Whoever handles anything might have been left out of it; the officer did not."""
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        acts.case_row(session, filed).channel = "gone"
    assert clock.turn(organisation).failed == 1
    assert clock.notices(organisation) == {("officer", None, 0)}
    assert failing(organisation) == 1


def test_what_failed_is_forgotten_when_handlers_erase_the_case(
    organisation: Organisation,
) -> None:
    """By their hands as by the clock's."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    fails(organisation, filed)
    assert clock.turn(organisation).failed == 1
    fails(organisation, filed, yet=False)
    channel = organisation.parts.settings.channels[0]
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        assert case.failed_on == clock.day("2026-11-22")
        erased = Erased(
            on=clock.day("2026-11-22"),
            at=organisation.now,
            actor=Actor.handler("anna"),
            rules=limits_of(channel).version,
            ground=EraseGround.NO_LONGER_NEEDED,
        )
        erase(session, case, erased, channel)
        assert case.failed_on is None


def test_what_failed_is_forgotten_with_the_case(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tombstone does not say that the clock once failed in it."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    clock.turn(organisation)
    case = clock.row(organisation, filed).id
    with monkeypatch.context() as poisoned:
        poisoned.setitem(sweeping._DOING, ActionKind.ERASE, lambda *_: 1 / 0)
        assert clock.turn(organisation, "2028-11-22").failed == 1
    clock.turn(organisation, "2028-11-23")
    with organisation.parts.database.reading() as session:
        row = session.scalars(select(Case).where(Case.id == case)).one()
        assert (row.erased_on, row.failed_on) == (clock.day("2028-11-23"), None)
    assert failing(organisation) == 0
