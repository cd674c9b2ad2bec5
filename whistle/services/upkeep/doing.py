"""How each action of the clock is done; the caller keeps it together with the action's row."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.case import Action
from whistle.case.events import Actor, Erased, EraseGround, Late, Missed
from whistle.errors import CaseError
from whistle.law import Clock
from whistle.services import access, facts, thread
from whistle.services.acknowledging import acknowledge
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.services.upkeep.erasing import erase
from whistle.storage.tables import Access, Case, Task, new_id

CLOCK_NUMBERS = {
    Clock.ACKNOWLEDGE: 1,
    Clock.FEEDBACK: 2,
    Clock.NEXT_FEEDBACK: 3,
    Clock.MEETING: 4,
}
"""A clock in a system line, which holds dates and numbers only."""
REPRISAL_CHECK = "reprisal_check"
TASK_LASTS = timedelta(days=14)


def acknowledge_by_text(session: Session, parts: Parts, case: Case, _action: Action) -> None:
    """Send the standard text."""
    acknowledge(session, parts, parts.channel(case.channel), case, at=parts.clock())


def tell_handlers(session: Session, parts: Parts, case: Case, _action: Action) -> None:
    """Tell those who see the case by which date something needs them."""
    for handler_id in _circle(session, parts, case):
        telling.tell(session, parts, handler_id, due_on=case.due_on)


def tell_everyone(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell the handlers and the officer, every day until somebody acts."""
    tell_handlers(session, parts, case, action)
    telling.tell(session, parts, telling.OFFICER, due_on=None)


def call_deputies(session: Session, parts: Parts, case: Case, _action: Action) -> None:
    """Let the deputies inside the circle see the case from today; they held keys all along."""
    today = parts.today(parts.channel(case.channel))
    waiting = session.scalars(
        select(Access).where(Access.case_id == case.id, Access.from_on.is_(None))
    )
    for row in waiting:
        row.from_on = today
        telling.tell(session, parts, row.handler_id, due_on=case.due_on)


def say_late(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell the reporter at once; tell the outside person how late, and nothing else."""
    _say(session, parts, case, action, Late, "late")
    telling.tell(session, parts, telling.OUTSIDE, due_on=None, days_late=max(action.days, 1))


def say_missed(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell the reporter that the legal last day has passed."""
    _say(session, parts, case, action, Missed, "missed")


def ask_reprisal(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Ask the reporter whether anything has happened to them, and let a handler look after it."""
    today = parts.today(parts.channel(case.channel))
    thread.append_system_line(
        session, parts, case, REPRISAL_CHECK, {"on": action.on.isoformat()}, today
    )
    session.add(
        Task(
            id=new_id(),
            kind=REPRISAL_CHECK,
            case_id=case.id,
            started_on=action.on,
            due_on=today + TASK_LASTS,
        )
    )


def erase_on_its_day(session: Session, parts: Parts, case: Case, _action: Action) -> None:
    """Erase the case; the trace of dates and counts stays in the log."""
    channel = parts.channel(case.channel)
    event = Erased(
        on=parts.today(channel),
        at=parts.clock(),
        actor=Actor.system(),
        rules=facts.limits_of(channel).version,
        ground=EraseGround.DUE,
    )
    erase(session, case, event, channel)


def _say(
    session: Session,
    parts: Parts,
    case: Case,
    action: Action,
    kind: type[Late] | type[Missed],
    code: str,
) -> None:
    channel = parts.channel(case.channel)
    if action.clock is None:
        raise CaseError("no_clock")
    event = kind(
        on=parts.today(channel),
        at=parts.clock(),
        actor=Actor.system(),
        rules=facts.limits_of(channel).version,
        clock=action.clock,
    )
    facts.happen(session, case, event, channel)
    params = {"clock": CLOCK_NUMBERS[action.clock], "since": action.on.isoformat()}
    thread.append_system_line(session, parts, case, code, params, event.on)


def _circle(session: Session, parts: Parts, case: Case) -> list[str]:
    today = parts.today(parts.channel(case.channel))
    return list(session.scalars(access.who_sees(case.id, today)))
