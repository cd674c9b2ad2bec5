"""A case's dates and chips for whoever shows them: one place, so that none can disagree.

Not here: the law and what is due (law/, case/). This only puts their answer into words for a
program: the reporter is told strict dates only, the handlers the legal last days too.
"""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from whistle.case import Due, due
from whistle.case.clock import outside_told_on
from whistle.config import Channel, Mail
from whistle.errors import FilingError
from whistle.law import Chip, ChipState, Kept
from whistle.law.deadlines import WAIVED, deadlines
from whistle.services.facts import limits_of, state_of
from whistle.storage.tables import Case

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def knows_waiver(channel: Channel) -> bool:
    """Whether the law in force lets a reporter waive the acknowledgement."""
    return WAIVED in limits_of(channel).law.acknowledge.exceptions


def grounds(channel: Channel) -> list[str]:
    """The grounds on which the law in force lets handlers withhold the acknowledgement."""
    return sorted(set(limits_of(channel).law.acknowledge.exceptions) - {WAIVED})


def due_in(case: Case, channel: Channel, today: date) -> Due:
    """The case's dates and chips today."""
    return due(state_of(case), limits_of(channel), today)


def feedback_due_if_acknowledged(case: Case, channel: Channel, today: date) -> date | None:
    """The strict feedback date as it stands once receipt is acknowledged today at the latest.

    The ready text of the acknowledgement names it before it is sent.
    """
    facts = state_of(case).facts
    acknowledged = replace(facts, acknowledged_on=facts.acknowledged_on or today)
    return deadlines(limits_of(channel), acknowledged).feedback_due_on


def phase(case: Case) -> str:
    """Where the case stands, in one word."""
    return state_of(case).phase.value


def told_reporter(case: Case, now: Due, mail: Mail | None = None) -> dict[str, Any]:
    """The dates as the reporter is told them: strict ones only, and what was late or missed.

    `told_again_on`: when something is late, the next day on which the person outside the circle is
    told so; None where the settings for `mail` name nobody.
    """
    return {
        "received_on": case.received_on,
        "acknowledge_due_on": now.dates.acknowledge_due_on,
        "acknowledged_on": case.acknowledged_on,
        "feedback_due_on": now.dates.feedback_due_on,
        "feedback_on": case.feedback_on,
        "final_feedback_on": case.final_feedback_on,
        "next_feedback_on": case.next_feedback_on,
        "told_again_on": outside_told_on(now) if mail is not None and mail.outside else None,
        "closed_on": case.closed_on,
        "erase_on": now.dates.erase_on,
        "late": [one.clock.value for one in now.owed if one.kept in {Kept.LATE, Kept.MISSED}],
        "missed": [one.clock.value for one in now.owed if one.kept is Kept.MISSED],
        "waived": case.waived,
        "withheld": case.withheld is not None,
        "meeting_asked_on": case.meeting_asked_on,
        "meeting_due_on": now.meeting.due_on,
        "meeting_offered_on": case.meeting_offered_on,
    }


def told_handler(case: Case, now: Due) -> dict[str, Any]:
    """The dates as handlers see them: with the legal last days."""
    return {
        **told_reporter(case, now),
        "acknowledge_latest_on": now.dates.acknowledge_latest_on,
        "feedback_latest_on": now.dates.feedback_latest_on,
        "due_on": case.due_on,
    }


def chips(now: Due) -> list[dict[str, Any]]:
    """What each clock says today; the law's two always, the others while they matter."""
    always = [now.acknowledge, now.feedback]
    others = [
        one
        for one in (now.next_feedback, now.meeting, now.erase)
        if one.state is not ChipState.NONE
    ]
    return [_chip(one) for one in always + others]


def day(text: object, reason: str) -> date:
    """The date of a posted text, written 2026-11-22 and in no other way.

    Raises:
        FilingError: `reason`, it is none.
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise FilingError(reason)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise FilingError(reason) from error


def as_json(value: Any) -> Any:
    """The same with every date as 2026-11-22, for an answer in JSON."""
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _chip(one: Chip) -> dict[str, Any]:
    return {
        "clock": one.clock.value,
        "state": one.state.value,
        "days": one.days,
        "due_on": one.due_on,
        "latest_on": one.latest_on,
        "done_on": one.done_on,
        "kept": one.kept.value if one.kept else None,
    }
