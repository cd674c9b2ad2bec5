"""The other clocks: when each duty is due, and how it may be put off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests import acts
from tests.organisation import Organisation
from whistle.config import Channel
from whistle.errors import DeniedError, FilingError, NotFoundError
from whistle.law.duties import breach_due_at
from whistle.services import tasks
from whistle.services.facts import limits_of
from whistle.services.handling import duties
from whistle.storage.tables import Task

CHANNEL = Channel(id="main", name="Example Works")


class _Kept(Session):
    """A session that keeps nothing."""


def _task(kind: str, started_on: str) -> Task:
    return tasks.begin(_Kept(), CHANNEL, tasks.Begun(kind, date.fromisoformat(started_on)))


@pytest.mark.parametrize(
    ("kind", "started_on", "due_on"),
    [
        ("data_request", "2027-01-31", "2027-02-28"),
        ("person_concerned_notice", "2026-12-01", "2027-01-01"),
        ("meeting", "2026-12-01", "2026-12-08"),
        ("transcript", "2026-12-17", "2026-12-24"),
        ("access_review", "2026-12-01", "2027-12-01"),
        ("breach", "2026-12-01", "2026-12-03"),
        ("reprisal_check", "2026-12-01", "2026-12-15"),
        ("archive", "2026-12-01", "2026-12-01"),
    ],
)
def test_each_kind_is_due_when_the_law_says(kind: str, started_on: str, due_on: str) -> None:
    """The strict date, also where it is a holiday."""
    assert _task(kind, started_on).due_on == date.fromisoformat(due_on)


@pytest.mark.parametrize(
    ("hours", "due_on"),
    [(0, "2026-12-03"), (48, "2026-12-02"), (24, "2026-12-01"), (96, "2026-12-03")],
)
def test_a_channel_notifies_a_breach_earlier_and_never_later(hours: int, due_on: str) -> None:
    """Its own hours shorten the law's 72."""
    channel = replace(CHANNEL, breach_hours=hours)
    begun = tasks.Begun("breach", date(2026, 12, 1))
    assert tasks.begin(_Kept(), channel, begun).due_on == date.fromisoformat(due_on)


def test_there_is_no_other_kind() -> None:
    """The list is the list."""
    with pytest.raises(FilingError, match="kind"):
        _task("party", "2026-12-01")


@given(st.dates(date(2026, 1, 1), date(2040, 1, 1)), st.integers(0, 24 * 60 - 1))
def test_the_last_whole_day_for_a_breach_is_over_before_72_hours_are(
    day: date, minute: int
) -> None:
    """Whenever that day it was noticed, and whether clocks are changed in between or not."""
    limits = limits_of(CHANNEL)
    due_on = _task("breach", day.isoformat()).due_on
    noticed = datetime.combine(day, datetime.min.time(), limits.zone) + timedelta(minutes=minute)
    ends = datetime.combine(due_on + timedelta(days=1), datetime.min.time(), limits.zone)
    assert ends.timestamp() <= breach_due_at(noticed).timestamp()
    assert due_on > day


def test_a_data_request_takes_two_months_more_once_with_notice_inside_the_first() -> None:
    """GDPR Art. 12(3): three months from receipt, not two from the first date."""
    task = _task("data_request", "2027-01-31")
    with pytest.raises(FilingError, match="reason"):
        tasks.extend(task, CHANNEL, "holiday", date(2027, 2, 1))
    tasks.extend(task, CHANNEL, "complex", date(2027, 2, 28))
    assert (task.due_on, task.reason) == (date(2027, 4, 30), "complex")
    with pytest.raises(FilingError, match="too_late"):
        tasks.extend(task, CHANNEL, "many", date(2027, 2, 28))


def test_after_the_first_month_it_is_too_late_to_extend() -> None:
    """The notice would come late."""
    with pytest.raises(FilingError, match="too_late"):
        tasks.extend(_task("data_request", "2027-01-31"), CHANNEL, "many", date(2027, 3, 1))


