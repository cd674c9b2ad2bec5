"""Secrets of the server itself: random bytes in files that only the server's user may read."""

import os
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from whistle.errors import ConfigError

SECRET_BYTES = 32


def read_or_make(path: Path, *, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """The 32 bytes in the file; they are drawn and kept if it is not there yet.

    Several processes may start at once: the first to finish decides, the others read its file.

    Raises:
        ConfigError: the file does not hold 32 bytes.
    """
    if not path.exists():
        _make(path, random(SECRET_BYTES))
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES:
        raise ConfigError(f"{path.name} does not hold {SECRET_BYTES} bytes")
    return secret


def _make(path: Path, secret: bytes) -> None:
    # A name of its own each time: a draft left by a crash must not stop the next start.
    draft = path.with_name(f"{path.name}.{token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # fails, rather than replaces, if another process was faster
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is on the disk before anything is signed with the secret
    finally:
        os.close(folder)
