"""Closing, opening again and erasing, rule by rule."""

from datetime import date
from typing import Any

import pytest

from tests.case.story import ANNA, EU, REPORTER, SE, SYSTEM, Story, day, refused
from whistle.case import Phase
from whistle.case import events as ev
from whistle.law import limits_for


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


def test_invariant_06_no_case_closes_without_final_feedback_or_a_reason() -> None:
    """Interim feedback is not enough; a reason is, and only where there was no final one."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10", "2027-02-01")
    said: dict[str, Any] = {"outcome": ev.Outcome.SETTLED}
    assert refused(story, ev.Closed, "2027-01-11", ANNA, **said) == "no_feedback"
    said["no_feedback"] = ev.NoFeedback.WOULD_HARM
    closed = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    closed.then(ev.Closed, "2027-01-11", ANNA, **said)
    assert closed.state.no_feedback is ev.NoFeedback.WOULD_HARM
    story.feedback("2027-01-12")
    assert refused(story, ev.Closed, "2027-01-12", ANNA, **said) == "feedback_was_given"


def test_no_case_closes_before_its_acknowledgement_is_settled() -> None:
    """Not even with final feedback."""
    story = Story(SE, "2026-12-01").feedback("2026-12-03")
    said = {"outcome": ev.Outcome.SETTLED}
    assert refused(story, ev.Closed, "2026-12-03", ANNA, **said) == "not_acknowledged"


def test_invariant_07_closing_needs_an_outcome_and_a_handler() -> None:
    """A listed code, and a person who decides: never the system or the reporter."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    said = {"outcome": ev.Outcome.UNSUBSTANTIATED}
    for actor in (SYSTEM, REPORTER):
        assert refused(story, ev.Closed, "2027-01-11", actor, **said) == "actor"
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


def test_invariant_08_no_case_closes_as_out_of_scope_before_it_was_found_and_told() -> None:
    """With final feedback or without; and as handed over only after a hand-over."""
    for outcome, reason, first, code in (
        (
            ev.Outcome.OUT_OF_SCOPE,
            ev.NoFeedback.OUT_OF_SCOPE,
            ev.FoundOutOfScope,
            "not_found_out_of_scope",
        ),
        (ev.Outcome.TRANSFERRED, ev.NoFeedback.TRANSFERRED, ev.HandedOver, "not_handed_over"),
    ):
        for given in ({"no_feedback": reason}, {}):
            story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
            if not given:
                story.feedback("2026-12-01")
            said: dict[str, Any] = {**given, "outcome": outcome}
            assert refused(story, ev.Closed, "2026-12-01", ANNA, **said) == code
            story.then(first, "2026-12-01").then(ev.Closed, "2026-12-01", **said)
            assert story.state.outcome is outcome


def test_invariant_08_a_reason_that_is_an_outcome_goes_with_no_other() -> None:
    """Not even once it was found."""
    story = (
        Story(SE, "2026-12-01").acknowledged("2026-12-01").then(ev.FoundOutOfScope, "2026-12-01")
    )
    said: dict[str, Any] = {
        "outcome": ev.Outcome.UNSUBSTANTIATED,
        "no_feedback": ev.NoFeedback.OUT_OF_SCOPE,
    }
    assert refused(story, ev.Closed, "2026-12-02", ANNA, **said) == "reason_unfit"


def test_invariant_26_no_case_closes_while_a_meeting_is_owed() -> None:
    """Else closing would end its clock; a second wish is owed anew."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    story.then(ev.MeetingAsked, "2026-12-03", REPORTER).feedback("2026-12-04")
    said: dict[str, Any] = {"outcome": ev.Outcome.SETTLED}
    assert refused(story, ev.Closed, "2026-12-04", ANNA, **said) == "meeting_not_offered"
    story.then(ev.MeetingOffered, "2026-12-05").then(ev.MeetingAsked, "2026-12-06", REPORTER)
    assert refused(story, ev.Closed, "2026-12-06", ANNA, **said) == "meeting_not_offered"
    story.then(ev.MeetingOffered, "2026-12-07").closed("2026-12-07")


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
        assert refused(story, kind, "2027-01-13", actor, **said) == "closed"


def test_invariant_29_reopening_clears_the_closing_and_closing_again_restarts() -> None:
    """With a reason and a next date; the two years run from the second closing."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    said: dict[str, Any] = {"reason": "new_facts", "next_on": day("2027-03-01")}
    assert refused(story, ev.Reopened, "2027-01-10", ANNA, **said) == "open"
    story.closed("2027-01-11")
    nothing = {**said, "reason": ""}
    assert refused(story, ev.Reopened, "2027-02-01", ANNA, **nothing) == "no_reason"
    never = {**said, "next_on": day("2027-02-01")}
    assert refused(story, ev.Reopened, "2027-02-01", ANNA, **never) == "next_on"
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
    assert refused(story, ev.Reopened, "2028-12-12", ANNA, **said) == "due_for_erasure"
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
    assert refused(story, ev.Erased, "2030-01-01", SYSTEM, **due) == "open"
    story.closed("2027-01-11")
    assert refused(story, ev.Erased, "2029-01-10", SYSTEM, **due) == "not_due"
    assert refused(story, ev.Erased, "2029-01-11", ANNA, **due) == "actor"
    assert refused(story, ev.Erased, "2028-01-11", SYSTEM, **early) == "actor"
    assert refused(story, ev.Erased, "2028-01-11", REPORTER, **early) == "actor"
    story.then(ev.Erased, "2029-01-11", SYSTEM, **due)
    assert story.state.erased_on == date(2029, 1, 11)


def test_an_erased_case_is_touched_by_nothing() -> None:
    """Not even by a message."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11").then(ev.Erased, "2029-01-11", SYSTEM, ground=ev.EraseGround.DUE)
    assert refused(story, ev.MessageWritten, "2029-01-12", REPORTER) == "erased"
    assert not story.state.is_open


def test_the_directive_alone_gives_no_day_to_erase() -> None:
    """Without a figure only a handler's decision erases."""
    story = Story(EU, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11")
    due = {"ground": ev.EraseGround.DUE}
    assert refused(story, ev.Erased, "2040-01-01", SYSTEM, **due) == "not_due"


def test_invariant_32_a_public_bodys_case_is_never_erased_here() -> None:
    """Neither by the clock nor by hand: the archive law decides."""
    story = Story(limits_for("SE", public_body=True), "2026-12-01").acknowledged("2026-12-02")
    story.feedback("2027-01-10").closed("2027-01-11")
    for actor, ground in (
        (SYSTEM, ev.EraseGround.DUE),
        (ANNA, ev.EraseGround.NO_LONGER_NEEDED),
    ):
        assert refused(story, ev.Erased, "2040-01-01", actor, ground=ground) == "public_body"


def test_invariant_31_a_hold_hands_over_and_keeps_nothing_longer() -> None:
    """The day of erasure is the same before and after."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11")
    before = story.due("2027-01-12").dates
    story.then(ev.HandedOver, "2027-01-12")
    assert story.due("2027-01-12").dates == before
