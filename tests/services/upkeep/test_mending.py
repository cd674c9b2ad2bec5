"""A machine's time was ahead and is right again: nothing waits for days that were not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.services import access, marks, old_seals, tasks
from whistle.services.office import health
from whistle.services.upkeep.sweeping import Swept
from whistle.services.upkeep.turning import turn
from whistle.storage.tables import LogWaiting, Mailed, Notice, OldSeal, Task


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer's address and one outside."""
    return replace(settings, mail=clock.OFFICE_MAIL)


@pytest.fixture
def organisation(settings: Settings) -> Organisation:
    """An organisation with an open and a closed case, whose clock has turned once."""
    return clock.begun(settings)


@pytest.fixture
def ahead(organisation: Organisation) -> Organisation:
    """The time was three weeks ahead, by less than is suspected, and is right again."""
    clock.go_to(organisation, "2026-12-13")
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert swept.done["late"] == 1
    return organisation


def test_time_that_goes_back_makes_nothing_happen_early(ahead: Organisation) -> None:
    """No date has come: the cases are looked at, and nothing is done in them."""
    clock.go_to(ahead, "2026-11-23")
    swept = turn(ahead.parts)
    assert isinstance(swept, Swept)
    assert (swept.looked, swept.done, swept.failed) == (2, {}, 0)
    with ahead.parts.database.reading() as session:
        assert marks.get(session, marks.SWEEP) == ahead.now
    assert turn(ahead.parts) == Swept()


def test_after_time_went_back_people_can_act_and_are_warned(ahead: Organisation) -> None:
    """The order of events does not lie three weeks ahead, and no case sleeps until then."""
    clock.go_to(ahead, "2026-11-23")
    turn(ahead.parts)
    with ahead.parts.database.reading() as session:
        handler = acts.handler(ahead, "anna")
        visible = access.visible_cases(handler)
        ids = [one.id.hex() for one in session.scalars(visible)]
    for case in ids:
        acts.act(ahead, "anna", case, "message")
    swept = turn(ahead.parts)
    assert isinstance(swept, Swept)
    assert swept.failed == 0


def test_a_report_that_came_at_the_wrong_time_is_told_to_the_office(ahead: Organisation) -> None:
    """Its receipt date is set once and lies ahead: nobody would be reminded of it for long."""
    acts.file(ahead)
    clock.go_to(ahead, "2026-11-23")
    swept = turn(ahead.parts)
    assert isinstance(swept, Swept)
    assert swept.failed == 1
    assert health.look(ahead.parts, handles=False).failing == 1
    assert ("officer", "2026-11-23") in clock.kept_for(ahead)


def test_nothing_waits_for_a_day_that_was_never_there(ahead: Organisation) -> None:
    """Mails, reminders of tasks, the log's waiting events, old sealed keys, the day's anchor."""
    parts, wrong = ahead.parts, acts.today(ahead)
    filed = acts.file(ahead)
    case = acts.case_id(ahead, filed)
    with parts.database.writing() as session:
        session.add(Mailed(person_id="anna", on=wrong))
        duty = tasks.Begun(tasks.DATA_REQUEST, wrong, bytes.fromhex(case))
        tasks.begin(session, parts.settings.channels[0], duty).told_on = wrong
        old_seals.keep(session, acts.case_row(session, filed), wrong)
        marks.put(session, marks.ANCHOR, ahead.now)
    turn(parts)
    assert max(day for _, day in clock.kept_for(ahead)) == wrong.isoformat()
    clock.go_to(ahead, "2026-11-23")
    assert isinstance(turn(parts), Swept)
    last = clock.day("2026-11-24")
    with parts.database.reading() as session:
        assert session.scalars(select(Mailed)).all() == []
        for column in (Task.told_on, Notice.created_on, LogWaiting.on):
            assert [one for one in session.scalars(select(column)) if one and one > last] == []
        assert max(one.date() for one in session.scalars(select(Notice.send_after))) <= last
        kept = session.scalars(select(OldSeal.until)).all()
        assert kept == [clock.day("2026-11-23") + old_seals.KEPT]
        anchored = marks.get(session, marks.ANCHOR)
        assert anchored is None or anchored <= ahead.now


def test_two_machines_that_differ_do_not_wake_every_case_all_day_long(
    ahead: Organisation,
) -> None:
    """What the one dated ahead is taken back once a day by the other."""
    for at, looked in (("10:00", 2), ("11:00", 0), ("12:00", 0)):
        with ahead.parts.database.writing() as session:
            marks.put(session, marks.SWEEP, datetime(2026, 12, 13, tzinfo=UTC))
        clock.go_to(ahead, "2026-11-23", at)
        swept = turn(ahead.parts)
        assert isinstance(swept, Swept)
        assert swept.looked == looked
