"""How each action of the clock is done; the caller keeps it together with the action's row."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.case import Action
from whistle.case.clock import is_for_outside
from whistle.case.events import Actor, Erased, EraseGround, Late, Missed
from whistle.crypto.heads import KINDS
from whistle.errors import CaseError
from whistle.law import Clock
from whistle.services import access, facts, tasks, thread
from whistle.services.acknowledging import acknowledge
from whistle.services.erasing import erase
from whistle.services.notices import OFFICER, OUTSIDE
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Case, Entry

CLOCK_NUMBERS = {
    Clock.ACKNOWLEDGE: 1,
    Clock.FEEDBACK: 2,
    Clock.NEXT_FEEDBACK: 3,
    Clock.MEETING: 4,
}
"""A clock in a system line, which holds dates and numbers only."""
REPORTER_KINDS = frozenset(name for name, kind in KINDS.items() if "reporter" in kind.sides) - {
    "report"
}
"""What a reporter writes after the report."""
WRITTEN = "written"


def acknowledge_by_text(session: Session, parts: Parts, case: Case, _action: Action) -> None:
    """Send the standard text.

    The log has its date only: where the reporter takes back a waiver it follows within a minute, so
    its instant would be theirs.
    """
    acknowledge(session, parts, parts.channel(case.channel), case)


def written_by_reporter(session: Session, case: Case) -> str | None:
    """Name the newest thing that the reporter has written since the report; None for nothing."""
    seq = session.scalar(
        select(func.max(Entry.seq)).where(
            Entry.case_id == case.id,
            Entry.chain == thread.CASE_CHAIN,
            Entry.handler_id.is_(None),
            Entry.kind.in_(REPORTER_KINDS),
        )
    )
    return None if seq is None else f"{WRITTEN}:{seq}"


def tell_handlers(
    session: Session, parts: Parts, case: Case, _action: Action | None = None
) -> None:
    """Tell those who see the case by which date something needs them."""
    for handler_id in telling.circle(session, parts, case):
        telling.tell(session, parts, handler_id, due_on=case.due_on)


def tell_circle_and_officer(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell the handlers, and the officer that something needs somebody."""
    tell_handlers(session, parts, case, action)
    telling.tell_office(session, parts, case, OFFICER)


def tell_everyone(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell handlers and officer every day until somebody acts, the outside person every week."""
    tell_circle_and_officer(session, parts, case, action)
    if is_for_outside(action.days):
        telling.tell_office(session, parts, case, OUTSIDE, days_late=action.days)


def call_deputies(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Let the deputies inside the circle see the case from today."""
    access.call_deputies(session, case, parts.today(parts.channel(case.channel)))
    tell_circle_and_officer(session, parts, case, action)


def say_late(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell the reporter at once; tell the outside person how late, and nothing else."""
    _say(session, parts, case, action, Late, "late")
    telling.tell_office(session, parts, case, OUTSIDE, days_late=max(action.days, 1))


def say_missed(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Tell the reporter that the legal last day has passed."""
    _say(session, parts, case, action, Missed, "missed")


def ask_reprisal(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """Ask the reporter whether anything has happened to them, and let a handler look after it."""
    channel = parts.channel(case.channel)
    params = {"on": action.on.isoformat()}
    code = tasks.REPRISAL_CHECK
    thread.append_system_line(session, parts, case, code, params, parts.today(channel))
    tasks.begin(session, channel, tasks.Begun(code, parts.today(channel), case.id))


def hand_to_archive(session: Session, parts: Parts, case: Case, action: Action) -> None:
    """A public body erases nothing: alarm, and a task to archive it and end the processing."""
    channel = parts.channel(case.channel)
    tasks.begin(session, channel, tasks.Begun(tasks.ARCHIVE, action.on, case.id))
    tell_circle_and_officer(session, parts, case, action)


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
