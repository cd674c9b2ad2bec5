"""What may happen in a case, rule by rule."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.case.story import ANNA, EU, REPORTER, SE, SYSTEM, Story, day
from whistle.case import Phase, apply
from whistle.case import events as ev
from whistle.errors import CaseError, LawError
from whistle.law import Clock, limits_for, limits_under, parse_law
from whistle.law.reading import law

STATES = Path(__file__).parents[1] / "law" / "states"


def _refused(story: Story, kind: type[ev.Event], on: str, actor: ev.Actor, **said: Any) -> str:
    """The reason why an event is refused; the case must be as before."""
    before = story.state
    with pytest.raises(CaseError) as error:
        story.then(kind, on, actor, **said)
    assert story.state == before
    return error.value.reason


def test_a_case_goes_from_received_to_erased() -> None:
    """The whole way, phase by phase."""
    story = Story(SE, "2026-12-01")
    phases = [
        story.state.phase,
        story.acknowledged("2026-12-03").state.phase,
        story.feedback("2027-02-01", "2027-03-15").state.phase,
        story.feedback("2027-03-10").state.phase,
        story.closed("2027-03-11").state.phase,
        story.then(ev.Erased, "2029-03-11", SYSTEM, ground=ev.EraseGround.DUE).state.phase,
    ]
    assert phases == [
        Phase.RECEIVED,
        Phase.ACKNOWLEDGED,
        Phase.INTERIM_FEEDBACK,
        Phase.FINAL_FEEDBACK,
        Phase.CLOSED,
        Phase.ERASED,
    ]
    assert story.state.late == story.state.missed == frozenset()


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


def test_a_receipt_beyond_the_holiday_tables_is_refused() -> None:
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
    assert _refused(story, ev.Waived, "2026-12-02", ANNA) == "actor"
    story.then(ev.Waived, "2026-12-02", REPORTER)
    assert _refused(story, ev.Waived, "2026-12-02", REPORTER) == "already_waived"
    story.then(ev.WaiverRevoked, "2026-12-03", REPORTER)
    assert _refused(story, ev.WaiverRevoked, "2026-12-03", REPORTER) == "not_waived"
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
        assert _refused(story, ev.Withheld, "2026-12-02", ANNA, ground=ground) == "unknown_ground"
    story = Story(EU, "2026-12-01")
    assert _refused(story, ev.Withheld, "2026-12-02", ANNA, ground="identity") == "unknown_ground"


def test_what_was_acknowledged_cannot_be_waived_withheld_or_acknowledged() -> None:
    """Undo is not possible."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    tried: tuple[tuple[type[ev.Event], ev.Actor, dict[str, Any]], ...] = (
        (ev.Acknowledged, ANNA, {}),
        (ev.Waived, REPORTER, {}),
        (ev.Withheld, ANNA, {"ground": "identity"}),
    )
    for kind, actor, said in tried:
        assert _refused(story, kind, "2026-12-03", actor, **said) == "already_acknowledged"


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
        assert _refused(story, ev.FeedbackGiven, "2027-01-10", ANNA, **said) == reason
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    said = {"final": True, "next_on": day("2027-02-01")}
    assert _refused(story, ev.FeedbackGiven, "2027-01-10", ANNA, **said) == "final_has_no_next"
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
    assert _refused(story, ev.FeedbackGiven, "2027-02-01", ANNA, **said) == "already_final"


def test_invariant_06_no_case_closes_without_final_feedback_or_a_reason() -> None:
    """Interim feedback is not enough; a reason is, and only where there was no final one."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10", "2027-02-01")
    said: dict[str, Any] = {"outcome": ev.Outcome.SETTLED}
    assert _refused(story, ev.Closed, "2027-01-11", ANNA, **said) == "no_feedback"
    said["no_feedback"] = ev.NoFeedback.WOULD_HARM
    closed = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    closed.then(ev.Closed, "2027-01-11", ANNA, **said)
    assert closed.state.no_feedback is ev.NoFeedback.WOULD_HARM
    story.feedback("2027-01-12")
    assert _refused(story, ev.Closed, "2027-01-12", ANNA, **said) == "feedback_was_given"


def test_no_case_closes_before_its_acknowledgement_is_settled() -> None:
    """Not even with final feedback."""
    story = Story(SE, "2026-12-01").feedback("2026-12-03")
    said = {"outcome": ev.Outcome.SETTLED}
    assert _refused(story, ev.Closed, "2026-12-03", ANNA, **said) == "not_acknowledged"


def test_invariant_07_closing_needs_an_outcome_and_a_handler() -> None:
    """A listed code, and a person who decides: never the system or the reporter."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    said = {"outcome": ev.Outcome.UNSUBSTANTIATED}
    for actor in (SYSTEM, REPORTER):
        assert _refused(story, ev.Closed, "2027-01-11", actor, **said) == "actor"
    with pytest.raises(TypeError):
        ev.Closed(on=day("2027-01-11"), actor=ANNA, rules=SE.version)  # type: ignore[call-arg]
    story.then(ev.Closed, "2027-01-11", ANNA, **said)
    assert story.state.outcome is ev.Outcome.UNSUBSTANTIATED


