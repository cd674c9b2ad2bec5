"""The day to wake passes over no day on which something is due."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.case.story import EU, SE, SYSTEM, Story, day
from whistle.case import AcknowledgeBy, CaseState, Policy, actions_due, wakes_on
from whistle.case import events as ev
from whistle.law import limits_for, limits_under, parse_law


def _passes_over_nothing(state: CaseState, policy: Policy, first: str, days: int) -> None:
    """Walk day by day; on every day that was not announced nothing new is due."""
    today, done, wakes = day(first), set[str](), day(first)
    for _ in range(days):
        due_now = {one.key for one in actions_due(state, policy, today, done)}
        if today == wakes:
            done |= due_now
            following = wakes_on(state, policy, today)
            if following is None:
                following = today + timedelta(days=days + 1)
            assert following > today
            wakes = following
        else:
            assert due_now == set(), (today, wakes)
        today += timedelta(days=1)


@pytest.mark.parametrize("acknowledge", list(AcknowledgeBy))
@pytest.mark.parametrize("escalate", [0, 1, 2, 5])
@pytest.mark.parametrize("warn", [(30, 14, 7, 1), (5,), ()])
def test_a_case_that_nobody_touches_is_woken_for_everything(
    acknowledge: AcknowledgeBy, escalate: int, warn: tuple[int, ...]
) -> None:
    """Under every policy, for a year and a half."""
    policy = Policy(
        limits=SE,
        acknowledge=acknowledge,
        escalate_days_before=escalate,
        warn_feedback_days=warn,
    )
    for story in (Story(SE, "2026-12-24"), Story(SE, "2026-12-24", waived=True)):
        _passes_over_nothing(story.state, policy, "2026-12-24", 500)


def test_a_law_without_dates_is_woken_for_little() -> None:
    """Norway: only reprisals and the sleeping alarm."""
    norway = Path(__file__).parents[1] / "law" / "states" / "NO.toml"
    limits = limits_under(parse_law(norway.read_bytes()))
    _passes_over_nothing(
        Story(limits, "2026-12-01").state, Policy(limits=limits), "2026-12-01", 400
    )


def test_a_promise_and_a_meeting_wake_too() -> None:
    """Acknowledged, interim feedback given, a meeting asked for."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    story.then(ev.MeetingAsked, "2026-12-02", ev.Actor.reporter())
    story.feedback("2026-12-03", "2027-02-01")
    _passes_over_nothing(story.state, Policy(limits=SE), "2026-12-03", 300)


def test_a_closed_case_is_woken_to_be_erased() -> None:
    """And never again once it is; without a day of erasure it is left asleep."""
    limits = limits_for("SE", backup_life_days=30)
    policy = Policy(limits=limits, ask_reprisal=False)
    story = Story(limits, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    story.closed("2027-01-11")
    assert wakes_on(story.state, policy, day("2028-01-01")) == day("2028-12-12")
    _passes_over_nothing(story.state, policy, "2027-01-11", 800)
    story.then(ev.Erased, "2028-12-12", SYSTEM, ground=ev.EraseGround.DUE)
    assert wakes_on(story.state, policy, day("2028-12-12")) is None
    directive = Story(EU, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    directive.closed("2027-01-11")
    assert wakes_on(directive.state, Policy(limits=EU), day("2030-01-01")) is None


def test_a_case_that_was_answered_wakes_until_it_is_closed() -> None:
    """Each month, though the reporter writes again and again."""
    policy = Policy(limits=SE, ask_reprisal=False)
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    _passes_over_nothing(story.state, policy, "2027-01-10", 400)
    story.then(ev.MessageWritten, "2027-02-01", ev.Actor.reporter())
    assert wakes_on(story.state, policy, day("2027-02-01")) == day("2027-02-09")
    _passes_over_nothing(story.state, policy, "2027-02-01", 400)
