"""What every table has in common."""

import os
from collections.abc import Callable

from sqlalchemy.orm import DeclarativeBase

ID_BYTES = 16


class Table(DeclarativeBase):
    """The base of all tables."""


def new_id(random: Callable[[int], bytes] = os.urandom) -> bytes:
    """A new primary key: 16 random bytes."""
    return random(ID_BYTES)


WITHOUT_ROWID = {"sqlite_with_rowid": False}
"""Table argument: stored by the random key itself, so that no order of arrival remains."""
