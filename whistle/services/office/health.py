"""How the installation is, in a few lines."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime

from whistle.errors import KeyringError
from whistle.services import marks
from whistle.services.notices import unsent_to_officer
from whistle.services.office import drafts
from whistle.services.parts import Parts


@dataclass(frozen=True)
class Health:
    """What an officer should know without the operator."""

    keyring_state: str
    keyring_until: date | None
    swept_at: datetime | None
    sweep_is_late: bool
    free_bytes: int
    disk_is_low: bool
    unsent: int
    mail: bool
    anchored_at: datetime | None


SWEEP_LATE_SECONDS = 15 * 60
DISK_LOW_BYTES = 2_000_000_000


def look(parts: Parts) -> Health:
    """Look at everything now; that the database answers shows in that this answers."""
    now = parts.clock()
    with parts.database.reading() as session:
        swept, anchored = marks.get(session, marks.SWEEP), marks.get(session, marks.ANCHOR)
    state, until = _keyring(parts)
    free = shutil.disk_usage(parts.settings.data_dir).free
    late = swept is None or (now - swept).total_seconds() > SWEEP_LATE_SECONDS
    return Health(
        keyring_state=state,
        keyring_until=until,
        swept_at=swept,
        sweep_is_late=late,
        free_bytes=free,
        disk_is_low=free < DISK_LOW_BYTES,
        unsent=unsent_to_officer(parts),
        mail=parts.settings.mail is not None,
        anchored_at=anchored,
    )


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
