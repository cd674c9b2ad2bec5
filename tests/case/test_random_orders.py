"""Random events in random order: whatever happens, the promises hold.

The machine tries every kind of event on any day, allowed or not, and runs the clock or
leaves it standing. What is refused must change nothing; what must never happen is checked
after every step.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.case.story import ANNA, REPORTER, SYSTEM
from whistle.case import (
    AcknowledgeBy,
    Action,
    ActionKind,
    CaseState,
    Phase,
    Policy,
    actions_due,
    apply,
    due,
    wakes_on,
)
from whistle.case import events as ev
from whistle.errors import CaseError
from whistle.law import ChipState, Clock, Limits, limits_for

LIMITS = (
    limits_for("SE"),
    limits_for("EU"),
    limits_for("EU", country="FI"),
    limits_for("SE", backup_life_days=30),
    replace(limits_for("EU"), keep_months=3),
    limits_for("SE", public_body=True),
)

_ACTORS = st.sampled_from((ANNA, REPORTER, SYSTEM))
_SHORT = st.integers(0, 40)


def _event_args() -> st.SearchStrategy[tuple[type[ev.Event], dict[str, Any]]]:
    """A kind of event and what it says, some of it nonsense; days are counted from today."""
    nothing: st.SearchStrategy[dict[str, Any]] = st.just({})
    said: dict[type[ev.Event], st.SearchStrategy[dict[str, Any]]] = {
        ev.Acknowledged: nothing,
        ev.Waived: nothing,
        ev.WaiverRevoked: nothing,
        ev.Withheld: st.fixed_dictionaries({"ground": st.sampled_from(["identity", "weather"])}),
        ev.MessageWritten: nothing,
        ev.MeetingAsked: nothing,
        ev.MeetingOffered: nothing,
        ev.FeedbackGiven: st.one_of(
            st.just({"final": True}),
            st.fixed_dictionaries({"next_on": st.integers(0, 120)}).map(
                lambda said: {**said, "final": False}
            ),
        ),
        ev.Extended: nothing,
        ev.Late: st.fixed_dictionaries({"clock": st.sampled_from(Clock)}),
        ev.Missed: st.fixed_dictionaries({"clock": st.sampled_from(Clock)}),
        ev.FoundOutOfScope: nothing,
        ev.HandedOver: nothing,
        ev.Closed: st.fixed_dictionaries(
            {
                "outcome": st.sampled_from(ev.Outcome),
                "no_feedback": st.none() | st.sampled_from(ev.NoFeedback),
            }
        ),
        ev.Reopened: st.fixed_dictionaries(
            {"reason": st.just("new_facts"), "next_on": st.integers(0, 120)}
        ),
        ev.Erased: st.fixed_dictionaries({"ground": st.sampled_from(ev.EraseGround)}),
    }
    return st.sampled_from(sorted(said, key=lambda kind: kind.__name__)).flatmap(
        lambda kind: st.tuples(st.just(kind), said[kind])
    )


class Life(RuleBasedStateMachine):
    """One case from its receipt until its erasure, or until nobody cares."""

    limits: Limits
    policy: Policy
    state: CaseState
    today: date

    @initialize(
        received=st.dates(date(2024, 1, 1), date(2034, 12, 31)),
        limits=st.sampled_from(LIMITS),
        settings=st.fixed_dictionaries(
            {
                "acknowledge": st.sampled_from(AcknowledgeBy),
                "escalate_days_before": st.integers(0, 3),
                "warn_feedback_days": st.sampled_from([(30, 14, 7, 1), (5,), ()]),
                "sleeping_months": st.integers(1, 4),
                "close_every_days": st.integers(1, 60),
                "ask_reprisal": st.booleans(),
            }
        ),
        waived=st.booleans(),
    )
    def begin(
        self, received: date, limits: Limits, settings: dict[str, Any], *, waived: bool
    ) -> None:
        """A report comes in."""
        self.limits = limits
        self.policy = Policy(limits=limits, **settings)
        self.today = received
        self.done: set[str] = set()
        event = ev.Received(on=received, actor=SYSTEM, rules=limits.version, waived=waived)
        self.state = apply(None, event, limits)
        self.before = self.state
        self.received_on = received
        self.feedback_due = date.max

    @rule(days=st.one_of(_SHORT, st.integers(0, 800)))
    def days_go_by(self, days: int) -> None:
        """Nobody runs the clock."""
        self.today += timedelta(days=days)

    @rule(asked=_event_args(), actor=_ACTORS)
    def something_is_tried(
        self, asked: tuple[type[ev.Event], dict[str, Any]], actor: ev.Actor
    ) -> None:
        """Any event by anybody."""
        kind, said = asked
        if "next_on" in said:
            said = {**said, "next_on": self.today + timedelta(days=said["next_on"])}
        self._try(kind(on=self.today, actor=actor, rules=self.limits.version, **said))

    @rule(step=st.integers(0, 3))
    def a_handler_does_the_next_right_thing(self, step: int) -> None:
        """So that closing, reopening and erasing are reached often."""
        kinds: tuple[tuple[type[ev.Event], ev.Actor, dict[str, Any]], ...] = (
            (ev.Acknowledged, ANNA, {}),
            (ev.FeedbackGiven, ANNA, {"final": True}),
            (ev.Closed, ANNA, {"outcome": ev.Outcome.SETTLED}),
            (ev.Reopened, ANNA, {"reason": "r", "next_on": self.today + timedelta(days=9)}),
        )
        kind, actor, said = kinds[step]
        self._try(kind(on=self.today, actor=actor, rules=self.limits.version, **said))

    @precondition(lambda self: self.state.is_open and self.state.acknowledged_on is None)
    @rule()
    def silence_past_the_last_day_and_an_acknowledgement_after_it(self) -> None:
        """By the law's letter that moves the last day on; what was missed was missed."""
        latest = due(self.state, self.limits, self.today).dates.feedback_latest_on
        assert latest is not None
        self.today = max(self.today, latest + timedelta(days=1))
        said: dict[str, Any] = {"on": self.today, "rules": self.limits.version}
        self._try(ev.Missed(clock=Clock.FEEDBACK, actor=SYSTEM, **said))
        missed = self.state.missed
        self._try(ev.Acknowledged(actor=ANNA, **said))
        self._try(ev.MessageWritten(actor=REPORTER, **said))
        assert missed <= self.state.missed

    @rule()
    def the_clock_runs(self) -> None:
        """Every action is done once, and the next day to wake passes over nothing."""
        keys_before = set(self.done)
        for action in actions_due(self.state, self.policy, self.today, self.done):
            assert action.key not in keys_before
            assert action.on <= self.today
            self.done.add(action.key)
            self._act(action)
        for action in actions_due(self.state, self.policy, self.today, self.done):
            self.done.add(action.key)  # what the acts themselves brought about
            self._act(action)
        self._sleep_until_woken()

    @precondition(lambda self: self.state.is_open)
    @rule()
    def the_system_may_not_erase_what_is_open(self) -> None:
        """Not even with its best reason."""
        event = ev.Erased(
            on=self.today,
            actor=SYSTEM,
            rules=self.limits.version,
            ground=ev.EraseGround.DUE,
        )
        assert not self._try(event)

    def _act(self, action: Action) -> None:
        told: dict[ActionKind, Any] = {
            ActionKind.LATE: ev.Late,
            ActionKind.MISSED: ev.Missed,
        }
        said: dict[str, Any] = {"on": self.today, "actor": SYSTEM, "rules": self.limits.version}
        if action.kind in told:
            assert self._try(told[action.kind](clock=action.clock, **said))
        elif action.kind is ActionKind.ACKNOWLEDGE:
            assert self._try(ev.Acknowledged(**said))
        elif action.kind is ActionKind.ERASE:
            assert self._try(ev.Erased(ground=ev.EraseGround.DUE, **said))

    def _sleep_until_woken(self) -> None:
        """Between today and the next day to wake nothing is due."""
        wakes = wakes_on(self.state, self.policy, self.today)
        last = self.today + timedelta(days=40) if wakes is None else wakes - timedelta(days=1)
        for between in {self.today + (last - self.today) * part // 4 for part in range(1, 5)}:
            day = max(between, self.today)
            assert actions_due(self.state, self.policy, day, self.done) == (), (day, wakes)

    def _try(self, event: ev.Event) -> bool:
        before = self.state
        try:
            self.state = apply(self.state, event, self.limits)
        except CaseError:
            assert self.state == before
            return False
        return True

    @invariant()
    def due_dates_never_move_later(self) -> None:
        """Invariant 4: the law's strict dates only ever come nearer."""
        dates = due(self.state, self.limits, self.today).dates
        found = dates.feedback_due_on
        assert found is not None
        assert dates.acknowledge_due_on == self.received_on + timedelta(days=7)
        assert found <= self.feedback_due
        self.feedback_due = found

    @invariant()
    def late_and_missed_are_never_undone(self) -> None:
        """What passed once stays among the late and the missed, and shows."""
        assert self.before.late <= self.state.late
        assert self.before.missed <= self.state.missed
        self.before = self.state
        assert self.state.missed <= self.state.late
        now = due(self.state, self.limits, self.today)
        for one in (now.acknowledge, now.feedback):
            if one.clock in self.state.missed:
                assert one.kept == "missed"
                assert one.state in {ChipState.MISSED, ChipState.DONE, ChipState.NONE}
            elif one.clock in self.state.late:
                assert one.kept in {"late", "missed"}

    @invariant()
    def the_receipt_date_never_changes(self) -> None:
        """Invariant 1."""
        assert self.state.received_on == self.received_on

    @invariant()
    def closing_has_feedback_or_a_reason_and_a_settled_acknowledgement(self) -> None:
        """Invariants 2, 6 and 7."""
        if self.state.closed_on is not None:
            assert (self.state.final_feedback_on is None) == (self.state.no_feedback is not None)
            assert self.state.outcome is not None
            assert not self.state.acknowledgement_owed(self.limits)
        else:
            assert self.state.outcome is None
            assert self.state.no_feedback is None

    @invariant()
    def interim_feedback_has_a_next_date(self) -> None:
        """Invariant 5: open, given feedback, not final: there is a date."""
        if self.state.phase is Phase.INTERIM_FEEDBACK:
            assert self.state.next_feedback_on is not None

    @invariant()
    def only_what_was_closed_is_erased(self) -> None:
        """And a public body's case never is."""
        if self.state.erased_on is not None:
            assert self.state.closed_on is not None
            assert not self.limits.public_body
            assert actions_due(self.state, self.policy, self.today) == ()

    @invariant()
    def an_open_case_has_no_day_of_erasure(self) -> None:
        """Reopening takes the day away again."""
        if self.state.is_open:
            assert due(self.state, self.limits, self.today).dates.erase_on is None


def _live(lives: int) -> None:
    run_state_machine_as_test(
        Life, settings=settings(max_examples=lives, stateful_step_count=40, deadline=None)
    )


def test_random_orders_break_no_promise() -> None:
    """Two hundred lives of up to forty steps."""
    _live(200)


@pytest.mark.soak
def test_many_more_random_orders_break_no_promise() -> None:
    """Three thousand lives."""
    _live(3_000)
