"""The law's dates computed another way: day by day, with holidays from Easter's algorithm.

Slow, naive and without a line in common with whistle.law, so that the two can only agree
by both being right. Sweden only; `eves` chooses between the Act's rule and the Union's.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

ONE_DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Easter Sunday by the rule of golden number, century and epact (Clavius, Knuth)."""
    golden = year % 19 + 1
    century = year // 100 + 1
    skipped = 3 * century // 4 - 12
    moon = (8 * century + 5) // 25 - 5
    sunday = 5 * year // 4 - skipped - 10
    epact = (11 * golden + 20 + moon - skipped) % 30
    if epact == 24 or (epact == 25 and golden > 11):
        epact += 1
    full = 44 - epact
    if full < 21:
        full += 30
    day = full + 7 - (sunday + full) % 7
    return date(year, 3, 1) + (day - 1) * ONE_DAY


def _saturday(first: date) -> date:
    while first.isoweekday() != 6:
        first += ONE_DAY
    return first


@cache
def red_days(year: int) -> frozenset[date]:
    """The public holidays of Lag (1989:253), Sundays left out."""
    sunday = easter(year)
    return frozenset(
        {
            date(year, 1, 1),
            date(year, 1, 6),
            sunday - 2 * ONE_DAY,
            sunday,
            sunday + ONE_DAY,
            date(year, 5, 1),
            sunday + 39 * ONE_DAY,
            sunday + 49 * ONE_DAY,
            date(year, 6, 6),
            _saturday(date(year, 6, 20)),
            _saturday(date(year, 10, 31)),
            date(year, 12, 25),
            date(year, 12, 26),
        }
    )


@cache
def eve_days(year: int) -> frozenset[date]:
    """The three eves of Lag (1930:173) 2 §."""
    midsummer = _saturday(date(year, 6, 20)) - ONE_DAY
    return frozenset({midsummer, date(year, 12, 24), date(year, 12, 31)})


def days_after(start: date) -> Iterator[date]:
    """Every day after `start`."""
    while True:
        start += ONE_DAY
        yield start


@cache
def plus_days(start: date, count: int) -> date:
    """Count `count` days, the first being the day after `start`."""
    for index, day in enumerate(days_after(start), start=1):
        if index == count:
            return day
    raise AssertionError


@cache
def plus_months(start: date, count: int) -> date:
    """Walk until the month has changed `count` times, then to the same number or the end."""
    changed, before = 0, start
    for day in days_after(start):
        if day.month != before.month:
            changed += 1
        if changed > count:
            return before  # the month ended before the number came
        if changed == count and day.day == start.day:
            return day
        before = day
    raise AssertionError


@cache
def next_weekday(day: date, *, eves: bool) -> date:
    """`day` or the first day after it that is free under no rule."""
    while day.isoweekday() > 5 or day in red_days(day.year) or (eves and day in eve_days(day.year)):
        day += ONE_DAY
    return day


def dates(received: date, acknowledged: date | None, *, eves: bool) -> tuple[date, ...]:
    """Acknowledge due and latest, feedback due and latest."""
    seventh = plus_days(received, 7)
    start = seventh if acknowledged is None or acknowledged > seventh else acknowledged
    literal = seventh if acknowledged is None else acknowledged
    return (
        seventh,
        next_weekday(seventh, eves=eves),
        plus_months(start, 3),
        next_weekday(plus_months(literal, 3), eves=eves),
    )


def erase(closed: date) -> date:
    """Two years after closing."""
    return plus_months(closed, 24)
