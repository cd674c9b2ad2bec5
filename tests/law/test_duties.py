"""The other clocks of a channel."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from whistle.errors import LawError
from whistle.law import duties, limits_for
from whistle.law.limits import Certainty
from whistle.law.reading import Table

SE = limits_for("SE")


def test_invariant_37_a_request_is_answered_in_a_month_or_three() -> None:
    """GDPR Art. 12(3): 31 January gives 28 February, a Sunday; extended, 30 April."""
    plain = duties.data_request(SE, date(2027, 1, 31))
    longer = duties.data_request(SE, date(2027, 1, 31), extended=True)
    assert (plain.due_on, plain.latest_on) == (date(2027, 2, 28), date(2027, 3, 1))
    assert longer.due_on == date(2027, 4, 30)
    assert "12(3)" in plain.source.citation


def test_union_clocks_do_not_know_the_swedish_eves() -> None:
    """Under 1182/71 Christmas Eve is a working day also for a Swedish channel."""
    assert duties.data_request(SE, date(2026, 11, 24)).latest_on == date(2026, 12, 24)


def test_invariant_38_a_person_concerned_is_told_within_a_month() -> None:
    """GDPR Art. 14(3)(a)."""
    notice = duties.person_concerned_notice(SE, date(2026, 11, 30))
    assert notice.due_on == date(2026, 12, 30)
    assert "14(3)" in notice.source.citation


def test_invariant_39_a_breach_is_notified_72_hours_after_awareness() -> None:
    """GDPR Art. 33(1): real hours, also over a change of the clocks and a weekend."""
    summer = timezone(timedelta(hours=2))
    aware = datetime(2026, 10, 23, 18, 0, tzinfo=summer)
    assert duties.breach_due_at(aware) == datetime(2026, 10, 26, 16, 0, tzinfo=UTC)
    with pytest.raises(LawError) as error:
        duties.breach_due_at(datetime(2026, 10, 23, 18, 0))  # noqa: DTZ001 -- that is the point
    assert error.value.reason == "naive"


def test_invariant_26_a_meeting_is_offered_within_seven_days_by_default() -> None:
    """A Saturday stays: it is a default of our own, kept strictly."""
    offer = duties.meeting_offer(SE, date(2026, 11, 28))
    assert offer.due_on == offer.latest_on == date(2026, 12, 5)
    assert offer.source.certainty is Certainty.OURS


def test_invariant_40_reprisals_are_asked_about_at_three_six_and_twelve_months() -> None:
    """Until the erasure: a check on or after that day is not planned."""
    received = date(2026, 11, 30)
    days = [one.due_on for one in duties.reprisal_checks(received, None)]
    assert days == [date(2027, 2, 28), date(2027, 5, 30), date(2027, 11, 30)]
    before = duties.reprisal_checks(received, date(2027, 5, 30))
    assert [one.due_on for one in before] == days[:1]


def test_invariant_25_what_was_written_down_is_offered_for_checking_within_a_week() -> None:
    """Directive Art. 18 names no time; the figure is marked as ours."""
    offer = duties.transcript_offer(SE, date(2026, 12, 17))
    assert offer.due_on == date(2026, 12, 24)
    assert offer.source.certainty is Certainty.OURS


def test_access_is_gone_through_yearly() -> None:
    """From the last time, 29 February included."""
    assert duties.access_review(date(2028, 2, 29)).due_on == date(2029, 2, 28)


def test_invariant_19_the_reporter_has_a_week_to_answer_before_a_disclosure_by_duty() -> None:
    """Directive Art. 16(3) names no time; the figure is marked as ours."""
    wait = duties.disclosure(date(2026, 12, 24))
    assert wait.due_on == date(2026, 12, 31)
    assert wait.source.certainty is Certainty.OURS


def test_the_recovery_key_is_renewed_yearly_and_told_a_month_before() -> None:
    """From the keyring that first named it."""
    assert duties.recovery_roll(date(2026, 11, 22)).due_on == date(2027, 11, 22)
    assert duties.recovery_roll_told_on(date(2026, 11, 22)) == date(2027, 10, 23)


def test_a_duty_that_is_not_in_the_file_is_refused() -> None:
    """A misspelt code is an error and no missing deadline."""
    with pytest.raises(LawError) as error:
        duties._known("data_requests")
    assert error.value.reason == "duty"


def test_every_duty_in_the_file_is_used() -> None:
    """No figure stands there for nothing."""
    used = {"disclosure", "recovery_roll", "recovery_roll_told"}
    used |= {"checked_on", "breach", "data_request", "data_request_extended"}
    used |= {
        "person_concerned_notice",
        "access_review",
        "transcript_offer",
        *duties._REPRISAL_CHECKS,
    }
    assert set(duties._file()) == used
    assert Table(duties._file()).take("checked_on", date) == date(2026, 11, 22)
