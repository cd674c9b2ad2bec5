"""The published keyrings, verified against the root key before anything is sealed with them.

Rules (protocol section 2):
* the folder of public keys is read at start and again whenever it changes;
* every keyring that was ever published stays in the database, chained; a file that says
  something else under a serial that is already there is refused, and nothing is replaced;
* what does not verify is never used: until the folder is mended, every use raises the fault, and
  the log has the alarm;
* an addition that no handler vouched for is taken only within three days of its issue: what is met
  later, and was never published here, would count before it was announced. It is held back with
  whatever follows it: nobody is given it, so server and browsers never disagree. A handler's
  signature put beside it, or a keyring issued anew, lets it in;
* whoever needs today's chain inside a writing transaction asks for it before that too: there,
  keeping a new one would wait for the very writer that asks, so the chain as last read is given.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import select

from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import Keyring, KeyringChain, Link, SignedKeyring, verify_chain
from whistle.crypto.sshsig import public_line
from whistle.errors import KeyringError
from whistle.storage.engine import Database
from whistle.storage.keys_dir import (
    ROOT_FILE,
    has_keyring,
    load_keys_dir,
    name_root,
    publish,
    read_root,
)
from whistle.storage.tables import KeyringFile

_log = logging.getLogger("whistle.keyrings")
_Stamp = tuple[tuple[str | int, ...], ...]
MET_WITHIN = timedelta(days=3)
"""How long after its issue an addition that nobody vouched for may first be met."""


@dataclass(frozen=True)
class Published:
    """One verified state of the folder: the root's public key and the chain under it.

    `held_back` is the first keyring of the folder that is not taken, because it came too late to be
    announced; None as a rule.
    """

    root: bytes
    files: tuple[SignedKeyring, ...]
    chain: KeyringChain
    held_back: Keyring | None = None

    def answer(self, today: date) -> Mapping[str, Any]:
        """What a browser needs to verify the chain for itself (GET /api/v1/keyring)."""
        return {"today": today.isoformat(), **self._always}

    @cached_property
    def _always(self) -> Mapping[str, Any]:
        """What the answer holds on every day: written once for each state of the folder."""
        return {
            "root": public_line(self.root, "whistle-root"),
            "keyrings": [
                {
                    "file": b64u(one.file),
                    "signature": one.signature,
                    "cosignature": one.cosignature,
                }
                for one in self.files
            ],
        }


class Keyrings:
    """The folder of public keys, read when it changes."""

    def __init__(self, folder: Path, database: Database, today: Callable[[], date]) -> None:
        self._folder = folder
        self._database = database
        self._today = today
        self._lock = Lock()
        self._stamp: _Stamp = ()
        self._held_on: date | None = None
        self._alarmed: _Stamp | None = None
        self._published: Published | None = None

    def published(self) -> Published:
        """The verified chain as it is published now.

        Raises:
            KeyringError: the folder holds a chain that breaks a rule, or nothing.
        """
        if self._database.in_writing and self._published is not None:
            return self._published
        stamp = self._look()
        with self._lock:
            if self._published is None or not self._is_read(self._published, stamp):
                self._published = self._read_or_alarm(stamp)
                self._stamp = stamp
            return self._published

    @property
    def begun(self) -> bool:
        """Whether there is, or ever was, a keyring; before the first one the form is closed.

        Once there was one, an empty folder is a fault and no beginning.
        """
        if self._published is not None or has_keyring(self._folder):
            return True
        with self._database.reading() as session:
            return session.scalar(select(KeyringFile.serial).limit(1)) is not None

    @property
    def root(self) -> bytes | None:
        """The root's public key: the published chain's, or the one named before the first."""
        if self.begun:
            return self.published().root
        try:
            return read_root(self._folder / ROOT_FILE)
        except KeyringError:
            return None

    def name_root(self, root: bytes) -> None:
        """Name the root's public key before the first keyring.

        Raises:
            FileExistsError: there is a keyring: the root stands.
            OSError: the folder cannot be written to.
        """
        if self.begun:
            raise FileExistsError(ROOT_FILE)
        name_root(self._folder, root)

    def verify_next(self, signed: SignedKeyring, root: bytes | None = None) -> KeyringChain:
        """What the chain would be with this keyring as its next one.

        Raises:
            KeyringError: it breaks a rule; `root`, there is no root key yet.
        """
        root = self.root if root is None else root
        if root is None:
            raise KeyringError("root")
        before = self.published().files if self.begun else ()
        return verify_chain([*before, signed], root)

    def publish(self, signed: SignedKeyring) -> Published:
        """Publish the next keyring: into the folder, its file last, and from there into the table.

        Whatever stops it half way leaves a chain that verifies: before the file is there the old
        one counts, afterwards the new one, and the table follows at the next reading.

        Raises:
            KeyringError: it breaks a rule; `held_back`, one that came too late lies in the folder.
            FileExistsError: another one with this serial was published meanwhile.
            OSError: the folder cannot be written to.
        """
        if self.begun and self.published().held_back is not None:
            raise KeyringError("held_back")
        root = self.root
        link = self.verify_next(signed, root).links[-1]
        publish(self._folder, root or b"", link.keyring.serial, signed)
        return self.published()

    def _is_read(self, published: Published, stamp: _Stamp) -> bool:
        """Whether nothing is to be read anew; what is held back is, daily: the day may change."""
        held = published.held_back is not None
        return stamp == self._stamp and not (held and self._held_on != self._today())

    def _read_or_alarm(self, stamp: _Stamp) -> Published:
        """Read the folder; what is refused is logged once for each state of it.

        A first day is no fault: before there ever was a keyring there is no alarm.
        """
        try:
            return self._read()
        except KeyringError as error:
            if stamp != self._alarmed and self.begun:
                _log.critical("ALARM: the published keyrings are refused: %s", error.reason)
                self._alarmed = stamp
            raise

    def _look(self) -> _Stamp:
        try:
            with os.scandir(self._folder) as files:
                return tuple(sorted(_mark(one) for one in files))
        except (FileNotFoundError, NotADirectoryError):
            return ()

    def _read(self) -> Published:
        root, files = load_keys_dir(self._folder)
        chain = verify_chain(files, root)
        with self._database.writing() as session:
            known = {row.serial: row.sha256 for row in session.scalars(select(KeyringFile))}
            _refuse_other(known, chain)
            late = self._met_too_late(known, chain)
            taken = chain.links[: len(chain.links) if late is None else chain.links.index(late)]
            for one, link in zip(files, taken, strict=False):
                if link.keyring.serial not in known:
                    session.add(_row(one, link))
        if late is None:
            return Published(root, tuple(files), chain)
        self._held_on = self._today()
        _log.critical("ALARM: keyring %s came too late and is held back", late.keyring.serial)
        return Published(root, tuple(files[: len(taken)]), KeyringChain(taken), late.keyring)

    def _met_too_late(self, known: Mapping[int, bytes], chain: KeyringChain) -> Link | None:
        """The first addition that nobody vouched for and that is met after its days.

        A database that knows no keyring yet is new, and takes the folder as it is.
        """
        met = [one for one in chain.links if one.announced and one.keyring.serial not in known]
        if not known or not met:
            return None
        last = self._today() - MET_WITHIN
        return next((one for one in met if one.keyring.issued_on < last), None)


def _refuse_other(known: Mapping[int, bytes], chain: KeyringChain) -> None:
    """Refuse a folder that tells another story than the table: nothing is ever swapped or lost."""
    found = {link.keyring.serial: link.keyring.sha256 for link in chain.links}
    if any(serial in known and known[serial] != digest for serial, digest in found.items()):
        raise KeyringError("serial_twice")
    if set(known) - set(found):
        raise KeyringError("serial_missing")


def _row(one: SignedKeyring, link: Link) -> KeyringFile:
    return KeyringFile(
        serial=link.keyring.serial,
        sha256=link.keyring.sha256,
        file=one.file,
        signature=one.signature,
        cosignature=one.cosignature,
    )


def _mark(file: os.DirEntry[str]) -> tuple[str | int, ...]:
    """What changes when a file does; a date that is set back shows in ctime."""
    try:
        stat = file.stat(follow_symlinks=False)
    except FileNotFoundError:  # taken away since the folder was listed
        return (file.name,)
    return file.name, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
