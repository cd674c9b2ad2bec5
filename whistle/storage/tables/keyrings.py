"""Every keyring that was ever published, so that a swapped key shows."""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from whistle.storage.tables.base import WITHOUT_ROWID, Table


class KeyringFile(Table):
    """One published keyring; rows are only ever added."""

    __tablename__ = "keyrings"

    serial: Mapped[int] = mapped_column(primary_key=True)
    """Its serial number, as signed."""
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of the file: the next keyring names it."""
    file: Mapped[bytes]
    """The exact bytes that were signed. Public."""
    signature: Mapped[str]
    """The root key's signature, armored SSHSIG. Public."""
    cosignature: Mapped[str | None]
    """A previous handler's signature, where one was needed and given. Public."""

    __table_args__ = (WITHOUT_ROWID,)
