"""A case in which the clock fails: noted, so that the office learns of it, and of no case.

The case is looked at again at every turn; the first look that succeeds takes the note away.
"""

import logging

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from whistle.errors import LeapError
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Case

_log = logging.getLogger("whistle.upkeep")


def note(session: Session, parts: Parts, case: Case) -> None:
    """Note that the clock failed in a case today, and tell the officers once a day."""
    today = parts.today(parts.settings.channels[0])
    if case.failed_on == today:
        return
    case.failed_on = today
    session.flush()
    try:
        with session.begin_nested():
            telling.tell_officers_of(session, parts, case)
    except (OperationalError, LeapError):
        raise
    except Exception as error:  # noqa: BLE001 - what cannot be told is noted all the same
        _log.error("Nobody could be told of it: %s", type(error).__name__)
