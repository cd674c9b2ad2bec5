"""Sealing and opening: laws, limits, and everything that must be refused."""

import io
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whistle.crypto import age
from whistle.crypto.age import PrivateKey, PublicKey, Sealer, armor, encoding
from whistle.crypto.age.encoding import bech32_decode, bech32_encode
from whistle.crypto.age.stream import plaintext_size
from whistle.crypto.age.x25519 import ClassicPrivateKey
from whistle.errors import NotForMeError, SealError

ANNA = PrivateKey.from_seed(bytes(range(32)))
BO = PrivateKey.from_seed(bytes(32))
CHUNK = 64 * 1024
EDGES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1)


@pytest.mark.parametrize("size", EDGES)
def test_opening_undoes_sealing_at_every_edge(size: int) -> None:
    """Each recipient opens what was sealed, whatever its length."""
    plaintext = bytes(size)
    sealed = age.seal(plaintext, [ANNA.public_key, BO.public_key])
    assert age.open_sealed(sealed, [ANNA]) == plaintext
    assert age.open_sealed(sealed, [BO]) == plaintext
    assert age.shape(sealed).plaintext_size == size


@given(st.binary(max_size=300_000), st.lists(st.integers(0, 100_000)))
@settings(max_examples=20)
def test_pieces_do_not_matter(plaintext: bytes, cuts: list[int]) -> None:
    """However the plaintext comes in, it comes out whole."""
    sealer = Sealer([ANNA.public_key])
    sealed = sealer.header
    for cut in cuts:
        sealed += sealer.update(plaintext[:cut])
        plaintext = plaintext[cut:]
    sealed += sealer.update(plaintext) + sealer.finish()
    opened = age.open_sealed(sealed, [ANNA])
    assert opened.endswith(plaintext)
    assert len(opened) == age.shape(sealed).plaintext_size


@given(st.integers(0, 12_999), st.integers(0, 7))
@settings(max_examples=60)
def test_no_changed_bit_opens(place: int, bit: int) -> None:
    """Wherever one bit is turned, nothing comes out."""
    sealed = bytearray(age.seal(bytes(10_000), [ANNA.public_key], random=bytes))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(SealError):
        age.open_sealed(bytes(sealed), [ANNA])


@given(st.integers(1, CHUNK + 2000))
@settings(max_examples=40)
def test_nothing_cut_off_opens(cut: int) -> None:
    """A file that lost its end is refused, wherever it was cut."""
    sealed = age.seal(bytes(CHUNK), [ANNA.public_key])
    with pytest.raises(SealError):
        age.open_sealed(sealed[: max(0, len(sealed) - cut)], [ANNA])


def test_another_key_does_not_open() -> None:
    """Whole, but not for this key, is an answer of its own."""
    with pytest.raises(NotForMeError, match="no_match"):
        age.open_sealed(age.seal(b"x", [ANNA.public_key]), [BO])


def test_sealing_to_nobody_is_refused() -> None:
    """What nobody could open is never made."""
    with pytest.raises(SealError, match="no_keys"):
        age.seal(b"x", [])