def test_invariant_08_what_is_out_of_scope_still_owes_feedback_and_may_go_early() -> None:
    """The finding changes no date; once closed the case may be erased before its day."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    before = story.due("2026-12-03").dates
    story.then(ev.FoundOutOfScope, "2026-12-03")
    assert story.state.out_of_scope
    assert story.due("2026-12-03").dates == before
    story.feedback("2026-12-04").then(ev.Closed, "2026-12-04", outcome=ev.Outcome.OUT_OF_SCOPE)
    story.then(ev.Erased, "2026-12-05", ground=ev.EraseGround.NO_LONGER_NEEDED)
    assert story.state.phase is Phase.ERASED


def test_nothing_but_writing_happens_in_a_closed_case() -> None:
    """The reporter may write until the case is erased; the duties have ended."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11").then(ev.MessageWritten, "2027-01-12", REPORTER)
    tried: tuple[tuple[type[ev.Event], ev.Actor, dict[str, Any]], ...] = (
        (ev.FeedbackGiven, ANNA, {"final": True}),
        (ev.Closed, ANNA, {"outcome": ev.Outcome.SETTLED}),
        (ev.MeetingAsked, REPORTER, {}),
        (ev.FoundOutOfScope, ANNA, {}),
        (ev.Extended, ANNA, {}),
        (ev.Acknowledged, ANNA, {}),
    )
    for kind, actor, said in tried:
        assert _refused(story, kind, "2027-01-13", actor, **said) == "closed"


def test_invariant_29_reopening_clears_the_closing_and_closing_again_restarts() -> None:
    """With a reason and a next date; the two years run from the second closing."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    said: dict[str, Any] = {"reason": "new_facts", "next_on": day("2027-03-01")}
    assert _refused(story, ev.Reopened, "2027-01-10", ANNA, **said) == "open"
    story.closed("2027-01-11")
    nothing = {**said, "reason": ""}
    assert _refused(story, ev.Reopened, "2027-02-01", ANNA, **nothing) == "no_reason"
    never = {**said, "next_on": day("2027-02-01")}
    assert _refused(story, ev.Reopened, "2027-02-01", ANNA, **never) == "next_on"
    story.then(ev.Reopened, "2027-02-01", **said)
    state = story.state
    assert (state.closed_on, state.outcome, state.final_feedback_on) == (None, None, None)
    assert state.next_feedback_on == date(2027, 3, 1)
    assert story.due("2027-02-01").dates.erase_by is None
    story.feedback("2027-02-20").closed("2027-02-21")
    assert story.due("2027-02-21").dates.erase_by == date(2029, 2, 21)


def test_invariant_29_what_is_due_for_erasure_is_not_reopened() -> None:
    """No silent reopening to keep a case for longer."""
    limits = limits_for("SE", backup_life_days=30)
    story = Story(limits, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11")
    said: dict[str, Any] = {"reason": "new_facts", "next_on": day("2029-01-11")}
    assert _refused(story, ev.Reopened, "2028-12-12", ANNA, **said) == "due_for_erasure"
    story.then(ev.Reopened, "2028-12-11", **said)
    assert story.state.is_open


def test_invariant_04_reopening_moves_no_date_of_the_law() -> None:
    """The feedback date is the receipt's, not the reopening's."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    before = story.due("2027-01-10").dates
    story.closed("2027-01-11").reopened("2027-02-01", "2027-03-01")
    after = story.due("2027-02-01").dates
    assert after.feedback_due_on == before.feedback_due_on
    assert after.acknowledge_due_on == before.acknowledge_due_on


def test_nothing_open_is_erased_and_nothing_before_its_day() -> None:
    """The system erases on the day, a handler only what is closed and no longer needed."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    due: dict[str, Any] = {"ground": ev.EraseGround.DUE}
    early: dict[str, Any] = {"ground": ev.EraseGround.NO_LONGER_NEEDED}
    assert _refused(story, ev.Erased, "2030-01-01", SYSTEM, **due) == "open"
    story.closed("2027-01-11")
    assert _refused(story, ev.Erased, "2029-01-10", SYSTEM, **due) == "not_due"
    assert _refused(story, ev.Erased, "2029-01-11", ANNA, **due) == "actor"
    assert _refused(story, ev.Erased, "2028-01-11", SYSTEM, **early) == "actor"
    assert _refused(story, ev.Erased, "2028-01-11", REPORTER, **early) == "actor"
    story.then(ev.Erased, "2029-01-11", SYSTEM, **due)
    assert story.state.erased_on == date(2029, 1, 11)


def test_an_erased_case_is_touched_by_nothing() -> None:
    """Not even by a message."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11").then(ev.Erased, "2029-01-11", SYSTEM, ground=ev.EraseGround.DUE)
    assert _refused(story, ev.MessageWritten, "2029-01-12", REPORTER) == "erased"
    assert not story.state.is_open


