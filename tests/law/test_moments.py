"""Reading a moment that somebody wrote down."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.errors import LawError
from whistle.law.moments import Note, parse_moment

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-27", date(2026, 11, 27)),
        ("2026-11-27T10:00", date(2026, 11, 27)),
        ("2026-12-23T23:59:59", date(2026, 12, 23)),
        ("2026-12-24T00:00", date(2026, 12, 24)),
        ("2026-12-23T22:59:59Z", date(2026, 12, 23)),
        ("2026-12-23T23:00:00Z", date(2026, 12, 24)),
        ("2026-12-24T00:30+02:00", date(2026, 12, 23)),
        ("2026-12-23T18:30:00.5-05:00", date(2026, 12, 24)),
        ("2026-06-30T22:00Z", date(2026, 7, 1)),
    ],
)
def test_a_moment_is_its_local_date(text: str, day: date) -> None:
    """A date, a local time, and a time with an offset."""
    moment = parse_moment(text, STOCKHOLM)
    assert (moment.on, moment.note) == (day, None)


def test_a_time_that_the_clocks_skipped_is_read_and_noted() -> None:
    """On 28 March 2027 there is no 02:30 in Stockholm: it is read as 03:30."""
    moment = parse_moment("2027-03-28T02:30", STOCKHOLM)
    assert moment.note is Note.SKIPPED
    assert moment.at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert moment.on == date(2027, 3, 28)
    assert parse_moment("2027-03-28T03:00", STOCKHOLM).note is None


def test_a_day_that_a_zone_skipped_is_the_next_one() -> None:
    """Samoa had no 30 December 2011."""
    moment = parse_moment("2011-12-30T12:00", ZoneInfo("Pacific/Apia"))
    assert (moment.on, moment.note) == (date(2011, 12, 31), Note.SKIPPED)


def test_a_time_that_came_twice_is_noted_and_has_one_date() -> None:
    """On 25 October 2026 02:30 came twice in Stockholm."""
    moment = parse_moment("2026-10-25T02:30", STOCKHOLM)
    assert (moment.on, moment.note) == (date(2026, 10, 25), Note.TWICE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "27 November",
        "20261127",
        "2026-W48-5",
        "2026-11-31",
        "2026-11-27T24:00",
        "2026-11-27 10:00",
        "2026-11-27T10",
        "2026-11-27T10:00+1",
        "2026-11-27T10:00 ",
        "2026-11-27T25:00Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """One way to write each, and only real dates."""
    with pytest.raises(LawError) as error:
        parse_moment(text, STOCKHOLM)
    assert error.value.reason == "moment"


@pytest.mark.parametrize(
    "text", ["1999-12-31", "2100-01-01T00:00", "2099-12-31T23:30Z", "0001-01-01T00:00"]
)
def test_a_year_out_of_reach_is_refused(text: str) -> None:
    """Also when only the local date is out of reach."""
    with pytest.raises(LawError) as error:
        parse_moment(text, STOCKHOLM)
    assert error.value.reason == "year"


@given(st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1)))  # noqa: DTZ001 -- then made UTC
def test_the_same_instant_has_the_same_date_however_it_is_written(instant: datetime) -> None:
    """In UTC and with the zone's own offset."""
    utc = instant.replace(microsecond=0, second=0, tzinfo=UTC)
    local = utc.astimezone(STOCKHOLM)
    expected = local.date()
    assert parse_moment(utc.isoformat(timespec="minutes"), STOCKHOLM).on == expected
    if local.utcoffset() is not None and local.second == 0:
        assert parse_moment(local.isoformat(timespec="minutes"), STOCKHOLM).on == expected
