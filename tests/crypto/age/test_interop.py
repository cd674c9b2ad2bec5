"""Python and the browser's library open what the other sealed, and take the same room for it."""

import base64
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.js.node import NODE
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.age.file import decrypt
from whistle.crypto.age.x25519 import ClassicPrivateKey

SCRIPT = Path(__file__).with_name("interop.mjs")
KEYS = [PrivateKey.from_seed(bytes([number]) * 32) for number in range(10)]
CASES = [(size, count) for size in (0, 1, 65535, 65536, 65537) for count in (1, 3, 10)]
CASES.append((1_000_000, 3))
PASSPHRASE = "åtta ord som ingen annan vet om 🔑"


def node(jobs: list[dict[str, Any]]) -> list[Any]:
    """Return the answers of the browser's library, run in node."""
    done = subprocess.run(
        [NODE, SCRIPT], input=json.dumps(jobs), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert len(answers) == len(jobs)
    return list(answers)


def b64(data: bytes) -> str:
    """Return bytes in base64."""
    return base64.b64encode(data).decode()


def test_the_browser_opens_what_python_seals() -> None:
    """Every recipient, at every edge of size, and a passphrase."""
    jobs, sizes = [], []
    for size, count in CASES:
        sealed = b64(age.seal(bytes(size), [key.public_key for key in KEYS[:count]]))
        for key in {KEYS[0], KEYS[count - 1]}:
            jobs.append({"action": "open", "sealed": sealed, "identity": str(key)})
            sizes.append(size)
    for size in (0, 78):
        sealed = b64(age.seal_with_passphrase(bytes(size), PASSPHRASE, log_n=4))
        jobs.append({"action": "open", "sealed": sealed, "passphrase": PASSPHRASE})
        sizes.append(size)
    assert node(jobs) == [{"size": size, "zeros": True} for size in sizes]


def test_python_opens_what_the_browser_seals() -> None:
    """Every recipient, at every edge of size, and a passphrase; sizes equal byte for byte."""
    jobs: list[dict[str, Any]] = [
        {
            "action": "seal",
            "size": size,
            "recipients": [str(key.public_key) for key in KEYS[:count]],
        }
        for size, count in CASES
    ]
    phrases = [{"action": "seal", "size": size, "passphrase": PASSPHRASE} for size in (0, 78)]
    answers = [base64.b64decode(answer) for answer in node([*jobs, *phrases])]
    for (size, count), sealed in zip(CASES, answers, strict=False):
        for key in KEYS[:count]:
            assert age.open_sealed(sealed, [key]) == bytes(size)
        assert len(sealed) == len(age.seal(bytes(size), [key.public_key for key in KEYS[:count]]))
    assert age.open_with_passphrase(answers[-2], PASSPHRASE) == b""
    assert age.open_with_passphrase(answers[-1], PASSPHRASE) == bytes(78)


@pytest.mark.skipif(shutil.which("age") is None, reason="no age on this machine")
@pytest.mark.parametrize("size", [0, 1, 65536, 65537])
def test_we_open_what_the_common_age_seals(tmp_path: Path, size: int) -> None:
    """A classic file of the common command-line tool opens with a classic key."""
    subprocess.run(["age-keygen", "-o", tmp_path / "key"], check=True, capture_output=True)
    comment, *_, private = (tmp_path / "key").read_text().splitlines()[1:]
    done = subprocess.run(
        ["age", "-r", comment.split(": ")[1]], input=bytes(size), capture_output=True, check=True
    )
    (tmp_path / "file").write_bytes(done.stdout)
    with (tmp_path / "file").open("rb") as file:
        assert b"".join(decrypt(file, [ClassicPrivateKey.parse(private)])) == bytes(size)
