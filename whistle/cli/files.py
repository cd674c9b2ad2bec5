"""Files that the command line writes: new ones only, and secrets for their owner's eyes only."""

import os
from collections.abc import Iterable
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
        except BaseException:
            path.unlink()
            raise
