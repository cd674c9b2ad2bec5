"""No flood of reports shuts the channel: while one lasts, each report costs its sender some work.

Rules (protocol section 6):
* so many reports a minute are free; beyond that the price doubles with their number, up to one that
  a slow telephone pays in a minute. Whoever pays is always let in;
* the price is for one mailbox: one payment sends one report, however often it is tried again;
* pages without scripts cannot pay: a share of their own stays open for them, free of price;
* what is counted is in this process's memory only, forgotten by half every minute. Addresses are
  not looked at: behind a proxy or Tor all are the same, and a price serves instead.
"""

import math
import time
from collections.abc import Callable
from threading import Lock

from whistle.crypto import puzzle
from whistle.crypto.puzzle import NUMBER_MAX, Paid
from whistle.errors import BusyError, PriceError

__all__ = ["NUMBER_MAX", "SHARE", "Flood", "Paid", "tried"]
SHARE = 10
"""Reports a minute that pages without scripts may send while others pay."""
HALF_LIFE = 60.0
"""Seconds in which half of what was counted is forgotten."""


def tried(mailbox_id: bytes) -> bytes:
    """What one payment buys: sending one report to one mailbox."""
    return puzzle.subject("filing", mailbox_id.hex())


class Flood:
    """How many reports come in now. Safe for several threads."""

    def __init__(self, free: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._lock = Lock()
        self._came = _Fading()
        self._shared = _Fading()

    def check(self, mailbox_id: bytes, paid: Paid | None, now: float) -> None:
        """Let a report in that is paid for; `now` is the server's time in seconds.

        Raises:
            PriceError: with the price of now.
        """
        price = self.price()
        if price > 0 and not puzzle.pays(paid, tried(mailbox_id), price, now):
            raise PriceError(price, puzzle.MOST_BITS, int(now))

    def take_share(self) -> None:
        """Let in a report of a page without scripts.

        Raises:
            BusyError: `busy`, others have taken this minute's share.
        """
        if self.price() == 0:
            return
        with self._lock:
            if self._shared.at(self._clock()) >= SHARE:
                raise BusyError("busy")
            self._shared.add(self._clock())

    def note(self) -> None:
        """Count a report that has been kept."""
        with self._lock:
            self._came.add(self._clock())

    def price(self) -> int:
        """What a report costs now, in bits; 0 is nothing."""
        with self._lock:
            return puzzle.price_of(int(self._came.at(self._clock()) / self._free))


class _Fading:
    """A count that fades with time."""

    def __init__(self) -> None:
        self._count = 0.0
        self._since = 0.0

    def at(self, now: float) -> float:
        return self._count * math.exp2(-max(0.0, now - self._since) / HALF_LIFE)

    def add(self, now: float) -> None:
        self._count, self._since = self.at(now) + 1, now
