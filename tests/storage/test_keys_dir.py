"""The folder of public keys: read whole, written so that nobody meets half of a keyring."""

import os
from pathlib import Path

import pytest

from whistle.crypto.keyring import SIGN_NAMESPACE, SignedKeyring
from whistle.crypto.signing import SigningKey
from whistle.crypto.sshsig import sign
from whistle.errors import KeyringError
from whistle.storage.keys_dir import load_keys_dir, publish, read_root

ROOT = SigningKey.from_seed(b"r" * 32)
SIGNATURE = sign(ROOT, SIGN_NAMESPACE, b"{}")


def keyring(content: bytes = b"{}", cosignature: str | None = None) -> SignedKeyring:
    """A keyring of which only the parts matter here."""
    return SignedKeyring(content, SIGNATURE, cosignature)


def test_what_is_published_is_read(tmp_path: Path) -> None:
    """Root, files and signatures, oldest first."""
    second = keyring(b"{2}", cosignature="a second signature")
    publish(tmp_path, ROOT.public, 2, second)
    publish(tmp_path, ROOT.public, 1, keyring(b"{1}"))
    assert load_keys_dir(tmp_path) == (ROOT.public, [keyring(b"{1}"), second])


def test_keyrings_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """Also past the four digits of their names."""
    for serial in (10_000, 9_999, 2):
        publish(tmp_path, ROOT.public, serial, keyring(str(serial).encode()))
    _, files = load_keys_dir(tmp_path)
    assert [one.file for one in files] == [b"2", b"9999", b"10000"]


def test_other_files_do_not_matter(tmp_path: Path) -> None:
    """A README beside the keys, a draft, a folder."""
    publish(tmp_path, ROOT.public, 1, keyring())
    for name in ("README.md", "keyring-1.json", "keyring-0002.json~", "keyring-0002.json.sig"):
        (tmp_path / name).write_text("x")
    (tmp_path / "old").mkdir()
    assert len(load_keys_dir(tmp_path)[1]) == 1


def test_a_folder_without_keyrings_is_refused(tmp_path: Path) -> None:
    """A root alone appoints nobody."""
    publish(tmp_path, ROOT.public, 1, keyring())
    (tmp_path / "keyring-0001.json").unlink()
    with pytest.raises(KeyringError, match="empty"):
        load_keys_dir(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"ssh-rsa AAAA", b"\xff\xfe"])
def test_a_root_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """Missing, empty, of another kind, no text."""
    if content is not None:
        (tmp_path / "root.pub").write_bytes(content)
    with pytest.raises(KeyringError, match="root"):
        read_root(tmp_path / "root.pub")
    with pytest.raises(KeyringError, match="root"):
        load_keys_dir(tmp_path)


def test_a_keyring_without_its_signature_is_refused(tmp_path: Path) -> None:
    """It would be half of one."""
    path = publish(tmp_path, ROOT.public, 1, keyring())
    path.with_name("keyring-0001.json.sig").unlink()
    with pytest.raises(KeyringError, match="signature"):
        load_keys_dir(tmp_path)


@pytest.mark.parametrize("suffix", [".sig", ".cosig"])
def test_a_signature_that_is_no_text_is_refused(tmp_path: Path, suffix: str) -> None:
    """Armor is ASCII."""
    path = publish(tmp_path, ROOT.public, 1, keyring())
    path.with_name(path.name + suffix).write_bytes(b"\xff")
    with pytest.raises(KeyringError, match="signature"):
        load_keys_dir(tmp_path)


def test_nothing_published_is_replaced(tmp_path: Path) -> None:
    """The same bytes again are no fault; others are refused, and leave the first."""
    publish(tmp_path, ROOT.public, 1, keyring())
    publish(tmp_path, ROOT.public, 1, keyring())
    with pytest.raises(FileExistsError):
        publish(tmp_path, ROOT.public, 1, keyring(b"{other}"))
    with pytest.raises(FileExistsError):
        publish(tmp_path, SigningKey.generate().public, 2, keyring())
    assert load_keys_dir(tmp_path) == (ROOT.public, [keyring()])


def test_the_file_comes_after_its_signatures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that reads at any moment meets the old state or the whole new one."""
    order: list[str] = []
    real = os.open

    def spied(path: Path, *rest: int) -> int:
        if Path(path) != tmp_path:  # the folder itself is opened for its lock
            order.append(Path(path).name)
        return real(path, *rest)

    monkeypatch.setattr(os, "open", spied)
    publish(tmp_path, ROOT.public, 1, keyring(cosignature="second"))
    assert order == [
        "root.pub",
        "keyring-0001.json.sig",
        "keyring-0001.json.cosig",
        "keyring-0001.json",
    ]
