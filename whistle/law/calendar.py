"""Dates, time zones and days that are not working days.

The rules:

* a report's date is the calendar date in the channel's zone at the moment the system
  accepted it; seven days are seven dates, not 168 hours;
* Regulation 1182/71 Art. 3(4): a period that ends on a Saturday, Sunday or public holiday
  of the Member State ends with the following working day;
* Lag (1930:173) 2 §: the same for Midsummer Eve, Christmas Eve and New Year's Eve, which
  are not public holidays in Lag (1989:253), so that the two rules differ on those days;
* rolling only ever lengthens. Whistle steers by the date before rolling.

Public holidays come from the `holidays` package; the three eves are computed here. That
Sweden has not notified the eves as public holidays under Art. 2 is believed, not verified;
treating them as working days there gives the earlier, safer date.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
from holidays.registry import COUNTRIES

from whistle.errors import LawError

FIRST_YEAR = 2000
LAST_YEAR = 2099

_SATURDAY = 5
_FRIDAY = 4
_COUNTRY = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")


class Eve(StrEnum):
    """A day that Lag (1930:173) 2 § treats like a public holiday although it is none."""

    MIDSUMMER = "midsummer_eve"
    CHRISTMAS = "christmas_eve"
    NEW_YEAR = "new_years_eve"

    def falls_on(self, day: date) -> bool:
        """Whether `day` is this eve; Midsummer Eve is the Friday from 19 to 25 June."""
        if self is Eve.CHRISTMAS:
            return (day.month, day.day) == (12, 24)
        if self is Eve.NEW_YEAR:
            return (day.month, day.day) == (12, 31)
        return day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY


@cache
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country, or of a part of one ("DE-BY"), in a year.

    Raises:
        LawError: `country` when the code is not one that the holiday tables know.
    """
    match = _COUNTRY.fullmatch(country)
    if match is None:
        raise LawError("country")
    try:
        days = _table(match[1])(subdiv=match[2], years=year)
    except NotImplementedError:
        raise LawError("country") from None
    return frozenset(day for day in days if day.year == year)


@cache
def _table(country: str) -> type[holidays.HolidayBase]:
    """The holiday table of one country, its file loaded alone.

    Asking the package for it would load the tables of all two hundred and fifty.
    """
    for module, (name, *codes) in COUNTRIES.items():
        if country in codes:
            file = Path(holidays.__file__).parent / "countries" / f"{module}.py"
            spec = spec_from_file_location(f"holidays.countries.{module}", file)
            if spec is None or spec.loader is None:
                break
            loaded = module_from_spec(spec)
            spec.loader.exec_module(loaded)
            table: type[holidays.HolidayBase] = getattr(loaded, name)
            return table
    raise LawError("country")


@dataclass(frozen=True)
class Calendar:
    """The free days of one country under one rule: `roll` false means nothing moves."""

    country: str
    eves: frozenset[Eve] = frozenset()
    rolls: bool = True

    def is_free(self, day: date) -> bool:
        """Whether `day` is a Saturday, a Sunday, a public holiday or one of the eves."""
        return self.why_free(day) is not None

    def why_free(self, day: date) -> str | None:
        """The code of what makes `day` free: holiday, saturday, sunday or an eve's own."""
        if day in public_holidays(self.country, day.year):
            return "holiday"
        if day.weekday() >= _SATURDAY:
            return "saturday" if day.weekday() == _SATURDAY else "sunday"
        return next((eve.value for eve in self.eves if eve.falls_on(day)), None)

    def roll(self, day: date) -> date:
        """`day` if it is a working day, else the next one; `day` itself if nothing rolls."""
        while self.rolls and self.is_free(day):
            day += timedelta(days=1)
        return day


def time_zone(name: str) -> ZoneInfo:
    """The time zone called `name` in the IANA database.

    Raises:
        LawError: `zone` when there is none.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise LawError("zone") from None


def local_date(instant: datetime, where: ZoneInfo) -> date:
    """The calendar date in `where` at an aware instant.

    Raises:
        LawError: `naive` when the instant has no offset.
    """
    if instant.utcoffset() is None:
        raise LawError("naive")
    return instant.astimezone(where).date()


def checked(day: date) -> date:
    """`day`, if the holiday tables reach it.

    Raises:
        LawError: `year` outside 2000 to 2099.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise LawError("year")
    return day
