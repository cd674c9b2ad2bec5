"""What people do while a machine's time may be wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import acts, sealing_again
from tests.acts import Filed
from tests.organisation import NOON, Organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.errors import ConflictError
from whistle.services import marks, pauses
from whistle.services.handling import cases
from whistle.services.pauses import Pause
from whistle.services.reporting.mailbox import read_mailbox
from whistle.services.reporting.unscripted import look
from whistle.services.upkeep.sweeping import Swept
from whistle.services.upkeep.turning import turn


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer's address and one outside."""
    return replace(settings, mail=clock.OFFICE_MAIL)


@pytest.fixture
def organisation(settings: Settings) -> Organisation:
    """An organisation with an open and a closed case, whose clock has turned once."""
    return clock.begun(settings)


def _open_case(organisation: Organisation) -> Filed:
    filed = acts.file(organisation)
    turn(organisation.parts)
    return filed


def test_handlers_wait_until_the_time_is_sure(organisation: Organisation) -> None:
    """What they do is dated, and a wrong date would be late for ever; nothing of it is kept."""
    filed = _open_case(organisation)
    clock.go_to(organisation, "2027-06-01")
    with pytest.raises(ConflictError, match="time_unsure"):
        clock.acknowledge(organisation, filed)
    assert clock.row(organisation, filed).acknowledged_on is None
    assert [one.kind for one in clock.thread_of(organisation, filed)] == ["report", "received"]
    pauses.end(organisation.parts, "olle", organisation.now)
    clock.acknowledge(organisation, filed)
    assert clock.row(organisation, filed).acknowledged_on == clock.day("2027-06-01")
    assert clock.row(organisation, filed).late.split() == ["acknowledge", "feedback"]


def test_what_a_reporter_writes_at_a_wrong_time_makes_nothing_late(
    organisation: Organisation,
) -> None:
    """It is taken; when the time is right again nobody is told of dates that have not passed."""
    filed = _open_case(organisation)
    clock.go_to(organisation, "2027-06-01")
    clock.by_reporter(organisation, filed, "message")
    assert turn(organisation.parts) == Pause(NOON, organisation.now)
    clock.go_to(organisation, "2026-11-24")
    swept = turn(organisation.parts)
    assert isinstance(swept, Swept)
    assert (swept.done["late"], swept.done["missed"], swept.failed) == (0, 0, 0)
    row = clock.row(organisation, filed)
    assert (row.late, row.missed, row.excused) == ("", "", False)
    clock.acknowledge(organisation, filed)
    assert clock.row(organisation, filed).acknowledged_on == clock.day("2026-11-24")


def test_reporters_read_their_dates_as_they_were_at_the_last_turn(
    organisation: Organisation,
) -> None:
    """With scripts and without; who believed a date missed that is not could lose protection."""
    filed = _open_case(organisation)

    def alarms() -> list[tuple[list[str], list[str]]]:
        token, code = filed.receipt.mailbox_token, str(filed.receipt)
        told = (
            read_mailbox(organisation.parts, token)["dates"],
            look(organisation.parts, code).dates,
        )
        return [(one["late"], one["missed"]) for one in told]

    clock.go_to(organisation, "2026-12-20")
    assert alarms() == [(["acknowledge"], ["acknowledge"])] * 2
    clock.go_to(organisation, "2036-01-01")
    assert alarms() == [([], [])] * 2
    clock.go_to(organisation, "2027-06-01")
    assert alarms() == [([], [])] * 2
    pauses.end(organisation.parts, "olle", organisation.now)
    both = ["acknowledge", "feedback"]
    assert alarms() == [(both, both)] * 2


def test_what_a_reporter_writes_after_a_real_pause_hides_nothing(
    organisation: Organisation,
) -> None:
    """The time was right: late and missed are told by the first turn that goes."""
    filed = _open_case(organisation)
    clock.go_to(organisation, "2027-06-01")
    clock.by_reporter(organisation, filed, "message")
    pauses.end(organisation.parts, "olle", organisation.now)
    turn(organisation.parts)
    row = clock.row(organisation, filed)
    assert row.late.split() == row.missed.split() == ["acknowledge", "feedback"]
    said = [code for code, _, _ in clock.lines(organisation, filed)]
    assert (said.count("late"), said.count("missed")) == (2, 2)


def test_reporters_read_no_later_day_than_a_machine_that_is_behind_says(
    organisation: Organisation,
) -> None:
    """Which of the two is right nobody knows; nor is a date read from before the report came."""
    filed = _open_case(organisation)
    with organisation.parts.database.writing() as session:
        marks.put(session, marks.SWEEP, organisation.now + timedelta(days=12))
    for day in ("2026-11-24", "2020-01-01"):
        clock.go_to(organisation, day)
        assert read_mailbox(organisation.parts, filed.receipt.mailbox_token)["dates"]["late"] == []
    clock.go_to(organisation, "2026-12-04")
    told = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["dates"]
    assert told["late"] == ["acknowledge"]


@pytest.mark.parametrize("day", ["2027-02-25", "2026-10-10"])
def test_taking_somebody_out_does_not_wait_for_the_time(
    organisation: Organisation, day: str
) -> None:
    """Whoever must not read goes at once, and stays out when the time is right again."""
    filed = _open_case(organisation)
    case = acts.case_id(organisation, filed)
    clock.go_to(organisation, day)
    assert isinstance(turn(organisation.parts), Pause)
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    for now in (organisation.now, NOON):
        organisation.now = now
        handler = acts.handler(organisation, "bo")
        ids = [one["id"] for one in cases.list_cases(organisation.parts, handler)["cases"]]
        assert len(ids) == 2
        assert case not in ids
