"""Shapes: what the server may know of sealed bytes, and what it refuses by that alone."""

import pytest

from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.padding import ENTRY_SIZES
from whistle.errors import FilingError
from whistle.services import shapes


def sealed(size: int, stanzas: int = 1) -> bytes:
    """So many bytes sealed to so many fresh keys."""
    return age.seal(bytes(size), [PrivateKey.generate().public_key for _ in range(stanzas)])


CLASSIC = (
    b"age-encryption.org/v1\n-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n--- " + b"A" * 43
) + b"\n"


@pytest.mark.parametrize("size", ENTRY_SIZES)
def test_an_entry_has_one_stanza_and_one_of_four_sizes(size: int) -> None:
    """Each of the four passes."""
    shapes.check_entry(sealed(size))


@pytest.mark.parametrize(
    "wrong",
    [b"", b"plain", sealed(4096, 2), sealed(4095), sealed(5000), CLASSIC + bytes(4128)],
    ids=["empty", "plain", "two stanzas", "a byte less", "another size", "classic"],
)
def test_any_other_shape_is_no_entry(wrong: bytes) -> None:
    """Whatever is inside."""
    with pytest.raises(FilingError, match="entry"):
        shapes.check_entry(wrong)


def test_keys_are_few_and_sealed_to_few() -> None:
    """At most so many readers, at most 2 KiB."""
    shapes.check_keys(sealed(2048, 3), stanzas_max=3)
    for wrong in (sealed(2049), sealed(78, 4), b"plain", CLASSIC + bytes(200)):
        with pytest.raises(FilingError, match="case_age"):
            shapes.check_keys(wrong, stanzas_max=3)


def test_what_is_sealed_again_has_exactly_its_shape() -> None:
    """So many keys to so many readers."""
    two = sealed(2 * shapes.KEY_LINE_BYTES, 4)
    shapes.check_resealed(two, stanzas=4, keys=2)
    assert shapes.count_keys(two) == 2
    with pytest.raises(FilingError, match="case_age"):
        shapes.check_resealed(two, stanzas=4, keys=1)
    with pytest.raises(FilingError, match="stanzas"):
        shapes.check_resealed(two, stanzas=5, keys=2)


def test_a_private_keys_line_is_as_long_as_it_is_said_to_be() -> None:
    """The number by which keys are counted."""
    assert len(f"{PrivateKey.generate()}\n") == shapes.KEY_LINE_BYTES
