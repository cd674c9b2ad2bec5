"""What may happen in a case, and what follows: `apply(state, event, limits) -> state`.

The rules (reference: Directive (EU) 2019/1937 Art. 5, 9 and 18; Lag (2021:890) 5, 7 and
8 kap.):

* every event is at or after the last one, by an actor who may do it, under the rules'
  version in force. What breaks a rule raises `CaseError` and changes nothing;
* before an event takes effect, each clock whose date had passed by that day is put among
  the late and the missed, for good. So nothing can be done late and look as if in time;
* an acknowledgement is sent, waived by the reporter (revocably), or withheld on a ground
  that the law knows; only then may a case be closed;
* interim feedback names the date of the next, at most one feedback period ahead;
* a case closes only with final feedback or a recorded reason why none is possible. As out of scope
  it closes only after that was found and told, as handed over only after a recorded hand-over;
  and while a meeting that was asked for has not been offered it does not close;
* a promise that was kept too late stays known by its date, so that it can still be told;
* reopening needs a reason and a date for the next feedback, and is refused from the day the
  case is due for erasure. It clears the closing, so that the time of keeping begins anew at
  the next one; it moves none of the law's dates;
* nothing open is erased; a public body's case is not erased here at all (Lag (2021:890)
  7 kap. 8 § 2 st.); an erased case is touched by nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from whistle.case import events as ev
from whistle.case.due import due
from whistle.case.events import Event, Received, Side
from whistle.case.states import CaseState
from whistle.errors import CaseError
from whistle.law.chips import Clock, Kept
from whistle.law.limits import Limits
from whistle.law.periods import add

_BY_HANDLER = frozenset({Side.HANDLER})
_BY_REPORTER = frozenset({Side.REPORTER})
_BY_SYSTEM = frozenset({Side.SYSTEM})

# The reasons for closing without feedback that are the outcome of a case and go with no other.
_OUTCOME_OF: dict[ev.NoFeedback | None, ev.Outcome] = {
    ev.NoFeedback.OUT_OF_SCOPE: ev.Outcome.OUT_OF_SCOPE,
    ev.NoFeedback.TRANSFERRED: ev.Outcome.TRANSFERRED,
}


def apply(state: CaseState | None, event: Event, limits: Limits) -> CaseState:
    """The case after `event`; `state` is None for `Received` and for nothing else.

    Raises:
        CaseError: the rules do not allow it; `reason` names the rule.
        LawError: `year`, a date is outside 2000 to 2099.
    """
    if isinstance(event, Received):
        if state is not None:
            raise CaseError("already_received")
        return _received(event, limits)
    if state is None:
        raise CaseError("not_received")
    _check(event, limits, after=state.last_on)
    if state.erased_on is not None:
        raise CaseError("erased")
    sides, needs_open, step = _STEPS[type(event)]
    if event.actor.side not in sides:
        raise CaseError("actor")
    if needs_open and state.closed_on is not None:
        raise CaseError("closed")
    after = _broken_promise(state, step(_settled(state, limits, event.on), event, limits), event.on)
    active = event.on if event.actor.side is not Side.SYSTEM else state.active_on
    return replace(after, last_on=event.on, active_on=active)


def _check(event: Event, limits: Limits, after: date) -> None:
    if event.rules != limits.version:
        raise CaseError("rules")
    if not event.actor.id:
        raise CaseError("actor")
    if event.on < after:
        raise CaseError("out_of_order")
    if event.at is None:
        return
    if event.actor.side is Side.REPORTER or isinstance(event, Received):
        raise CaseError("clock_time")
    if event.at.utcoffset() is None or event.at.astimezone(limits.zone).date() != event.on:
        raise CaseError("instant")


def _settled(state: CaseState, limits: Limits, on: date) -> CaseState:
    """`state` with what had come true by `on` merely because days went by."""
    now = due(state, limits, on)
    late = {one.clock for one in now.owed if one.kept in (Kept.LATE, Kept.MISSED)}
    missed = {one.clock for one in now.owed if one.kept is Kept.MISSED}
    due_on = now.dates.acknowledge_due_on
    exempt = state.acknowledged_on is None and not state.acknowledgement_owed(limits)
    ran_out = due_on is not None and on > due_on
    return replace(
        state,
        late=state.late | late,
        missed=state.missed | missed,
        excused=state.excused
        or (exempt and ran_out and state.is_open and Clock.ACKNOWLEDGE not in state.late),
    )


def _broken_promise(before: CaseState, after: CaseState, on: date) -> CaseState:
    """`after`, with the promise that ended on `on`, too late for its date, if one did."""
    promised = before.next_feedback_on
    if promised is None or not before.is_open or on <= promised:
        return after
    ended = after.next_feedback_on != promised or not after.is_open
    return replace(after, promise_broken_on=promised) if ended else after


def _received(event: Received, limits: Limits) -> CaseState:
    _check(event, limits, after=event.on)
    if event.actor.side is not Side.SYSTEM:
        raise CaseError("actor")
    state = CaseState(
        received_on=event.on, last_on=event.on, active_on=event.on, waived=event.waived
    )
    due(state, limits, event.on)  # refuses a date that the holiday tables do not reach
    return state


def _acknowledged(state: CaseState, event: ev.Acknowledged, _: Limits) -> CaseState:
    if state.acknowledged_on is not None:
        raise CaseError("already_acknowledged")
    return replace(state, acknowledged_on=event.on, acknowledged_by=event.actor.side)


def _waived(state: CaseState, _event: ev.Waived, _: Limits) -> CaseState:
    if state.acknowledged_on is not None:
        raise CaseError("already_acknowledged")
    if state.waived:
        raise CaseError("already_waived")
    return replace(state, waived=True)


def _waiver_revoked(state: CaseState, _event: ev.WaiverRevoked, _: Limits) -> CaseState:
    if not state.waived:
        raise CaseError("not_waived")
    return replace(state, waived=False)


def _withheld(state: CaseState, event: ev.Withheld, limits: Limits) -> CaseState:
    if state.acknowledged_on is not None:
        raise CaseError("already_acknowledged")
    if event.ground == "waived" or event.ground not in limits.law.acknowledge.exceptions:
        raise CaseError("unknown_ground")
    return replace(state, withheld=event.ground)


def _unchanged(state: CaseState, _event: Event, _: Limits) -> CaseState:
    return state


def _meeting_asked(state: CaseState, event: ev.MeetingAsked, _: Limits) -> CaseState:
    if state.meeting_asked_on is not None and state.meeting_offered_on is None:
        raise CaseError("already_asked")
    return replace(state, meeting_asked_on=event.on, meeting_offered_on=None)


def _meeting_offered(state: CaseState, event: ev.MeetingOffered, _: Limits) -> CaseState:
    if state.meeting_asked_on is None:
        raise CaseError("not_asked")
    return replace(state, meeting_offered_on=event.on)


def _feedback_given(state: CaseState, event: ev.FeedbackGiven, limits: Limits) -> CaseState:
    if state.final_feedback_on is not None:
        raise CaseError("already_final")
    first = state.feedback_on or event.on
    if event.final:
        if event.next_on is not None:
            raise CaseError("final_has_no_next")
        return replace(state, feedback_on=first, final_feedback_on=event.on, next_feedback_on=None)
    next_on = _next_on(event.next_on, event.on, limits)
    return replace(state, feedback_on=first, next_feedback_on=next_on)


def latest_next_on(on: date, limits: Limits) -> date | None:
    """The last day that can be promised for the next feedback on `on`; None where none is set.

    That it may not lie further than one feedback period is our reading: the law gives no second
    period, and without a limit a promise could stand for ever.
    """
    rule = limits.law.feedback.rule
    return None if rule is None else add(on, rule.period, limits.calendar.is_free)


def _next_on(next_on: date | None, on: date, limits: Limits) -> date:
    """The promised date, if it lies ahead and not too far."""
    if next_on is None or next_on <= on:
        raise CaseError("next_on")
    latest = latest_next_on(on, limits)
    if latest is not None and next_on > latest:
        raise CaseError("next_on_too_far")
    return next_on


def _extended(state: CaseState, _event: ev.Extended, limits: Limits) -> CaseState:
    if limits.law.feedback.extension is None:
        raise CaseError("no_extension")
    if state.extended or state.feedback_on is not None or Clock.FEEDBACK in state.late:
        raise CaseError("too_late_to_extend")
    return replace(state, extended=True)


def _late(state: CaseState, event: ev.Late, _: Limits) -> CaseState:
    if event.clock not in state.late:
        raise CaseError("not_late")
    return state


def _missed(state: CaseState, event: ev.Missed, _: Limits) -> CaseState:
    if event.clock not in state.missed:
        raise CaseError("not_missed")
    return state


def _found_out_of_scope(state: CaseState, _event: ev.FoundOutOfScope, _: Limits) -> CaseState:
    return replace(state, out_of_scope=True)


def _handed_over(state: CaseState, _event: ev.HandedOver, _: Limits) -> CaseState:
    return replace(state, handed_over=True)


def _closed(state: CaseState, event: ev.Closed, limits: Limits) -> CaseState:
    if state.acknowledgement_owed(limits):
        raise CaseError("not_acknowledged")
    if state.meeting_asked_on is not None and state.meeting_offered_on is None:
        raise CaseError("meeting_not_offered")
    if event.outcome is ev.Outcome.OUT_OF_SCOPE and not state.out_of_scope:
        raise CaseError("not_found_out_of_scope")
    if event.outcome is ev.Outcome.TRANSFERRED and not state.handed_over:
        raise CaseError("not_handed_over")
    if event.outcome is not _OUTCOME_OF.get(event.no_feedback, event.outcome):
        raise CaseError("reason_unfit")
    if state.final_feedback_on is None and event.no_feedback is None:
        raise CaseError("no_feedback")
    if state.final_feedback_on is not None and event.no_feedback is not None:
        raise CaseError("feedback_was_given")
    return replace(state, closed_on=event.on, outcome=event.outcome, no_feedback=event.no_feedback)


def _reopened(state: CaseState, event: ev.Reopened, limits: Limits) -> CaseState:
    if state.closed_on is None:
        raise CaseError("open")
    if not event.reason:
        raise CaseError("no_reason")
    erase_on = due(state, limits, event.on).dates.erase_on
    if erase_on is not None and event.on >= erase_on:
        raise CaseError("due_for_erasure")
    return replace(
        state,
        closed_on=None,
        outcome=None,
        no_feedback=None,
        final_feedback_on=None,
        next_feedback_on=_next_on(event.next_on, event.on, limits),
    )


def _erased(state: CaseState, event: ev.Erased, limits: Limits) -> CaseState:
    if state.closed_on is None:
        raise CaseError("open")
    if limits.public_body:
        raise CaseError("public_body")
    if event.ground is ev.EraseGround.DUE:
        erase_on = due(state, limits, event.on).dates.erase_on
        if event.actor.side is not Side.SYSTEM:
            raise CaseError("actor")
        if erase_on is None or event.on < erase_on:
            raise CaseError("not_due")
    elif event.actor.side is not Side.HANDLER:
        raise CaseError("actor")
    return replace(state, erased_on=event.on)


_Step = tuple[frozenset[Side], bool, Callable[[CaseState, Any, Limits], CaseState]]

# Who may do it, whether the case must be open, and what follows.
_STEPS: dict[type[Event], _Step] = {
    ev.Acknowledged: (_BY_HANDLER | _BY_SYSTEM, True, _acknowledged),
    ev.Waived: (_BY_REPORTER, True, _waived),
    ev.WaiverRevoked: (_BY_REPORTER, True, _waiver_revoked),
    ev.Withheld: (_BY_HANDLER, True, _withheld),
    ev.MessageWritten: (_BY_HANDLER | _BY_REPORTER, False, _unchanged),
    ev.MeetingAsked: (_BY_REPORTER, True, _meeting_asked),
    ev.MeetingOffered: (_BY_HANDLER, True, _meeting_offered),
    ev.FeedbackGiven: (_BY_HANDLER, True, _feedback_given),
    ev.Extended: (_BY_HANDLER, True, _extended),
    ev.Late: (_BY_SYSTEM, False, _late),
    ev.Missed: (_BY_SYSTEM, False, _missed),
    ev.FoundOutOfScope: (_BY_HANDLER, True, _found_out_of_scope),
    ev.HandedOver: (_BY_HANDLER, False, _handed_over),
    ev.Exported: (_BY_HANDLER, False, _handed_over),
    ev.ConsentAsked: (_BY_HANDLER, False, _unchanged),
    ev.ConsentAnswered: (_BY_REPORTER, False, _unchanged),
    ev.DisclosureNoticed: (_BY_HANDLER, False, _unchanged),
    ev.Disclosed: (_BY_HANDLER, False, _unchanged),
    ev.ErasureProposed: (_BY_HANDLER, False, _unchanged),
    ev.ErasureWithdrawn: (_BY_HANDLER, False, _unchanged),
    ev.Removed: (_BY_HANDLER, False, _unchanged),
    ev.Closed: (_BY_HANDLER, True, _closed),
    ev.Reopened: (_BY_HANDLER, False, _reopened),
    ev.Erased: (_BY_HANDLER | _BY_SYSTEM, False, _erased),
}
