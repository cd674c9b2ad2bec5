"""The people of the desk. Nothing about reporters is in this file."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import WITHOUT_ROWID, Table


class Person(Table):
    """A case handler who can sign in. The name shown to reporters comes from the keyring."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The handler's id in the keyring."""
    one_time_secret: Mapped[str] = mapped_column(String(64))
    """Base32 secret of the one-time codes (RFC 6238)."""
    one_time_step: Mapped[int] = mapped_column(default=0)
    """The last time step that was used: a code works once."""
    mail: Mapped[str] = mapped_column(String(254), default="")
    """Where reminders go; empty: nowhere."""
    language: Mapped[str] = mapped_column(String(8), default="en")
    """The language of the reminders. The handler's, not a reporter's."""
    feed_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """Hash of the token in the address of the handler's own calendar; None: there is none."""
    key_file: Mapped[bytes]
    """The handler's private key as an age file under a passphrase that the server never sees."""

    __table_args__ = (WITHOUT_ROWID,)


class SignedIn(Table):
    """A sign-in under way (nonce set) or a session at the desk (nonce gone)."""

    __tablename__ = "sessions"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Hash of the token in the handler's cookie."""
    handler_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """The handler."""
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """What the handler's browser still has to sign."""
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """Start of the sign-in, UTC."""
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """Last request, UTC; 15 minutes later the session has ended."""

    __table_args__ = (WITHOUT_ROWID,)
