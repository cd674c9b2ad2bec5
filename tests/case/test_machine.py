"""What may happen in a case, rule by rule."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.case.story import ANNA, EU, REPORTER, SE, SYSTEM, Story, day, refused
from whistle.case import Phase, apply
from whistle.case import events as ev
from whistle.errors import CaseError, LawError
from whistle.law import Clock, limits_under, parse_law
from whistle.law.reading import law

STATES = Path(__file__).parents[1] / "law" / "states"


def test_every_phase_fits_its_column() -> None:
    """Sixteen characters are room enough."""
    assert max(len(phase) for phase in Phase) <= 16


def test_invariant_01_the_receipt_date_is_set_once_by_the_system() -> None:
    """No event changes it, and only the system may begin a case."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-03").feedback("2027-01-10")
    assert story.state.received_on == date(2026, 12, 1)
    again = ev.Received(on=day("2027-02-01"), actor=SYSTEM, rules=SE.version)
    with pytest.raises(CaseError, match="already_received"):
        apply(story.state, again, SE)
    by_hand = ev.Received(on=day("2027-02-01"), actor=ANNA, rules=SE.version)
    with pytest.raises(CaseError, match="actor"):
        apply(None, by_hand, SE)


def test_a_case_begins_with_its_receipt() -> None:
    """Nothing can happen to a case that is not there."""
    event = ev.Acknowledged(on=day("2026-12-01"), actor=ANNA, rules=SE.version)
    with pytest.raises(CaseError, match="not_received"):
        apply(None, event, SE)


def test_a_receipt_beyond_the_holiday_tables_isrefused() -> None:
    """Better no case than one without dates."""
    event = ev.Received(on=date(2100, 1, 1), actor=SYSTEM, rules=SE.version)
    with pytest.raises(LawError, match="year"):
        apply(None, event, SE)


def test_invariant_02_an_acknowledgement_is_sent_waived_or_withheld() -> None:
    """Each of the three settles it; nothing else does."""
    plain = Story(SE, "2026-12-01")
    assert plain.state.acknowledgement_owed(SE)
    sent = Story(SE, "2026-12-01").acknowledged("2026-12-02", SYSTEM)
    assert sent.state.acknowledged_by is ev.Side.SYSTEM
    waived = Story(SE, "2026-12-01", waived=True)
    withheld = Story(SE, "2026-12-01").then(ev.Withheld, "2026-12-02", ground="identity")
    for story in (sent, waived, withheld):
        assert not story.state.acknowledgement_owed(SE)
    assert waived.state.phase is Phase.WAIVED
    assert withheld.state.phase is Phase.WITHHELD


def test_invariant_02_a_waiver_is_the_reporters_and_can_be_taken_back() -> None:
    """No handler waives for the reporter."""
    story = Story(SE, "2026-12-01")
    assert refused(story, ev.Waived, "2026-12-02", ANNA) == "actor"
    story.then(ev.Waived, "2026-12-02", REPORTER)
    assert refused(story, ev.Waived, "2026-12-02", REPORTER) == "already_waived"
    story.then(ev.WaiverRevoked, "2026-12-03", REPORTER)
    assert refused(story, ev.WaiverRevoked, "2026-12-03", REPORTER) == "not_waived"
    assert story.state.acknowledgement_owed(SE)


def test_a_waiver_under_the_directive_leaves_the_acknowledgement_owed() -> None:
    """It is kept as the reporter's wish, and changes nothing."""
    story = Story(EU, "2026-12-01", waived=True)
    assert story.state.acknowledgement_owed(EU)
    assert story.due("2026-12-09").acknowledge.state == "missed"


def test_withholding_needs_a_ground_that_the_law_knows() -> None:
    """The Act knows one, the Directive none; and a waiver is no ground."""
    for ground in ("weather", "waived"):
        story = Story(SE, "2026-12-01")
        assert refused(story, ev.Withheld, "2026-12-02", ANNA, ground=ground) == "unknown_ground"
    story = Story(EU, "2026-12-01")
    assert refused(story, ev.Withheld, "2026-12-02", ANNA, ground="identity") == "unknown_ground"


