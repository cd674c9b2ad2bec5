"""A case as its dates see it: a frozen value, built from a row or by the machine.

Rules:

* the phase is derived from the dates, so that it cannot contradict them;
* `late` and `missed` name the clocks whose dates have ever passed undone. They only grow:
  nothing that happens later, not even doing what was owed, takes a clock out again.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from whistle.case.events import NoFeedback, Outcome, Side
from whistle.law.chips import Clock
from whistle.law.deadlines import WAIVED, Facts
from whistle.law.limits import Limits


class Phase(StrEnum):
    """Where a case stands, in one word."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    WAIVED = "waived"
    WITHHELD = "withheld"
    INTERIM_FEEDBACK = "interim_feedback"
    FINAL_FEEDBACK = "final_feedback"
    CLOSED = "closed"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class CaseState:
    """Every fact of a case that a rule asks for.

    `feedback_on` is the first feedback, which keeps the law's date; `final_feedback_on`
    the one that lets the case be closed; `next_feedback_on` what interim feedback promised,
    `promise_broken_on` the last such date that had passed before another or the closing came.
    `active_on` is when the reporter or a handler last did something, `last_on` when
    anything last happened. `excused`: an exception that the law knows held when the time to
    acknowledge ran out, so that a later acknowledgement is not a late one. `no_feedback` is
    the recorded reason of a closing without it.
    """

    received_on: date
    last_on: date
    active_on: date
    waived: bool = False
    withheld: str | None = None
    excused: bool = False
    acknowledged_on: date | None = None
    acknowledged_by: Side | None = None
    extended: bool = False
    feedback_on: date | None = None
    final_feedback_on: date | None = None
    next_feedback_on: date | None = None
    promise_broken_on: date | None = None
    meeting_asked_on: date | None = None
    meeting_offered_on: date | None = None
    out_of_scope: bool = False
    handed_over: bool = False
    closed_on: date | None = None
    outcome: Outcome | None = None
    no_feedback: NoFeedback | None = None
    erased_on: date | None = None
    late: frozenset[Clock] = frozenset()
    missed: frozenset[Clock] = frozenset()

    @property
    def phase(self) -> Phase:
        """The furthest that the case has come."""
        reached = (
            (self.erased_on, Phase.ERASED),
            (self.closed_on, Phase.CLOSED),
            (self.final_feedback_on, Phase.FINAL_FEEDBACK),
            (self.feedback_on, Phase.INTERIM_FEEDBACK),
            (self.acknowledged_on, Phase.ACKNOWLEDGED),
            (self.withheld, Phase.WITHHELD),
            (self.waived, Phase.WAIVED),
        )
        return next((phase for fact, phase in reached if fact), Phase.RECEIVED)

    @property
    def is_open(self) -> bool:
        """Whether the duties still run: neither closed nor erased."""
        return self.closed_on is None and self.erased_on is None

    @property
    def facts(self) -> Facts:
        """What the law needs to know of the case."""
        return Facts(
            received_on=self.received_on,
            acknowledged_on=self.acknowledged_on,
            waived=self.waived,
            withheld=self.withheld,
            extended=self.extended,
            feedback_on=self.final_feedback_on,
            closed_on=self.closed_on,
        )

    def acknowledgement_owed(self, limits: Limits) -> bool:
        """Whether receipt must still be acknowledged.

        A waiver or a ground for withholding counts only where the law in force knows it.
        """
        known = limits.law.acknowledge.exceptions
        return (
            limits.law.acknowledge.rule is not None
            and self.acknowledged_on is None
            and not (self.waived and WAIVED in known)
            and (self.withheld is None or self.withheld not in known)
        )
