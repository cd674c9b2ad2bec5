"""Adding days, working days, months and years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law import oracle
from whistle.errors import LawError
from whistle.law.periods import Part, Unit, add, add_months, parse_period

some_day = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def _weekend(day: date) -> bool:
    return day.isoweekday() > 5


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2026, 11, 29), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 9, 30), 3, date(2026, 12, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2026, 1, 15), 3, date(2026, 4, 15)),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(start: date, months: int, end: date) -> None:
    """Regulation 1182/71 Art. 3(2)(c); Lag (1930:173) 1 §."""
    assert add_months(start, months) == end


@given(start=some_day, months=st.integers(1, 24))
def test_months_agree_with_walking_day_by_day(start: date, months: int) -> None:
    """Arithmetic and walking give the same day."""
    assert add_months(start, months) == oracle.plus_months(start, months)


@given(start=some_day, count=st.integers(1, 60))
def test_working_days_are_that_many(start: date, count: int) -> None:
    """Between start and end lie exactly so many days that are not free, the end included."""
    end = add(start, (Part(count, Unit.WORKING_DAYS),), _weekend)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(not _weekend(day) for day in between) == count
    assert not _weekend(end)


def test_parts_are_added_from_left_to_right() -> None:
    """The order matters, and it is the order written."""
    start = date(2026, 11, 23)
    first = add(start, parse_period(["7 days", "3 months"]), _weekend)
    second = add(start, parse_period(["3 months", "7 days"]), _weekend)
    assert (first, second) == (date(2027, 2, 28), date(2027, 3, 2))


def test_a_period_is_read_with_one_and_many() -> None:
    """Units may stand in the singular, and years are twelve months."""
    assert parse_period(["1 month", "20 working days"]) == (
        Part(1, Unit.MONTHS),
        Part(20, Unit.WORKING_DAYS),
    )
    assert add(date(2028, 2, 29), parse_period(["1 year"]), _weekend) == date(2029, 2, 28)
    assert str(parse_period(["2 years"])[0]) == "2 years"


@pytest.mark.parametrize(
    "parts", [[], ["0 days"], ["-1 days"], ["7"], ["days"], ["7 weeks"], ["7 days", "soon"]]
)
def test_what_is_no_period_is_refused(parts: list[str]) -> None:
    """A misspelt limit is never silently no limit."""
    with pytest.raises(LawError) as error:
        parse_period(parts)
    assert error.value.reason == "period"