def test_what_was_acknowledged_cannot_be_waived_withheld_or_acknowledged() -> None:
    """Undo is not possible."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    tried: tuple[tuple[type[ev.Event], ev.Actor, dict[str, Any]], ...] = (
        (ev.Acknowledged, ANNA, {}),
        (ev.Waived, REPORTER, {}),
        (ev.Withheld, ANNA, {"ground": "identity"}),
    )
    for kind, actor, said in tried:
        assert refused(story, kind, "2026-12-03", actor, **said) == "already_acknowledged"


def test_invariant_05_interim_feedback_names_the_next_date() -> None:
    """A date that lies ahead, and not beyond one feedback period; final feedback has none."""
    for next_on, reason in (
        (None, "next_on"),
        (day("2027-01-10"), "next_on"),
        (day("2027-01-09"), "next_on"),
        (day("2027-04-11"), "next_on_too_far"),
    ):
        story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
        said = {"final": False, "next_on": next_on}
        assert refused(story, ev.FeedbackGiven, "2027-01-10", ANNA, **said) == reason
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    said = {"final": True, "next_on": day("2027-02-01")}
    assert refused(story, ev.FeedbackGiven, "2027-01-10", ANNA, **said) == "final_has_no_next"
    story.feedback("2027-01-10", "2027-04-10")
    assert story.state.next_feedback_on == date(2027, 4, 10)


def test_a_law_without_a_feedback_period_bounds_no_promise() -> None:
    """Norway sets no months to measure by."""
    limits = limits_under(parse_law((STATES / "NO.toml").read_bytes()))
    story = Story(limits, "2026-12-01").feedback("2027-01-10", "2028-01-10")
    assert story.state.next_feedback_on == date(2028, 1, 10)
    assert story.due("2027-06-01").acknowledge.state == "none"
    story.feedback("2027-06-02").closed("2027-06-02")
    assert story.state.phase is Phase.CLOSED


def test_the_first_feedback_keeps_the_date_and_the_final_one_ends_the_promise() -> None:
    """Interim feedback satisfies Art. 9(1)(f); silence would not."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    story.feedback("2027-01-10", "2027-02-01").feedback("2027-01-31")
    assert story.state.feedback_on == date(2027, 1, 10)
    assert story.state.final_feedback_on == date(2027, 1, 31)
    assert story.state.next_feedback_on is None
    said = {"final": True}
    assert refused(story, ev.FeedbackGiven, "2027-02-01", ANNA, **said) == "already_final"


def test_invariant_09_late_and_missed_are_never_undone() -> None:
    """Feedback missed, then a very late acknowledgement that moves the legal last day on."""
    story = Story(SE, "2026-11-02")
    story.then(ev.Missed, "2027-02-10", SYSTEM, clock=Clock.FEEDBACK)
    story.acknowledged("2027-02-10")
    now = story.due("2027-02-10")
    assert now.dates.feedback_latest_on == date(2027, 5, 10)
    assert now.feedback.state == "missed"
    story.feedback("2027-02-11").closed("2027-02-12").reopened("2027-02-13", "2027-03-01")
    after = story.due("2027-02-13")
    assert (after.feedback.state, after.feedback.kept) == ("done", "missed")
    assert (after.acknowledge.state, after.acknowledge.kept) == ("done", "missed")
    assert {Clock.ACKNOWLEDGE, Clock.FEEDBACK} <= story.state.missed <= story.state.late


def test_what_is_done_late_is_late_though_nobody_ran_the_clock() -> None:
    """The act itself records that the date had passed."""
    story = Story(SE, "2026-11-02").acknowledged("2026-11-10")
    assert story.state.late == story.state.missed == {Clock.ACKNOWLEDGE}
    promise = Story(SE, "2026-11-02").acknowledged("2026-11-02")
    promise.feedback("2026-11-03", "2026-11-10").feedback("2026-11-12")
    assert promise.state.late == {Clock.NEXT_FEEDBACK}
    assert promise.state.missed == frozenset()


def test_invariant_09_telling_late_or_missed_needs_a_date_that_has_passed() -> None:
    """And only the system tells it: nobody clicks it, nobody clicks it away."""
    story = Story(SE, "2026-12-24").acknowledged("2026-12-28")
    clock = {"clock": Clock.FEEDBACK}
    assert refused(story, ev.Late, "2027-03-28", SYSTEM, **clock) == "not_late"
    assert refused(story, ev.Late, "2027-03-29", ANNA, **clock) == "actor"
    story.then(ev.Late, "2027-03-29", SYSTEM, **clock)
    assert refused(story, ev.Missed, "2027-03-30", SYSTEM, **clock) == "not_missed"
    story.then(ev.Missed, "2027-03-31", SYSTEM, **clock)
    assert story.state.missed == {Clock.FEEDBACK}


def test_an_exception_that_held_on_the_day_excuses_for_good() -> None:
    """An acknowledgement after a waiver was taken back is not a late one."""
    story = Story(SE, "2026-12-01", waived=True)
    story.then(ev.WaiverRevoked, "2027-01-04", REPORTER).acknowledged("2027-01-05")
    assert story.state.excused
    assert story.due("2027-01-05").acknowledge.state == "done"
    assert story.state.late == frozenset()
    in_time = Story(SE, "2026-12-01", waived=True)
    in_time.then(ev.WaiverRevoked, "2026-12-08", REPORTER)
    assert not in_time.state.excused
    assert in_time.due("2026-12-09").acknowledge.state == "missed"


