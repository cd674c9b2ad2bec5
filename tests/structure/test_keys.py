"""No private key lies in `keys/`, or anywhere in the repository but in public test material."""

import base64
import re
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
PRIVATE = re.compile(rb"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----")
MARK = b"AGE-SECRET-KEY-"
# The mark as it looks within base64, for each of the three ways it can fall into groups.
IN_BASE64 = [base64.b64encode(bytes(shift) + MARK)[4 * bool(shift) :][:16] for shift in range(3)]

# Files that hold private keys on purpose, and why.
PUBLIC_TEST_MATERIAL = {
    "tests/vectors/cctv/vectors.json": "the public test kit of the age format",
    "tests/js/age.test.mjs": "one key of that kit, written out",
    "tests/vectors/receipt.json": "derived from receipt codes that are published there",
    "tests/vectors/handler.json": "a made-up handler, so that other clients can derive the same",
    "tests/vectors/passkey.json": "derived from secrets that are published there",
    "tests/vectors/filing.json": "made-up readers, so that other clients can open the filings",
    "tests/vectors/thread.json": "made-up case keys, so that other clients can open the threads",
}


def private_keys(content: bytes) -> list[bytes]:
    """Return what looks like a private key in a file."""
    return PRIVATE.findall(content) + [mark for mark in IN_BASE64 if mark in content]


def tracked() -> list[Path]:
    """Return every file that git keeps, or would."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True)
    names = done.stdout.decode().split("\0")
    return [path for name in names if name and (path := CHECKOUT / name).is_file()]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"AGE-SECRET-KEY-1" + b"Q" * 58, True),
        (b'{"key": "AGE-SECRET-KEY-PQ-1' + b"Q" * 58 + b'"}', True),
        (b"-----BEGIN OPENSSH PRIVATE" + b" KEY-----\nb3BlbnNzaC1rZXktdjE", True),
        (b"-----BEGIN PRIVATE" + b" KEY-----", True),
        (b"-----BEGIN RSA PRIVATE" + b" KEY-----", True),
        (base64.b64encode(b"AGE-SECRET-KEY-PQ-1" + b"Q" * 58), True),
        (base64.b64encode(b"xAGE-SECRET-KEY-PQ-1" + b"Q" * 58), True),
        (base64.b64encode(b"xyAGE-SECRET-KEY-PQ-1" + b"Q" * 58), True),
        (b"a key begins with AGE-SECRET-KEY-PQ-1\xe2\x80\xa6", False),
        (b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFI/X whistle-root", False),
        (b"age1pq1qqqq", False),
        (b"-----BEGIN PUBLIC KEY-----", False),
    ],
)
def test_the_checker_knows_a_private_key(content: bytes, found: bool) -> None:  # noqa: FBT001  # a case of the test
    """First the checker itself, on examples that are known."""
    assert bool(private_keys(content)) is found


def test_no_private_key_is_kept() -> None:
    """Every file of the repository is free of private keys, but for the listed test material."""
    found = {
        path.relative_to(CHECKOUT).as_posix()
        for path in tracked()
        if private_keys(path.read_bytes())
    }
    assert found - set(PUBLIC_TEST_MATERIAL) == set()


@pytest.mark.parametrize("name", PUBLIC_TEST_MATERIAL)
def test_each_exception_is_needed(name: str) -> None:
    """An exception that nothing needs any more is taken off the list."""
    assert private_keys((CHECKOUT / name).read_bytes())


def test_the_keys_folder_holds_public_keys_only() -> None:
    """Its page, the root's public key, keyrings and signatures; nothing else."""
    allowed = re.compile(r"README\.md|root\.pub|keyring-[0-9]{4,}\.json(\.sig|\.cosig)?")
    names = [path.name for path in (CHECKOUT / "keys").iterdir()]
    assert [name for name in names if not allowed.fullmatch(name)] == []
    for path in (CHECKOUT / "keys").iterdir():
        assert not private_keys(path.read_bytes())