def test_the_directive_alone_gives_no_day_to_erase() -> None:
    """Without a figure only a handler's decision erases."""
    story = Story(EU, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11")
    due = {"ground": ev.EraseGround.DUE}
    assert _refused(story, ev.Erased, "2040-01-01", SYSTEM, **due) == "not_due"


def test_invariant_32_a_public_bodys_case_is_never_erased_here() -> None:
    """Neither by the clock nor by hand: the archive law decides."""
    story = Story(limits_for("SE", public_body=True), "2026-12-01").acknowledged("2026-12-02")
    story.feedback("2027-01-10").closed("2027-01-11")
    for actor, ground in (
        (SYSTEM, ev.EraseGround.DUE),
        (ANNA, ev.EraseGround.NO_LONGER_NEEDED),
    ):
        assert _refused(story, ev.Erased, "2040-01-01", actor, ground=ground) == "public_body"


def test_invariant_31_a_hold_hands_over_and_keeps_nothing_longer() -> None:
    """The day of erasure is the same before and after."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11")
    before = story.due("2027-01-12").dates
    story.then(ev.HandedOver, "2027-01-12")
    assert story.due("2027-01-12").dates == before


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
    assert _refused(story, ev.Late, "2027-03-28", SYSTEM, **clock) == "not_late"
    assert _refused(story, ev.Late, "2027-03-29", ANNA, **clock) == "actor"
    story.then(ev.Late, "2027-03-29", SYSTEM, **clock)
    assert _refused(story, ev.Missed, "2027-03-30", SYSTEM, **clock) == "not_missed"
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
    assert _refused(story, ev.MeetingOffered, "2026-12-02", ANNA) == "not_asked"
    story.then(ev.MeetingAsked, "2026-12-02", REPORTER)
    assert _refused(story, ev.MeetingAsked, "2026-12-03", REPORTER) == "already_asked"
    assert story.due("2026-12-02").meeting.due_on == date(2026, 12, 9)
    story.then(ev.MeetingOffered, "2026-12-11")
    assert story.due("2026-12-11").meeting.kept == "late"
    story.then(ev.MeetingAsked, "2027-01-10", REPORTER)
    again = story.due("2027-01-10").meeting
    assert (again.state, again.kept) == ("in_time", "in_time")
    assert story.state.late == {Clock.MEETING}


def test_an_extension_exists_only_where_the_law_knows_one() -> None:
    """Spain's three months, once, and before the date has passed or feedback was given."""
    assert _refused(Story(SE, "2026-12-01"), ev.Extended, "2026-12-02", ANNA) == "no_extension"
    limits = limits_under(parse_law((STATES / "ES.toml").read_bytes()))
    story = Story(limits, "2026-12-01").then(ev.Extended, "2027-02-01")
    assert story.due("2027-02-01").dates.feedback_due_on == date(2027, 6, 1)
    assert _refused(story, ev.Extended, "2027-02-02", ANNA) == "too_late_to_extend"
    late = Story(limits, "2026-12-01")
    assert _refused(late, ev.Extended, "2027-03-02", ANNA) == "too_late_to_extend"
    given = Story(limits, "2026-12-01").feedback("2027-01-10", "2027-02-01")
    assert _refused(given, ev.Extended, "2027-01-11", ANNA) == "too_late_to_extend"


def test_invariant_41_every_event_has_an_actor_a_date_and_the_rules() -> None:
    """No actor, another version of the rules, or going back in time: refused."""
    story = Story(SE, "2026-12-10")
    nobody = ev.Actor.handler("")
    assert _refused(story, ev.MessageWritten, "2026-12-11", nobody) == "actor"
    assert _refused(story, ev.MessageWritten, "2026-12-09", ANNA) == "out_of_order"
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
    assert _refused(story, ev.MessageWritten, "2026-12-10", REPORTER, at=at) == "clock_time"


def test_what_the_system_does_is_no_sign_of_life() -> None:
    """Only the reporter and the handlers keep a case awake."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-05", SYSTEM)
    assert story.state.active_on == date(2026, 12, 1)
    assert story.state.last_on == date(2026, 12, 5)
    story.then(ev.MessageWritten, "2026-12-06", REPORTER)
    assert story.state.active_on == date(2026, 12, 6)
