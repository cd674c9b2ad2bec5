"""Dated duties beside the cases' own clocks, on one table: a channel's and a case's.

Kinds and their periods come from law/duties.py. A task is begun, perhaps extended or postponed with
a listed reason, and done; nothing about it is content.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from whistle.config import Channel
from whistle.errors import FilingError, NotFoundError
from whistle.law import Clock, Limits, chip
from whistle.law.duties import (
    access_review,
    breach_due_at,
    data_request,
    disclosure,
    meeting_offer,
    person_concerned_notice,
    recovery_roll,
    transcript_offer,
)
from whistle.services.facts import limits_of
from whistle.storage.tables import Task, new_id

DATA_REQUEST = "data_request"
PERSON_CONCERNED = "person_concerned_notice"
MEETING = "meeting"
TRANSCRIPT = "transcript"
ACCESS_REVIEW = "access_review"
BREACH = "breach"
REPRISAL_CHECK = "reprisal_check"
ARCHIVE = "archive"
DISCLOSURE = "disclosure"
RECOVERY_ROLL = "recovery_roll"
REPRISAL_DAYS = 14
"""In how many days a handler looks after what a reporter answered on reprisals: our choice."""
EXTENSION_REASONS = frozenset({"complex", "many"})
POSTPONING_REASONS = frozenset({"would_impair", "evidence_at_risk", "secrecy"})


def _breach_due_on(limits: Limits, aware_on: date) -> date:
    """The last whole day within the law's hours from the first moment of the day it was noticed.

    The hour is not kept; whoever steers by this day is never late.
    """
    first = datetime.combine(aware_on, time(), limits.zone)
    ends = breach_due_at(first, limits.breach_hours)
    return ends.astimezone(limits.zone).date() - timedelta(days=1)


_DUE: Mapping[str, Callable[[Limits, date], date]] = {
    DATA_REQUEST: lambda limits, on: data_request(limits, on).due_on,
    PERSON_CONCERNED: lambda limits, on: person_concerned_notice(limits, on).due_on,
    MEETING: lambda limits, on: meeting_offer(limits, on).due_on,
    TRANSCRIPT: lambda limits, on: transcript_offer(limits, on).due_on,
    ACCESS_REVIEW: lambda _, on: access_review(on).due_on,
    BREACH: _breach_due_on,
    REPRISAL_CHECK: lambda _, on: on + timedelta(days=REPRISAL_DAYS),
    ARCHIVE: lambda _, on: on,
    DISCLOSURE: lambda _, on: disclosure(on).due_on,
    RECOVERY_ROLL: lambda _, on: recovery_roll(on).due_on,
}
BY_HAND = frozenset({DATA_REQUEST, PERSON_CONCERNED, MEETING, TRANSCRIPT, BREACH, ACCESS_REVIEW})
"""What somebody enters; the rest begins by itself."""
ENDS_ELSEWHERE = frozenset({ACCESS_REVIEW, RECOVERY_ROLL})
"""What nobody ticks off at the desk: an officer attests the review, and a published list with a new
recovery key ends the renewal."""


@dataclass(frozen=True)
class Begun:
    """A duty that begins: its kind, the day its period runs from, and the case if it has one."""

    kind: str
    started_on: date
    case_id: bytes | None = None


def begin(session: Session, channel: Channel, begun: Begun, task_id: bytes | None = None) -> Task:
    """Enter a duty with its strict date, under an id of its own if it must be there once.

    Raises:
        FilingError: `kind`, there is no such duty.
    """
    if begun.kind not in _DUE:
        raise FilingError("kind")
    task = Task(
        id=task_id or new_id(),
        kind=begun.kind,
        channel=channel.id,
        case_id=begun.case_id,
        started_on=begun.started_on,
        due_on=_DUE[begun.kind](limits_of(channel), begun.started_on),
    )
    session.add(task)
    return task


def extend(task: Task, channel: Channel, reason: str, today: date) -> None:
    """Use the two months more that a data request may take (GDPR Art. 12(3)).

    Raises:
        FilingError: `kind` or `reason`; `too_late`, it is done, or has been extended, or the notice
            would not go inside the first month.
    """
    _open(task, DATA_REQUEST)
    if reason not in EXTENSION_REASONS:
        raise FilingError("reason")
    if today > task.due_on or task.reason is not None:
        raise FilingError("too_late")
    task.due_on = data_request(limits_of(channel), task.started_on, extended=True).due_on
    task.reason = reason


def postpone(task: Task, reason: str, review_on: date, today: date) -> None:
    """Put off telling the person concerned, with a reason and the day it is looked at again.

    Raises:
        FilingError: `kind`, `reason` or `review_on`; `too_late`, it is done.
    """
    _open(task, PERSON_CONCERNED)
    if reason not in POSTPONING_REASONS:
        raise FilingError("reason")
    if review_on <= today:
        raise FilingError("review_on")
    task.reason = reason
    task.postponed_until = review_on


def finish(task: Task, today: date) -> None:
    """Note that the duty is done; once."""
    task.done_on = task.done_on or today


def _open(task: Task, kind: str) -> None:
    if task.kind != kind:
        raise FilingError("kind")
    if task.done_on is not None:
        raise FilingError("too_late")


def find(session: Session, task_id: bytes, case_ids: Select[bytes]) -> Task:
    """The task of this id, of one of these cases or of no case; one statement, whatever there is.

    Raises:
        NotFoundError: `unknown`; nothing tells whether there is another's.
    """
    own = Task.case_id.is_(None) | Task.case_id.in_(case_ids)
    task = session.scalar(select(Task).where(Task.id == task_id, own))
    if task is None:
        raise NotFoundError("unknown")
    return task


def open_tasks(session: Session, case_ids: Select[bytes], channels: Iterable[str]) -> list[Task]:
    """What is not done of these cases and of these channels, the nearest date first."""
    of_channel = Task.case_id.is_(None) & Task.channel.in_(channels)
    tasks = session.scalars(
        select(Task).where(Task.done_on.is_(None), Task.case_id.in_(case_ids) | of_channel)
    )
    return sorted(tasks, key=lambda one: (due_of(one), one.id))


def due_of(task: Task) -> date:
    """The date by which it is steered: a postponed notice's review, else the strict date."""
    return task.postponed_until or task.due_on


def shown(task: Task, today: date) -> dict[str, Any]:
    """What the desk shows of a task: the same chip as everywhere."""
    due_on = due_of(task)
    one = chip(Clock.DUTY, due_on, today, done_on=task.done_on)
    return {
        "id": task.id.hex(),
        "kind": task.kind,
        "channel": task.channel,
        "case": task.case_id.hex() if task.case_id else None,
        "started_on": task.started_on,
        "due_on": due_on,
        "reason": task.reason,
        "done_on": task.done_on,
        "state": one.state.value,
        "days": one.days,
    }
