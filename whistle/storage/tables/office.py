"""What the office keeps: who is invited, and the keyring that is being prepared."""

from datetime import date, datetime

from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import WITHOUT_ROWID, Table


class Invitation(Table):
    """Somebody who may join once; stays until a keyring names the keys, or the office has them."""

    __tablename__ = "invitations"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Hash of the token behind the # of the one-time link."""
    person_id: Mapped[str] = mapped_column(String(64))
    """The id that the person will have."""
    name: Mapped[str] = mapped_column(String(120))
    """The name, as reporters will know a handler."""
    role_text: Mapped[str] = mapped_column(String(200))
    """The role in words, as reporters will read it."""
    channels: Mapped[str]
    """Channels and roles as JSON, for the keyring."""
    office: Mapped[str | None] = mapped_column(String(16))
    """`officer`, `auditor`, or None."""
    mail: Mapped[str] = mapped_column(String(254), default="")
    """Where reminders will go; empty: nowhere."""
    until: Mapped[date]
    """The last day on which it can be used."""
    used_on: Mapped[date | None]
    """When keys were given; only once."""
    joined_on: Mapped[date | None]
    """When the first one-time code was right: the person can sign in from then."""
    age: Mapped[bytes | None] = mapped_column(LargeBinary(1216))
    """The public key to seal to."""
    sign: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The public key that signatures are checked with."""
    key_file: Mapped[bytes | None]
    """The sealed private key until the person has joined; then it is the person's."""
    codes_secret: Mapped[str | None] = mapped_column(String(64))
    """Base32 secret of the one-time codes until the person has joined."""

    __table_args__ = (WITHOUT_ROWID,)


class KeyringDraft(Table):
    """The next keyring while it is signed; one at a time, gone when it is published."""

    __tablename__ = "keyring_drafts"

    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Hash of the file: what is signed is what was shown."""
    file: Mapped[bytes]
    """The exact bytes to sign. Public once it counts."""
    prepared_by: Mapped[str] = mapped_column(String(64))
    """The officer."""
    signature: Mapped[str | None]
    """The root key's signature, once it has been given."""
    cosignature: Mapped[str | None]
    """A handler's signature, once it has been given."""

    __table_args__ = (WITHOUT_ROWID,)


class Mark(Table):
    """When something of the office, or of the clock for it, was last done or decided."""

    __tablename__ = "marks"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """What, as a listed code, perhaps with a day."""
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When, UTC."""
    person_id: Mapped[str] = mapped_column(String(64), default="")
    """Which officer decided it; empty for the clock."""

    __table_args__ = (WITHOUT_ROWID,)
