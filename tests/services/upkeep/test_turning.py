"""A turn in earnest: at a time that may be wrong nothing is done that cannot be taken back."""

import logging
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts
from tests.cli.organised import organised
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.errors import FilingError, LeapError
from whistle.services import log, marks, old_seals, pauses
from whistle.services.office import health
from whistle.services.pauses import LONGEST, SLACK, Pause
from whistle.services.upkeep import telling
from whistle.services.upkeep.sweeping import Swept
from whistle.services.upkeep.turning import post, turn
from whistle.storage.tables import (
    ClockAction,
    Entry,
    LogEvent,
    Mailed,
)
from whistle.storage.tables.base import Table

OWN = {"marks", "notices"}
"""Where a held turn leaves something: what tells of it."""
YEARS_AHEAD = "2036-05-01"
MACHINE = Path(__file__).parents[2] / "soak" / "turning.py"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer's address and one outside."""
    return replace(settings, mail=clock.OFFICE_MAIL)


@pytest.fixture
def organisation(settings: Settings) -> Organisation:
    """An organisation with an open and a closed case, whose clock has turned once."""
    return clock.begun(settings)


def everything(organisation: Organisation) -> dict[str, list[Any]]:
    """All rows of all tables but those that tell of a held turn."""
    with organisation.parts.database.reading() as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in Table.metadata.sorted_tables
            if table.name not in OWN
        }


class PostOffice:
    """Takes every mail."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []

    def __call__(self, message: EmailMessage) -> None:
        """Take one."""
        self.taken.append(message)

    def to(self) -> list[str]:
        """The receivers."""
        return sorted(str(one["To"]) for one in self.taken)


def test_years_ahead_nothing_is_told_erased_or_put_off(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    """By then every date has passed and one case is due for erasure: not one row changes."""
    before, turned = everything(organisation), organisation.now
    for at in ("09:00", "12:00", "18:00"):
        clock.go_to(organisation, YEARS_AHEAD, at)
        caplog.clear()
        assert turn(organisation.parts) == Pause(turned, organisation.now)
        errors = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
        assert len(errors) == 1
        assert "2036-05-01" in errors[0]
        assert "2026-11-22" in errors[0]
    assert everything(organisation) == before
    with organisation.parts.database.reading() as session:
        assert marks.get(session, marks.SWEEP) == turned


def test_the_time_that_was_wrong_is_mended_and_the_clock_goes_on(
    organisation: Organisation,
) -> None:
    """Nobody has to say anything: what is due on the real day is done on it, and only that."""
    clock.go_to(organisation, YEARS_AHEAD)
    turn(organisation.parts)
    clock.go_to(organisation, "2026-11-28")
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert swept.done == {"acknowledge": 1}
    with organisation.parts.database.reading() as session:
        assert {one.year for one in session.scalars(select(ClockAction.on))} == {2026}


@pytest.mark.parametrize(("more", "held"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_a_month_without_a_turn_is_the_limit(
    organisation: Organisation, more: timedelta, *, held: bool
) -> None:
    """To the second; the day of a change of summer time counts like another."""
    organisation.now += LONGEST + more
    assert isinstance(turn(organisation.parts), Pause if held else Swept)


def test_the_first_turn_ever_goes(settings: Settings, tmp_path: Path) -> None:
    """There is nothing to compare its time with."""
    fresh = make_organisation(tmp_path / "fresh", replace(
        settings, data_dir=tmp_path / "fresh/data", keys_dir=tmp_path / "fresh/keys"
    ))  # fmt: skip
    acts.file(fresh)
    clock.go_to(fresh, "2027-06-01")
    swept = turn(fresh.parts)
    assert isinstance(swept, Swept)
    assert swept.done["late"] == 2


def test_the_demo_moves_its_time_by_hand(organisation: Organisation) -> None:
    """That is what it is for."""
    demo = replace(organisation.parts, settings=replace(organisation.parts.settings, demo=True))
    clock.go_to(organisation, "2027-06-01")
    assert isinstance(turn(demo), Swept)


def test_the_officers_are_told_once_a_day_and_by_nothing_else(organisation: Organisation) -> None:
    """By the address of the settings, and by their own; the mail names no pause and no case."""
    clock.set_mail(organisation, olle="olle@example.org", pia="pia@example.org")
    waiting = clock.kept_for(organisation)
    post_office = PostOffice()
    for day in ("2036-05-01", "2036-05-02"):
        for at in ("06:00", "07:30", "09:00", "12:30", "14:00"):
            clock.go_to(organisation, day, at)
            turn(organisation.parts)
            post(organisation.parts, post_office)
    assert post_office.to() == ["officer@example.org"] * 2 + ["olle@example.org"] * 2
    assert {one.get_content().split("\n")[0] for one in post_office.taken} == {
        "Something in Forms needs you."
    }
    assert clock.kept_for(organisation) == waiting  # not one reminder of before has gone


def test_one_officer_with_two_names_is_told_once(organisation: Organisation) -> None:
    """The address of the settings may be a person's own."""
    clock.set_mail(organisation, olle="Officer@Example.org")
    clock.go_to(organisation, YEARS_AHEAD, "06:00")
    turn(organisation.parts)
    assert [one for one, day in clock.kept_for(organisation) if day == YEARS_AHEAD] == ["olle"]


