"""Forgetting whom nobody names any more: their key files and codes would open nothing, and stay.

Somebody is gone who has no office, whom neither the keyring in force nor the newest one names, and
who has not joined for the next one. Without their row the id and the name can be given again.
"""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.services.parts import Parts
from whistle.storage.tables import Invitation, Person, SignedIn


def forget_gone(session: Session, parts: Parts) -> None:
    """Delete the rows of those who are gone, with all by which they signed in."""
    if not parts.keyrings.begun:
        return
    chain = parts.keyrings.published().chain
    today = max(parts.today(channel) for channel in parts.settings.channels)
    lists = (chain.newest, chain.effective(today))
    named = {one.id for keyring in lists for one in keyring.handlers}
    joined = select(Invitation.person_id).where(Invitation.joined_on.is_not(None))
    out = Person.office.is_(None), Person.id.not_in(named), Person.id.not_in(joined)
    gone = session.scalars(select(Person.id).where(*out)).all()
    session.execute(delete(SignedIn).where(SignedIn.person_id.in_(gone)))
    session.execute(delete(Person).where(Person.id.in_(gone)))
