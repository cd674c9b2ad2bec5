"""A case and who may see it: only what the deadlines and access need, in the clear."""

from datetime import date

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import ID_BYTES, WITHOUT_ROWID, Table


class Case(Table):
    """One report and all that follows from it."""

    __tablename__ = "cases"

    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    """Random. Points to nobody."""
    number: Mapped[str | None] = mapped_column(String(7), unique=True)
    """Random short name that handlers say aloud. Not a sequence: it would count the reports.
    None once the case is erased."""
    channel: Mapped[str] = mapped_column(String(64))
    """Which legal entity. Points to its staff as a group; the law's clock needs it."""
    mailbox_id: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """Hash of the mailbox token. Whoever has the receipt code can match it; nobody else.
    None once the case is erased."""
    filing_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the filing as posted, to know the same filing again. All of it is sealed or here."""
    thread: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Names the thread. A hash of fresh keys."""
    received_on: Mapped[date]
    """A date in the channel's zone, not a time. With few visitors a date can narrow the circle."""
    last_on: Mapped[date]
    """When anything last happened: nothing is entered before it. A date of the thread's too."""
    active_on: Mapped[date]
    """When a person last did something; a case that sleeps raises an alarm. A date, no time."""
    waived: Mapped[bool] = mapped_column(default=False)
    """The reporter asked for no acknowledgement. The clock needs it; a habit, not a name."""
    withheld: Mapped[str | None] = mapped_column(String(32))
    """The ground on which a handler does not acknowledge, as a listed code."""
    excused: Mapped[bool] = mapped_column(default=False)
    """An exception held when the time to acknowledge ran out. Derived from the dates."""
    acknowledged_on: Mapped[date | None]
    """When receipt was acknowledged. The organisation's act."""
    acknowledged_by: Mapped[str | None] = mapped_column(String(8))
    """Whether a handler or the system acknowledged."""
    feedback_on: Mapped[date | None]
    """When feedback was first given, interim or final. The handlers' act."""
    final_feedback_on: Mapped[date | None]
    """When final feedback was given. The handlers' act."""
    next_feedback_on: Mapped[date | None]
    """The date that interim feedback promised. The handlers' act."""
    promise_broken_on: Mapped[date | None]
    """The last promised date that had passed when feedback or the closing came. Our fault."""
    meeting_asked_on: Mapped[date | None]
    """When the reporter asked for a meeting: a date, no time. The clock needs it."""
    meeting_offered_on: Mapped[date | None]
    """When a meeting was offered. The handlers' act."""
    out_of_scope: Mapped[bool] = mapped_column(default=False)
    """A handler found that the law does not cover the report. Says little of what it is about."""
    handed_over: Mapped[bool] = mapped_column(default=False)
    """A hand-over to somebody outside was noted. The handlers' act."""
    closed_on: Mapped[date | None]
    """When the case was closed. The handlers' act."""
    outcome: Mapped[str | None] = mapped_column(String(32))
    """How it was closed, as a listed code. The handlers' act."""
    no_feedback: Mapped[str | None] = mapped_column(String(32))
    """Why it was closed without final feedback, as a listed code. The handlers' act."""
    erased_on: Mapped[date | None]
    """When everything but this row was erased."""
    late: Mapped[str] = mapped_column(String(64), default="")
    """The clocks whose strict date ever passed undone; only grows. The organisation's fault."""
    missed: Mapped[str] = mapped_column(String(64), default="")
    """The clocks whose legal last day ever passed undone; only grows."""
    due_on: Mapped[date | None]
    """The nearest strict due date, for the order of the list. Derived from the dates above."""
    wake_on: Mapped[date | None]
    """The next day on which the clock has something to do here. Derived from the dates above."""
    failed_on: Mapped[date | None]
    """The last day on which the clock's look at this case failed; None once a look succeeded."""
    case_age: Mapped[bytes]
    """The case's private key, sealed to those who may read. Its length is the same
    whoever was left out."""
    keyring_serial: Mapped[int]
    """By which keyring the case's keys were sealed last: finds those who have a new key since."""
    filed_serial: Mapped[int]
    """By which keyring the report was sealed: its readers who have no row were left out."""
    desk_age: Mapped[bytes | None]
    """The handlers' second key for notes, sealed to handlers only."""

    __table_args__ = (
        Index("cases_by_due_date", "due_on", "id"),
        Index("cases_by_waking", "wake_on", "id"),
        Index("cases_by_last_event", "last_on"),
        Index("cases_by_thread", "thread"),
        WITHOUT_ROWID,
    )


class CaseKey(Table):
    """The public half of a case's key, by generation: system lines are sealed to it."""

    __tablename__ = "case_keys"

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    """The case."""
    generation: Mapped[int] = mapped_column(primary_key=True)
    """0 at filing; each re-seal for cause adds 1. Shows the server that one happened."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary(1216))
    """X25519 and ML-KEM-768 public key. Fresh for this case."""

    __table_args__ = (WITHOUT_ROWID,)


class OldSeal(Table):
    """A case's keys as they were sealed before, in case the new file is no good.

    Never kept after somebody was taken out: it is sealed to them.
    """

    __tablename__ = "old_seals"

    id: Mapped[bytes] = mapped_column(LargeBinary(ID_BYTES), primary_key=True)
    """Random."""
    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"))
    """The case."""
    what: Mapped[str] = mapped_column(String(8))
    """`case.age` or `desk.age`."""
    sealed: Mapped[bytes]
    """Sealed; opens nothing that the file after it does not open."""
    until: Mapped[date]
    """Deleted on this day. Tells when the case was sealed again."""

    __table_args__ = (
        Index("old_seals_by_case", "case_id"),
        Index("old_seals_by_day", "until"),
        WITHOUT_ROWID,
    )


class Access(Table):
    """Who sees a case. Shows the server who was left out: named as a limit in the threat model."""

    __tablename__ = "case_access"

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    """The case."""
    handler_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The handler's id in the keyring."""
    role: Mapped[str] = mapped_column(String(16))
    """handler, deputy or investigator, as the keyring said when the report came."""
    from_on: Mapped[date | None]
    """Seen since this day. None: a deputy who holds a key but does not see the case yet."""
    until_on: Mapped[date | None]
    """The day from which it is seen no longer. None: it is seen."""

    __table_args__ = (Index("case_access_by_handler", "handler_id", "case_id"), WITHOUT_ROWID)


class Seen(Table):
    """How far a handler has read. Says nothing of the reporter; their reading leaves no trace."""

    __tablename__ = "case_seen"

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    """The case."""
    handler_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The handler."""
    seq: Mapped[int]
    """The last entry of the case chain that was opened."""
    note_seq: Mapped[int] = mapped_column(default=0)
    """The last entry of the desk chain that was opened."""

    __table_args__ = (WITHOUT_ROWID,)


class Unopened(Table):
    """A handler's signature that a case cannot be opened, of its keys as they were sealed then."""

    __tablename__ = "case_unopened"

    case_id: Mapped[bytes] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    """The case."""
    handler_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The handler who signed. Says nothing of the reporter."""
    case_age_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Hash of the sealed keys that the signature names: of other keys it says nothing."""
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    """The handler's signature, made in their browser."""
    told: Mapped[bool] = mapped_column(default=False)
    """All had signed, and the reporter was told: once. The organisation's fault."""

    __table_args__ = (WITHOUT_ROWID,)