def test_a_large_file_takes_little_memory() -> None:
    """64 MiB are sealed and opened in a few hundred KiB."""
    piece, count = bytes(256 * 1024), 256

    def sealed() -> Iterator[bytes]:
        sealer = Sealer([ANNA.public_key])
        yield sealer.header
        for _ in range(count):
            yield sealer.update(piece)
        yield sealer.finish()

    tracemalloc.start()
    try:
        file = io.BufferedReader(_Pipe(sealed()))
        opened = sum(len(part) for part in age.open_stream(file, [ANNA]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert opened == len(piece) * count
    assert peak < 4 * 1024 * 1024


class _Pipe(io.RawIOBase):
    """A file over an iterator: what is written is read at once, nothing is kept."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._held = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read at most as much as the buffer holds; 0 at the end."""
        while not self._held:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._held = part
        taken, self._held = self._held[: len(buffer)], self._held[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


@pytest.mark.parametrize("passphrase", ["six words of a list", "åäö 🔑", ""])
def test_a_passphrase_opens_its_own_file_only(passphrase: str) -> None:
    """The right passphrase opens; another, or a key, does not."""
    sealed = age.seal_with_passphrase(b"secret", passphrase, log_n=4)
    assert age.open_with_passphrase(sealed, passphrase) == b"secret"
    with pytest.raises(NotForMeError):
        age.open_with_passphrase(sealed, passphrase + "x")
    with pytest.raises(NotForMeError):
        age.open_sealed(sealed, [ANNA])
    with pytest.raises(NotForMeError):
        age.open_with_passphrase(age.seal(b"x", [ANNA.public_key]), passphrase)


def test_a_passphrase_that_asks_for_too_much_work_is_refused() -> None:
    """A hostile file cannot make a reader compute for minutes."""
    sealed = age.seal_with_passphrase(b"secret", "x", log_n=5)
    with pytest.raises(SealError, match="header"):
        age.open_with_passphrase(sealed, "x", max_log_n=4)


def test_a_header_over_128_kib_is_refused() -> None:
    """Eighty-four recipients fit; a hundred are refused before any key is touched."""
    assert len(age.shape(age.seal(b"x", [ANNA.public_key] * 80)).stanza_types) == 80
    with pytest.raises(SealError, match="header"):
        age.shape(age.seal(b"x", [ANNA.public_key] * 100))


@pytest.mark.parametrize("size", [-1, 0, 15, CHUNK + 16 + 1, CHUNK + 16 + 15, CHUNK + 16 + 16])
def test_sizes_that_no_plaintext_has_are_refused(size: int) -> None:
    """The size of a payload tells whether it can be whole at all."""
    with pytest.raises(SealError, match="size"):
        plaintext_size(size)


def test_public_keys_are_written_and_read() -> None:
    """One text, one key; equal keys are equal."""
    key = ANNA.public_key
    assert str(key).startswith("age1pq1")
    assert len(str(key)) == 1959
    assert PublicKey.parse(str(key)) == key == PublicKey.from_bytes(bytes(key))
    assert len({key, PublicKey.parse(str(key))}) == 1


def test_private_keys_are_written_and_read() -> None:
    """Seed, text and key are one."""
    assert str(ANNA).startswith("AGE-SECRET-KEY-PQ-1")
    assert len(str(ANNA)) == 77
    assert PrivateKey.parse(str(ANNA)) == ANNA
    assert PrivateKey.generate(lambda size: bytes(range(size))) == ANNA


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1pq1",
        str(ANNA),
        str(ANNA.public_key).upper(),
        str(ANNA.public_key)[:-1],
        str(ANNA.public_key).replace("age1pq1", "age1"),
        bech32_encode("age1pq", bytes(1215)),
        bech32_encode("age1pq", b"\xff" * 1216),
        bech32_encode("age1pq", ANNA.public_key.raw[:1184] + bytes(32)),
        bech32_encode("age", bytes(32)),
    ],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    """Also keys to which sealing would fail, or of which one half is worth nothing."""
    with pytest.raises(SealError, match="public_key"):
        PublicKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        str(ANNA).lower(),
        str(ANNA)[:-1],
        str(ANNA.public_key),
        bech32_encode("age-secret-key-pq-", bytes(31)).upper(),
        bech32_encode("age-secret-key-", bytes(32)).upper(),
    ],
)
def test_what_is_no_private_key_is_refused(text: str) -> None:
    """Only a post-quantum key in its one spelling."""
    with pytest.raises(SealError, match="private_key"):
        PrivateKey.parse(text)


@given(st.binary(max_size=100))
def test_bech32_decoding_undoes_encoding(data: bytes) -> None:
    """Any bytes come back, in either case."""
    text = bech32_encode("age", data)
    assert bech32_decode(text) == ("age", data)
    assert bech32_decode(text.upper()) == ("AGE", data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "a1",
        "age1",
        "aGe1qqqqqqqq",
        "a ge1qqqqqqqqq",
        "age1bqqqqqq",
        "qqqqqqqq",
        "age1zzzzzz",
    ],
)
def test_what_is_no_bech32_is_refused(text: str) -> None:
    """Mixed case, foreign symbols and wrong checksums are refused."""
    with pytest.raises(ValueError, match=r"."):
        bech32_decode(text)


def test_bits_left_over_in_bech32_are_refused() -> None:
    """Two spellings of the same bytes are one too many."""
    good = bech32_encode("a", b"\0\0")
    assert bech32_decode(good) == ("a", b"\0\0")
    wrong = "a1" + "qqql" + _checksum("a", [0, 0, 0, 31])
    with pytest.raises(ValueError, match="left over"):
        bech32_decode(wrong)
    too_many = "a1" + "qqqqqq" + _checksum("a", [0] * 6)
    with pytest.raises(ValueError, match="left over"):
        bech32_decode(too_many)


def _checksum(prefix: str, values: list[int]) -> str:
    residue = encoding._polymod([*encoding._expand(prefix), *values, *([0] * 6)]) ^ 1
    return "".join(encoding._BECH32_SYMBOLS[residue >> 5 * (5 - i) & 31] for i in range(6))


@given(st.binary(max_size=500))
def test_armour_comes_off_again(data: bytes) -> None:
    """Any file but the empty one goes through text unharmed."""
    text = armor.encode(data)
    assert armor.is_armored(text)
    assert armor.decode(b"\n" + text.replace(b"\n", b"\r\n")) == data


@pytest.mark.parametrize(
    "text", ["", str(ANNA), bech32_encode("age-secret-key-", bytes(31)).upper()]
)
def test_what_is_no_classic_key_is_refused(text: str) -> None:
    """The classic private key has its own form, and does not print itself."""
    with pytest.raises(SealError, match="private_key"):
        ClassicPrivateKey.parse(text)
    classic = ClassicPrivateKey.parse(bech32_encode("age-secret-key-", bytes(32)).upper())
    assert repr(classic) == "ClassicPrivateKey(…)"
