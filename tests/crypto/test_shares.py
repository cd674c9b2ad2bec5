"""Shares of the recovery key: the field, splitting and joining, the text on paper, refusals."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.vectors import comment, load
from whistle.crypto import shares
from whistle.crypto.receipt import Receipt
from whistle.crypto.shares import Share
from whistle.crypto.symbols import ALPHABET
from whistle.errors import ReceiptError, ShareError

VECTORS = load("shares")
secrets = st.binary(min_size=32, max_size=32)
numbers = st.integers(1, 255)
any_share = st.builds(Share, st.binary(min_size=8, max_size=8), numbers, numbers, secrets)


def tables() -> tuple[list[int], dict[int, int]]:
    """The field another way: powers of 3, a generator, and their logarithms."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        doubled = value << 1
        value ^= doubled ^ 0x11B if doubled > 255 else doubled
    assert value == 1
    return powers, {power: log for log, power in enumerate(powers)}


POWERS, LOGS = tables()


def product(a: int, b: int) -> int:
    """The product by logarithms."""
    return POWERS[(LOGS[a] + LOGS[b]) % 255] if a and b else 0


def quotient(a: int, b: int) -> int:
    """The quotient by logarithms."""
    return POWERS[(LOGS[a] - LOGS[b]) % 255] if a else 0


def solved(points: Sequence[tuple[int, int]]) -> list[int]:
    """A polynomial's coefficients from its points, by Gauss's elimination over the tables."""
    size = len(points)
    rows = []
    for x, y in points:
        row, power = [], 1
        for _ in range(size):
            row.append(power)
            power = product(power, x)
        rows.append([*row, y])
    for column in range(size):
        pivot = next(i for i in range(column, size) if rows[i][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column][column]
        rows[column] = [quotient(value, head) for value in rows[column]]
        for i in range(size):
            if i != column:
                factor = rows[i][column]
                rows[i] = [
                    a ^ product(factor, b) for a, b in zip(rows[i], rows[column], strict=True)
                ]
    return [row[size] for row in rows]


def test_the_logarithms_meet_every_element_but_zero() -> None:
    """The oracle itself: 3 generates the whole field."""
    assert sorted(POWERS) == list(range(1, 256))


def test_every_product_is_that_of_the_logarithms() -> None:
    """All 65 536 products, against another way of computing them."""
    for a in range(256):
        assert [shares.multiply(a, b) for b in range(256)] == [product(a, b) for b in range(256)]


def test_every_inverse_is_that_of_the_logarithms() -> None:
    """All 255 inverses; zero has none and gives zero."""
    assert shares.invert(0) == 0
    for a in range(1, 256):
        assert shares.invert(a) == quotient(1, a)
        assert shares.multiply(a, shares.invert(a)) == 1


def test_products_that_the_standard_prints() -> None:
    """FIPS 197 section 4.2: {57} times {83}, {13}, and the doublings of {57}."""
    assert shares.multiply(0x57, 0x83) == 0xC1
    assert shares.multiply(0x57, 0x13) == 0xFE
    doubled = [shares.multiply(0x57, factor) for factor in (2, 4, 8, 16)]
    assert doubled == [0xAE, 0x47, 0x8E, 0x07]


@pytest.mark.parametrize("vector", VECTORS["published"], ids=comment)
def test_published_shares_give_the_published_secret(vector: dict[str, Any]) -> None:
    """Points that others published, at the places where they keep the secret and its digest."""
    points = {int(x): bytes.fromhex(value) for x, value in vector["points"].items()}
    at = {int(x): bytes.fromhex(value) for x, value in vector["at"].items()}
    assert {x: shares.interpolate(points, x) for x in at} == at
    if vector["slip39"]:
        digest, key = at[254][:4], at[254][4:]
        assert hmac.digest(key, at[255], "sha256")[:4] == digest


@pytest.mark.parametrize("vector", VECTORS["sets"], ids=comment)
def test_published_sets(vector: dict[str, Any]) -> None:
    """What is written, read, hashed and joined, for other clients to do the same."""
    secret, set_id = bytes.fromhex(vector["secret"]), bytes.fromhex(vector["set"])
    found = []
    for one in vector["shares"]:
        value = bytes.fromhex(one["value"])
        share = Share(set_id, one["index"], vector["k"], value)
        assert str(share) == one["written"]
        assert Share.parse(one["written"]) == share
        hashed = b"whistle/share/v1\0" + set_id + bytes([one["index"]]) + value
        assert share.sha256.hex() == one["sha256"] == hashlib.sha256(hashed).hexdigest()
        found.append(share)
    for chosen in combinations(found, vector["k"]):
        assert shares.join(chosen) == secret


@pytest.mark.parametrize("vector", VECTORS["typed"], ids=comment)
def test_typing_is_read_leniently(vector: dict[str, str]) -> None:
    """Case, spaces, dashes, line ends and look-alikes do not matter."""
    assert str(Share.parse(vector["typed"])) == vector["written"]


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=comment)
def test_wrong_texts_are_refused_with_their_reason(vector: dict[str, str]) -> None:
    """A mistyped share says in which line to look."""
    with pytest.raises(ShareError) as caught:
        Share.parse(vector["typed"])
    assert caught.value.reason == vector["reason"]


@pytest.mark.parametrize("vector", VECTORS["joining"], ids=comment)
def test_joining(vector: dict[str, Any]) -> None:
    """Shares that belong together join; others are refused, each for its reason."""
    given_shares = [Share.parse(text) for text in vector["shares"]]
    if vector["reason"] is None:
        assert shares.join(given_shares).hex() == vector["secret"]
        return
    with pytest.raises(ShareError) as caught:
        shares.join(given_shares)
    assert caught.value.reason == vector["reason"]


