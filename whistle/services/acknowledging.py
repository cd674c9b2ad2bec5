"""The standard text that acknowledges receipt, sent by the system itself.

It is a system line: a code and a date, signed by the service's key and worded where it is read,
never shown as a person's.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from whistle.case.events import Acknowledged, Actor
from whistle.config import Channel
from whistle.services import facts, thread
from whistle.services.parts import Parts
from whistle.storage.tables import Case


def acknowledge(
    session: Session, parts: Parts, channel: Channel, case: Case, *, at: datetime | None = None
) -> None:
    """Acknowledge receipt by standard text, today, and stop the clock.

    `at` is the instant for the log; None at filing, whose time is not kept.

    Raises:
        CaseError: it has been acknowledged already, or the case is closed.
    """
    today = parts.today(channel)
    rules = facts.limits_of(channel).version
    event = Acknowledged(on=today, at=at, actor=Actor.system(), rules=rules)
    facts.happen(session, case, event, channel)
    params = {"acknowledged_on": today.isoformat()}
    thread.append_system_line(session, parts, case, "acknowledged", params, today)
