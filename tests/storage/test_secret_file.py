"""The server's own secrets: drawn once, the same for every process, nobody else's to read."""

import os
import stat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from whistle.errors import ConfigError
from whistle.storage.secret_file import read_or_make


def test_a_secret_is_drawn_once(tmp_path: Path) -> None:
    """And read after that."""
    path = tmp_path / "secret"
    first = read_or_make(path)
    assert len(first) == 32
    assert read_or_make(path) == first
    assert read_or_make(tmp_path / "other") != first


def test_randomness_is_an_argument(tmp_path: Path) -> None:
    """A test can know the secret."""
    assert read_or_make(tmp_path / "secret", random=lambda count: b"r" * count) == b"r" * 32


def test_only_the_servers_user_may_read_it(tmp_path: Path) -> None:
    """Whatever the mask is, and nothing else is left in the folder."""
    before = os.umask(0)
    try:
        read_or_make(tmp_path / "secret")
    finally:
        os.umask(before)
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_file_of_another_size_is_refused(tmp_path: Path, size: int) -> None:
    """Half a secret is never used, and never replaced: what was signed with it would not verify."""
    path = tmp_path / "secret"
    path.write_bytes(bytes(size))
    with pytest.raises(ConfigError, match="secret does not hold 32 bytes"):
        read_or_make(path)
    assert path.read_bytes() == bytes(size)


def test_a_faster_process_decides(tmp_path: Path) -> None:
    """The slower one takes the secret that is there, and its own is gone."""
    path = tmp_path / "secret"

    def other_first(count: int) -> bytes:
        path.write_bytes(b"f" * count)
        return b"s" * count

    assert read_or_make(path, random=other_first) == b"f" * 32
    assert list(tmp_path.iterdir()) == [path]


def test_a_draft_left_by_a_crash_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Process numbers come again, in a container always."""
    monkeypatch.setattr(os, "getpid", lambda: 1)
    (tmp_path / "secret.1").write_bytes(b"")
    assert len(read_or_make(tmp_path / "secret")) == 32


def _read(path: str, answers: Any) -> None:
    answers.put(read_or_make(Path(path)))


def test_processes_that_start_together_have_one_secret(tmp_path: Path) -> None:
    """Each of several reads the same bytes."""
    context = get_context("spawn")
    answers = context.Queue()
    arguments = (str(tmp_path / "secret"), answers)
    processes = [context.Process(target=_read, args=arguments) for _ in range(4)]
    for one in processes:
        one.start()
    secrets = {answers.get(timeout=60) for _ in processes}
    for one in processes:
        one.join()
    assert len(secrets) == 1
