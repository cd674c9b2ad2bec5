"""Free days, rolling, zones and the ends of days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from tests.law import oracle
from whistle.errors import LawError
from whistle.law.calendar import (
    Calendar,
    Eve,
    checked,
    local_date,
    public_holidays,
    time_zone,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
UNION = Calendar("SE")
SWEDEN = Calendar("SE", frozenset(Eve))


def test_the_eves_are_those_of_the_oracle() -> None:
    """Midsummer Eve is the Friday from 19 to 25 June; the other two have fixed dates."""
    day = date(2020, 1, 1)
    while day.year < 2051:
        assert any(eve.falls_on(day) for eve in Eve) == (day in oracle.eve_days(day.year)), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "union", "sweden"),
    [
        (date(2027, 6, 25), date(2027, 6, 25), date(2027, 6, 28)),
        (date(2026, 12, 24), date(2026, 12, 24), date(2026, 12, 28)),
        (date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 4)),
        (date(2027, 3, 26), date(2027, 3, 30), date(2027, 3, 30)),
        (date(2026, 11, 30), date(2026, 11, 30), date(2026, 11, 30)),
        (date(2029, 12, 22), date(2029, 12, 24), date(2029, 12, 27)),
    ],
)
def test_a_last_day_rolls_to_the_next_working_day(day: date, union: date, sweden: date) -> None:
    """The Act's rule knows the three eves, the Union's does not."""
    assert (UNION.roll(day), SWEDEN.roll(day)) == (union, sweden)


def test_nothing_rolls_where_a_law_does_not_roll() -> None:
    """A calendar without rolling leaves a Sunday where it is."""
    assert Calendar("SE", rolls=False).roll(date(2027, 2, 28)) == date(2027, 2, 28)


def test_why_a_day_is_free_has_a_code() -> None:
    """A holiday is named before the weekday on which it falls."""
    days = {
        date(2026, 12, 26): "holiday",
        date(2026, 11, 28): "saturday",
        date(2026, 11, 29): "sunday",
        date(2026, 12, 24): "christmas_eve",
        date(2026, 11, 30): None,
    }
    assert {day: SWEDEN.why_free(day) for day in days} == days


@pytest.mark.parametrize("country", ["XX", "se", "", "SE-XX", "DE-XX", "ECB", "SE-", "S", "SE\n"])
def test_an_unknown_country_is_refused(country: str) -> None:
    """Only ISO codes that the holiday tables know; the central bank is no country."""
    with pytest.raises(LawError) as error:
        public_holidays(country, 2026)
    assert error.value.reason == "country"


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Sthlm", "/etc/passwd", "../x", "a\0b"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    """Whatever is wrong with the name, the answer is one."""
    with pytest.raises(LawError) as error:
        time_zone(name)
    assert error.value.reason == "zone"


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 12, 23, 22, 59, 30, tzinfo=UTC), date(2026, 12, 23)),
        (datetime(2026, 12, 23, 23, 0, 0, tzinfo=UTC), date(2026, 12, 24)),
        (datetime(2026, 6, 30, 21, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_a_report_has_the_local_date_of_its_instant(instant: datetime, day: date) -> None:
    """Midnight and the nights when the clocks change."""
    assert local_date(instant, STOCKHOLM) == day


def test_an_instant_without_an_offset_has_no_date() -> None:
    """Nothing guesses a zone."""
    with pytest.raises(LawError) as error:
        local_date(datetime(2026, 11, 27, 10, 0), STOCKHOLM)  # noqa: DTZ001 -- that is the point
    assert error.value.reason == "naive"


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2100, 1, 1), date.min, date.max])
def test_a_year_beyond_the_holiday_tables_is_refused(day: date) -> None:
    """No date is computed from holidays that nobody knows."""
    with pytest.raises(LawError) as error:
        checked(day)
    assert error.value.reason == "year"


@pytest.mark.parametrize("country", ["SE", "DE", "DE-BY", "FI", "AX", "ES-CT"])
def test_a_country_that_is_loaded_alone_has_the_same_days(country: str) -> None:
    """As when the package is asked, which loads them all."""
    code, _, part = country.partition("-")
    whole = holidays.country_holidays(code, subdiv=part or None, years=2027)
    assert public_holidays(country, 2027) == {day for day in whole if day.year == 2027}
    assert public_holidays(country, 2027)
