"""The folder of public keys."""

from pathlib import Path

import pytest

from tests.vectors.making import cast
from whistle.errors import KeyringError
from whistle.storage.keys_dir import load_keys_dir, publish

SECOND = cast.follow(cast.FIRST, "anna")


def test_what_is_published_is_loaded_in_order(tmp_path: Path) -> None:
    """Root and keyrings come back as they went in, oldest first, also past 9999."""
    for serial, signed in ((1, cast.FIRST), (10_000, SECOND), (9_999, cast.WITH_RECOVERY)):
        publish(tmp_path / "keys", cast.ROOT.public, serial, signed)
    (tmp_path / "keys" / "README.md").write_text("not a keyring")
    root, chain = load_keys_dir(tmp_path / "keys")
    assert root == cast.ROOT.public
    assert chain == [cast.FIRST, cast.WITH_RECOVERY, SECOND]


def test_nothing_is_replaced(tmp_path: Path) -> None:
    """The same again is no fault; another file under the name is."""
    publish(tmp_path, cast.ROOT.public, 1, cast.FIRST)
    publish(tmp_path, cast.ROOT.public, 1, cast.FIRST)
    with pytest.raises(FileExistsError):
        publish(tmp_path, cast.ROOT.public, 1, cast.WITH_RECOVERY)
    with pytest.raises(FileExistsError):
        publish(tmp_path, cast.NEXT_ROOT.public, 2, SECOND)
    assert load_keys_dir(tmp_path) == (cast.ROOT.public, [cast.FIRST])


def test_a_keyring_comes_last(tmp_path: Path) -> None:
    """A signature without its file is no keyring yet; a file without its signature is refused."""
    publish(tmp_path, cast.ROOT.public, 1, cast.FIRST)
    (tmp_path / "keyring-0002.json.sig").write_text(SECOND.signature)
    assert len(load_keys_dir(tmp_path)[1]) == 1
    (tmp_path / "keyring-0001.json.sig").unlink()
    with pytest.raises(KeyringError, match="signature"):
        load_keys_dir(tmp_path)


def test_what_is_missing_or_broken_has_its_reason(tmp_path: Path) -> None:
    """No folder, no root, no keyring, a signature that is no text."""
    with pytest.raises(KeyringError, match="root"):
        load_keys_dir(tmp_path / "nowhere")
    publish(tmp_path, cast.ROOT.public, 1, cast.FIRST)
    (tmp_path / "keyring-0001.json.sig").write_bytes(b"\xff")
    with pytest.raises(KeyringError, match="signature"):
        load_keys_dir(tmp_path)
    (tmp_path / "keyring-0001.json").unlink()
    with pytest.raises(KeyringError, match="empty"):
        load_keys_dir(tmp_path)
    (tmp_path / "root.pub").write_text("ssh-rsa AAAA")
    with pytest.raises(KeyringError, match="root"):
        load_keys_dir(tmp_path)