def test_a_waiver_after_the_day_excuses_nothing() -> None:
    """Late is late."""
    story = Story(SE, "2026-12-01").then(ev.Waived, "2026-12-10", REPORTER)
    story.then(ev.MessageWritten, "2026-12-20", REPORTER)
    assert Clock.ACKNOWLEDGE in story.state.late
    assert not story.state.excused


def test_invariant_26_a_meeting_is_asked_for_and_offered() -> None:
    """Each request is a clock of its own."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    assert refused(story, ev.MeetingOffered, "2026-12-02", ANNA) == "not_asked"
    story.then(ev.MeetingAsked, "2026-12-02", REPORTER)
    assert refused(story, ev.MeetingAsked, "2026-12-03", REPORTER) == "already_asked"
    assert story.due("2026-12-02").meeting.due_on == date(2026, 12, 9)
    story.then(ev.MeetingOffered, "2026-12-11")
    assert story.due("2026-12-11").meeting.kept == "late"
    story.then(ev.MeetingAsked, "2027-01-10", REPORTER)
    again = story.due("2027-01-10").meeting
    assert (again.state, again.kept) == ("in_time", "in_time")
    assert story.state.late == {Clock.MEETING}


def test_an_extension_exists_only_where_the_law_knows_one() -> None:
    """Spain's three months, once, and before the date has passed or feedback was given."""
    assert refused(Story(SE, "2026-12-01"), ev.Extended, "2026-12-02", ANNA) == "no_extension"
    limits = limits_under(parse_law((STATES / "ES.toml").read_bytes()))
    story = Story(limits, "2026-12-01").then(ev.Extended, "2027-02-01")
    assert story.due("2027-02-01").dates.feedback_due_on == date(2027, 6, 1)
    assert refused(story, ev.Extended, "2027-02-02", ANNA) == "too_late_to_extend"
    late = Story(limits, "2026-12-01")
    assert refused(late, ev.Extended, "2027-03-02", ANNA) == "too_late_to_extend"
    given = Story(limits, "2026-12-01").feedback("2027-01-10", "2027-02-01")
    assert refused(given, ev.Extended, "2027-01-11", ANNA) == "too_late_to_extend"


def test_invariant_41_every_event_has_an_actor_a_date_and_the_rules() -> None:
    """No actor, another version of the rules, or going back in time: refused."""
    story = Story(SE, "2026-12-10")
    nobody = ev.Actor.handler("")
    assert refused(story, ev.MessageWritten, "2026-12-11", nobody) == "actor"
    assert refused(story, ev.MessageWritten, "2026-12-09", ANNA) == "out_of_order"
    event = ev.MessageWritten(on=day("2026-12-11"), actor=ANNA, rules=law("EU").version)
    with pytest.raises(CaseError, match="rules"):
        apply(story.state, event, SE)


def test_invariant_41_a_handlers_instant_agrees_with_its_date() -> None:
    """In UTC, on the local date; without an offset it is no instant."""
    state = Story(SE, "2026-12-10").state
    late_evening = datetime(2026, 12, 10, 23, 30, tzinfo=UTC)
    event = ev.Acknowledged(on=day("2026-12-11"), actor=ANNA, rules=SE.version, at=late_evening)
    assert apply(state, event, SE).acknowledged_on == date(2026, 12, 11)
    for at in (late_evening - timedelta(hours=1), late_evening.replace(tzinfo=None)):
        wrong = ev.Acknowledged(on=day("2026-12-11"), actor=ANNA, rules=SE.version, at=at)
        with pytest.raises(CaseError, match="instant"):
            apply(state, wrong, SE)


def test_invariant_22_what_the_reporter_does_has_no_clock_time() -> None:
    """Neither the receipt nor anything after it."""
    at = datetime(2026, 12, 10, 10, 0, tzinfo=UTC)
    receipt = ev.Received(on=day("2026-12-10"), actor=SYSTEM, rules=SE.version, at=at)
    with pytest.raises(CaseError, match="clock_time"):
        apply(None, receipt, SE)
    story = Story(SE, "2026-12-10")
    assert refused(story, ev.MessageWritten, "2026-12-10", REPORTER, at=at) == "clock_time"


def test_what_the_system_does_is_no_sign_of_life() -> None:
    """Only the reporter and the handlers keep a case awake."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-05", SYSTEM)
    assert story.state.active_on == date(2026, 12, 1)
    assert story.state.last_on == date(2026, 12, 5)
    story.then(ev.MessageWritten, "2026-12-06", REPORTER)
    assert story.state.active_on == date(2026, 12, 6)
