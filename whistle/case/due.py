"""What is due in a case on a day: its dates, and a chip for each of its clocks.

One function for the handlers' list, the mails, the calendar feed, the figures and the
reporter's page. A clock that was ever late or missed shows it for good, also when what
was owed has been done since and also when a late acknowledgement has moved the legal last
day on.
"""

from dataclasses import dataclass, replace
from datetime import date

from whistle.case.states import CaseState
from whistle.law.chips import Chip, ChipState, Clock, Kept, chip
from whistle.law.deadlines import Deadlines, deadlines
from whistle.law.duties import meeting_offer
from whistle.law.limits import Limits


@dataclass(frozen=True)
class Due:
    """A case's dates and clocks on one day.

    `next_due_on` is the nearest strict date of something still owed, None if nothing is:
    the key by which cases are sorted.
    """

    dates: Deadlines
    acknowledge: Chip
    feedback: Chip
    next_feedback: Chip
    meeting: Chip
    erase: Chip

    @property
    def owed(self) -> tuple[Chip, ...]:
        """The chips of the duties towards the reporter."""
        return self.acknowledge, self.feedback, self.next_feedback, self.meeting

    @property
    def running(self) -> tuple[Chip, ...]:
        """The chips of what is still owed."""
        settled = (ChipState.DONE, ChipState.NONE)
        return tuple(one for one in self.owed if one.state not in settled)

    @property
    def next_due_on(self) -> date | None:
        """The nearest strict date that is still owed."""
        return min((one.due_on for one in self.running if one.due_on), default=None)


def due(state: CaseState, limits: Limits, today: date) -> Due:
    """The dates and the chips of a case on `today`.

    Raises:
        LawError: `year`, a date is outside 2000 to 2099.
    """
    dates = deadlines(limits, state.facts)
    acknowledge = chip(
        Clock.ACKNOWLEDGE,
        None if state.excused else dates.acknowledge_due_on,
        today,
        latest_on=dates.acknowledge_latest_on,
        done_on=state.acknowledged_on,
        owed=state.is_open and state.acknowledgement_owed(limits),
    )
    feedback = chip(
        Clock.FEEDBACK,
        dates.feedback_due_on,
        today,
        latest_on=dates.feedback_latest_on,
        done_on=state.feedback_on,
        owed=state.is_open,
    )
    next_feedback = chip(Clock.NEXT_FEEDBACK, state.next_feedback_on, today, owed=state.is_open)
    return Due(
        dates=dates,
        acknowledge=_for_good(acknowledge, state),
        feedback=_for_good(feedback, state),
        next_feedback=next_feedback,
        meeting=_meeting(state, limits, today),
        erase=_erase(state, dates, today),
    )


def _meeting(state: CaseState, limits: Limits, today: date) -> Chip:
    asked_on = state.meeting_asked_on
    due_on = None if asked_on is None else meeting_offer(limits, asked_on).due_on
    return chip(Clock.MEETING, due_on, today, done_on=state.meeting_offered_on, owed=state.is_open)


def _erase(state: CaseState, dates: Deadlines, today: date) -> Chip:
    if state.closed_on is None:
        return chip(Clock.ERASE, None, today)
    return chip(
        Clock.ERASE,
        dates.erase_on,
        today,
        latest_on=dates.erase_by,
        done_on=state.erased_on,
    )


def _for_good(one: Chip, state: CaseState) -> Chip:
    """`one`, at least as late as its clock has ever been.

    Only for the two clocks of the law: each promise and each meeting is a clock of its own.
    """
    if one.clock in state.missed:
        still = ChipState.MISSED if one.state is ChipState.LATE else one.state
        return replace(one, state=still, kept=Kept.MISSED)
    if one.clock in state.late and one.kept is not Kept.MISSED:
        return replace(one, kept=Kept.LATE)
    return one
