"""The event log: a hash chain without content (protocol section 9)."""

from datetime import date

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import ID_BYTES, WITHOUT_ROWID, Table


class LogEvent(Table):
    """One event in the chain. What is erased loses salt and payload; its two hashes stay."""

    __tablename__ = "log_events"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Place in the chain, from 1. The reporters' own events come in once a night, shuffled."""
    commitment: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of salt and payload: says nothing without them."""
    head: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the head before and the commitment."""
    case_id: Mapped[bytes | None] = mapped_column(LargeBinary(ID_BYTES))
    """The case, so that erasing it finds its events; None for others and once erased."""
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    """Random, so that a payload cannot be guessed from its hash."""
    payload: Mapped[bytes | None]
    """What, which case, who, when and by which rules, as JSON; a reporter's act has no time."""

    __table_args__ = (Index("log_events_by_case", "case_id"), WITHOUT_ROWID)


class LogWaiting(Table):
    """An event of a reporter's day, until the night: its order among the others is not kept."""

    __tablename__ = "log_waiting"

    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    """Random: stored by it, so not in order of arrival."""
    case_id: Mapped[bytes | None] = mapped_column(LargeBinary(ID_BYTES))
    """The case."""
    on: Mapped[date]
    """The day it happened, no time; it is entered when that day is over."""
    payload: Mapped[bytes]
    """As in the log: a date, no time."""

    __table_args__ = (WITHOUT_ROWID,)
