"""The folder of public keys: the root's public key, and every keyring file with its signatures.

    root.pub                  one line, as `ssh-keygen` writes it
    keyring-0001.json         the file that was signed, byte for byte
    keyring-0001.json.sig     the root's signature
    keyring-0001.json.cosig   a handler's second signature, where there is one

Only public keys live here. Reading checks nothing but that the parts are there: what they say is
verified by `crypto.keyring.verify_chain`.

Reasons of `KeyringError`: `root` there is no root key, or it is none · `empty` no keyring ·
`signature` a keyring file without its signature.
"""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from whistle.crypto.keyring import SignedKeyring
from whistle.crypto.sshsig import parse_public_line, public_line
from whistle.errors import KeyringError, SignatureError

ROOT_FILE = "root.pub"
ROOT_COMMENT = "whistle-root"
KEYRING_FILE = "keyring-{serial:04}.json"
SIGNATURE_SUFFIX = ".sig"
COSIGNATURE_SUFFIX = ".cosig"
_KEYRING_NAME = re.compile(r"keyring-([0-9]{4,})\.json")


def load_keys_dir(folder: Path) -> tuple[bytes, list[SignedKeyring]]:
    """Return the root's 32-byte public key and the keyrings, oldest first.

    Raises:
        KeyringError: reason `root`, `empty` or `signature`.
    """
    root = read_root(folder / ROOT_FILE)
    named = [(m, p) for p in _files(folder) if (m := _KEYRING_NAME.fullmatch(p.name))]
    if not named:
        raise KeyringError("empty")
    return root, [read_signed(path) for _, path in sorted(named, key=lambda one: int(one[0][1]))]


def read_root(path: Path) -> bytes:
    """Return the public key in a `.pub` file. Raises `KeyringError` (`root`)."""
    try:
        return parse_public_line(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, SignatureError) as error:
        raise KeyringError("root") from error


def read_signed(path: Path) -> SignedKeyring:
    """Return a keyring file with the signatures beside it. Raises `KeyringError` (`signature`)."""
    signature = _text(_beside(path, SIGNATURE_SUFFIX))
    if signature is None:
        raise KeyringError("signature")
    return SignedKeyring(path.read_bytes(), signature, _text(_beside(path, COSIGNATURE_SUFFIX)))


def publish(folder: Path, root: bytes, serial: int, signed: SignedKeyring) -> Path:
    """Write a keyring into the folder, its file last, so that no reader meets half of one.

    The root's public key is written when the folder has none yet. Nothing that is published is
    ever replaced; signatures that somebody left without their file are. One writer at a time.

    Raises:
        FileExistsError: another file has that name already.
        OSError: the folder cannot be written to.
    """
    path = folder / KEYRING_FILE.format(serial=serial)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        _write_new(folder / ROOT_FILE, _root_text(root))
        signature, cosignature = _beside(path, SIGNATURE_SUFFIX), _beside(path, COSIGNATURE_SUFFIX)
        if not path.exists():
            signature.unlink(missing_ok=True)
            cosignature.unlink(missing_ok=True)
        _write_new(signature, signed.signature.encode())
        if signed.cosignature is not None:
            _write_new(cosignature, signed.cosignature.encode())
        _write_new(path, signed.file)
    return path


def name_root(folder: Path, root: bytes) -> None:
    """Write the root's public key while there is no keyring; it may be corrected until then.

    Raises:
        FileExistsError: there is a keyring: the root stands.
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder):
        if has_keyring(folder):
            raise FileExistsError(str(folder / ROOT_FILE))
        (folder / ROOT_FILE).unlink(missing_ok=True)
        _write_new(folder / ROOT_FILE, _root_text(root))


def has_keyring(folder: Path) -> bool:
    """Say whether a keyring lies in the folder, whatever it is worth."""
    return any(_KEYRING_NAME.fullmatch(path.name) for path in _files(folder))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other writers of this folder waiting; the lock ends with the process at the latest."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _root_text(root: bytes) -> bytes:
    return f"{public_line(root, ROOT_COMMENT)}\n".encode()


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _text(path: Path) -> str | None:
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise KeyringError("signature") from error


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet; the same bytes again are no fault."""
    if path.exists() and path.read_bytes() == data:
        return
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