def test_telling_the_person_concerned_is_put_off_with_a_reason_and_a_review_ahead() -> None:
    """GDPR Art. 14(5)(b); again and again, each time with a day."""
    task = _task("person_concerned_notice", "2026-12-01")
    today = date(2026, 12, 10)
    with pytest.raises(FilingError, match="reason"):
        tasks.postpone(task, "we do not want to", date(2027, 3, 1), today)
    with pytest.raises(FilingError, match="review_on"):
        tasks.postpone(task, "would_impair", today, today)
    tasks.postpone(task, "would_impair", date(2027, 3, 1), today)
    tasks.postpone(task, "evidence_at_risk", date(2027, 6, 1), date(2027, 3, 1))
    assert tasks.shown(task, today) | {"id": ""} == {
        "id": "", "kind": "person_concerned_notice", "channel": "main", "case": None,
        "started_on": date(2026, 12, 1), "due_on": date(2027, 6, 1), "reason": "evidence_at_risk",
        "done_on": None, "state": "in_time", "days": 173,
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(tasks.BY_HAND))
def test_only_the_law_s_two_may_be_put_off(kind: str) -> None:
    """A breach cannot be extended, a review not postponed; what is done is done."""
    today = date(2026, 12, 2)
    task = _task(kind, "2026-12-01")
    tasks.finish(task, today)
    tasks.finish(task, date(2026, 12, 3))
    assert task.done_on == today
    put_off: list[Callable[[], None]] = [
        lambda: tasks.extend(task, CHANNEL, "many", today),
        lambda: tasks.postpone(task, "would_impair", date(2027, 3, 1), today),
    ]
    for one in put_off:
        with pytest.raises(FilingError, match=r"kind|too_late"):
            one()


@pytest.mark.parametrize("kind", ["reprisal_check", "archive", "party", ""])
def test_what_begins_by_itself_is_not_entered_by_hand(
    organisation: Organisation, kind: str
) -> None:
    """Nor what there is not."""
    anna = acts.handler(organisation, "anna")
    with pytest.raises(FilingError, match="kind"):
        duties.begin_task(organisation.parts, anna, kind=kind, started_on="2026-11-22")


@pytest.mark.parametrize("started_on", ["2026-11-23", "22 November", None, 5])
def test_a_period_begins_on_a_day_that_has_been(
    organisation: Organisation, started_on: object
) -> None:
    """A day ahead would buy time."""
    anna = acts.handler(organisation, "anna")
    with pytest.raises(FilingError, match="started_on"):
        duties.begin_task(organisation.parts, anna, kind="meeting", started_on=started_on)


def test_a_task_of_a_case_is_there_only_for_who_sees_the_case(organisation: Organisation) -> None:
    """Not listed, not finished, not put off, and not begun: as if there were no such case."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=["bo"]))
    anna, bo = (acts.handler(organisation, one) for one in ("anna", "bo"))
    parts = organisation.parts
    about = {"kind": "person_concerned_notice", "started_on": "2026-11-22", "case_id": case}
    task = duties.begin_task(parts, anna, **about)["id"]
    assert duties.list_tasks(parts, bo)["tasks"] == []
    hidden: list[Callable[[], object]] = [
        lambda: duties.begin_task(parts, bo, **about),
        lambda: duties.finish_task(parts, bo, task),
        lambda: duties.finish_task(parts, bo, "00" * 16),
        lambda: duties.postpone_task(
            parts, bo, task, reason="would_impair", review_on="2027-03-01"
        ),
    ]
    for one in hidden:
        with pytest.raises(NotFoundError, match="unknown"):
            one()
    assert [one["case"] for one in duties.list_tasks(parts, anna)["tasks"]] == [case]
    duties.finish_task(parts, anna, task)
    assert duties.list_tasks(parts, anna)["tasks"] == []


def test_a_channels_task_belongs_to_its_people(organisation: Organisation) -> None:
    """Another legal entity's is not there."""
    parts, anna = organisation.parts, acts.handler(organisation, "anna")
    with parts.database.writing() as session:
        other = Channel(id="other", name="Other Works")
        task = tasks.begin(session, other, tasks.Begun("breach", date(2026, 11, 22))).id.hex()
    assert duties.list_tasks(parts, anna)["tasks"] == []
    with pytest.raises(NotFoundError):
        duties.finish_task(parts, anna, task)
    with pytest.raises(NotFoundError):
        duties.begin_task(parts, anna, kind="breach", started_on="2026-11-22", channel_id="other")


