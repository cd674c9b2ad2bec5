"""The yearly review of access: begun by the clock, attested by an officer."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from whistle.services import tasks
from whistle.services.office import drafts, people
from whistle.services.office.joining import note
from whistle.services.parts import Parts
from whistle.storage.tables import Task


@dataclass(frozen=True)
class Review:
    """Who has access now, and the reviews that are open: of which channel, and by when."""

    everybody: list[people.Shown]
    due: list[tuple[str, date]]


def shown(parts: Parts) -> Review:
    """What is to be looked through."""
    with parts.database.reading() as session:
        query = select(Task).where(Task.kind == tasks.ACCESS_REVIEW, Task.done_on.is_(None))
        due = [(one.channel, one.due_on) for one in session.scalars(query)]
    names = {one.id: one.name for one in parts.settings.channels}
    return Review(
        [one for one in people.everybody(parts) if one.state not in {"invited", "ended", "given"}],
        sorted((names.get(channel, channel), day) for channel, day in due),
    )


def attest(parts: Parts, by: str) -> int:
    """Note that an officer has looked through everything; return how many reviews that ends."""
    newest = drafts.newest_keyring(parts)
    with parts.database.writing() as session:
        query = select(Task).where(Task.kind == tasks.ACCESS_REVIEW, Task.done_on.is_(None))
        open_ones = session.scalars(query.with_for_update()).all()
        for one in open_ones:
            tasks.finish(one, parts.today(parts.channel(one.channel)))
        note(session, "AccessReviewed", by, newest.sha256.hex() if newest else "", parts.clock())
        return len(open_ones)
