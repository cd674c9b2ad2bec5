"""`whistle open` on real pipes and devices, where nothing can be read twice."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.vectors.making import cast
from whistle.cli.sealing import _without_armor
from whistle.crypto import age
from whistle.crypto.age import armor, seal

ANNA = cast.PEOPLE["anna"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with Anna's private key."""
    (tmp_path / "anna.key").write_text(f"{ANNA}\n")
    return tmp_path


WHISTLE = (sys.executable, "-c", "from whistle.cli import main; main()")


def _through_a_pipe(sealed: bytes, *arguments: object, **more: Any) -> CompletedProcess[bytes]:
    """Run `whistle open` with a real pipe as its standard input."""
    return subprocess.run(
        [*WHISTLE, "open", *map(str, arguments)],
        input=sealed, stderr=subprocess.PIPE, check=False, **more,
    )  # fmt: skip


@pytest.mark.parametrize("worn", [bytes, armor.encode])
def test_opening_from_a_pipe(folder: Path, worn: Callable[[bytes], bytes]) -> None:
    """What cannot be read twice opens as well, armoured or not, to the output and to a file."""
    letter = bytes(range(256)) * 1000
    sealed = worn(seal(letter, [ANNA.public_key]))
    shown = _through_a_pipe(sealed, "--key", folder / "anna.key", stdout=subprocess.PIPE)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout == letter
    kept = _through_a_pipe(sealed, "--key", folder / "anna.key", "-o", folder / "back")
    assert (kept.returncode, kept.stderr) == (0, b"")
    assert (folder / "back").read_bytes() == letter


def test_a_pipe_is_opened_piece_by_piece() -> None:
    """What was read to look for an armour comes first, and no more is read than was asked for."""
    asked: list[int] = []

    class Pipe(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size or 0)
            return super().read(size)

        def seek(self, *_where: int) -> int:
            raise io.UnsupportedOperation

    letter = bytes(3_000_000)
    pieces = list(age.open_stream(_without_armor(Pipe(seal(letter, [ANNA.public_key]))), [ANNA]))
    assert b"".join(pieces) == letter
    assert min(asked) > 0
    assert max(asked) < 200_000


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_an_output_that_is_full_is_named(folder: Path) -> None:
    """In words, once, and with an exit code that says so."""
    sealed = seal(b"x" * 100, [ANNA.public_key])
    with Path("/dev/full").open("wb") as full:
        ended = _through_a_pipe(sealed, "--key", folder / "anna.key", stdout=full)
    assert ended.returncode == 1
    assert ended.stderr == (
        b"Error: Standard output could not be written: No space left on device\n"
    )
