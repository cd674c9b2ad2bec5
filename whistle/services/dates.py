"""A case's dates and chips, for whoever shows or stores them: one place, so none disagree.

Not here: the law itself (law/). This only hands a case's row to it.
"""

from datetime import date
from typing import Any

from whistle.config import Channel
from whistle.law import Chip, Clock, Deadlines, Facts, Kept, Limits, chip, deadlines, limits_for
from whistle.storage.tables import Case

WAIVED = "waived"


def limits_of(channel: Channel) -> Limits:
    """The limits that the channel goes by: its law, country and zone."""
    return limits_for(channel.law, country=channel.country, zone=channel.zone)


def knows_waiver(channel: Channel) -> bool:
    """Whether the law in force lets a reporter waive the acknowledgement."""
    return WAIVED in limits_of(channel).law.acknowledge.exceptions


def deadlines_of(case: Case, channel: Channel) -> Deadlines:
    """Every date of the case by the channel's law."""
    return deadlines(
        limits_of(channel),
        Facts(
            received_on=case.received_on,
            acknowledged_on=case.acknowledged_on,
            waived=case.waived,
            feedback_on=case.feedback_on,
            closed_on=case.closed_on,
        ),
    )


def chips_of(case: Case, channel: Channel, today: date) -> tuple[Chip, ...]:
    """What each clock of the case says today, in the order in which they fall due."""
    dates = deadlines_of(case, channel)
    chips = [
        chip(
            Clock.ACKNOWLEDGE,
            dates.acknowledge_due_on,
            today,
            latest_on=dates.acknowledge_latest_on,
            done_on=case.acknowledged_on,
            owed=not (case.waived and knows_waiver(channel)),
        ),
        chip(
            Clock.FEEDBACK,
            dates.feedback_due_on,
            today,
            latest_on=dates.feedback_latest_on,
            done_on=case.feedback_on,
        ),
    ]
    if case.next_feedback_on is not None:
        chips.append(
            chip(
                Clock.NEXT_FEEDBACK,
                case.next_feedback_on,
                today,
                done_on=case.final_feedback_on,
            )
        )
    return tuple(chips)


def next_due_on(case: Case, channel: Channel, today: date) -> date | None:
    """The nearest strict date of a clock that still runs; None when none does."""
    running = [
        one.due_on
        for one in chips_of(case, channel, today)
        if one.due_on is not None and one.done_on is None and one.state != "none"
    ]
    return min(running, default=None) if case.closed_on is None else None


def told_reporter(case: Case, channel: Channel, today: date) -> dict[str, Any]:
    """The dates as the reporter is told them: strict ones only, and what was late or missed."""
    dates = deadlines_of(case, channel)
    chips = chips_of(case, channel, today)
    return {
        "received_on": case.received_on,
        "acknowledge_due_on": dates.acknowledge_due_on,
        "acknowledged_on": case.acknowledged_on,
        "feedback_due_on": dates.feedback_due_on,
        "feedback_on": case.feedback_on,
        "next_feedback_on": case.next_feedback_on,
        "closed_on": case.closed_on,
        "late": [one.clock.value for one in chips if one.kept in {Kept.LATE, Kept.MISSED}],
        "missed": [one.clock.value for one in chips if one.kept is Kept.MISSED],
        "waived": case.waived,
    }


def told_handler(case: Case, channel: Channel, today: date) -> dict[str, Any]:
    """The dates as handlers see them: the strict and the legal last day, and each clock's chip."""
    dates = deadlines_of(case, channel)
    return {
        **told_reporter(case, channel, today),
        "acknowledge_latest_on": dates.acknowledge_latest_on,
        "feedback_latest_on": dates.feedback_latest_on,
        "erase_on": dates.erase_on,
        "due_on": case.due_on,
        "chips": [
            {
                "clock": one.clock.value,
                "state": one.state.value,
                "days": one.days,
                "due_on": one.due_on,
                "latest_on": one.latest_on,
                "done_on": one.done_on,
                "kept": one.kept.value if one.kept else None,
            }
            for one in chips_of(case, channel, today)
        ],
    }


def as_json(value: Any) -> Any:
    """The same with every date as 2026-11-22, for an answer in JSON."""
    if isinstance(value, dict):
        return {name: as_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
