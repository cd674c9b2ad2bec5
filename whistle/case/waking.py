"""When the clock must look at a case again, so that its cost follows what is due.

`wakes_on` may name a day on which nothing turns out to be due; it never passes over a day on which
something is. A test holds it to that against `actions_due`, day by day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from whistle.case.clock import Policy, last_safe_day
from whistle.case.due import Due, due
from whistle.case.states import CaseState
from whistle.law.chips import Chip, ChipState
from whistle.law.duties import archive_handover, reprisal_checks
from whistle.law.periods import add_months

_DAY = timedelta(days=1)


def wakes_on(state: CaseState, policy: Policy, today: date) -> date | None:
    """The first day after `today` on which something may be due; None if there is none.

    Raises:
        LawError: `year`, a date is outside 2000 to 2099.
    """
    if state.erased_on is not None:
        return None
    now = due(state, policy.limits, today)
    return min((day for day in _days(state, policy, now, today) if day > today), default=None)


def _days(state: CaseState, policy: Policy, now: Due, today: date) -> Iterator[date]:
    for after in policy.warn_acknowledge_days:
        yield state.received_on + timedelta(days=after)
    safe_on = last_safe_day(state, now)
    if safe_on is not None:
        yield safe_on
    for one in now.owed:
        yield from _of_clock(one, policy, today)
    for check in reprisal_checks(state.received_on, now.dates.erase_on):
        yield check.due_on
    if state.is_open:
        yield _sleeping(state, policy, today)
        if state.final_feedback_on is not None:
            times = (today - state.final_feedback_on).days // policy.close_every_days + 1
            yield state.final_feedback_on + timedelta(days=times * policy.close_every_days)
    if state.closed_on is not None:
        archive = archive_handover(policy.limits, state.closed_on)
        ends = (now.erase.due_on, archive.due_on if archive else None)
        yield from (day for day in ends if day is not None)


def _of_clock(one: Chip, policy: Policy, today: date) -> Iterator[date]:
    if one.due_on is None:
        return
    for before in (*policy.warn_feedback_days, policy.escalate_days_before):
        yield one.due_on - timedelta(days=before)
    yield one.due_on + _DAY
    if one.latest_on is not None:
        yield one.latest_on + _DAY
    if one.state in {ChipState.LATE, ChipState.MISSED}:
        yield today + _DAY


def _sleeping(state: CaseState, policy: Policy, today: date) -> date:
    times = 1
    while add_months(state.active_on, times * policy.sleeping_months) <= today:
        times += 1
    return add_months(state.active_on, times * policy.sleeping_months)
