"""What the clock must do, day by day."""

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from tests.case.story import ANNA, EU, REPORTER, SE, SYSTEM, Story, day
from whistle.case import AcknowledgeBy, Action, ActionKind, Policy, actions_due, due, wakes_on
from whistle.case import events as ev
from whistle.case.clock import is_for_outside, outside_told_on
from whistle.law import Clock, Limits, limits_for, limits_under, parse_law

POLICY = Policy(limits=SE)
PATIENT = Policy(limits=SE, acknowledge=AcknowledgeBy.LAST_SAFE_DAY)


def _due(story: Story, on: str, policy: Policy = POLICY) -> tuple[Action, ...]:
    return actions_due(story.state, policy, day(on), done={"arrived"})


def _kinds(story: Story, on: str, policy: Policy = POLICY) -> list[str]:
    return [
        f"{one.kind}:{one.clock}" if one.clock else one.kind.value
        for one in _due(story, on, policy)
    ]


def _life(story: Story, first: str, last: str, policy: Policy = POLICY) -> dict[str, list[str]]:
    """Every action of a case that nobody touches, by the day on which it was first due."""
    done = {"arrived"}
    log: dict[str, list[str]] = {}
    today = day(first)
    while today <= day(last):
        for one in actions_due(story.state, policy, today, done):
            done.add(one.key)
            log.setdefault(today.isoformat(), []).append(one.key)
        today += timedelta(days=1)
    return log


def test_the_handlers_are_told_once_that_a_report_has_arrived() -> None:
    """On the day of receipt, or whenever the clock next runs."""
    story = Story(SE, "2026-12-01", waived=True)
    for on in ("2026-12-01", "2026-12-09"):
        (first,) = actions_due(story.state, POLICY, day(on))
        assert (first.kind, first.on, first.key) == ("arrived", date(2026, 12, 1), "arrived")


def test_the_standard_text_goes_out_at_once_by_default() -> None:
    """On the day of receipt, at any time."""
    (first,) = _due(Story(SE, "2026-12-01"), "2026-12-01")
    assert first == Action(
        ActionKind.ACKNOWLEDGE, Clock.ACKNOWLEDGE, date(2026, 12, 1), "acknowledge"
    )


def test_or_on_the_last_safe_day_at_eight() -> None:
    """The day before the strict date; on a later day at once."""
    story = Story(SE, "2026-12-01")
    assert "acknowledge:acknowledge" not in _kinds(story, "2026-12-06", PATIENT)
    safe = _due(story, "2026-12-07", PATIENT)[0]
    assert (safe.kind, safe.on, safe.at) == ("acknowledge", date(2026, 12, 7), time(8))
    after = _due(story, "2026-12-08", PATIENT)[0]
    assert (after.kind, after.on, after.at) == ("acknowledge", date(2026, 12, 7), None)


@pytest.mark.parametrize("policy", [POLICY, PATIENT])
def test_what_is_acknowledged_late_is_told_late_first(policy: Policy) -> None:
    """After a pause both are due on one day: told afterwards, "not confirmed" would be untrue."""
    story = Story(SE, "2026-12-01")
    kinds = _kinds(story, "2026-12-20", policy)
    assert kinds.index("late:acknowledge") < kinds.index("acknowledge:acknowledge")
    assert kinds.count("late:acknowledge") == 1
    assert kinds.index("acknowledge:acknowledge") < kinds.index("overdue:acknowledge")


def test_nothing_is_acknowledged_for_who_wants_none_or_by_who_withheld_it() -> None:
    """Where the law knows the exception; the Directive does not."""
    waived = Story(SE, "2026-12-01", waived=True)
    withheld = Story(SE, "2026-12-01").then(ev.Withheld, "2026-12-01", ground="identity")
    for story in (waived, withheld):
        assert _kinds(story, "2026-12-08") == []
        assert _kinds(story, "2026-12-20") == []
    directive = Story(EU, "2026-12-01", waived=True)
    policy = Policy(limits=EU)
    assert "acknowledge:acknowledge" in _kinds(directive, "2026-12-01", policy)


