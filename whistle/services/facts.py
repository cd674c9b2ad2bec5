"""A case's row as the pure core sees it, and back: what happens goes through `happen` alone.

So no service changes a date by itself: the core decides whether it may happen and what follows,
and the row keeps that, with the two dates by which lists are ordered and the clock wakes.

What happens is dated today. Machines may differ around midnight, and one's time may have been
wrong: so no earlier event that is dated ahead stands against it. Only the receipt date, from which
the law's dates run, is set once: nothing in a case is dated before it.
"""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from whistle.case import CaseState, Policy, apply, due
from whistle.case.clock import AcknowledgeBy
from whistle.case.events import Event, NoFeedback, Outcome, Side
from whistle.config import Acknowledge, Channel
from whistle.law import Clock, Limits, limits_for
from whistle.services import log
from whistle.storage.tables import Case

_Event = TypeVar("_Event", bound=Event)
_PLAIN = (
    "received_on",
    "last_on",
    "active_on",
    "waived",
    "withheld",
    "excused",
    "acknowledged_on",
    "feedback_on",
    "final_feedback_on",
    "next_feedback_on",
    "promise_broken_on",
    "meeting_asked_on",
    "meeting_offered_on",
    "out_of_scope",
    "handed_over",
    "closed_on",
    "erased_on",
)
"""Fields that have the same name and form in the row and in the core."""


def limits_of(channel: Channel) -> Limits:
    """The limits that the channel goes by: its law, country and zone, and its own shorter times."""
    limits = limits_for(
        channel.law,
        country=channel.country,
        zone=channel.zone,
        backup_life_days=channel.backup_life_days,
        public_body=channel.public_body,
    )
    return replace(limits, keep_months=channel.keep_months, breach_hours=channel.breach_hours)


def policy_of(channel: Channel) -> Policy:
    """How the channel's clock runs."""
    by = {
        Acknowledge.AT_ONCE: AcknowledgeBy.AT_ONCE,
        Acknowledge.BY_HANDLER: AcknowledgeBy.LAST_SAFE_DAY,
    }
    return Policy(limits=limits_of(channel), acknowledge=by[channel.acknowledge])


def state_of(case: Case) -> CaseState:
    """The case as the core sees it."""
    return CaseState(
        **{name: getattr(case, name) for name in _PLAIN},
        acknowledged_by=Side(case.acknowledged_by) if case.acknowledged_by else None,
        outcome=Outcome(case.outcome) if case.outcome else None,
        no_feedback=NoFeedback(case.no_feedback) if case.no_feedback else None,
        late=_clocks(case.late),
        missed=_clocks(case.missed),
    )


def happen(
    session: Session, case: Case, event: Event, channel: Channel, *, settle: bool = True
) -> CaseState:
    """Let an event happen to a case, and enter it in the log.

    Without `settle` no date that has passed by its day is put among the late and the missed: where
    that day is not sure the clock does it, on a day that is.

    Raises:
        CaseError: the rules do not allow it; the row is as it was.
    """
    before = state_of(case)
    state, dated = after(case, event, channel)
    if not settle:
        state = replace(state, late=before.late, missed=before.missed, excused=before.excused)
    keep(case, state, channel, dated.on)
    log.record(session, said(case.id, dated), case_id=case.id, on=dated.on, at=event.at)
    return state


def after(case: Case, event: _Event, channel: Channel) -> tuple[CaseState, _Event]:
    """The case after an event, and the event as it is dated there; nothing is kept.

    Raises:
        CaseError: the rules do not allow it.
    """
    before = state_of(case)
    if event.on < case.received_on:
        event = replace(event, on=case.received_on, at=None)  # that day has no instant yet
    last_on, active_on = (min(one, event.on) for one in (before.last_on, before.active_on))
    before = replace(before, last_on=last_on, active_on=active_on)
    return apply(before, event, limits_of(channel)), event


def said(case_id: bytes, event: Event) -> dict[str, str]:
    """What the log says of an event."""
    return {
        "event": type(event).__name__,
        "case": case_id.hex(),
        "who": event.actor.id,
        "on": event.on.isoformat(),
        "rules": event.rules,
        **event.codes,
    }


def keep(case: Case, state: CaseState, channel: Channel, today: date) -> None:
    """Write a state into a row, with the dates derived from it."""
    for name, value in columns(state, channel, today).items():
        setattr(case, name, value)


def columns(state: CaseState, channel: Channel, today: date) -> dict[str, Any]:
    """A state as columns of its row, with the dates derived from it."""
    return {
        **{name: getattr(state, name) for name in _PLAIN},
        "acknowledged_by": state.acknowledged_by.value if state.acknowledged_by else None,
        "outcome": state.outcome.value if state.outcome else None,
        "no_feedback": state.no_feedback.value if state.no_feedback else None,
        "late": _written(state.late),
        "missed": _written(state.missed),
        "due_on": due(state, limits_of(channel), today).next_due_on,
        # The clock looks once, today; only the clock itself lets a case sleep.
        "wake_on": None if state.erased_on else today,
    }


def _clocks(written: str) -> frozenset[Clock]:
    return frozenset(Clock(name) for name in written.split())


def _written(clocks: frozenset[Clock]) -> str:
    return " ".join(sorted(one.value for one in clocks))
