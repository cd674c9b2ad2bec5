"""What begins by itself beside the case's clocks: reprisal checks and yearly reviews; reminders."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.services.handling import duties
from whistle.storage.tables import Task

ALL = {"anna", "bo", "carin"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer and an outside person."""
    return replace(settings, mail=clock.OFFICE_MAIL)


def _tasks(organisation: Organisation, kind: str) -> list[tuple[str, str]]:
    """From when to when each task of a kind runs."""
    with organisation.parts.database.reading() as session:
        found = session.scalars(select(Task).where(Task.kind == kind).order_by(Task.due_on))
        return [(one.started_on.isoformat(), one.due_on.isoformat()) for one in found]


def _listed(organisation: Organisation, handler_id: str) -> list[dict[str, Any]]:
    handler = acts.handler(organisation, handler_id)
    listed: list[dict[str, Any]] = duties.list_tasks(organisation.parts, handler)["tasks"]
    return listed


def test_invariant_40_reprisals_are_asked_about_after_3_6_and_12_months(
    organisation: Organisation,
) -> None:
    """A line in the thread and a task for the handlers, each once, also when the case is closed."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    for day in ("2027-02-21", "2027-02-22", "2027-02-23", "2027-05-22", "2027-11-22", "2028-11-21"):
        clock.turn(organisation, day)
    assert clock.lines(organisation, filed) == [
        ("reprisal_check", {"on": on}, on) for on in ("2027-02-22", "2027-05-22", "2027-11-22")
    ]
    assert _tasks(organisation, "reprisal_check") == [
        ("2027-02-22", "2027-03-08"), ("2027-05-22", "2027-06-05"), ("2027-11-22", "2027-12-06"),
    ]  # fmt: skip


def test_reprisals_are_not_asked_about_after_the_erasure(settings: Settings) -> None:
    """Backups that live for almost two years: the case is gone before the year is over."""
    short = clock.with_channel(settings, backup_life_days=500)
    organisation = make_organisation(settings.data_dir.parent, short)
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    done = [clock.turn(organisation, day).done for day in ("2027-07-11", "2027-11-22")]
    assert [one["erase"] for one in done] == [1, 0]
    assert _tasks(organisation, "reprisal_check") == []


def test_who_is_left_out_sees_no_task_of_the_case(organisation: Organisation) -> None:
    """Not in the list, and not in a mail."""
    acts.file(organisation, left_out=["bo"])
    clock.turn(organisation, "2027-02-22")
    assert [one["kind"] for one in _listed(organisation, "anna")] == ["reprisal_check"]
    assert _listed(organisation, "bo") == []


def test_the_yearly_review_begins_by_itself_once_a_year(organisation: Organisation) -> None:
    """The first keyring is of 15 July 2026: due a year later, entered 40 days ahead."""
    for day in ("2026-11-22", "2027-06-04"):
        clock.turn(organisation, day)
    assert _tasks(organisation, "access_review") == []
    for day in ("2027-06-05", "2027-06-06", "2027-07-15", "2027-07-16"):
        clock.turn(organisation, day)
    assert _tasks(organisation, "access_review") == [("2026-07-15", "2027-07-15")]
    clock.finish_tasks(organisation)
    for day in ("2027-08-01", "2028-06-05", "2028-06-20"):
        clock.turn(organisation, day)
    assert _tasks(organisation, "access_review")[1:] == [("2027-07-15", "2028-07-15")]


def test_each_channel_has_a_review_of_its_own(settings: Settings) -> None:
    """And its people see theirs only."""
    second = replace(settings.channels[0], id="second", name="Another Works")
    both = replace(settings, channels=(*settings.channels, second))
    organisation = make_organisation(settings.data_dir.parent, both)
    clock.turn(organisation, "2027-06-05")
    assert len(_tasks(organisation, "access_review")) == 2
    assert [one["channel"] for one in _listed(organisation, "anna")] == ["main"]


def test_people_are_reminded_30_14_7_and_1_days_before_and_daily_when_late(
    organisation: Organisation,
) -> None:
    """A data request of 1 December, due on 1 January: all who are appointed, then the officer."""
    clock.go_to(organisation, "2026-12-01")
    handler = acts.handler(organisation, "anna")
    begun = duties.begin_task(
        organisation.parts, handler, kind="data_request", started_on="2026-12-01"
    )
    told = {}
    for day in range(1, 32):
        told[day] = {one[0] for one in clock.new_notices(organisation, f"2026-12-{day:02}")}
    assert {day: people for day, people in told.items() if people} == {
        2: ALL,
        18: ALL,
        25: ALL,
        31: ALL,
    }
    for late in ("2027-01-02", "2027-01-03"):
        assert {one[0] for one in clock.new_notices(organisation, late)} == ALL | {"officer"}
    duties.finish_task(organisation.parts, handler, begun["id"])
    assert clock.new_notices(organisation, "2027-01-04") == set()


def test_a_turn_twice_a_day_reminds_once(organisation: Organisation) -> None:
    """Also when the first mail has gone."""
    clock.go_to(organisation, "2026-12-01")
    handler = acts.handler(organisation, "anna")
    duties.begin_task(organisation.parts, handler, kind="breach", started_on="2026-12-01")
    assert clock.new_notices(organisation, "2026-12-01") == {
        (person, "2026-12-03", 0) for person in ALL
    }
    assert clock.new_notices(organisation, "2026-12-01") == set()


def test_a_postponed_notice_is_reminded_of_at_its_review(organisation: Organisation) -> None:
    """The date that counts is the one on which it is looked at again."""
    clock.go_to(organisation, "2026-12-01")
    handler = acts.handler(organisation, "anna")
    begun = duties.begin_task(
        organisation.parts, handler, kind="person_concerned_notice", started_on="2026-12-01"
    )
    duties.postpone_task(
        organisation.parts, handler, begun["id"], reason="would_impair", review_on="2027-06-01"
    )
    assert clock.new_notices(organisation, "2027-01-02") == set()
    told = clock.new_notices(organisation, "2027-05-31")
    assert {due_on for _, due_on, _ in told if due_on} >= {"2027-06-01"}
