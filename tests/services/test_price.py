"""The price of a try: it rises with wrong ones, sinks with time, and locks nobody out."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.organisation import Organisation
from whistle.crypto import puzzle
from whistle.errors import PriceError
from whistle.services import price
from whistle.services.price import Paid, Till, price_of
from whistle.storage.tables import Tries

NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)
TILL = Till("test", b"k" * 32)
TRIED = puzzle.subject("test", "anna", "1")


def wrong(organisation: Organisation, name: str, times: int, now: datetime = NOW) -> None:
    """Try in vain."""
    for _ in range(times):
        with organisation.parts.database.writing() as session:
            TILL.note_wrong(session, name, now)


def asked(
    organisation: Organisation, name: str, now: datetime = NOW, paid: Paid | None = None
) -> int:
    """What the next try costs; 0 when it is let through."""
    try:
        with organisation.parts.database.writing() as session:
            TILL.check(session, name, TRIED, paid, now)
    except PriceError as error:
        return error.bits
    return 0


def test_the_price_rises_with_each_doubling_and_has_a_top() -> None:
    """Four mistakes are free, and it never gets out of reach."""
    assert [price_of(count) for count in (0, 4, 5, 9, 10, 20, 40)] == [0, 0, 12, 12, 13, 14, 15]
    assert [price_of(count) for count in (1280, 10**9)] == [puzzle.MOST_BITS] * 2
    costs = [price_of(count) for count in range(2000)]
    assert costs == sorted(costs)


def test_wrong_tries_are_forgotten_by_half(organisation: Organisation) -> None:
    """Every quarter of an hour."""
    wrong(organisation, "anna", 20)
    after = [asked(organisation, "anna", NOW + n * timedelta(minutes=15)) for n in range(4)]
    assert after == [14, 13, 12, 0]


def test_what_was_forgotten_stays_forgotten(organisation: Organisation) -> None:
    """A new mistake adds one to what is left."""
    wrong(organisation, "anna", 40)
    later = NOW + timedelta(minutes=45)
    wrong(organisation, "anna", 1, later)
    assert asked(organisation, "anna", later) == 12
    assert asked(organisation, "anna", later + timedelta(minutes=15)) == 0


def test_whoever_pays_is_let_through(organisation: Organisation) -> None:
    """For this try, at this time, at this price."""
    wrong(organisation, "anna", 5)
    at = int(NOW.timestamp())
    paid = puzzle.solve(TRIED, at, 12)
    assert asked(organisation, "anna", paid=paid) == 0
    assert asked(organisation, "anna", paid=Paid(at, paid.number + 1)) == 12
    other = puzzle.solve(puzzle.subject("test", "anna", "2"), at, 12)
    assert asked(organisation, "anna", paid=other) == 12


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (-600, True), (-601, False), (60, True), (61, False)]
)
def test_a_payment_is_of_now(organisation: Organisation, seconds: int, *, good: bool) -> None:
    """Nobody works ahead, or keeps a store."""
    wrong(organisation, "anna", 5)
    paid = puzzle.solve(TRIED, int(NOW.timestamp()) + seconds, 12)
    assert (asked(organisation, "anna", paid=paid) == 0) is good


@pytest.mark.parametrize("at", [0, puzzle.NUMBER_MAX])
def test_a_time_out_of_this_world_pays_nothing(organisation: Organisation, at: int) -> None:
    """And breaks nothing."""
    wrong(organisation, "anna", 5)
    assert asked(organisation, "anna", paid=Paid(at, 0)) == 12


def test_a_flood_of_names_fills_no_table(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, the rows are counted beforehand."""
    monkeypatch.setattr(price, "BUCKETS", 16)
    for n in range(200):
        wrong(organisation, f"name {n}", 1)
    with organisation.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Tries)) == 16


def test_the_table_holds_no_name() -> None:
    """Which row is whose is the server's secret."""
    names = ("anna", "bo", "carin", "nobody")
    rows = {Till("test", key).bucket(name) for key in (b"a" * 32, b"b" * 32) for name in names}
    assert len(rows) > len(names)


def test_two_tills_do_not_meet(organisation: Organisation) -> None:
    """Wrong codes at the desk make no report dearer."""
    wrong(organisation, "anna", 50)
    with organisation.parts.database.writing() as session:
        Till("other", b"k" * 32).check(session, "anna", TRIED, None, NOW)
