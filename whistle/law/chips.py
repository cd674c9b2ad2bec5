"""What a date means on a given day, in one word.

One function feeds the chips, the mails, the calendar feed, the figures and the reporter's
page, so that they cannot disagree. States:

* `done`: what was owed has happened; `kept` still tells whether in time, late or missed;
* `none`: nothing is owed: the law sets no date, or an exception that it knows holds;
* `in_time`, `soon`, `today`: the strict date lies ahead, near, or is this day;
* `late`: the strict date has passed; `missed`: the latest date has passed too.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Clock(StrEnum):
    """Which duty a date belongs to."""

    ACKNOWLEDGE = "acknowledge"
    FEEDBACK = "feedback"
    NEXT_FEEDBACK = "next_feedback"
    MEETING = "meeting"
    ERASE = "erase"
    DUTY = "duty"


class ChipState(StrEnum):
    """The seven states of a chip."""

    DONE = "done"
    NONE = "none"
    IN_TIME = "in_time"
    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    MISSED = "missed"


class Kept(StrEnum):
    """How a date was kept, or is being kept so far."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSED = "missed"


# At most this many days left is "soon": 2 to acknowledge, 7 for all else.
_SOON_DAYS = {Clock.ACKNOWLEDGE: 2, Clock.MEETING: 2}
_SOON_DAYS_ELSE = 7


@dataclass(frozen=True)
class Chip:
    """One clock of a case on one day.

    `days` is never negative: days left while in time or soon, 0 today, days since the
    strict date when late or missed, days after the strict date it was done (0 when it was
    done in time), 0 when nothing is owed.
    """

    clock: Clock
    state: ChipState
    days: int
    due_on: date | None
    latest_on: date | None
    done_on: date | None
    kept: Kept | None


def chip(
    clock: Clock,
    due_on: date | None,
    today: date,
    *,
    latest_on: date | None = None,
    done_on: date | None = None,
    owed: bool = True,
) -> Chip:
    """What `due_on` means on `today`.

    `latest_on` None means that the date has no legal last day, so that it is never missed.
    `owed` false means that an exception holds; a thing done all the same is still done.
    """
    if due_on is None or (not owed and done_on is None):
        state = ChipState.NONE if done_on is None else ChipState.DONE
        return Chip(clock, state, 0, due_on, latest_on, done_on, None)
    seen_on = today if done_on is None else done_on
    days = (seen_on - due_on).days
    kept = Kept.IN_TIME
    if days > 0:
        kept = Kept.MISSED if latest_on is not None and seen_on > latest_on else Kept.LATE
    if done_on is not None:
        state = ChipState.DONE
    elif days > 0:
        state = ChipState(kept)
    elif days == 0:
        state = ChipState.TODAY
    else:
        soon = -days <= _SOON_DAYS.get(clock, _SOON_DAYS_ELSE)
        state = ChipState.SOON if soon else ChipState.IN_TIME
    shown = max(days, 0) if done_on is not None else abs(days)
    return Chip(clock, state, shown, due_on, latest_on, done_on, kept)
