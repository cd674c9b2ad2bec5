"""One turn of the clock: whatever is due in any case is done, once, on any number of machines.

Rules:
* a case is looked at on the day it named when it was last looked at or changed, so the cost follows
  what is due, not how many cases there are;
* an action, its row and its effects are one transaction: a process that is killed leaves either all
  of them or none, and the row keeps every other process from doing it again;
* what is due is decided by the pure core (case/clock.py); here it is only done.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from whistle.case import Action, ActionKind, actions_due, wakes_on
from whistle.services import facts, log
from whistle.services.parts import Parts
from whistle.services.upkeep import doing
from whistle.storage.tables import Case, ClockAction

BATCH = 50


@dataclass
class Swept:
    """What one turn did: how many cases it looked at, and how often it did what."""

    looked: int = 0
    done: Counter[str] = field(default_factory=Counter)


def sweep(parts: Parts) -> Swept:
    """Do everything that is due now; return what was done."""
    swept = Swept()
    after: tuple[date, bytes] | None = None
    parts.keyrings.published()  # anew, before the transactions: their lines name the newest
    while True:
        with parts.database.writing() as session:
            cases = _waking(session, _latest_day(parts), after)
            for case in cases:
                after = (case.wake_on or date.min, case.id)
                _look(session, parts, case, swept)
        if not cases:
            break
    with parts.database.writing() as session:
        log.enter_waiting(session, min(map(parts.today, parts.settings.channels)))
    if swept.done[ActionKind.ERASE]:
        parts.database.forget()
    return swept


def foresee(parts: Parts) -> list[tuple[str, Action]]:
    """What a turn would do now, by case number, and nothing is done."""
    with parts.database.reading() as session:
        cases = session.scalars(_due_query(_latest_day(parts))).all()
        return [
            (case.number or "", action)
            for case in cases
            for action in _pending(session, parts, case)
        ]


def _latest_day(parts: Parts) -> date:
    return max(parts.today(channel) for channel in parts.settings.channels)


def _due_query(today: date) -> Select[Case]:
    return select(Case).where(Case.wake_on <= today).order_by(Case.wake_on, Case.id)


def _waking(session: Session, today: date, after: tuple[date, bytes] | None) -> list[Case]:
    query = _due_query(today).limit(BATCH).with_for_update(skip_locked=True)
    if after is not None:
        query = query.where(tuple_(Case.wake_on, Case.id) > after)
    return list(session.scalars(query))


def _look(session: Session, parts: Parts, case: Case, swept: Swept) -> None:
    """Do what is due in one case and let it sleep until the next day with something to do."""
    channel = parts.channel(case.channel)
    today = parts.today(channel)
    swept.looked += 1
    while action := _next(session, parts, case):
        _DOING[action.kind](session, parts, case, action)
        swept.done[action.kind] += 1
        if case.erased_on is not None:
            return
        session.add(ClockAction(case_id=case.id, key=action.key, on=today))
        session.flush()
    state = facts.state_of(case)
    later_today = bool(_pending(session, parts, case))
    case.wake_on = today if later_today else wakes_on(state, facts.policy_of(channel), today)


def _next(session: Session, parts: Parts, case: Case) -> Action | None:
    """The first thing to do now; asked again after each, because it may have changed the rest."""
    local = parts.clock().astimezone(parts.channel(case.channel).zoneinfo).time()
    for action in _pending(session, parts, case):
        if action.at is None or local >= action.at:
            return action
    return None


def _pending(session: Session, parts: Parts, case: Case) -> tuple[Action, ...]:
    channel = parts.channel(case.channel)
    done = set(session.scalars(select(ClockAction.key).where(ClockAction.case_id == case.id)).all())
    policy = facts.policy_of(channel)
    return actions_due(facts.state_of(case), policy, parts.today(channel), done)


_Doing = Callable[[Session, Parts, Case, Action], None]

_DOING: Mapping[ActionKind, _Doing] = {
    ActionKind.ACKNOWLEDGE: doing.acknowledge_by_text,
    ActionKind.ARRIVED: doing.tell_handlers,
    ActionKind.WARN: doing.tell_handlers,
    ActionKind.OVERDUE: doing.tell_everyone,
    ActionKind.ESCALATE: doing.call_deputies,
    ActionKind.LATE: doing.say_late,
    ActionKind.MISSED: doing.say_missed,
    ActionKind.ASK_REPRISAL: doing.ask_reprisal,
    ActionKind.SLEEPING: doing.tell_everyone,
    ActionKind.ERASE: doing.erase_on_its_day,
}
