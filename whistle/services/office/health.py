"""How the installation is, in a few lines."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.errors import KeyringError
from whistle.services import marks, notices, pauses
from whistle.services.office import drafts
from whistle.services.parts import Parts
from whistle.services.pauses import Pause
from whistle.storage.tables import Case


@dataclass(frozen=True)
class Health:
    """What an officer should know without the operator.

    `pause`: the clock does nothing; `own_pause`: by the time of the machine that answers, so that
    it can be ended here. `failing` cases and the `receivers` whose mails fail, by fault and office,
    are for whoever handles no case: who was left out of one could count them.
    """

    keyring_state: str
    keyring_until: date | None
    swept_at: datetime | None
    sweep_is_late: bool
    pause: Pause | None
    own_pause: bool
    failing: int
    free_bytes: int
    disk_is_low: bool
    unsent: int
    receivers: Mapping[str, Mapping[str, int]]
    mail: bool
    anchored_at: datetime | None


SWEEP_LATE_SECONDS = 15 * 60
DISK_LOW_BYTES = 2_000_000_000


def look(parts: Parts, *, handles: bool) -> Health:
    """Look at everything now; that the database answers shows in that this answers.

    `handles`: who asks has a place at the desk as well.
    """
    now = parts.clock()
    with parts.database.reading() as session:
        swept, anchored = marks.get(session, marks.SWEEP), marks.get(session, marks.ANCHOR)
        own = None if parts.settings.demo else pauses.met(session, now)
        pause = own or pauses.noted(session)
        failing = 0 if handles else _failing(session, parts)
        receivers = {} if handles else notices.receivers(session)
    state, until = _keyring(parts)
    free = shutil.disk_usage(parts.settings.data_dir).free
    late = swept is None or (now - swept).total_seconds() > SWEEP_LATE_SECONDS
    return Health(
        keyring_state=state,
        keyring_until=until,
        swept_at=swept,
        sweep_is_late=late,
        pause=pause,
        own_pause=own is not None,
        failing=failing,
        free_bytes=free,
        disk_is_low=free < DISK_LOW_BYTES,
        unsent=notices.unsent_to_officer(parts),
        receivers=receivers,
        mail=parts.settings.mail is not None,
        anchored_at=anchored,
    )


def paused(parts: Parts) -> bool:
    """Whether the clock does nothing until somebody says that the time is right."""
    with parts.database.reading() as session:
        own = None if parts.settings.demo else pauses.met(session, parts.clock())
        return bool(own or pauses.noted(session))


def _failing(session: Session, parts: Parts) -> int:
    """In how many cases the clock's last look failed; being still due, an index finds them."""
    last_day = max(map(parts.today, parts.settings.channels))
    query = select(func.count()).where(Case.wake_on <= last_day, Case.failed_on.is_not(None))
    return session.scalar(query) or 0


def _keyring(parts: Parts) -> tuple[str, date | None]:
    today = parts.today(parts.settings.channels[0])
    try:
        if drafts.newest_keyring(parts) is None:
            return "none", None
        published = parts.keyrings.published()
        in_force = published.chain.effective(today)
    except KeyringError:
        return "refused", None
    if published.held_back is not None:
        return "held_back", in_force.expires_on
    return in_force.state(today), in_force.expires_on
