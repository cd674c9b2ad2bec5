"""A flood of reports: who pays is let in, who cannot has a share, nobody is shut out."""

from dataclasses import dataclass, replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import acts
from tests.organisation import Organisation
from whistle.crypto import puzzle
from whistle.crypto.receipt import Receipt
from whistle.errors import BusyError, PriceError
from whistle.services.flood import SHARE, Flood, Paid, tried
from whistle.services.reporting import filing, unscripted

FREE = 20
NOW = 1_700_000_000.0
MAILBOX = sha256(b"mailbox").digest()


@dataclass
class Time:
    """A clock that is moved by hand, in seconds."""

    now: float = 0.0

    def __call__(self) -> float:
        """The present."""
        return self.now


@pytest.fixture
def time() -> Time:
    """The clock of the flood."""
    return Time()


@pytest.fixture
def gate(time: Time) -> Flood:
    """A gate that nobody has come through."""
    return Flood(FREE, clock=time)


def come(gate: Flood, count: int) -> None:
    """Let so many reports come in at once."""
    for _ in range(count):
        gate.note()


def paying(bits: int, mailbox_id: bytes = MAILBOX, at: int = int(NOW)) -> Paid:
    """Somebody's work."""
    return puzzle.solve(tried(mailbox_id), at, bits)


def test_so_many_a_minute_are_free(gate: Flood) -> None:
    """The next one has a price."""
    come(gate, FREE - 1)
    gate.check(MAILBOX, None, NOW)
    gate.note()
    with pytest.raises(PriceError) as refused:
        gate.check(MAILBOX, None, NOW)
    assert (refused.value.bits, refused.value.most, refused.value.at) == (12, 20, int(NOW))


@given(st.integers(0, 100_000))
def test_the_price_rises_with_the_number_and_has_an_end(count: int) -> None:
    """Never falls while they come, never above what a slow telephone pays in a minute."""
    gate = Flood(1, clock=Time())
    come(gate, count % 50)
    before = gate.price()
    gate.note()
    assert before <= gate.price() <= puzzle.MOST_BITS


def test_it_falls_again_with_time(gate: Flood, time: Time) -> None:
    """By one for each minute, then nothing."""
    come(gate, FREE * 5)
    prices = []
    for _ in range(4):
        prices.append(gate.price())
        time.now += 60
    assert prices == [14, 13, 12, 0]


def test_who_pays_is_let_in_for_that_mailbox_and_for_ten_minutes(gate: Flood) -> None:
    """Another's payment, one for another time, or too little, is none."""
    come(gate, FREE)
    paid = paying(12)
    gate.check(MAILBOX, paid, NOW)
    gate.check(MAILBOX, paid, NOW + 600)
    for mailbox_id, given_, now in (
        (sha256(b"other").digest(), paid, NOW),
        (MAILBOX, paid, NOW + 602),
        (MAILBOX, paid, NOW - 61),
        (MAILBOX, Paid(int(NOW), paid.number + 1), NOW),
    ):
        with pytest.raises(PriceError):
            gate.check(mailbox_id, given_, now)


def test_pages_without_scripts_have_a_share_of_their_own(gate: Flood, time: Time) -> None:
    """Used up it is open again a minute later; without a flood it is not counted."""
    for _ in range(3 * SHARE):
        gate.take_share()
    come(gate, FREE * 100)
    for _ in range(SHARE):
        gate.take_share()
    with pytest.raises(BusyError, match="busy"):
        gate.take_share()
    time.now += 60
    gate.take_share()


def test_only_what_was_kept_is_counted(organisation: Organisation) -> None:
    """The same report again, and what is refused, raises no price for others."""
    parts = replace(organisation.parts, flood=Flood(2, clock=Time()))
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    for _ in range(5):
        filing.file_paid(parts, posted, None)
    assert parts.flood.price() == 0
    unscripted.file_for(parts, unscripted.new_code(), channel="main", body=acts.body("x"))
    assert parts.flood.price() == puzzle.FIRST_BITS
