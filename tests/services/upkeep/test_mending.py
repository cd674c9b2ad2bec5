"""A machine's time was ahead and is right again: nothing waits for days that were not."""

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.services import log, marks, old_seals, pauses, tasks
from whistle.services.office import health
from whistle.services.pauses import Pause
from whistle.services.upkeep.sweeping import Swept
from whistle.services.upkeep.turning import turn
from whistle.storage.tables import LogWaiting, Notice, OldSeal, Person, Task


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
    """The time is three weeks ahead, by less than is suspected, and the clock has turned."""
    clock.go_to(organisation, "2026-12-13")
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert swept.done["late"] == 1
    return organisation


def back(organisation: Organisation) -> Swept:
    """The time is right again, an officer has said so, and the clock turns."""
    clock.go_to(organisation, "2026-11-23")
    assert isinstance(turn(organisation.parts), Pause)
    pauses.end(organisation.parts, "olle", organisation.now)
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    return swept


def test_time_that_goes_back_makes_nothing_happen_early(ahead: Organisation) -> None:
    """No date has come: the cases are looked at, and nothing is done in them."""
    swept = back(ahead)
    assert (swept.looked, swept.done, swept.failed) == (2, {}, 0)
    with ahead.parts.database.reading() as session:
        assert marks.get(session, marks.SWEEP) == ahead.now
    assert turn(ahead.parts) == Swept()


def test_a_case_that_was_written_in_at_a_wrong_time_sleeps_no_longer(
    organisation: Organisation,
) -> None:
    """Nothing turned at that time, so nothing else tells that it was wrong."""
    filed = acts.file(organisation)
    turn(organisation.parts)
    for days in (25, 400, 3000):
        organisation.move(days)
        clock.by_reporter(organisation, filed, "message")
        organisation.move(-days)
        swept = turn(organisation.parts)
        assert isinstance(swept, Swept)
        assert (swept.looked, swept.failed) == (1, 0)
        row = clock.row(organisation, filed)
        assert (row.last_on, row.active_on) == (clock.day("2026-11-22"),) * 2
        assert turn(organisation.parts) == Swept()
    clock.go_to(organisation, "2026-11-28")
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert swept.done["acknowledge"] == 2


def test_nobody_waits_for_a_day_on_which_something_was_dated(organisation: Organisation) -> None:
    """However often the time leaps in a day: who writes then writes today."""
    filed = acts.file(organisation)
    turn(organisation.parts)
    for hours in range(6):
        ahead_by = timedelta(days=(25, 3000)[hours % 2])
        organisation.now += ahead_by
        turn(organisation.parts)
        clock.by_reporter(organisation, filed, "message")
        organisation.now -= ahead_by - timedelta(hours=1)
        clock.by_reporter(organisation, filed, "message")
        if isinstance(turn(organisation.parts), Pause):
            pauses.end(organisation.parts, "olle", organisation.now)
        assert clock.row(organisation, filed).last_on == clock.day("2026-11-22")
        acts.act(organisation, "anna", acts.case_id(organisation, filed), "message")
        assert isinstance(turn(organisation.parts), Swept)


def test_a_report_that_came_at_the_wrong_time_is_told_to_the_office(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    """Its receipt date is set once and lies ahead: nobody would be reminded of it for long.

    Handlers act in it all the same; what they do is dated as early as the law's dates can be.
    """
    organisation.move(21)
    filed = acts.file(organisation)
    clock.go_to(organisation, "2026-11-23")
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert swept.failed == 1
    errors = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert errors == ["The clock failed in a case: CaseError (received_ahead)"]
    assert health.look(organisation.parts, handles=False).failing == 1
    assert ("officer", "2026-11-23") in clock.kept_for(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    row = clock.row(organisation, filed)
    assert row.acknowledged_on == row.closed_on == row.received_on == clock.day("2026-12-13")
    with organisation.parts.database.reading() as session:
        log.verify(session)


def test_nothing_waits_for_a_day_that_was_never_there(ahead: Organisation) -> None:
    """Mails, reminders of tasks, the log's waiting events, old sealed keys, the day's anchor."""
    parts, wrong = ahead.parts, acts.today(ahead)
    filed = acts.file(ahead)
    case = acts.case_id(ahead, filed)
    with parts.database.writing() as session:
        duty = tasks.Begun(tasks.DATA_REQUEST, wrong, bytes.fromhex(case))
        tasks.begin(session, parts.settings.channels[0], duty).told_on = wrong
        old_seals.keep(session, acts.case_row(session, filed), wrong)
        marks.put(session, marks.ANCHOR, ahead.now)
        first = session.scalars(select(Notice)).first()
        assert first is not None
        first.created_on, first.send_after = clock.day("2026-11-22"), ahead.now
        anchor = {"person_id": "pia", "due_on": None, "anchor": "1:00"}
        session.add(Notice(id=bytes(16), created_on=wrong, send_after=ahead.now, **anchor))
    turn(parts)
    assert max(day for _, day in clock.kept_for(ahead)) == wrong.isoformat()
    back(ahead)
    last = clock.day("2026-11-24")
    with parts.database.reading() as session:
        for column in (Task.told_on, Notice.created_on, LogWaiting.on):
            assert [one for one in session.scalars(select(column)) if one and one > last] == []
        assert max(one.date() for one in session.scalars(select(Notice.send_after))) <= last
        assert session.scalars(select(OldSeal.until)).all() == [last + old_seals.KEPT]
        assert "1:00" not in session.scalars(select(Notice.anchor)).all()
        anchored = marks.get(session, marks.ANCHOR)
        assert anchored is None or anchored <= ahead.now


def test_officers_are_told_of_a_closed_form_on_the_day_after_a_leap(
    organisation: Organisation,
) -> None:
    """They were told at a time ahead; that this was so does not count for three weeks."""
    with organisation.parts.database.writing() as session:
        session.execute(delete(Person).where(Person.id.in_(("bo", "carin"))))
    clock.go_to(organisation, "2026-12-13")
    turn(organisation.parts)
    with organisation.parts.database.writing() as session:
        assert marks.get(session, marks.FORM_TOLD) == organisation.now
        session.execute(delete(Notice))
    clock.go_to(organisation, "2026-11-24")
    pauses.end(organisation.parts, "olle", organisation.now)
    turn(organisation.parts)
    assert ("officer", "2026-11-24") in clock.kept_for(organisation)
