"""OpenSSH signatures: the shared vectors, and the real ssh-keygen both ways."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.crypto.vectors import comment, load
from whistle.crypto import sshsig
from whistle.crypto.signing import SigningKey
from whistle.errors import SignatureError

NAMESPACE = "whistle-keyring-v1"
KEY = SigningKey.from_seed(bytes(range(32)))
MESSAGE = b'{"v":1}'


@pytest.mark.parametrize("vector", load("sshsig"), ids=comment)
def test_vector(vector: dict[str, Any]) -> None:
    """Each signature is accepted, or refused for its reason."""
    public = sshsig.parse_public_line(vector["public"])
    message, armored = bytes.fromhex(vector["message"]), vector["signature"]
    if vector["reason"] is None:
        sshsig.verify(public, vector["namespace"], message, armored)
    else:
        with pytest.raises(SignatureError) as caught:
            sshsig.verify(public, vector["namespace"], message, armored)
        assert caught.value.reason == vector["reason"]


def test_ssh_keygen_verifies_what_we_sign(tmp_path: Path) -> None:
    """Whoever distrusts Whistle checks its signatures with a tool of the system."""
    (tmp_path / "allowed").write_text(f"root {sshsig.public_line(KEY.public)}\n")
    (tmp_path / "sig").write_text(sshsig.sign(KEY, NAMESPACE, MESSAGE))
    command = ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "root", "-n", NAMESPACE]
    done = subprocess.run(
        [*command, "-s", "sig"], input=MESSAGE, cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    wrong = subprocess.run(
        [*command, "-s", "sig"], input=b"{}", cwd=tmp_path, capture_output=True, check=False
    )
    assert wrong.returncode != 0


def test_we_verify_what_ssh_keygen_signs(tmp_path: Path) -> None:
    """The root key never needs to meet Whistle."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "org root", "-f", "root"],
        cwd=tmp_path,
        check=True,
    )
    (tmp_path / "file").write_bytes(MESSAGE)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", "root", "-n", NAMESPACE, "file"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    public = sshsig.parse_public_line((tmp_path / "root.pub").read_text())
    armored = (tmp_path / "file.sig").read_text()
    sshsig.verify(public, NAMESPACE, MESSAGE, armored)
    key = sshsig.read_private_openssh((tmp_path / "root").read_text())
    assert key.public == public
    assert sshsig.sign(key, NAMESPACE, MESSAGE) == armored


def test_ssh_keygen_reads_the_private_key_that_we_write(tmp_path: Path) -> None:
    """A root key made by `whistle keys root` is an ordinary OpenSSH key."""
    path = tmp_path / "root"
    path.touch(mode=0o600)
    path.write_text(sshsig.private_openssh(KEY))
    shown = subprocess.run(
        ["ssh-keygen", "-y", "-f", path], capture_output=True, check=True, text=True
    )
    assert sshsig.parse_public_line(shown.stdout) == KEY.public


def test_a_key_under_a_passphrase_needs_it(tmp_path: Path) -> None:
    """An encrypted key file is refused with a reason of its own, never read as broken."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", tmp_path / "root"], check=True
    )
    text = (tmp_path / "root").read_text()
    with pytest.raises(SignatureError, match="passphrase"):
        sshsig.read_private_openssh(text)
    with pytest.raises(SignatureError, match="passphrase"):
        sshsig.read_private_openssh(text, "wrong")


def test_other_keys_are_refused(tmp_path: Path) -> None:
    """Only Ed25519 keys sign keyrings."""
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", tmp_path / "other"], check=True
    )
    with pytest.raises(SignatureError, match="key"):
        sshsig.parse_public_line((tmp_path / "other.pub").read_text())
    with pytest.raises(SignatureError, match="key"):
        sshsig.read_private_openssh((tmp_path / "other").read_text())
    with pytest.raises(SignatureError, match="key"):
        sshsig.read_private_openssh("nothing")


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 *", "ssh-ed25519 AAAA", "x AAAA"])
def test_what_is_no_public_key_is_refused(line: str) -> None:
    """A broken line is an error of its own."""
    with pytest.raises(SignatureError, match="key"):
        sshsig.parse_public_line(line)
