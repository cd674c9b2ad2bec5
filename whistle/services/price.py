"""No lock-out that a stranger can bring about: after wrong tries the price of the next one rises.

Rules:
* a few wrong tries are free; then a try costs work, twice as much for each doubling of the wrong
  ones, up to a price that a slow telephone pays in a minute: who is right and pays always enters;
* wrong tries are forgotten by half every quarter of an hour;
* what is counted is kept in a fixed number of rows, found by an HMAC of the name: a flood of names
  fills no table, no name can be read from it, and unknown names are counted like known ones;
* a try that was not paid for is not looked at, and not counted.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from whistle.crypto import puzzle
from whistle.crypto.puzzle import NUMBER_MAX, Paid
from whistle.errors import PriceError
from whistle.storage.tables import Tries

FREE = 5
HALVES_EVERY = timedelta(minutes=15)
BUCKETS = 4096
__all__ = ["FREE", "NUMBER_MAX", "Paid", "Till", "price_of"]
_INSERT: dict[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Till:
    """Where one kind of try is paid: its name in the table, and a secret of the server's."""

    purpose: str
    key: bytes

    def bucket(self, name: str) -> int:
        """The row of a name; it shares it with others."""
        digest = hmac.digest(self.key, name.encode(), sha256)
        return int.from_bytes(digest[:2]) % BUCKETS

    def check(
        self, session: Session, name: str, tried: bytes, paid: Paid | None, now: datetime
    ) -> None:
        """Refuse a try that is not paid for.

        Raises:
            PriceError: with the price of now.
        """
        price = price_of(self._count(session, name, now))
        if price > 0 and not puzzle.pays(paid, tried, price, now.timestamp()):
            raise PriceError(price, puzzle.MOST_BITS, int(now.timestamp()))

    def note_wrong(self, session: Session, name: str, now: datetime) -> None:
        """Count a wrong try."""
        row = {"count": self._count(session, name, now) + 1, "noted_at": now}
        where = {"purpose": self.purpose, "bucket": self.bucket(name)}
        insert = _INSERT[session.get_bind().dialect.name]
        session.execute(
            insert(Tries)
            .values(**where, **row)
            .on_conflict_do_update(index_elements=["purpose", "bucket"], set_=row)
        )

    def _count(self, session: Session, name: str, now: datetime) -> int:
        row = session.get(Tries, (self.purpose, self.bucket(name)), with_for_update=True)
        if row is None:
            return 0
        noted = row.noted_at if row.noted_at.tzinfo else row.noted_at.replace(tzinfo=UTC)
        return row.count >> max(0, (now - noted) // HALVES_EVERY)


def price_of(tries: int) -> int:
    """What the next try costs after so many wrong ones, in bits."""
    return puzzle.price_of(tries // FREE)
