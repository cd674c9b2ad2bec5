"""Adding the law's periods to a calendar date.

The rules (Regulation (EEC, Euratom) No 1182/71 Art. 3; Lag (1930:173) 1 §):

* the day of the event is not counted: 7 days from the 1st end on the 8th;
* a month ends on the day with the event's number; where the month has no such day, on its
  last day (31 August + 3 months = 30 November);
* weekends and public holidays are counted, except where a period is written in working days;
* a period of several parts is added from left to right, since the order matters:
  "7 days, then 3 months" and "3 months, then 7 days" differ on about every seventh day.

Whether a last day that is not a working day moves on is not decided here; see `calendar`.
"""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from whistle.errors import LawError

MONTHS_PER_YEAR = 12


class Unit(StrEnum):
    """What a part of a period counts in."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Part:
    """One part of a period: a count, at least 1, of one unit."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}"


Period = tuple[Part, ...]

_PART = re.compile(r"([1-9][0-9]{0,3}) (working day|day|month|year)(s?)")


def parse_period(parts: Sequence[str]) -> Period:
    """Read parts such as ``["7 days", "3 months"]`` or ``["1 year"]``, applied in that order.

    Raises:
        LawError: `period` when there is no part, or one is not a count and a unit.
    """
    found = [_PART.fullmatch(part) for part in parts]
    if not found or None in found:
        raise LawError("period")
    return tuple(Part(int(match[1]), Unit(f"{match[2]}s")) for match in found if match)


def add_months(start: date, months: int) -> date:
    """The day with `start`'s number `months` later, or that month's last day.

    Source: Regulation 1182/71 Art. 3(2)(c); Lag (1930:173) 1 §.
    """
    index = start.year * MONTHS_PER_YEAR + (start.month - 1) + months
    year, month = divmod(index, MONTHS_PER_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def add_working_days(start: date, count: int, is_free: Callable[[date], bool]) -> date:
    """The `count`-th day after `start` for which `is_free` is false."""
    day = start
    while count:
        day += timedelta(days=1)
        if not is_free(day):
            count -= 1
    return day


def add(start: date, period: Period, is_free: Callable[[date], bool]) -> date:
    """`start` plus every part of `period`, from left to right, never rolled.

    `is_free` tells the days that do not count towards working days; it is asked for
    nothing else.
    """
    day = start
    for part in period:
        if part.unit is Unit.DAYS:
            day += timedelta(days=part.count)
        elif part.unit is Unit.WORKING_DAYS:
            day = add_working_days(day, part.count, is_free)
        elif part.unit is Unit.MONTHS:
            day = add_months(day, part.count)
        else:
            day = add_months(day, part.count * MONTHS_PER_YEAR)
    return day
