r"""A thread: entries that each bind the one before, checked whole (protocol sections 3 and 4).

A case has two chains: `case`, which the reporter reads too, and `desk`, for handlers only. Entry
by entry, in this order: one stanza and a pad size · opened by a key that entry 1 or a verified
`access` entry names · the container · clear columns equal to the head · sequence without gap ·
thread and chain · hash of the sealed entry before · keyring known and never older than before ·
author known to that keyring, on that date, and a reader of this case · signature.

What this cannot see: the newest entries withheld. That shows when the other side next writes.

Reasons of `ThreadError`: those of `container`, and `gap` an entry is missing, and no later
`removed` entry names its hash, or the desk chain ends before a place that a change of access named
· `fork` two entries in one place, or one that follows another than the one before · `moved` of
another thread or chain · `clear_differs` kind, number, handler or date in the clear are not the
head's · `shape` not one stanza and a pad size · `cannot_open` sealed to a key that was not given ·
`damaged` · `case_key` sealed to, or naming, a key that is not this case's · `keyring_unknown` ·
`keyring_fell` an older keyring than an earlier entry's · `unknown_author` not in that keyring, or
not on that date, or that keyring did not count yet · `not_reader` a handler who may not read this
case · `role` an investigator who writes to the reporter or decides · `forged` the signature is not
the author's · `not_mine` entry 1 is another reporter's · `readers` entry 1's readers are not the
keyring's · `received` entry 2 does not confirm entry 1 · `system_params` a system line says more
than dates, numbers and hashes · `access` a change of access that may not be made.

Alarms (`VerifiedEntry.alarm`), which leave the thread readable: `keyring_not_current`, entry 1 was
sealed by a keyring that was not in force on the day it came in, nor on the day before;
`disclosure_unfounded`, who the reporter is was told without what `consents` asks for;
`person_unfounded`, a name may be told on a ground that does not count (`persons`).
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whistle.crypto import age, container, kinds, strictjson
from whistle.crypto.access import Access, DeskAccess
from whistle.crypto.age import PrivateKey
from whistle.crypto.consents import Consents
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain
from whistle.crypto.padding import ENTRY_SIZES
from whistle.crypto.persons import Persons
from whistle.errors import KeyringError, NotForMeError, SealError, SignatureError, ThreadError

_THREAD_LABEL = b"whistle/thread/v1\0"


@dataclass(frozen=True)
class EntryRecord:
    """An entry as the server gives it: its clear columns, and its sealed bytes.

    Of an entry that was erased early only the hash is left: `sealed` is empty, `sha256` is given.
    """

    chain: str
    seq: int
    kind: str
    handler_id: str | None
    on: dt.date
    sealed: bytes
    sha256: bytes | None = None


@dataclass(frozen=True)
class VerifiedEntry:
    """An entry of a thread in which everything has been checked."""

    chain: str
    seq: int
    kind: str
    on: dt.date
    side: str
    author_id: str
    author_name: str
    author_role: str
    head: dict[str, Any]
    body: bytes
    sealed_sha256: bytes
    alarm: str | None = None

    def json(self) -> dict[str, Any]:
        """Return the body, which must be strict JSON. Raises `ThreadError`."""
        return strictjson.parse(self.body, kinds.BODY_BYTES_MAX, ThreadError)


@dataclass(frozen=True)
class Place:
    """Where an entry goes. `prev` is the hash of the sealed entry before, or the thread's id."""

    channel: str
    thread: bytes
    chain: str
    seq: int
    prev: bytes


def thread_id(reporter_age: bytes, reporter_sign: bytes, case_key: bytes) -> bytes:
    """Return the 32-byte id of a thread, for the life of the case (protocol section 3)."""
    return hashlib.sha256(_THREAD_LABEL + reporter_age + reporter_sign + case_key).digest()


def next_place(entries: Sequence[VerifiedEntry]) -> Place:
    """Return the place after the last of a chain's verified entries."""
    last = entries[-1]
    head = last.head
    thread = b64u_decode(head["thread"])
    return Place(head["channel"], thread, last.chain, last.seq + 1, last.sealed_sha256)


def desk_place(case: Sequence[VerifiedEntry]) -> Place:
    """Return the first place of a case's desk chain."""
    thread = b64u_decode(case[0].head["thread"])
    return Place(case[0].head["channel"], thread, "desk", 1, thread)


def readers(
    case: Sequence[VerifiedEntry], keyrings: KeyringChain, on: dt.date
) -> tuple[HandlerKey, ...]:
    """Return the handlers to seal a case's keys to: computed here, never taken from a server.

    (Entry 1's readers and verified additions) without those left out, removed, or without a valid
    place in the channel by the newest keyring (protocol section 3).
    """
    access = Access.of(entry.head for entry in case)
    return access.sealed_to(case[0].head["channel"], keyrings, on)


