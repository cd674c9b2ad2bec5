"""What the server may know of sealed bytes: their shape. Nothing else is kept (protocol section 3).

Rules: post-quantum stanzas only; an entry has exactly one, and one of four sizes; a case's keys
have as many stanzas as there are readers, and at most 2 KiB inside.
"""

from whistle.crypto import age
from whistle.crypto.filing import CASE_PLAINTEXT_BYTES_MAX
from whistle.crypto.padding import ENTRY_SIZES
from whistle.errors import FilingError, SealError

KEY_LINE_BYTES = 78
"""A private key as text, with the end of its line."""


def check_entry(sealed: bytes) -> None:
    """Refuse what is not one sealed entry.

    Raises:
        FilingError: `entry`.
    """
    shape = _shape(sealed, "entry")
    if len(shape.stanza_types) != 1 or shape.plaintext_size not in ENTRY_SIZES:
        raise FilingError("entry")


def check_keys(sealed: bytes, *, stanzas_max: int) -> None:
    """Refuse what is not a case's private keys sealed to at most so many handlers.

    Raises:
        FilingError: `case_age`.
    """
    shape = _shape(sealed, "case_age")
    if shape.plaintext_size > CASE_PLAINTEXT_BYTES_MAX or len(shape.stanza_types) > stanzas_max:
        raise FilingError("case_age")


def check_resealed(sealed: bytes, *, stanzas: int, keys: int) -> None:
    """Refuse what is not exactly so many private keys sealed to exactly so many.

    Raises:
        FilingError: `case_age`, or `stanzas`.
    """
    shape = _shape(sealed, "case_age")
    if shape.plaintext_size != keys * KEY_LINE_BYTES:
        raise FilingError("case_age")
    if len(shape.stanza_types) != stanzas:
        raise FilingError("stanzas")


def count_keys(sealed: bytes) -> int:
    """How many private keys are sealed in a file that was kept before."""
    return _shape(sealed, "case_age").plaintext_size // KEY_LINE_BYTES


def _shape(sealed: bytes, reason: str) -> age.Shape:
    try:
        shape = age.shape(sealed)
    except SealError as error:
        raise FilingError(reason) from error
    if set(shape.stanza_types) != {age.KIND}:
        raise FilingError(reason)
    return shape