def test_what_could_not_be_told_is_tried_again_in_the_pause(organisation: Organisation) -> None:
    """The alarm has the same retries as every mail."""
    clock.go_to(organisation, YEARS_AHEAD, "06:00")
    turn(organisation.parts)
    clock.go_to(organisation, YEARS_AHEAD, "09:00")

    def refuse(_: EmailMessage) -> None:
        raise OSError

    assert post(organisation.parts, refuse) == {"unknown": 1}
    clock.go_to(organisation, "2036-05-02", "09:00")
    post_office = PostOffice()
    assert post(organisation.parts, post_office) == {"sent": 1}
    assert post_office.to() == ["officer@example.org"]


def test_an_officer_who_compared_the_time_lets_the_clock_go_on(organisation: Organisation) -> None:
    """The server was off for half a year: what is late is then told, and the log says who."""
    clock.go_to(organisation, "2027-06-01")
    assert isinstance(turn(organisation.parts), Pause)
    pauses.end(organisation.parts, "olle", organisation.now)
    organisation.now += timedelta(minutes=1)
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert (swept.done["late"], swept.done["missed"], swept.failed) == (2, 2, 0)
    with organisation.parts.database.reading() as session:
        log.verify(session)
        payloads = [one for one in session.scalars(select(LogEvent.payload)) if one]
        assert sum(b'"PauseEnded"' in one and b'"olle"' in one for one in payloads) == 1
        assert pauses.noted(session) is None
    assert ("anna", "2027-06-01") in clock.kept_for(organisation)


def test_what_somebody_said_holds_for_that_time_only(organisation: Organisation) -> None:
    """A machine that leaps once more, on or back to another wrong day, is asked once more."""
    clock.go_to(organisation, "2027-06-01")
    pauses.end(organisation.parts, "olle", organisation.now)
    for day in (YEARS_AHEAD, "2027-05-20"):
        clock.go_to(organisation, day)
        assert isinstance(turn(organisation.parts), Pause), day


def test_another_time_than_the_page_showed_is_not_ended(organisation: Organisation) -> None:
    """The time was set while the page was open: it is compared again."""
    clock.go_to(organisation, YEARS_AHEAD)
    shown = organisation.now
    clock.go_to(organisation, "2027-06-01")
    with pytest.raises(FilingError, match="seen"):
        pauses.end(organisation.parts, "olle", shown)
    clock.go_to(organisation, "2026-11-23")
    with pytest.raises(FilingError, match="no_pause"):
        pauses.end(organisation.parts, "olle", organisation.now)
    assert isinstance(turn(organisation.parts), Swept)