def verify_thread(
    records: Sequence[EntryRecord],
    case_keys: Sequence[PrivateKey],
    keyrings: KeyringChain,
    *,
    thread: bytes | None,
    reporter: bytes | None = None,
    case: Sequence[VerifiedEntry] = (),
    today: dt.date | None = None,
) -> list[VerifiedEntry]:
    """Return one chain's entries, from the first, or refuse all of it.

    Args:
        records: the chain as the server gives it, in order.
        case_keys: the identities found in `case.age` (for the desk chain: in `desk.age`).
        keyrings: the verified chain of keyrings.
        thread: the thread's id if it is known from elsewhere.
        reporter: the reporter's own public signing key, when it is the reporter who reads.
        case: the verified case chain, when *records* are of the desk chain.
        today: the reader's day, if known: no entry makes a list of keys count before it does.

    Raises:
        ThreadError: with a reason of this module's list.
    """
    if not records and not case:
        raise ThreadError("gap")
    if case:
        thread = b64u_decode(case[0].head["thread"])
    access = Access.of(entry.head for entry in case)
    reading = _Reading(
        chain="desk" if case else "case",
        keys={key.public_key.raw: key for key in case_keys},
        keyrings=keyrings,
        thread=thread,
        reporter=reporter,
        access=access,
        desk=DeskAccess(access.stages),
        prev=thread or b"",
        today=today or dt.date.max,
    )
    found = [entry for record in records if (entry := reading.take(record)) is not None]
    if reading.gaps or (case and not reading.reaches_the_end()):
        raise ThreadError("gap")
    return found


