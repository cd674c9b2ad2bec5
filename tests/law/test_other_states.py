"""Other states' laws fit the same form: their files, here for tests only, need no new code."""

from datetime import date
from pathlib import Path

import pytest

from whistle.law import Deadlines, Facts, Law, deadlines, limits_under, parse_law
from whistle.law.duties import further_feedback, meeting_offer
from whistle.law.limits import Certainty

STATES = Path(__file__).parent / "states"
CODES = sorted(path.stem for path in STATES.glob("*.toml"))

RECEIVED = date(2026, 12, 1)  # a Tuesday


def _law(code: str) -> Law:
    return parse_law((STATES / f"{code}.toml").read_bytes())


def _dates(code: str, facts: Facts) -> Deadlines:
    return deadlines(limits_under(_law(code)), facts)


@pytest.mark.parametrize("code", CODES)
def test_each_file_is_read_whole(code: str) -> None:
    """Every file is a law of its own code with a source for each date."""
    law = _law(code)
    assert law.code == law.country == code
    assert all(one.citation for one in _dates(code, Facts(RECEIVED)).basis.values())


def test_germany_counts_three_months_and_then_seven_days() -> None:
    """HinSchG § 17(2): from 23 November that is 2 March, not 28 February."""
    received = date(2026, 11, 23)
    assert _dates("DE", Facts(received)).feedback_due_on == date(2027, 3, 2)
    acknowledged = Facts(received, acknowledged_on=date(2026, 11, 25))
    assert _dates("DE", acknowledged).feedback_due_on == date(2027, 2, 25)


def test_germany_erases_three_years_after_closing() -> None:
    """HinSchG § 11(5)."""
    facts = Facts(RECEIVED, closed_on=date(2027, 2, 28))
    assert _dates("DE", facts).erase_by == date(2030, 2, 28)


def test_a_german_land_may_have_holidays_of_its_own() -> None:
    """6 January is a public holiday in Bavaria and not in Berlin."""
    facts = Facts(date(2025, 12, 30))
    for country, expected in (("DE-BY", date(2026, 1, 7)), ("DE-BE", date(2026, 1, 6))):
        limits = limits_under(_law("DE"), country=country)
        assert deadlines(limits, facts).acknowledge_latest_on == expected


def test_france_acknowledges_in_working_days() -> None:
    """Seven working days over a weekend, Christmas and New Year: 22 December to 4 January."""
    dates = _dates("FR", Facts(date(2026, 12, 22)))
    assert dates.acknowledge_due_on == date(2027, 1, 4)
    assert dates.feedback_due_on == date(2027, 4, 4)
    assert dates.erase_by is None
    meeting = meeting_offer(limits_under(_law("FR")), date(2026, 12, 1))
    assert meeting.due_on == date(2026, 12, 30)


@pytest.mark.parametrize("code", ["ES", "AT"])
def test_spain_and_austria_count_feedback_from_receipt(code: str) -> None:
    """The acknowledgement plays no part in the strict date."""
    for acknowledged in (None, date(2026, 12, 3), date(2027, 1, 15)):
        dates = _dates(code, Facts(RECEIVED, acknowledged_on=acknowledged))
        assert dates.feedback_due_on == date(2027, 3, 1)


def test_spain_gives_a_later_last_day_when_nobody_acknowledged() -> None:
    """Art. 9.2.d: three months from the end of the seven days; the strict date stays."""
    dates = _dates("ES", Facts(RECEIVED))
    assert (dates.feedback_due_on, dates.feedback_latest_on) == (
        date(2027, 3, 1),
        date(2027, 3, 8),
    )


def test_spain_may_extend_by_three_months() -> None:
    """The extension is added to every reading, with its source."""
    dates = _dates("ES", Facts(RECEIVED, acknowledged_on=RECEIVED, extended=True))
    assert dates.feedback_due_on == date(2027, 6, 1)
    assert dates.not_recognised == ()
    assert dates.basis["feedback_due_on"].citation.count("9.2.d") == 2


def test_spain_knows_its_own_ground_and_not_swedens() -> None:
    """An exception of one law is none under another."""
    assert _dates("ES", Facts(RECEIVED, withheld="confidentiality")).not_recognised == ()
    unknown = _dates("ES", Facts(RECEIVED, waived=True, withheld="identity")).not_recognised
    assert [one.code for one in unknown] == ["waived", "identity"]


def test_poland_keeps_until_three_years_after_the_end_of_the_year() -> None:
    """Art. 8(8): closed in February 2027, erased by the last day of 2030."""
    facts = Facts(RECEIVED, closed_on=date(2027, 2, 3))
    assert _dates("PL", facts).erase_by == date(2030, 12, 31)


def test_finland_keeps_from_receipt_and_italy_from_the_final_feedback() -> None:
    """Two other starts of the time of keeping."""
    facts = Facts(RECEIVED, feedback_on=date(2027, 1, 15), closed_on=date(2027, 2, 3))
    assert _dates("FI", facts).erase_by == date(2031, 12, 1)
    assert _dates("IT", facts).erase_by == date(2032, 1, 15)
    closed_without = Facts(RECEIVED, closed_on=date(2027, 2, 3))
    assert _dates("IT", closed_without).erase_by == date(2032, 2, 3)


def test_ireland_repeats_feedback_every_three_months() -> None:
    """Section 6A: only where the law says so is there a next date."""
    again = further_feedback(limits_under(_law("IE")), date(2026, 11, 30))
    assert again is not None
    assert (again.due_on, again.latest_on) == (date(2027, 2, 28), date(2027, 3, 1))
    assert further_feedback(limits_under(_law("DE")), date(2026, 11, 30)) is None


def test_norway_sets_no_dates_at_all() -> None:
    """A law without limits gives no dates and still its sources."""
    dates = _dates("NO", Facts(RECEIVED, acknowledged_on=RECEIVED, closed_on=date(2027, 2, 3)))
    assert (dates.acknowledge_due_on, dates.acknowledge_latest_on) == (None, None)
    assert (dates.feedback_due_on, dates.feedback_latest_on) == (None, None)
    assert (dates.erase_by, dates.erase_on) == (None, None)


def test_lithuania_counts_days_where_others_count_months() -> None:
    """Two working days, and thirty days for feedback."""
    dates = _dates("LT", Facts(RECEIVED))
    assert dates.acknowledge_due_on == date(2026, 12, 3)
    assert dates.feedback_due_on == date(2027, 1, 2)
    assert dates.basis["feedback_due_on"].certainty is Certainty.MEMORY


def test_the_two_orders_of_adding_differ_as_the_reference_says() -> None:
    """Seven days first or three months first: 199 of the 1,461 days 2026 to 2029 differ."""
    sweden_like, germany = limits_under(_law("DK")), limits_under(_law("DE"))
    gaps = []
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2030, 1, 1).toordinal()):
        facts = Facts(date.fromordinal(ordinal))
        first = deadlines(sweden_like, facts).feedback_due_on
        second = deadlines(germany, facts).feedback_due_on
        assert first is not None
        assert second is not None
        gaps.append((first - second).days)
    assert len(gaps) == 1461
    assert sum(gap != 0 for gap in gaps) == 199
    assert (min(gaps), max(gaps)) == (-2, 3)
