"""What of somebody's reminders has not reached them, shown where they, or the office, work."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from whistle.services.parts import Parts
from whistle.storage.tables import Notice, Person

OFFICER = "officer"
"""To whom a notice for the office goes; the address stands in the settings."""
OUTSIDE = "outside"
"""The person of the written procedure, in the settings too."""


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


def unsent_to_officer(parts: Parts) -> int:
    """How many reminders to the officer could not be sent; of nobody else's mail."""
    with parts.database.reading() as session:
        return sum(faults(session, OFFICER).values())


def forget(session: Session, person_id: str, still: Collection[date | None]) -> None:
    """Drop what waits to be told to a person of other dates than *still*.

    A notice names no case; so whoever is taken out of one is told only of the dates of the others.
    """
    waiting = session.scalars(
        select(Notice).where(Notice.person_id == person_id, Notice.anchor == "")
    ).all()
    gone = [one.id for one in waiting if one.due_on not in still]
    session.execute(delete(Notice).where(Notice.id.in_(gone)))


def receivers(session: Session) -> dict[str, dict[str, int]]:
    """How many receivers' reminders could not be sent, by fault: handlers, officers, outside.

    Of receivers, not of mails, and named by their office only. For whoever handles no case: who is
    left out of one could learn from it that somebody is reminded of something.
    """
    rows = session.execute(
        select(Notice.fault, Notice.person_id, Person.office)
        .outerjoin(Person, Person.id == Notice.person_id)
        .where(Notice.fault != "")
        .distinct()
    )
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for fault, person_id, office in rows:
        counted[fault][_kind(person_id, office)] += 1
    return {fault: dict(sorted(kinds.items())) for fault, kinds in sorted(counted.items())}


def _kind(person_id: str, office: str | None) -> str:
    if person_id == OUTSIDE:
        return OUTSIDE
    return "office" if person_id == OFFICER or office is not None else "handlers"
