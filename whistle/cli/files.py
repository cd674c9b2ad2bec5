"""Files that the command line writes: new ones only, and secrets for their owner's eyes only."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from io import UnsupportedOperation
from pathlib import Path


def write_new(path: Path, parts: Iterable[bytes], *, secret: bool = False) -> None:
    """Write a file that is not there yet; a secret one with mode 0600. Nothing half-written stays.

    Raises:
        FileExistsError: there is a file of that name; it is left as it is.
    """
    mode = 0o600 if secret else 0o644
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
        try:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        except BaseException as error:
            path.unlink()
            if isinstance(error, OSError):
                error.filename = error.filename or str(path)
            raise


def write_out(parts: Iterable[bytes]) -> None:
    """Write to standard output, to the last byte.

    Raises:
        OSError: it could not be written whole; `filename` says in words what that was.
    """
    for part in parts:
        _to_output(part)
    _to_output(b"")


def _to_output(part: bytes) -> None:
    try:
        sys.stdout.buffer.write(part)
        if not part:
            sys.stdout.buffer.flush()
    except OSError as error:
        # What is left in the buffer would fail once more, unasked, when the program ends.
        with suppress(UnsupportedOperation), open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        error.filename = error.filename or "Standard output could not be written"
        raise
