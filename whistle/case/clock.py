"""What the clock must do about a case on a day, as plain data: it does nothing itself.

The rules:

* the acknowledgement goes out by standard text at once, or on the last safe day, the day
  before the strict date, at 08:00 local time; after that day at once;
* the handlers are told that a report has arrived, and warned on days 3 and 5, and 30, 14, 7
  and 1 days before feedback; when days were skipped only the newest warning is due;
* from the day before a strict date deputies are called in: only the appointed circle is;
* from the first late day the reporter is told, once, and the handlers every day; what is done late
  is done after the reporter was told, so that the thread reads in the order in which it is true;
* each action has a key that stays the same for as long as it is the same action: who keeps
  the keys of what was done, and asks again, gets each action exactly once;
* a case that nobody touches is an alarm, since what is never closed is never erased; one that is
  kept awake by its reporter after the final feedback is still named to the handlers every month;
* a closed case is erased on its day; a public body's is an alarm instead.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from whistle.case.due import Due, due
from whistle.case.states import CaseState
from whistle.law.chips import Chip, ChipState, Clock, Kept, chip
from whistle.law.duties import archive_handover, reprisal_checks
from whistle.law.limits import Limits
from whistle.law.periods import add_months

WEEK = 7
"""So often, in days, is the person outside the circle told again while something stays late."""


class AcknowledgeBy(StrEnum):
    """When the system acknowledges by standard text, if nobody else does."""

    AT_ONCE = "at_once"
    LAST_SAFE_DAY = "last_safe_day"


class ActionKind(StrEnum):
    """What the clock may do."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVED = "arrived"
    WARN = "warn"
    ESCALATE = "escalate"
    LATE = "late"
    MISSED = "missed"
    OVERDUE = "overdue"
    ASK_REPRISAL = "ask_reprisal"
    SLEEPING = "sleeping"
    NOT_CLOSED = "not_closed"
    ARCHIVE = "archive"
    ERASE = "erase"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How one channel runs its clock.

    Days are days after receipt for `warn_acknowledge_days`, days before the strict date
    elsewhere. `sleeping_months`: after so many months without a sign of life an open case
    is an alarm. `close_every_days`: so often after the final feedback the handlers are
    reminded to close.
    """

    limits: Limits
    acknowledge: AcknowledgeBy = AcknowledgeBy.AT_ONCE
    acknowledge_at: time = time(8)
    warn_acknowledge_days: tuple[int, ...] = (3, 5)
    warn_feedback_days: tuple[int, ...] = (30, 14, 7, 1)
    escalate_days_before: int = 1
    sleeping_months: int = 3
    close_every_days: int = 30
    ask_reprisal: bool = True


@dataclass(frozen=True)
class Action:
    """One thing to do.

    `on` is the day from which it is due. `at` is the local time before which it is not done
    on that day, None for any time. `days` is days left for a warning, days overdue, days
    without activity or since final feedback, or 0. `key` names the action within its case.
    """

    kind: ActionKind
    clock: Clock | None
    on: date
    key: str
    days: int = 0
    at: time | None = None


def actions_due(
    state: CaseState, policy: Policy, today: date, done: Container[str] = frozenset()
) -> tuple[Action, ...]:
    """Everything due in a case on `today` whose key is not in `done`.

    Raises:
        LawError: `year`, a date is outside 2000 to 2099.
    """
    if state.erased_on is not None:
        return ()
    now = due(state, policy.limits, today)
    return tuple(one for one in _actions(state, policy, now, today) if one.key not in done)


def _actions(state: CaseState, policy: Policy, now: Due, today: date) -> Iterator[Action]:
    yield Action(ActionKind.ARRIVED, None, state.received_on, ActionKind.ARRIVED.value)
    to_acknowledge = state.is_open and state.acknowledgement_owed(policy.limits)
    if to_acknowledge:
        yield from _broken(now.acknowledge, today)
        yield from _acknowledge(state, policy, now, today)
    yield from _warn_to_acknowledge(state, policy, now.acknowledge, today)
    yield from _warn_of_feedback(policy, now)
    for one in now.owed:
        yield from _escalate(policy, one, today)
        if one is not now.acknowledge or not to_acknowledge:
            yield from _broken(one, today)
        yield from _overdue(one, today)
    yield from _broken_promise(state, today)
    if policy.ask_reprisal:
        yield from _ask_reprisal(state, now, today)
    if state.is_open:
        yield from _sleeping(state, policy, today)
        yield from _not_closed(state, policy, today)
    yield from _archive(state, policy, today)
    yield from _erase(state, policy, now.erase, today)


def is_for_outside(days_late: int) -> bool:
    """Whether the person outside is told on that day of being late: the 1st, 8th, 15th."""
    return days_late % WEEK == 1


def outside_told_on(now: Due) -> date | None:
    """The next day on which they are told, if nobody acts; None while nothing is late."""
    running = [one for one in now.owed if one.state in {ChipState.LATE, ChipState.MISSED}]
    return min(
        (_next_for_outside(one.due_on, one.days) for one in running if one.due_on), default=None
    )


def _next_for_outside(due_on: date, days_late: int) -> date:
    following = next(
        day for day in range(days_late + 1, days_late + WEEK + 1) if is_for_outside(day)
    )
    return due_on + timedelta(days=following)


def last_safe_day(state: CaseState, now: Due) -> date | None:
    """The day before the strict date to acknowledge; None where the law sets none."""
    due_on = now.dates.acknowledge_due_on
    return None if due_on is None else max(due_on - timedelta(days=1), state.received_on)


def _runs(one: Chip) -> bool:
    return one.state not in (ChipState.DONE, ChipState.NONE)


def _acknowledge(state: CaseState, policy: Policy, now: Due, today: date) -> Iterator[Action]:
    kind, clock = ActionKind.ACKNOWLEDGE, Clock.ACKNOWLEDGE
    safe_on = last_safe_day(state, now)
    if safe_on is None or policy.acknowledge is AcknowledgeBy.AT_ONCE:
        yield Action(kind, clock, state.received_on, kind.value)
    elif today >= safe_on:
        at = policy.acknowledge_at if today == safe_on else None
        yield Action(kind, clock, safe_on, kind.value, at=at)


def _warn_to_acknowledge(
    state: CaseState, policy: Policy, one: Chip, today: date
) -> Iterator[Action]:
    if not _runs(one) or one.due_on is None or today > one.due_on:
        return
    reached = [
        (state.received_on + timedelta(days=after), after)
        for after in sorted(policy.warn_acknowledge_days)
        if state.received_on + timedelta(days=after) <= today
    ]
    if reached:
        on, after = reached[-1]
        key = f"warn:{one.clock}:{after}"
        yield Action(ActionKind.WARN, one.clock, on, key, days=one.days)


def _warn_of_feedback(policy: Policy, now: Due) -> Iterator[Action]:
    for one, key in (
        (now.feedback, "warn:feedback"),
        (now.next_feedback, f"warn:next_feedback:{now.next_feedback.due_on}"),
    ):
        if not _runs(one) or one.due_on is None or one.kept is not Kept.IN_TIME:
            continue
        reached = [before for before in policy.warn_feedback_days if one.days <= before]
        if reached:
            before = min(reached)
            on = one.due_on - timedelta(days=before)
            yield Action(ActionKind.WARN, one.clock, on, f"{key}:{before}", days=one.days)


def _named(one: Chip) -> str:
    """A clock's name in keys; each new promise and each new request is another clock."""
    once = one.clock in (Clock.ACKNOWLEDGE, Clock.FEEDBACK)
    return one.clock.value if once else f"{one.clock}:{one.due_on}"


