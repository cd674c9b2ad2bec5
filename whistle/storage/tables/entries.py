"""The entries of a case's two chains: what is needed to order them, and their sealed bytes."""

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
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


class ErasureProposal(Table):
    """A proposal to erase something early, until another person approves it or it ends."""

    __tablename__ = "erasure_proposals"

    entry_id: Mapped[bytes] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    """The signed, sealed proposal in the desk chain."""
    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"))
    """The case."""
    handler_id: Mapped[str] = mapped_column(String(64))
    """The handler who proposed it."""
    person: Mapped[str] = mapped_column(String(64))
    """The person whom the keyring named for that handler then: two ids are not two people."""
    erases: Mapped[str] = mapped_column(String(8))
    """`entries`, `notes` or `case`. What exactly is in the sealed proposal, and in the hash."""
    named_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of what it names: the approval names the same again."""
    reason: Mapped[str] = mapped_column(String(16))
    """Why, as a listed code."""
    ended: Mapped[bool] = mapped_column(default=False)
    """Approved or withdrawn: it is approved once."""

    __table_args__ = (Index("erasure_proposals_by_case", "case_id"), WITHOUT_ROWID)