def test_the_desk_s_door_lists_begins_extends_postpones_and_finishes(
    organisation: Organisation,
) -> None:
    """As the page's script does it."""
    desk = acts.sign_in(organisation, "anna")
    begun = desk.ask("POST", "/tasks", json={"kind": "data_request", "started_on": "2026-11-20"})
    assert (begun.status_code, begun.get_json()["due_on"]) == (201, "2026-12-20")
    path = f"/tasks/{begun.get_json()['id']}"
    assert desk.ask("POST", f"{path}/extension", json={"reason": "many"}).status_code == 204
    (task,) = desk.ask("GET", "/tasks").get_json()["tasks"]
    assert (task["due_on"], task["state"]) == ("2027-02-20", "in_time")
    refused = desk.ask(
        "POST", f"{path}/postponement", json={"reason": "secrecy", "review_on": "2027-01-01"}
    )
    assert (refused.status_code, refused.get_json()["error"]) == (422, "kind")
    assert desk.ask("POST", f"{path}/done").status_code == 204
    assert desk.ask("GET", "/tasks").get_json()["tasks"] == []


@pytest.mark.parametrize("kind", ["access_review", "recovery_roll"])
def test_what_ends_elsewhere_is_not_ticked_off_at_the_desk(
    organisation: Organisation, kind: str
) -> None:
    """The review of access needs an officer's attestation; nobody's click stands for it."""
    parts, anna = organisation.parts, acts.handler(organisation, "anna")
    with parts.database.writing() as session:
        channel = parts.settings.channels[0]
        task = tasks.begin(session, channel, tasks.Begun(kind, date(2026, 11, 22))).id.hex()
    with pytest.raises(FilingError, match="ends_elsewhere"):
        duties.finish_task(parts, anna, task)
    (listed,) = duties.list_tasks(parts, anna)["tasks"]
    assert (listed["done_on"], listed["ends"]) == (None, False)


def test_invariant_16_an_investigator_changes_no_task(organisation: Organisation) -> None:
    """They read, write notes and leave; what is decided, and by when, is not theirs."""
    parts, anna = organisation.parts, acts.handler(organisation, "anna")
    about = {"kind": "person_concerned_notice", "started_on": "2026-11-22"}
    task = duties.begin_task(parts, anna, **about)["id"]
    request = {"kind": "data_request", "started_on": "2026-11-22"}
    other = duties.begin_task(parts, anna, **request)["id"]
    acts.publish_keyring(organisation, change=_bo_investigates, cosigner="anna")
    bo = acts.handler(organisation, "bo")
    refused: list[Callable[[], object]] = [
        lambda: duties.begin_task(parts, bo, **about),
        lambda: duties.finish_task(parts, bo, task),
        lambda: duties.extend_task(parts, bo, other, "many"),
        lambda: duties.postpone_task(
            parts, bo, task, reason="would_impair", review_on="2027-03-01"
        ),
    ]
    for one in refused:
        with pytest.raises(DeniedError, match="investigators_duty"):
            one()
    seen = duties.list_tasks(parts, bo)
    assert seen["begins"] is False
    assert [(one["ends"], one["changes"]) for one in seen["tasks"]] == [(False, False)] * 2


def _bo_investigates(content: dict[str, Any]) -> None:
    content["handlers"][1]["channels"] = {"main": "investigator"}