@dataclass
class _Reading:
    """A chain while it is read, one entry at a time."""

    chain: str
    keys: dict[bytes, PrivateKey]
    keyrings: KeyringChain
    thread: bytes | None
    reporter: bytes | None
    access: Access
    desk: DeskAccess
    today: dt.date
    seq: int = 0
    serial: int = 0
    prev: bytes = field(default=b"")
    received_on: dt.date = dt.date.min
    gaps: set[tuple[int, bytes]] = field(default_factory=set)
    consents: Consents = field(default_factory=Consents)
    persons: Persons = field(default_factory=Persons)

    def reaches_the_end(self) -> bool:
        """Say whether the desk chain is as long as every change of access saw it."""
        self.desk.reach(self.prev)
        return self.desk.at_last

    def take(self, record: EntryRecord) -> VerifiedEntry | None:
        """Check one more entry; None for one that was erased early."""
        if record.chain != self.chain:
            raise ThreadError("moved")
        if record.seq != self.seq + 1:
            raise ThreadError("fork" if 0 < record.seq <= self.seq else "gap")
        if self.chain == "desk":
            self.desk.reach(self.prev)
        if not record.sealed and record.sha256 is not None:
            if record.kind not in kinds.ERASABLE:
                raise ThreadError("gap")
            self.gaps.add((record.seq, record.sha256))
            self.seq, self.prev = record.seq, record.sha256
            return None
        opener, plaintext = self._open(record.sealed)
        found = container.unpack(plaintext)
        head = found.head
        _compare_clear(record, head)
        if record.seq == 1:
            self._begin(head, opener)
        self._check_place(head, opener)
        keyring = self._keyring(head)
        author = self._author(record, head, keyring)
        self._verify(found, record, keyring, author)
        alarm = self._check_kind(record, found, keyring)
        self.seq, self.prev = record.seq, hashlib.sha256(record.sealed).digest()
        self.serial = keyring.serial
        self.consents.follow(head, self.prev, found.body)
        self.persons.follow(head, self.prev, record.on)
        return VerifiedEntry(
            chain=record.chain,
            seq=record.seq,
            kind=record.kind,
            on=record.on,
            side=head["author"]["side"],
            author_id=head["author"]["id"],
            author_name=author.name if author else "",
            author_role=author.role_text if author else "",
            head=head,
            body=found.body,
            sealed_sha256=self.prev,
            alarm=alarm,
        )

    def _open(self, sealed: bytes) -> tuple[bytes, bytes]:
        """Return the public key that an entry is sealed to, and its plaintext."""
        try:
            shape = age.shape(sealed)
        except SealError as error:
            raise ThreadError("shape") from error
        if shape.stanza_types != (age.KIND,) or shape.plaintext_size not in ENTRY_SIZES:
            raise ThreadError("shape")
        for public, private in self.keys.items():
            try:
                return public, age.open_sealed(sealed, [private])
            except NotForMeError:
                continue
            except SealError as error:
                raise ThreadError("damaged") from error
        raise ThreadError("cannot_open")

    def _begin(self, head: Mapping[str, Any], opener: bytes) -> None:
        """Take from a chain's first entry what the others are measured by."""
        if head["kind"] not in ("report", "desk"):
            raise ThreadError("kind")
        if self.chain == "desk":
            if b64u_decode(head["desk_key"]) != opener:
                raise ThreadError("case_key")
            self.desk.key = opener
        else:
            if b64u_decode(head["case_key"]) != opener:
                raise ThreadError("case_key")
            sign = b64u_decode(head["reporter_sign"])
            thread = thread_id(b64u_decode(head["reporter_age"]), sign, opener)
            if self.thread not in (None, thread):
                raise ThreadError("moved")
            if self.reporter not in (None, sign):
                raise ThreadError("not_mine")
            self.thread, self.reporter = thread, sign
            self.access.follow(head)
        self.prev = self.thread or b""

    def _check_place(self, head: Mapping[str, Any], opener: bytes) -> None:
        """Check key, thread and the entry before."""
        current = self.desk.key if self.chain == "desk" else self.access.keys[-1]
        if opener != current:
            raise ThreadError("case_key")
        if b64u_decode(head["thread"]) != self.thread:
            raise ThreadError("moved")
        if b64u_decode(head["prev"]) != self.prev:
            raise ThreadError("fork")

    def _keyring(self, head: Mapping[str, Any]) -> Keyring:
        """Return the keyring that an entry names."""
        named = head["keyring"]
        try:
            keyring = self.keyrings.by(named["serial"], b64u_decode(named["sha256"]))
        except KeyringError as error:
            raise ThreadError("keyring_unknown") from error
        if keyring.serial < self.serial:
            raise ThreadError("keyring_fell")
        return keyring

    def _author(
        self, record: EntryRecord, head: Mapping[str, Any], keyring: Keyring
    ) -> HandlerKey | None:
        """Return the handler who wrote an entry; None if it was not a handler."""
        if head["author"]["side"] != "handler":
            return None
        handler = keyring.handler(head["author"]["id"])
        if (
            handler is None
            or not self._counts(keyring, record.on)
            or not handler.valid_on(record.on)
            or head["channel"] not in handler.channels
        ):
            raise ThreadError("unknown_author")
        reading = self.desk if self.chain == "desk" else self.access
        if handler.id not in reading.readers:
            raise ThreadError("not_reader")
        kinds.check_role(handler.channels[head["channel"]], head)
        return handler

    def _counts(self, keyring: Keyring, on: dt.date) -> bool:
        """Say whether the keyring that an entry names no longer waited when it came in."""
        return self.keyrings.counts(keyring, min(on, self.today))

    def _verify(
        self,
        found: container.Container,
        record: EntryRecord,
        keyring: Keyring,
        author: HandlerKey | None,
    ) -> None:
        """Check the author's signature, under a key that does not come from the entry itself."""
        if author is not None:
            keys = [author.sign]
        elif found.head["author"]["side"] == "reporter":
            keys = [self.reporter or b""]
        elif self._counts(keyring, record.on):
            keys = [key.sign for key in keyring.service if key.valid_on(record.on)]
        else:
            keys = []
        for key in keys:
            try:
                found.verify(key)
            except SignatureError:
                continue
            return
        raise ThreadError("forged")

    def _check_kind(
        self, record: EntryRecord, found: container.Container, keyring: Keyring
    ) -> str | None:
        """Check what a kind of entry says; return an alarm."""
        head = found.head
        kind = head["kind"]
        if kind in ("report", "desk") and record.seq != 1:
            raise ThreadError("kind")
        if self.chain == "case" and record.seq > 1 and (kind == "received") != (record.seq == 2):
            raise ThreadError("received")
        if head["author"]["side"] == "system":
            params = kinds.check_system(kind, found.body)
            if kind == "received":
                kinds.check_received(params, self.prev, self.received_on)
        if kind in ("removed", "note_removed"):
            self.gaps -= {(one["seq"], b64u_decode(one["sha256"])) for one in head["entries"]}
        if kind == "access":
            self.access.check(head, keyring)
            self.access.follow(head)
        if kind == "report":
            kinds.check_readers(head, keyring)
            self.access.name_left_out(keyring)
            self.received_on = record.on
        return self._alarm(found, keyring, record.on)

    def _alarm(self, found: container.Container, keyring: Keyring, on: dt.date) -> str | None:
        """Return what is wrong with an entry that stays readable."""
        head, kind = found.head, found.head["kind"]
        if kind == "disclosure" and not self.consents.founded(head, on, found.body):
            return "disclosure_unfounded"
        if not self.persons.founded(head, on):
            return "person_unfounded"
        if kind == "report" and not kinds.is_current(keyring, self.keyrings, on):
            return "keyring_not_current"
        return None


def _compare_clear(record: EntryRecord, head: Mapping[str, Any]) -> None:
    """Refuse clear columns that are not the signed head's."""
    author = head["author"]
    handler_id = author["id"] if author["side"] == "handler" else None
    if (record.kind, record.seq, record.handler_id) != (head["kind"], head["seq"], handler_id):
        raise ThreadError("clear_differs")
    if record.chain != head["chain"]:
        raise ThreadError("moved")
