"""The standard text that acknowledges receipt, sent by the system itself.

It is a system line: a code and a date, signed by the service's key and worded where it is read,
never shown as a person's.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from whistle.case.events import Acknowledged, Actor
from whistle.config import Channel
from whistle.services import facts, thread
from whistle.services.parts import Parts
from whistle.storage.tables import Case

CODE = "acknowledged"


def acknowledge(
    session: Session, parts: Parts, channel: Channel, case: Case, *, at: datetime | None = None
) -> None:
    """Acknowledge receipt by standard text, today, and stop the clock.

    `at` is the instant for the log; None at filing, whose time is not kept.

    Raises:
        CaseError: it has been acknowledged already, or the case is closed.
    """
    today = parts.today(channel)
    state = facts.happen(session, case, event(channel, today, at), channel)
    on = state.acknowledged_on or today
    thread.append_system_line(session, parts, case, CODE, params(on), today)


def event(channel: Channel, today: date, at: datetime | None = None) -> Acknowledged:
    """The event for the core and the log; `at` as above."""
    rules = facts.limits_of(channel).version
    return Acknowledged(on=today, at=at, actor=Actor.system(), rules=rules)


def params(today: date) -> dict[str, object]:
    """What the line says beside its code."""
    return {"acknowledged_on": today.isoformat()}