def test_invariant_14_warnings_come_on_days_3_and_5_and_before_feedback() -> None:
    """30, 14, 7 and 1 days before the strict date, weekends counted."""
    log = _life(Story(SE, "2026-12-01", waived=False), "2026-12-01", "2027-03-08", PATIENT)
    warned = {key: on for on, keys in log.items() for key in keys if key.startswith("warn:")}
    assert warned == {
        "warn:acknowledge:3": "2026-12-04",
        "warn:acknowledge:5": "2026-12-06",
        "warn:feedback:30": "2027-02-06",
        "warn:feedback:14": "2027-02-22",
        "warn:feedback:7": "2027-03-01",
        "warn:feedback:1": "2027-03-07",
    }


def test_a_warning_is_not_given_after_its_date() -> None:
    """From then on it is overdue, every day."""
    kinds = _kinds(Story(SE, "2026-12-01"), "2026-12-09", PATIENT)
    assert "warn:acknowledge" not in kinds
    assert "overdue:acknowledge" in kinds


def test_after_days_without_the_clock_only_the_newest_warning_is_due() -> None:
    """No row of old warnings in one mail."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    warnings = [one for one in _due(story, "2027-02-23") if one.kind is ActionKind.WARN]
    assert [(one.key, one.days) for one in warnings] == [("warn:feedback:7", 6)]


def test_invariant_11_deputies_are_called_in_from_the_day_before() -> None:
    """Somebody can still act."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    assert "escalate:feedback" not in _kinds(story, "2027-02-27")
    assert "escalate:feedback" in _kinds(story, "2027-02-28")


def test_a_late_feedback_is_told_once_and_warned_of_daily() -> None:
    """Strict date Easter Sunday 28 March 2027; the last day in law is the 30th."""
    story = Story(SE, "2026-12-24").acknowledged("2026-12-28")
    log = _life(story, "2027-03-28", "2027-04-01", replace(POLICY, ask_reprisal=False))
    log["2027-03-28"] = [key for key in log["2027-03-28"] if not key.startswith("sleeping")]
    assert log == {
        "2027-03-28": ["warn:feedback:1", "escalate:feedback"],
        "2027-03-29": ["late:feedback", "overdue:feedback:2027-03-29"],
        "2027-03-30": ["overdue:feedback:2027-03-30"],
        "2027-03-31": ["missed:feedback", "overdue:feedback:2027-03-31"],
        "2027-04-01": ["overdue:feedback:2027-04-01"],
    }


def test_invariant_09_late_and_missed_are_told_also_when_it_has_been_done_since() -> None:
    """The clock stood still over the date; the reporter is told all the same."""
    story = Story(SE, "2026-11-02").acknowledged("2026-11-10")
    assert _kinds(story, "2026-11-11") == ["late:acknowledge", "missed:acknowledge"]
    story.feedback("2027-02-01").closed("2027-02-02")
    told = {"arrived", "late:acknowledge", "missed:acknowledge"}
    assert [one.key for one in _due(story, "2027-02-02")] == [
        "late:acknowledge",
        "missed:acknowledge",
        "reprisal_check_1",
    ]
    assert (
        actions_due(story.state, replace(POLICY, ask_reprisal=False), day("2027-02-02"), told) == ()
    )


