"""What of the reminders has not reached anybody: shown where the organisation looks."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.storage.tables import Notice


def faults(session: Session, person_id: str) -> dict[str, int]:
    """How many notices to this person could not be sent, by the code of the last fault.

    Never those of others: whoever was left out of a case could see there that it exists.
    """
    rows = session.execute(
        select(Notice.fault, func.count())
        .where(Notice.sent_at.is_(None), Notice.fault != "", Notice.person_id == person_id)
        .group_by(Notice.fault)
    )
    return {fault: number for fault, number in rows}  # noqa: C416 - a row is no pair of its types
