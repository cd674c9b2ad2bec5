"""A case's sealed keys as they were before: kept a while, in case the new file is no good.

Rules (protocol section 5): for 30 days where the case's key stays; where it does not, somebody was
taken out to whom the old file is sealed, and neither it nor any older one is kept. Erasing a case
takes all of them.
"""

from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from whistle.storage.tables import Case, OldSeal, new_id

KEPT = timedelta(days=30)


def keep(session: Session, case: Case, today: date) -> None:
    """Keep the present files, before they are replaced."""
    for what, sealed in (("case.age", case.case_age), ("desk.age", case.desk_age)):
        if sealed:
            session.add(
                OldSeal(id=new_id(), case_id=case.id, what=what, sealed=sealed, until=today + KEPT)
            )


def drop(session: Session, case_id: bytes) -> None:
    """Delete all that is kept of a case."""
    session.execute(delete(OldSeal).where(OldSeal.case_id == case_id))


def drop_past(session: Session, today: date) -> None:
    """Delete what has been kept long enough."""
    session.execute(delete(OldSeal).where(OldSeal.until <= today))
