"""What the two clocks say to the reporter: codes of sentences and the days in them.

The browser's twin is static/js/reporter/status.js; one table of examples tests both
(tests/vectors/reporter_status.json).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Line:
    """One sentence of sentences.DATES and what is put in."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Alarm:
    """`late`: an answer is overdue now. `missed`: the law's last day for feedback has passed.

    No later answer undoes `missed`. A missed acknowledgement alone opens nothing.
    """

    late: bool
    missed: bool


def lines_of(dates: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return what the dates of services/dates.py `told_reporter` say, the oldest date first."""
    late = dates.get("late", ())
    lines = [
        Line("received", {"day": dates["received_on"]}),
        _confirming(dates, late="acknowledge" in late),
        _answering(dates, late="feedback" in late),
    ]
    next_on = dates.get("next_feedback_on")
    if next_on and not (dates.get("final_feedback_on") or dates.get("closed_on")):
        lines.append(_day("late_next" if "next_feedback" in late else "next_by", next_on))
    if _waits_for_meeting(dates):
        day = dates["meeting_due_on"]
        lines.append(_day("late_meeting" if "meeting" in late else "meeting_by", day))
    if dates.get("told_again_on") and any(_is_late(line) for line in lines):
        lines.append(_day("told_again", dates["told_again_on"]))
    if dates.get("closed_on"):
        lines.append(_day("closed", dates["closed_on"]))
        if dates.get("erase_on"):
            lines.append(_day("erased_on", dates["erase_on"]))
    return tuple(lines)


def alarm_of(dates: Mapping[str, Any]) -> Alarm:
    """Return whether an answer is overdue, and whether the law's last day for feedback passed."""
    return Alarm(
        late=any(_is_late(line) for line in lines_of(dates)),
        missed="feedback" in dates.get("missed", ()),
    )


def _is_late(line: Line) -> bool:
    """Return whether the line says that an answer is overdue now."""
    return line.code.startswith("late_")


def _waits_for_meeting(dates: Mapping[str, Any]) -> bool:
    """Return whether a meeting was asked for and no time has been offered yet."""
    asked = dates.get("meeting_asked_on") and not dates.get("meeting_offered_on")
    return bool(asked) and not dates.get("closed_on")


def acts_of(dates: Mapping[str, Any], *, knows_waiver: bool) -> tuple[str, ...]:
    """Return what a reporter may do beside writing: `meeting`, and `waive` or `unwaive`."""
    if dates.get("closed_on"):
        return ()
    meeting = () if _waits_for_meeting(dates) else ("meeting",)
    if not knows_waiver or dates.get("acknowledged_on"):
        return meeting
    return (*meeting, "unwaive" if dates.get("waived") else "waive")


def _confirming(dates: Mapping[str, Any], *, late: bool) -> Line:
    day, due = dates.get("acknowledged_on"), dates["acknowledge_due_on"]
    if day:
        return Line("confirmed_late", {"day": day, "due": due}) if late else _day("confirmed", day)
    if dates.get("waived"):
        return Line("not_confirming")
    if dates.get("withheld"):
        return Line("withheld")
    return _day("late_confirming" if late else "confirm_by", due)


def _answering(dates: Mapping[str, Any], *, late: bool) -> Line:
    day, due = dates.get("feedback_on"), dates["feedback_due_on"]
    if not day and dates.get("closed_on"):
        return Line("unanswered_late", {"due": due}) if late else Line("unanswered")
    if day:
        return Line("answered_late", {"day": day, "due": due}) if late else _day("answered", day)
    return _day("late_answering" if late else "answer_by", due)


def _day(code: str, day: object) -> Line:
    return Line(code, {"day": day})
