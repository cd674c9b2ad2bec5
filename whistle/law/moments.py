"""Reading a moment that somebody wrote down, and saying which date it is.

The rules:

* a date is that date; a time with an offset is turned into the zone's date, so that a
  report at 23:30 UTC belongs to the next day in Stockholm;
* a time without an offset is the zone's own wall clock;
* a wall-clock time that the clocks skipped is read with the offset from before the change,
  and noted; one that came twice has the same date both times, and is noted too.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from whistle.errors import LawError
from whistle.law.calendar import checked, local_date

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    rf"{_DATE.pattern}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})?"
)


class Note(StrEnum):
    """What was odd about a wall-clock time."""

    SKIPPED = "skipped"
    TWICE = "twice"


@dataclass(frozen=True)
class Moment:
    """A date, the local time it was read as if one was given, and what was odd about it."""

    on: date
    at: datetime | None = None
    note: Note | None = None


def parse_moment(text: str, where: ZoneInfo) -> Moment:
    """Read ``2026-11-27``, ``2026-11-27T10:00`` or ``2026-11-27T10:00+01:00``.

    Raises:
        LawError: `moment` when it is written otherwise or is no date or time at all; `year`
            outside 2000 to 2099.
    """
    try:
        if _DATE.fullmatch(text):
            return Moment(checked(date.fromisoformat(text)))
        if not _TIME.fullmatch(text):
            raise LawError("moment")
        written = datetime.fromisoformat(text)
        checked(written.date())
        if written.utcoffset() is not None:
            return Moment(checked(local_date(written, where)), written.astimezone(where))
    except ValueError:
        raise LawError("moment") from None
    local = written.replace(tzinfo=where)
    read = local.astimezone(UTC).astimezone(where)
    if read.replace(tzinfo=None) != written:
        return Moment(checked(read.date()), read, Note.SKIPPED)
    twice = local.utcoffset() != local.replace(fold=1).utcoffset()
    return Moment(read.date(), read, Note.TWICE if twice else None)