def test_each_promise_is_a_clock_of_its_own() -> None:
    """Two broken promises are told twice, under their own dates; none is missed in law."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01").feedback("2026-12-02", "2026-12-10")
    first = {one.key for one in _due(story, "2026-12-11")}
    assert {"late:next_feedback:2026-12-10", "overdue:next_feedback:2026-12-10:2026-12-11"} <= first
    story.feedback("2026-12-12", "2026-12-20")
    second = {one.key for one in _due(story, "2026-12-21")}
    assert "late:next_feedback:2026-12-20" in second
    assert not [key for key in first | second if key.startswith("missed")]
    assert "warn:next_feedback:2026-12-20:7" in {one.key for one in _due(story, "2026-12-13")}


def test_invariant_26_a_meeting_without_an_offer_escalates() -> None:
    """From the day before its date, then late."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    story.then(ev.MeetingAsked, "2026-12-02", REPORTER)
    assert "escalate:meeting" in _kinds(story, "2026-12-08")
    assert "late:meeting" in _kinds(story, "2026-12-10")
    story.then(ev.MeetingOffered, "2026-12-10", ANNA)
    assert "overdue:meeting" not in _kinds(story, "2026-12-11")


def test_invariant_40_reprisals_are_asked_about_until_the_case_is_erased() -> None:
    """Three questions in a year, closed or not; none where the channel wants none."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    story.closed("2027-01-11")
    log = _life(story, "2026-12-01", "2028-12-01")
    asked = {key: on for on, keys in log.items() for key in keys}
    assert asked == {
        "reprisal_check_1": "2027-03-01",
        "reprisal_check_2": "2027-06-01",
        "reprisal_check_3": "2027-12-01",
    }
    assert _kinds(story, "2027-12-01", replace(POLICY, ask_reprisal=False)) == []


def test_invariant_30_an_open_case_that_nobody_touches_is_an_alarm() -> None:
    """Every three months anew, and not after a sign of life; never for a closed one."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01").feedback("2026-12-02", "2027-03-02")
    assert "sleeping" not in _kinds(story, "2027-03-01")
    first = next(one for one in _due(story, "2027-03-05") if one.kind is ActionKind.SLEEPING)
    assert (first.key, first.days) == ("sleeping:2027-03-02", 93)
    second = next(one for one in _due(story, "2027-06-02") if one.kind is ActionKind.SLEEPING)
    assert second.key == "sleeping:2027-06-02"
    story.then(ev.MessageWritten, "2027-06-03", REPORTER)
    assert "sleeping" not in _kinds(story, "2027-09-02")
    story.feedback("2027-09-02").closed("2027-09-02")
    assert "sleeping" not in _kinds(story, "2028-09-02")


