"""What was last done or decided: one row for each listed code."""

from datetime import UTC, datetime

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from whistle.storage.tables import Mark

SWEEP = "sweep"
"""The clock's last whole turn, or when somebody said that the time is right after a pause."""
RECOVERY_PUT_OFF = "recovery_put_off"
"""The officer has decided to go on without a recovery key."""
ANCHOR = "anchor"
"""The last anchor that was given to the outbox; with a day: that day's."""

FORM_TOLD = "form_told"
"""When the officers were last told of a form that is closed, or soon will be."""
CHALLENGES = "challenges"
"""Since when challenges for passkeys count: those from before open nothing any more."""
PAUSE = "pause"
"""A turn did nothing because the time may be wrong; its `at` is what that machine said."""
PAUSE_SINCE = "pause_since"
"""The last turn before that pause."""
PAUSE_TOLD = "pause_told"
"""When the officers were last told of a pause, by the time of the machine that told them."""


def put(session: Session, key: str, at: datetime, person_id: str = "") -> None:
    """Note that something was done now."""
    row = session.get(Mark, key)
    if row is None:
        session.add(Mark(key=key, at=at, person_id=person_id))
    else:
        row.at, row.person_id = at, person_id


def get(session: Session, key: str) -> datetime | None:
    """When it was done last; None: never."""
    row = session.get(Mark, key)
    return None if row is None else aware(row.at)


def column(key: str) -> ScalarSelect[datetime]:
    """The same inside another statement; what comes of it is made `aware`."""
    return select(Mark.at).where(Mark.key == key).scalar_subquery()


def aware(at: datetime) -> datetime:
    """The instant with its zone: SQLite gives it back without, and all of ours are UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def drop(session: Session, key: str) -> None:
    """Forget it."""
    row = session.get(Mark, key)
    if row is not None:
        session.delete(row)