def _escalate(policy: Policy, one: Chip, today: date) -> Iterator[Action]:
    if not _runs(one) or one.due_on is None:
        return
    on = one.due_on - timedelta(days=policy.escalate_days_before)
    if today >= on:
        yield Action(ActionKind.ESCALATE, one.clock, on, f"escalate:{_named(one)}", days=one.days)


def _overdue(one: Chip, today: date) -> Iterator[Action]:
    """Every day as long as it has not been done."""
    if one.kept in (Kept.LATE, Kept.MISSED) and _runs(one):
        key = f"overdue:{_named(one)}:{today}"
        yield Action(ActionKind.OVERDUE, one.clock, today, key, days=one.days)


def _broken(one: Chip, today: date) -> Iterator[Action]:
    """Late and missed, told once each, also when what was owed has been done since."""
    if one.kept in (Kept.LATE, Kept.MISSED) and one.due_on is not None:
        on = one.due_on + timedelta(days=1)
        yield Action(ActionKind.LATE, one.clock, on, f"late:{_named(one)}", days=one.days)
    if one.kept is Kept.MISSED and one.latest_on is not None:
        # A late acknowledgement may have moved the latest date on since it was missed.
        on = min(one.latest_on + timedelta(days=1), today)
        yield Action(ActionKind.MISSED, one.clock, on, f"missed:{_named(one)}", days=one.days)