def test_the_person_outside_is_told_on_the_days_that_the_reporter_is_told_of() -> None:
    """Day by day: the day that is named is the next one on which it happens."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    told: list[date | None] = []
    for days in range(40):
        today = day("2027-02-25") + timedelta(days=days)
        now = due(story.state, SE, today)
        overdue = [one for one in _due(story, today.isoformat()) if one.kind == "overdue"]
        if any(is_for_outside(one.days) for one in overdue):
            assert today == (told[-1] if told else day("2027-03-02"))
            told.append(outside_told_on(now))
        assert (outside_told_on(now) is None) == (today <= day("2027-03-01"))
        assert told == [] or outside_told_on(now) == told[-1]
    assert told[:2] == [day("2027-03-09"), day("2027-03-16")]


def test_invariant_30_an_answered_case_is_named_each_month_until_it_is_closed() -> None:
    """However often its reporter writes; not before final feedback, and not once it is closed."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    named: dict[str, int] = {}
    done = {"arrived"}
    for days in range(100):
        today = day("2027-01-10") + timedelta(days=days)
        if days % 20 == 0:
            story.then(ev.MessageWritten, today.isoformat(), REPORTER)
        for one in actions_due(story.state, POLICY, today, done):
            done.add(one.key)
            if one.kind is ActionKind.NOT_CLOSED:
                named[today.isoformat()] = one.days
    assert named == {"2027-02-09": 30, "2027-03-11": 60, "2027-04-10": 90}
    story.closed("2027-04-20")
    assert "not_closed" not in _kinds(story, "2027-05-30")
    interim = (
        Story(SE, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10", "2027-04-01")
    )
    assert "not_closed" not in _kinds(interim, "2027-03-30")


def test_invariant_28_a_closed_case_is_erased_on_its_day() -> None:
    """Two years after closing less the life of the backups, every day until it is done."""
    limits = limits_for("SE", backup_life_days=30)
    policy = Policy(limits=limits, ask_reprisal=False)
    story = Story(limits, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    story.closed("2027-01-11")
    assert _kinds(story, "2028-12-11", policy) == []
    assert _kinds(story, "2028-12-12", policy) == ["erase:erase"]
    assert _kinds(story, "2028-12-20", policy) == ["erase:erase"]
    story.then(ev.Erased, "2028-12-20", SYSTEM, ground=ev.EraseGround.DUE)
    assert _kinds(story, "2028-12-21", policy) == []


@pytest.mark.parametrize(
    ("limits", "told"), [(EU, []), (limits_for("SE", public_body=True), ["archive"])]
)
def test_nothing_is_erased_by_the_clock_without_a_day(limits: Limits, told: list[str]) -> None:
    """The Directive has no figure, and a public body goes by archive law."""
    policy = Policy(limits=limits, ask_reprisal=False)
    story = Story(policy.limits, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    story.closed("2027-01-11")
    assert _kinds(story, "2050-01-01", policy) == told


def test_invariant_32_a_public_body_is_told_when_the_time_of_keeping_is_over() -> None:
    """An alarm two years after closing, once for each closing; the clock wakes for it."""
    limits = limits_for("SE", public_body=True)
    policy = Policy(limits=limits, ask_reprisal=False)
    story = Story(limits, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    story.closed("2027-01-11")
    assert _kinds(story, "2029-01-10", policy) == []
    assert wakes_on(story.state, policy, day("2028-01-01")) == day("2029-01-11")
    (alarm,) = _due(story, "2029-01-12", policy)
    assert (alarm.kind, alarm.on, alarm.key) == ("archive", day("2029-01-11"), "archive:2029-01-11")


def test_a_public_bodys_case_is_left_alone_also_under_a_law_that_says_nothing_of_it() -> None:
    """Germany's three years are no reason to destroy an official document by a clock."""
    germany = Path(__file__).parents[1] / "law" / "states" / "DE.toml"
    limits = limits_under(parse_law(germany.read_bytes()), public_body=True)
    policy = Policy(limits=limits, ask_reprisal=False)
    story = Story(limits, "2026-12-01").acknowledged("2026-12-01").feedback("2027-01-10")
    assert _kinds(story.closed("2027-01-11"), "2031-01-01", policy) == []


def test_a_law_without_dates_gives_the_clock_nothing_to_do() -> None:
    """Norway sets none: no acknowledgement, no warning, nothing late."""
    norway = Path(__file__).parents[1] / "law" / "states" / "NO.toml"
    limits = limits_under(parse_law(norway.read_bytes()))
    policy = Policy(limits=limits, ask_reprisal=False)
    story = Story(limits, "2026-12-01").then(ev.MessageWritten, "2027-03-01", ANNA)
    assert _due(story, "2027-04-01", policy) == ()


def test_a_warning_that_is_not_reached_yet_is_not_due() -> None:
    """Two days after receipt the handlers hear nothing of the acknowledgement."""
    assert _kinds(Story(SE, "2026-12-01"), "2026-12-03", PATIENT) == []


def test_each_action_of_a_whole_life_comes_once() -> None:
    """A case that nobody ever touches, for three years: no key twice."""
    log = _life(Story(SE, "2026-12-01"), "2026-12-01", "2029-12-01")
    keys = Counter(key for keys in log.values() for key in keys)
    assert set(keys.values()) == {1}
    assert {"acknowledge", "late:acknowledge", "missed:acknowledge", "late:feedback"} <= set(keys)
    assert not [key for key in keys if key.startswith("erase")]
