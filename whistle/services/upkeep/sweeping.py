"""One turn of the clock: whatever is due in any case is done, once, on any number of machines.

Rules:
* a case is looked at on the day it named when it was last looked at or changed, so the cost follows
  what is due, not how many cases there are;
* all that is due in a case, its rows and its effects are kept together or not at all: a process
  that is killed leaves nothing half done, and the rows keep every other process from doing it
  again;
* a case in which something fails stops no other: it is left as it was and looked at again at the
  next turn, once, and the office is told (failing.py);
* what is due is decided by the pure core (case/clock.py); here it is only done;
* each turn ends with taking out of the database's files what has been deleted from its tables.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Select, select, tuple_
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from whistle.case import Action, ActionKind, actions_due, wakes_on
from whistle.errors import CaseError, KeyringError, LeapError, WhistleError
from whistle.services import facts, key_changes, log, marks, old_seals, pauses
from whistle.services.parts import Parts
from whistle.services.upkeep import (
    anchoring,
    closed_forms,
    doing,
    failing,
    reminding,
    reviewing,
    telling,
)
from whistle.storage.tables import Case, ClockAction

BATCH = 20
"""Cases of one transaction: whoever files a report waits for no more than these."""
_log = logging.getLogger("whistle.upkeep")


@dataclass
class Swept:
    """What one turn did: how many cases it looked at, how often it did what, what failed."""

    looked: int = 0
    done: Counter[str] = field(default_factory=Counter)
    failed: int = 0


def sweep(parts: Parts) -> Swept:
    """Do everything that is due now; return what was done."""
    swept = Swept()
    after: tuple[date, bytes] | None = None
    verified = _look_at_keys(parts)
    while True:
        with parts.database.writing() as session:
            cases = _waking(session, _latest_day(parts), after)
            for case in cases:
                after = (case.wake_on or date.min, case.id)
                _look_alone(session, parts, case, swept)
        if not cases:
            break
    with parts.database.writing() as session:
        reviewing.begin_reviews(session, parts)
        reviewing.begin_rolls(session, parts)
        reminding.remind(session, parts)
        first_day = min(map(parts.today, parts.settings.channels))
        telling.drop_old(session, first_day)
        old_seals.drop_past(session, first_day)
        key_changes.drop_finished(parts, session)
        log.enter_waiting(session, first_day)
        anchoring.send_anchor(session, parts)
        closed_forms.tell_officers(session, parts, verified=verified)
        marks.put(session, marks.SWEEP, parts.clock())
    parts.database.forget()
    return swept


def foresee(parts: Parts) -> list[tuple[str, Action]]:
    """What a turn would do now, by case number, and nothing is done."""
    with parts.database.reading() as session:
        return [
            (case.number or "", action)
            for case in session.scalars(_due_query(_latest_day(parts)))
            for action in _ready(parts, case, _done(session, case))
        ]


def _look_at_keys(parts: Parts) -> bool:
    """Read the folder of keys anew, before the transactions: their lines name the newest.

    A folder that does not verify does not stop the clock: it goes on with the chain that did.
    """
    try:
        if parts.keyrings.begun:
            parts.keyrings.published()
    except KeyringError as error:
        _log.error("The published keyrings do not verify: %s", error.reason)
        return False
    return True


def _latest_day(parts: Parts) -> date:
    return max(parts.today(channel) for channel in parts.settings.channels)


def _due_query(today: date) -> Select[Case]:
    return select(Case).where(Case.wake_on <= today).order_by(Case.wake_on, Case.id)


def _waking(session: Session, today: date, after: tuple[date, bytes] | None) -> list[Case]:
    query = _due_query(today).limit(BATCH).with_for_update(skip_locked=True)
    if after is not None:
        query = query.where(tuple_(Case.wake_on, Case.id) > after)
    return list(session.scalars(query))


def _look_alone(session: Session, parts: Parts, case: Case, swept: Swept) -> None:
    """Look at one case; what goes wrong there is taken back and touches no other."""
    swept.looked += 1
    try:
        with session.begin_nested():
            done = _look(session, parts, case)
    except (OperationalError, LeapError):
        raise  # the database or the time itself, not this case
    except Exception as error:  # noqa: BLE001 - no one case may stop the clock of the others
        swept.failed += 1
        _log.error("The clock failed in a case: %s", _name(error))
        failing.note(session, parts, case)
    else:
        swept.done += done
        case.failed_on = None


def _name(error: Exception) -> str:
    name = type(error).__name__
    return f"{name} ({error.reason})" if isinstance(error, WhistleError) else name


def _look(session: Session, parts: Parts, case: Case) -> Counter[str]:
    """Do what is due in one case and let it sleep until the next day with something to do.

    Raises:
        CaseError: `received_ahead`, it came at a wrong time: by its dates nobody would be reminded
            of it for long, so it is a fault that the office is told of.
    """
    channel = parts.channel(case.channel)
    today = parts.today(channel)
    if case.received_on > today + pauses.SLACK:
        raise CaseError("received_ahead")
    done = _done(session, case)
    counted: Counter[str] = Counter()
    news = doing.written_by_reporter(session, case)
    if news is not None and news not in done:
        doing.tell_handlers(session, parts, case)
        counted[doing.WRITTEN] += 1
        session.add(ClockAction(case_id=case.id, key=news, on=today))
    # Asked again after each action, because it may have changed the rest.
    while ready := _ready(parts, case, done):
        action = ready[0]
        _DOING[action.kind](session, parts, case, action)
        counted[action.kind] += 1
        if case.erased_on is not None:
            return counted
        session.add(ClockAction(case_id=case.id, key=action.key, on=today))
        done.add(action.key)
        session.flush()
    state = facts.state_of(case)
    policy = facts.policy_of(channel)
    later_today = bool(actions_due(state, policy, today, done))
    case.wake_on = today if later_today else wakes_on(state, policy, today)
    return counted


def _done(session: Session, case: Case) -> set[str]:
    return set(session.scalars(select(ClockAction.key).where(ClockAction.case_id == case.id)))


def _ready(parts: Parts, case: Case, done: set[str]) -> list[Action]:
    """What is due today and whose hour has come."""
    channel = parts.channel(case.channel)
    local = parts.clock().astimezone(channel.zoneinfo)
    due = actions_due(facts.state_of(case), facts.policy_of(channel), local.date(), done)
    return [one for one in due if one.at is None or local.time() >= one.at]


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
    ActionKind.SLEEPING: doing.tell_circle_and_officer,
    ActionKind.NOT_CLOSED: doing.tell_handlers,
    ActionKind.ARCHIVE: doing.hand_to_archive,
    ActionKind.ERASE: doing.erase_on_its_day,
}
