"""The entries of a case's two chains: what is needed to order them, and their sealed bytes."""

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import ID_BYTES, WITHOUT_ROWID, Table


class Entry(Table):
    """One item in a thread.

    Its sealed bytes lie in a table of their own, so that erasing them leaves this row's hash
    and the chain stays whole.
    """

    __tablename__ = "entries"

    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    """Random. Points to nobody."""
    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"))
    """The case."""
    chain: Mapped[str] = mapped_column(String(4))
    """`case`, read by the reporter too, or `desk`, the handlers' notes."""
    seq: Mapped[int]
    """Place in the chain, from 1. How often the reporter wrote can be counted: a named limit."""
    kind: Mapped[str] = mapped_column(String(24))
    """What it is; of the reporter's only report, message or meeting."""
    handler_id: Mapped[str | None] = mapped_column(String(64))
    """The handler who wrote it; None for the reporter and the system."""
    on: Mapped[date]
    """The date it came, not the time."""
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the sealed bytes: the next entry names it."""

    __table_args__ = (UniqueConstraint("case_id", "chain", "seq"), WITHOUT_ROWID)


class EntrySeal(Table):
    """An entry's sealed bytes: one age file of one of four sizes."""

    __tablename__ = "entry_seals"

    entry_id: Mapped[bytes] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    """The entry."""
    sealed: Mapped[bytes]
    """Sealed to the case key (or the desk key). The padded size says small, middle or large."""

    __table_args__ = (WITHOUT_ROWID,)
