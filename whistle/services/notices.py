"""What of somebody's reminders has not reached them, shown to them where they work."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.storage.tables import Notice


def faults(session: Session, person_id: str) -> dict[str, int]:
    """How many of a person's own notices could not be sent, by the code of the last fault.

    Others' are not counted: who is left out of a case could count the mails about it.
    """
    rows = session.execute(
        select(Notice.fault, func.count())
        .where(Notice.person_id == person_id, Notice.fault != "")
        .group_by(Notice.fault)
    )
    return {fault: number for fault, number in rows}  # noqa: C416 - a row is no pair of its types
