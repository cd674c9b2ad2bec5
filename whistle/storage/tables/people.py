"""The people of the desk. Nothing about reporters is in this file."""

from datetime import date, datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import WITHOUT_ROWID, Table


class Person(Table):
    """Somebody who can sign in: a handler of the keyring, an officer, an auditor."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The handler's id in the keyring, or the short name of somebody of the office."""
    name: Mapped[str] = mapped_column(String(120), default="")
    """The whole name of somebody of the office. A handler's comes from the keyring alone."""
    office: Mapped[str | None] = mapped_column(String(16))
    """`officer`, `auditor`, or None: no part in the office."""
    sign: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Ed25519 public key of somebody of the office; a handler's comes from the keyring alone."""
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
    """The private key as an age file under a passphrase that the server never sees; empty: none."""
    printed_on: Mapped[date | None]
    """When the person printed the key. The paper's content never came here."""

    __table_args__ = (WITHOUT_ROWID,)


class SignedIn(Table):
    """A sign-in under way (nonce set) or a session (nonce gone)."""

    __tablename__ = "sessions"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    """Hash of the token in the cookie."""
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """Whose it is."""
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """What the browser still has to sign."""
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """Start of the sign-in, UTC."""
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """Last request, UTC; 15 minutes later the session has ended."""

    __table_args__ = (WITHOUT_ROWID,)


class Passkey(Table):
    """An authenticator with which somebody signs in and opens their key."""

    __tablename__ = "passkeys"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    """Random."""
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    """What the authenticator calls it (WebAuthn section 5.1)."""
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    """Whose it is."""
    public_key: Mapped[bytes]
    """The authenticator's public key for this site, COSE."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """The authenticator's count at the last sign-in; a copy of it shows by falling back."""
    challenged_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    """Milliseconds of the newest challenge that it answered: each is answered once."""
    name: Mapped[str] = mapped_column(String(60))
    """What the person calls it."""
    added_on: Mapped[date]
    """When it was added."""
    last_used_on: Mapped[date | None]
    """When it last signed somebody in."""
    key_file: Mapped[bytes]
    """The private key as an age file that only this authenticator opens."""

    __table_args__ = (Index("passkeys_by_person", "person_id"), WITHOUT_ROWID)


class KeyChange(Table):
    """A handler's new key: on its way into the keyring, and until nothing waits for the old one."""

    __tablename__ = "key_changes"

    person_id: Mapped[str] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    """Whose it is."""
    age: Mapped[bytes] = mapped_column(LargeBinary(1216))
    """The new public key."""
    sign: Mapped[bytes] = mapped_column(LargeBinary(32))
    """The new signing key's public half."""
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))
    """The old signing key's, over all that the person's browser gave."""
    key_file: Mapped[bytes]
    """The new private key under the new passphrase; empty once it is the person's key file."""
    old_key: Mapped[bytes]
    """The old private key, sealed to the new one: what is not sealed again opens with it."""
    old_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the old public key, by which the cases that wait are known."""
    made_on: Mapped[date]
    """When the person made it."""
    used_on: Mapped[date | None]
    """When the person first signed in with it; None: the old key still counts."""

    __table_args__ = (WITHOUT_ROWID,)


class Tries(Table):
    """How often something was tried in vain, in one of a fixed number of rows."""

    __tablename__ = "tries"

    purpose: Mapped[str] = mapped_column(String(24), primary_key=True)
    """What was tried, for example `sign_in`."""
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Twelve bits of an HMAC of the name: many names share one, and none can be read from it."""
    count: Mapped[int]
    """How often, as it was then; halved for every quarter of an hour since."""
    noted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When, UTC."""

    __table_args__ = (WITHOUT_ROWID,)
