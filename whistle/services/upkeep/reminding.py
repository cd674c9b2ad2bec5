"""Reminding people of the duties beside the cases' own clocks: tasks, by the same mails.

Rules:
* 30, 14, 7 and 1 days before its date, and every day when it is late, once a day;
* of a case's task its handlers are told, of a channel's task all who have a place there, and the
  officer when it is late.
"""

from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from whistle.case import Policy
from whistle.services import facts
from whistle.services.notices import OFFICER
from whistle.services.parts import Parts
from whistle.services.tasks import due_of
from whistle.services.upkeep import telling
from whistle.storage.tables import Case, Task


def remind(session: Session, parts: Parts) -> int:
    """Keep the notices of today; return of how many tasks."""
    told = 0
    for channel in parts.settings.channels:
        today = parts.today(channel)
        policy = facts.policy_of(channel)
        soon = today + timedelta(days=max(policy.warn_feedback_days))
        tasks = session.scalars(
            select(Task)
            .where(
                Task.channel == channel.id,
                Task.done_on.is_(None),
                Task.due_on <= soon,
                or_(Task.told_on.is_(None), Task.told_on < today),
            )
            .with_for_update(skip_locked=True)
        ).all()
        for task in tasks:
            on = _reminder_on(policy, due_of(task), today)
            if on is not None and (task.told_on is None or task.told_on < on):
                _tell(session, parts, task, late=today > due_of(task))
                task.told_on = today
                told += 1
    return told


def _reminder_on(policy: Policy, due_on: date, today: date) -> date | None:
    """The day of the newest reminder that has come; None if none has."""
    if today > due_on:
        return today
    days = (due_on - timedelta(days=before) for before in policy.warn_feedback_days)
    return max((day for day in days if day <= today), default=None)


def _tell(session: Session, parts: Parts, task: Task, *, late: bool) -> None:
    case = session.get(Case, task.case_id) if task.case_id else None
    people = telling.circle(session, parts, case) if case else telling.members(parts, task.channel)
    for person_id in people:
        telling.tell(session, parts, person_id, due_on=due_of(task))
    if late and case is None and telling.address_of(parts, OFFICER):
        telling.tell(session, parts, OFFICER, due_on=None)
