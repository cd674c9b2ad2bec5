"""What is due in a case on a day."""

from datetime import date

from tests.case.story import ANNA, EU, REPORTER, SE, SYSTEM, Story
from whistle.case import events as ev
from whistle.law import ChipState, Kept


def test_a_new_case_owes_two_things() -> None:
    """The nearest strict date sorts it."""
    now = Story(SE, "2026-12-01").due("2026-12-01")
    assert now.next_due_on == date(2026, 12, 8)
    assert [one.state for one in now.owed] == ["in_time", "in_time", "none", "none"]
    assert now.erase.state is ChipState.NONE


def test_what_is_done_no_longer_sorts_the_case() -> None:
    """Acknowledged: feedback is next; interim: its promise; final: nothing."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02")
    assert story.due("2026-12-02").next_due_on == date(2027, 3, 2)
    story.feedback("2027-01-10", "2027-02-01")
    assert story.due("2027-01-10").next_due_on == date(2027, 2, 1)
    story.feedback("2027-01-20")
    assert story.due("2027-01-20").next_due_on is None


def test_a_waived_acknowledgement_is_owed_to_nobody() -> None:
    """Under the Act its chip is none, and feedback sorts the case."""
    now = Story(SE, "2026-12-01", waived=True).due("2026-12-20")
    assert now.acknowledge.state is ChipState.NONE
    assert now.next_due_on == now.dates.feedback_due_on == date(2027, 3, 8)


def test_invariant_10_the_dates_are_there_on_every_day_with_how_they_were_kept() -> None:
    """Whoever asks, at any time: the due date and whether it was met."""
    story = Story(SE, "2026-11-02").acknowledged("2026-11-10").feedback("2027-02-01")
    for on in ("2027-02-01", "2027-06-01", "2030-01-01"):
        now = story.due(on)
        assert (now.acknowledge.due_on, now.acknowledge.done_on) == (
            date(2026, 11, 9),
            date(2026, 11, 10),
        )
        assert now.acknowledge.kept is Kept.MISSED
        assert now.feedback.kept is Kept.IN_TIME


def test_a_closed_case_is_due_for_erasure_and_nothing_else() -> None:
    """The erase chip runs from the closing; under the Directive alone there is none."""
    for limits, expected in ((SE, date(2029, 1, 11)), (EU, None)):
        story = Story(limits, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
        now = story.closed("2027-01-11").due("2029-01-11")
        assert now.erase.due_on == expected
        assert now.next_due_on is None
    story = Story(SE, "2026-12-01").acknowledged("2026-12-02").feedback("2027-01-10")
    story.closed("2027-01-11").then(ev.Erased, "2029-01-11", SYSTEM, ground=ev.EraseGround.DUE)
    assert story.due("2029-01-11").erase.state is ChipState.DONE


def test_a_case_closed_with_a_reason_keeps_showing_that_it_was_late() -> None:
    """The clock stops, the record stays."""
    story = Story(SE, "2026-12-24", waived=True)
    story.closed("2027-04-01", ev.NoFeedback.NO_ROUTE)
    now = story.due("2027-05-01")
    assert (now.feedback.state, now.feedback.kept) == (ChipState.NONE, Kept.MISSED)


def test_a_late_strict_date_can_still_be_met_in_law() -> None:
    """28 March 2027 is Easter Sunday: late on the 29th, and not missed until the 31st."""
    story = Story(SE, "2026-12-24").acknowledged("2026-12-28").feedback("2027-03-30")
    now = story.due("2027-04-30")
    assert (now.feedback.state, now.feedback.kept, now.feedback.days) == ("done", "late", 2)


def test_a_meeting_is_owed_once_asked_for() -> None:
    """Seven days by default, and it sorts the case."""
    story = Story(SE, "2026-12-01").acknowledged("2026-12-01")
    story.then(ev.MeetingAsked, "2026-12-02", REPORTER)
    assert story.due("2026-12-02").next_due_on == date(2026, 12, 9)
    story.then(ev.MeetingOffered, "2026-12-03", ANNA)
    assert story.due("2026-12-03").meeting.state is ChipState.DONE
