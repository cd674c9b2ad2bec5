"""The law as code: dates in, dates out. No clock, no database, no web.

`limits_for("SE")` gives a channel's limits, `deadlines(limits, Facts(received_on=…))` a
case's dates, `chip(…)` what a date means on a given day.
"""

from whistle.law.chips import Chip, ChipState, Clock, Kept, chip
from whistle.law.deadlines import Deadlines, Facts, NotRecognised, deadlines
from whistle.law.limits import Law, Limits, Source
from whistle.law.reading import CODES, law, limits_for, limits_under, parse_law

__all__ = [
    "CODES",
    "Chip",
    "ChipState",
    "Clock",
    "Deadlines",
    "Facts",
    "Kept",
    "Law",
    "Limits",
    "NotRecognised",
    "Source",
    "chip",
    "deadlines",
    "law",
    "limits_for",
    "limits_under",
    "parse_law",
]
