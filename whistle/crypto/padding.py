"""Sizes that say little: entries take one of four, attachments one of Padmé's.

Sizes are those of the whole plaintext container. The true length stands inside, sealed.
"""

from whistle.errors import TooLargeError

ENTRY_SIZES = (4 * 1024, 16 * 1024, 64 * 1024, 256 * 1024)
PADME_FLOOR_BYTES = 4 * 1024


def entry_size(size: int) -> int:
    """Return the pad size of an entry whose container holds *size* bytes (protocol section 3).

    Raises:
        TooLargeError: reason `entry`: over 256 KiB.
    """
    for pad in ENTRY_SIZES:
        if size <= pad:
            return pad
    raise TooLargeError("entry")


def padme(size: int) -> int:
    """Return Padmé's size for *size* bytes, at least 4 KiB: at most 6.2 % more above that.

    The size keeps as many leading bits as its length's length has, so that only the rough
    magnitude shows ("Reducing Metadata Leakage from Encrypted Files", PETS 2019, section 4).
    """
    if size <= PADME_FLOOR_BYTES:
        return PADME_FLOOR_BYTES
    exponent = size.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return size + mask & ~mask
