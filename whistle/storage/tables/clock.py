"""What the clock has done, what it wants told to whom, and the tasks beside the cases."""

from datetime import date, datetime

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import ID_BYTES, WITHOUT_ROWID, Table


class ClockAction(Table):
    """One action of the clock that is done: the row decides, so that each happens once."""

    __tablename__ = "clock_actions"

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    """The case."""
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Names the action within its case. Derived from the case's dates."""
    on: Mapped[date]
    """The day it was done."""

    __table_args__ = (WITHOUT_ROWID,)


class Notice(Table):
    """Something that somebody of the organisation is to be told by mail, without content."""

    __tablename__ = "notices"

    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    """Random; names the mail, so that a repeated one can be recognised."""
    person_id: Mapped[str] = mapped_column(String(64))
    """Who is told: a handler's id, or `officer`, or `outside`."""
    due_on: Mapped[date | None]
    """The date that the mail names; the case is not named."""
    days_late: Mapped[int] = mapped_column(default=0)
    """For the outside person: how late the organisation is. Nothing else is told them."""
    anchor: Mapped[str] = mapped_column(String(100), default="")
    """For officer and auditor: length and head of the log, alone in its mail. Public to them."""
    created_on: Mapped[date]
    """The day, no time: a mail's moment must not tell when a report came."""
    send_after: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """The next batch, UTC, with its jitter; the notices of one mail share it."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often sending was tried. Once it has succeeded the row is deleted."""
    fault: Mapped[str] = mapped_column(String(64), default="")
    """The last failure as a short code, shown to whom it concerns."""

    __table_args__ = (Index("notices_by_sending", "send_after"), WITHOUT_ROWID)


class Mailed(Table):
    """The last day on which somebody of the organisation was sent a mail: one a day is enough."""

    __tablename__ = "mailed"

    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Who: a handler's id, or `officer`, or `outside`."""
    on: Mapped[date]
    """The day, in the first channel's zone. Of what the mail was is not kept."""

    __table_args__ = (WITHOUT_ROWID,)


class Task(Table):
    """A dated duty: of a case (a reprisal check) or of the channel (a data request, a review)."""

    __tablename__ = "tasks"

    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    """Random."""
    kind: Mapped[str] = mapped_column(String(32))
    """Which duty, as a listed code."""
    channel: Mapped[str] = mapped_column(String(64))
    """Whose duty it is: the legal entity."""
    case_id: Mapped[bytes | None] = mapped_column(ForeignKey("cases.id"))
    """The case it belongs to; None for a duty of the channel."""
    started_on: Mapped[date]
    """The day from which its period runs."""
    due_on: Mapped[date]
    """Its strict date."""
    postponed_until: Mapped[date | None]
    """The review date of a notice that is postponed."""
    reason: Mapped[str | None] = mapped_column(String(32))
    """Why it was postponed or extended, as a listed code."""
    told_on: Mapped[date | None]
    """When its people were last reminded of it."""
    done_on: Mapped[date | None]
    """When it was done."""

    __table_args__ = (Index("tasks_by_due_date", "done_on", "due_on"), WITHOUT_ROWID)
