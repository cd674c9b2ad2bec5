"""The two text codings of age: canonical base64 without padding, and Bech32 without a length limit.

Both refuse everything that another spelling of the same bytes could be (age format, "Conventions";
BIP 173). They raise `ValueError`; the callers turn it into the error of what they were reading.
"""

import base64

_BECH32_SYMBOLS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def base64_encode(data: bytes) -> str:
    """Return *data* in standard base64 without padding."""
    return base64.b64encode(data).decode("ascii").rstrip("=")


def base64_decode(text: str) -> bytes:
    """Return the bytes of canonical base64 without padding.

    Raises:
        ValueError: a foreign character, padding, or bits left over that are not zero.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise ValueError("not base64") from error
    if base64_encode(data) != text:
        raise ValueError("not canonical base64")
    return data


def bech32_encode(prefix: str, data: bytes) -> str:
    """Return *data* in lower-case Bech32 after the lower-case *prefix*."""
    values = _regroup(data, 8, 5, pad=True)
    residue = _polymod([*_expand(prefix), *values, *([0] * 6)]) ^ 1
    check = [(residue >> 5 * (5 - i)) & 31 for i in range(6)]
    return prefix + "1" + "".join(_BECH32_SYMBOLS[v] for v in [*values, *check])


def bech32_decode(text: str) -> tuple[str, bytes]:
    """Return the prefix, in the case it was written in, and the bytes of a Bech32 string.

    Raises:
        ValueError: mixed case, a foreign symbol, a wrong checksum, or bits left over.
    """
    if text not in (text.lower(), text.upper()):
        raise ValueError("mixed case")
    prefix, separator, symbols = text.rpartition("1")
    if not separator or not prefix or len(symbols) < 6:
        raise ValueError("no separator")
    if any(not 33 <= ord(c) <= 126 for c in prefix):
        raise ValueError("foreign character in the prefix")
    values = [_BECH32_SYMBOLS.find(c) for c in symbols.lower()]
    if -1 in values:
        raise ValueError("foreign symbol")
    if _polymod([*_expand(prefix.lower()), *values]) != 1:
        raise ValueError("wrong checksum")
    return prefix, bytes(_regroup(values[:-6], 5, 8, pad=False))


def _expand(prefix: str) -> list[int]:
    """Return the prefix as the checksum reads it (BIP 173)."""
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _polymod(values: list[int]) -> int:
    """Return the Bech32 checksum's residue (BIP 173)."""
    residue = 1
    for value in values:
        top = residue >> 25
        residue = (residue & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATORS):
            if top >> bit & 1:
                residue ^= generator
    return residue


def _regroup(values: bytes | list[int], width: int, new_width: int, *, pad: bool) -> list[int]:
    """Return the same bits in groups of another width."""
    bits = held = 0
    groups = []
    for value in values:
        bits = bits << width | value
        held += width
        while held >= new_width:
            held -= new_width
            groups.append(bits >> held & ((1 << new_width) - 1))
        bits &= (1 << held) - 1
    if pad:
        if held:
            groups.append(bits << (new_width - held) & ((1 << new_width) - 1))
    elif held >= width or bits:
        raise ValueError("bits left over")
    return groups