def _broken_promise(state: CaseState, today: date) -> Iterator[Action]:
    """A promise that another took the place of after its date: late, told under the same key."""
    if state.promise_broken_on is not None:
        was = chip(Clock.NEXT_FEEDBACK, state.promise_broken_on, today, owed=True)
        on = state.promise_broken_on + timedelta(days=1)
        yield Action(ActionKind.LATE, was.clock, on, f"late:{_named(was)}", days=was.days)


def _ask_reprisal(state: CaseState, now: Due, today: date) -> Iterator[Action]:
    checks = reprisal_checks(state.received_on, now.dates.erase_on)
    reached = [one for one in checks if one.due_on <= today]
    if reached:
        newest = reached[-1]
        yield Action(ActionKind.ASK_REPRISAL, None, newest.due_on, newest.code)


def _sleeping(state: CaseState, policy: Policy, today: date) -> Iterator[Action]:
    times = 0
    while add_months(state.active_on, (times + 1) * policy.sleeping_months) <= today:
        times += 1
    if times:
        on = add_months(state.active_on, times * policy.sleeping_months)
        days = (today - state.active_on).days
        yield Action(ActionKind.SLEEPING, None, on, f"sleeping:{on}", days=days)


def _not_closed(state: CaseState, policy: Policy, today: date) -> Iterator[Action]:
    """Answered and still open: nothing of the law runs any more, so the closing must be asked for.

    Whatever the reporter goes on writing: what is never closed is never erased.
    """
    given_on = state.final_feedback_on
    if given_on is None:
        return
    days = (today - given_on).days
    times = days // policy.close_every_days
    if times:
        on = given_on + timedelta(days=times * policy.close_every_days)
        yield Action(ActionKind.NOT_CLOSED, None, on, f"not_closed:{on}", days=days)


def _archive(state: CaseState, policy: Policy, today: date) -> Iterator[Action]:
    """A public body's case is never erased by the clock; that its time is over is an alarm."""
    if state.closed_on is None:
        return
    duty = archive_handover(policy.limits, state.closed_on)
    if duty is not None and today >= duty.due_on:
        yield Action(ActionKind.ARCHIVE, None, duty.due_on, f"archive:{duty.due_on}")


def _erase(state: CaseState, policy: Policy, one: Chip, today: date) -> Iterator[Action]:
    if state.closed_on is None or policy.limits.public_body or one.due_on is None:
        return
    if today >= one.due_on:
        yield Action(ActionKind.ERASE, Clock.ERASE, one.due_on, f"erase:{one.due_on}")