@given(any_share)
def test_reading_undoes_writing(share: Share) -> None:
    """Every share reads back the same from its paper."""
    assert Share.parse(str(share)) == share


@given(any_share, st.integers(0, 74), st.integers(1, 31))
def test_every_single_wrong_symbol_is_found_and_its_line_named(
    share: Share, place: int, shift: int
) -> None:
    """The check symbol of the line finds it."""
    typed = list(str(share).replace("-", "").replace("\n", ""))
    typed[place] = ALPHABET[(ALPHABET.index(typed[place]) + shift) % 32]
    with pytest.raises(ShareError, match=f"^line_{place // 25 + 1}$"):
        Share.parse("".join(typed))


@given(any_share, st.integers(0, 74), st.integers(0, 74))
def test_every_swap_of_two_symbols_is_found(share: Share, one: int, two: int) -> None:
    """Within a line by its check symbol, across lines by both."""
    typed = list(str(share).replace("-", "").replace("\n", ""))
    if typed[one] == typed[two]:
        return
    typed[one], typed[two] = typed[two], typed[one]
    with pytest.raises(ShareError):
        Share.parse("".join(typed))


@given(any_share)
def test_lines_in_any_other_order_are_refused(share: Share) -> None:
    """Each line knows its place."""
    lines = str(share).split("\n")
    for order in permutations(lines):
        if list(order) != lines:
            with pytest.raises(ShareError, match="line_"):
                Share.parse("\n".join(order))


@given(any_share)
def test_no_line_of_a_share_is_a_receipt_code(share: Share) -> None:
    """A share's line typed into the page for returning is refused before it goes anywhere."""
    for line in str(share).split("\n"):
        with pytest.raises(ReceiptError, match="check"):
            Receipt.parse(line)


@given(secrets, st.integers(1, 5), st.integers(0, 3), st.randoms(use_true_random=False))
def test_any_k_shares_join_to_the_secret(secret: bytes, k: int, more: int, shuffle: Any) -> None:
    """Whichever k come together, in whatever order, and more than k as well."""
    made = list(shares.split(secret, k, k + more))
    shuffle.shuffle(made)
    assert shares.join(made[:k]) == secret
    assert shares.join(made) == secret


@given(secrets, st.integers(1, 6))
def test_a_split_lies_on_one_polynomial_of_the_right_degree(secret: bytes, k: int) -> None:
    """Solved another way: the coefficients are the secret and the randomness that was given."""
    drawn: list[bytes] = []

    def random(size: int) -> bytes:
        drawn.append(hashlib.shake_256(bytes([len(drawn)]) + secret).digest(size))
        return drawn[-1]

    made = shares.split(secret, k, k + 2, random=random)
    assert [len(one) for one in drawn] == [8] + [32] * (k - 1)
    for place in (0, 31):
        points = [(share.index, share.value[place]) for share in made[-k:]]
        assert solved(points) == [secret[place], *(one[place] for one in drawn[1:])]


def test_one_share_less_says_nothing() -> None:
    """For 2 of n: over all randomness, each value of a share comes once, whatever the secret is."""
    for secret in (0, 1, 255):
        for x in (1, 2, 255):
            values = Counter(secret ^ shares.multiply(slope, x) for slope in range(256))
            assert values == Counter(range(256))


def test_two_shares_of_three_say_nothing() -> None:
    """For 3 of n: two shares fit every secret with exactly one polynomial each.

    Enumerated over the field's 16 elements that form a field of their own, 65 536 cases whole.
    """
    small = [value for value in range(256) if _fourth_power_of_two(value) == value]
    assert len(small) == 16
    for x, z in ((small[1], small[2]), (small[3], small[15])):
        for secret in small:
            seen: Counter[tuple[int, int]] = Counter()
            for a in small:
                for b in small:
                    seen[_at(secret, a, b, x), _at(secret, a, b, z)] += 1
            assert seen == Counter((one, two) for one in small for two in small)


def _at(secret: int, a: int, b: int, x: int) -> int:
    """The value of secret + a x + b x squared."""
    return secret ^ shares.multiply(shares.multiply(b, x) ^ a, x)


def _fourth_power_of_two(value: int) -> int:
    """The sixteenth power: those it leaves alone are the subfield of sixteen."""
    for _ in range(4):
        value = shares.multiply(value, value)
    return value


@pytest.mark.parametrize(("k", "n"), [(0, 1), (2, 1), (1, 256), (256, 256)])
def test_impossible_numbers_are_refused(k: int, n: int) -> None:
    """More needed than there are, or more than the field has places for."""
    with pytest.raises(ShareError, match="value"):
        shares.split(bytes(32), k, n)


@pytest.mark.parametrize(
    "wrong",
    [
        {"set_id": bytes(7)},
        {"value": bytes(31)},
        {"index": 0},
        {"index": 256},
        {"k": 0},
        {"k": 256},
    ],
)
def test_a_share_of_another_size_is_none(wrong: dict[str, Any]) -> None:
    """Sizes and numbers are checked wherever a share comes from; index 0 would be the secret."""
    with pytest.raises(ShareError, match="value"):
        Share(**{"set_id": bytes(8), "index": 1, "k": 2, "value": bytes(32), **wrong})
    with pytest.raises(ShareError, match="value"):
        shares.split(bytes(31), 1, 1)


def test_a_share_does_not_print_itself_by_accident() -> None:
    """A traceback or a log line never carries the share's value."""
    share = shares.split(bytes(range(32)), 2, 2)[0]
    assert share.value.hex() not in repr(share)
    assert str(share)[:5] not in repr(share)
