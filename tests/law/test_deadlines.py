"""The dates of a case, against worked examples."""

from datetime import date

from whistle.law import Facts, deadlines, limits_for


def test_a_plain_case_is_due_in_seven_days_and_three_months() -> None:
    """The plain case: acknowledged the day after, nothing rolls."""
    dates = deadlines(limits_for("SE"), Facts(date(2026, 11, 23), date(2026, 11, 24)))
    assert dates.acknowledge_due_on == date(2026, 11, 30)
    assert dates.acknowledge_latest_on == date(2026, 11, 30)
    assert dates.feedback_due_on == date(2027, 2, 24)
    assert dates.feedback_latest_on == date(2027, 2, 24)
    assert dates.erase_by is None
