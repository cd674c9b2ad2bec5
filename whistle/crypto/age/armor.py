"""ASCII armour: an age file as text, PEM with the label `AGE ENCRYPTED FILE` (strict RFC 7468)."""

import base64

from whistle.errors import SealError

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64


def is_armored(file: bytes) -> bool:
    """Say whether *file*, or its beginning, is armoured."""
    return file.lstrip().startswith(_BEGIN)


def encode(file: bytes) -> bytes:
    """Return *file* in armour."""
    body = base64.b64encode(file)
    lines = [body[i : i + _COLUMNS] for i in range(0, len(body), _COLUMNS)]
    return b"".join(line + b"\n" for line in [_BEGIN, *lines, _END])


def decode(text: bytes) -> bytes:
    r"""Return the bytes within an armour; white space may stand before and after it.

    Raises:
        SealError: reason `armor`.
    """
    lines = text.strip().replace(b"\r\n", b"\n").split(b"\n")
    body = lines[1:-1]
    if len(lines) < 2 or lines[0] != _BEGIN or lines[-1] != _END:
        raise SealError("armor")
    if any(len(line) != _COLUMNS for line in body[:-1]) or (body and len(body[-1]) > _COLUMNS):
        raise SealError("armor")
    try:
        data = base64.b64decode(b"".join(body), validate=True)
    except ValueError as error:
        raise SealError("armor") from error
    if base64.b64encode(data) != b"".join(body) or b"" in body:
        raise SealError("armor")
    return data