def test_a_time_that_leaps_in_the_middle_of_a_turn_ends_it(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of a case is kept by the time that came in between."""
    clock.go_to(organisation, "2026-11-28")
    before = everything(organisation)
    first = organisation.parts.clock()
    times = iter([first, first])

    def leaping() -> datetime:
        return next(times, datetime(2036, 5, 1, tzinfo=UTC))

    with pytest.raises(LeapError):
        turn(replace(organisation.parts, clock=leaping))
    assert everything(organisation) == before
    monkeypatch.undo()
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert swept.done["acknowledge"] == 1


def test_two_machines_of_which_one_is_years_ahead(tmp_path: Path) -> None:
    """The right one goes on, the other does nothing, whoever is first; the office can see it."""
    organisation, file = organised(tmp_path)
    filed = acts.file(organisation)
    turn(organisation.parts)
    clock.go_to(organisation, "2026-11-28")
    machines = [
        subprocess.Popen(
            [sys.executable, MACHINE, file, instant, "earnest"], stdout=subprocess.PIPE
        )
        for instant in (organisation.now.isoformat(), "2036-05-01T12:00:00+00:00")
    ]
    assert [one.communicate()[0] for one in machines] == [b"turning\n"] * 2
    assert [one.returncode for one in machines] == [0, 0]
    assert [line[0] for line in clock.lines(organisation, filed)] == ["acknowledged"]
    with organisation.parts.database.reading() as session:
        days = {one.year for one in session.scalars(select(ClockAction.on))}
        days |= {one.year for one in session.scalars(select(Entry.on))}
        assert days == {2026}
        assert marks.get(session, marks.SWEEP) == organisation.now
    wrong = datetime(2036, 5, 1, 12, tzinfo=UTC)
    turn(replace(organisation.parts, clock=lambda: wrong))
    turn(organisation.parts)
    with organisation.parts.database.reading() as session:
        noted = pauses.noted(session)
        assert noted is not None
        assert noted.now == wrong
    clock.go_to(organisation, "2026-11-28", "12:30")
    turn(organisation.parts)
    with organisation.parts.database.reading() as session:
        assert pauses.noted(session) is None


def test_a_pause_that_was_ended_wrongly_binds_nothing_later(organisation: Organisation) -> None:
    """An officer was wrong by years: on the real day it takes another word, and then suspects."""
    clock.go_to(organisation, YEARS_AHEAD)
    pauses.end(organisation.parts, "olle", organisation.now)
    assert isinstance(turn(organisation.parts), Swept)
    clock.go_to(organisation, "2026-11-25")
    assert isinstance(turn(organisation.parts), Pause)
    pauses.end(organisation.parts, "olle", organisation.now)
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert (swept.looked, swept.failed) == (1, 0)  # the other was erased at the wrong time
    with organisation.parts.database.reading() as session:
        assert marks.get(session, marks.SWEEP) == organisation.now
    clock.go_to(organisation, YEARS_AHEAD)
    assert isinstance(turn(organisation.parts), Pause)


@pytest.mark.parametrize(("more", "held"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_a_day_before_the_last_turn_is_the_limit(
    organisation: Organisation, more: timedelta, *, held: bool
) -> None:
    """To the second: two machines may differ by so much."""
    organisation.now -= SLACK + more
    assert isinstance(turn(organisation.parts), Pause if held else Swept)


@pytest.mark.parametrize("day", ["2026-11-10", "2026-08-01", "2020-01-01"])
def test_a_machine_that_is_behind_does_nothing_and_stops_nobody(
    organisation: Organisation, day: str
) -> None:
    """It moves no mark and no date, whatever lies ahead of it; the right machine goes on."""
    filed, right = acts.file(organisation), organisation.now
    with organisation.parts.database.writing() as session:
        old_seals.keep(session, acts.case_row(session, filed), acts.today(organisation))
    before, told = everything(organisation), clock.kept_for(organisation)
    clock.go_to(organisation, day)
    assert turn(organisation.parts) == Pause(right, organisation.now)
    assert everything(organisation) == before
    assert sorted([*told, ("officer", day)]) == clock.kept_for(organisation)
    assert health.look(organisation.parts, handles=False).own_pause
    organisation.now = right + timedelta(minutes=1)
    clock.acknowledge(organisation, filed)
    assert isinstance(turn(organisation.parts), Swept)
    looked = health.look(organisation.parts, handles=False)
    assert looked.pause is not None
    assert not looked.own_pause


def test_of_two_machines_that_differ_by_less_the_one_behind_holds(
    organisation: Organisation,
) -> None:
    """The other one goes on, and the office can see it at both, for as long as it lasts."""
    right, ahead = organisation.now, organisation.now + timedelta(days=25)
    for minutes in range(0, 30, 5):
        organisation.now = ahead + timedelta(minutes=minutes)
        assert isinstance(turn(organisation.parts), Swept)
        said = right + timedelta(minutes=minutes)
        found = turn(
            replace(
                organisation.parts, clock=partial(datetime.fromtimestamp, said.timestamp(), UTC)
            )
        )
        assert isinstance(found, Pause)
        assert found.is_behind
        looked = health.look(organisation.parts, handles=False)
        assert looked.pause == found
        assert not looked.own_pause
    organisation.now += timedelta(minutes=11)
    turn(organisation.parts)
    assert health.look(organisation.parts, handles=False).pause is None


def test_a_machine_that_started_before_it_had_the_time_goes_on_by_itself(
    organisation: Organisation,
) -> None:
    """Nobody has to say anything once its time is right."""
    right = organisation.now
    clock.go_to(organisation, "2020-01-01")
    assert isinstance(turn(organisation.parts), Pause)
    organisation.now = right + timedelta(minutes=5)
    assert turn(organisation.parts) == Swept()


def test_the_officers_are_told_by_mail_that_a_last_turn_lies_ahead(
    organisation: Organisation,
) -> None:
    """Though they had a mail on a day that lies ahead; nobody else is told anything."""
    clock.set_mail(organisation, olle="olle@example.org")
    clock.go_to(organisation, "2026-12-13")
    turn(organisation.parts)
    post_office = PostOffice()
    clock.go_to(organisation, "2026-11-24", "05:00")
    with organisation.parts.database.writing() as session:
        telling.tell(session, organisation.parts, "anna", due_on=clock.day("2026-11-29"))
        for one in ("officer", "olle"):
            session.merge(Mailed(person_id=one, on=clock.day("2026-12-13")))
    for at in ("06:00", "09:00", "14:00"):
        clock.go_to(organisation, "2026-11-24", at)
        assert isinstance(turn(organisation.parts), Pause)
        post(organisation.parts, post_office)
    assert post_office.to() == ["officer@example.org", "olle@example.org"]
    assert ("anna", "2026-11-24") in clock.kept_for(organisation)
