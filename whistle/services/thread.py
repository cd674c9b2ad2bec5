"""Appending one entry to a case's thread, by whoever writes.

Rules (protocol sections 3 and 5):
* an entry has the next number of its chain, or it is refused; the same bytes under a number that
  is taken are the same entry, and get the same answer;
* what is not one sealed object of a pad size, with one key, is refused before it is kept;
* the server signs system lines and nothing else; their bodies hold a code, dates and numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from whistle.crypto.age import PublicKey
from whistle.crypto.chain import EntryRecord, Place
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.keyring import Keyring
from whistle.crypto.signing import SigningKey
from whistle.errors import ConflictError, FilingError
from whistle.services import shapes
from whistle.services.parts import Parts
from whistle.storage.tables import Case, CaseKey, Entry, EntrySeal, new_id

CASE_CHAIN = "case"
DESK_CHAIN = "desk"
SEQ_MAX = 2**31 - 1
"""The largest number of an entry: what every database holds as an integer."""


@dataclass(frozen=True)
class Appended:
    """Where the entry now stands."""

    seq: int
    sha256: bytes
    repeated: bool


@dataclass(frozen=True)
class Draft:
    """An entry as its writer sealed it: its place, its clear columns and the sealed bytes.

    `handler_id` is None for the reporter and the system; `on` is the day it came here.
    """

    chain: str
    seq: int
    kind: str
    handler_id: str | None
    sealed: bytes
    on: date


@dataclass(frozen=True)
class Voice:
    """With what the system speaks: its own key, and the keyring in force that names it."""

    key: SigningKey
    keyring: Keyring


def append(session: Session, case: Case, draft: Draft) -> Appended:
    """Add one sealed entry to a chain of the case.

    Raises:
        FilingError: the bytes are not a sealed entry of the right shape.
        ConflictError: something newer is there (`out_of_turn`); read it first.
    """
    return _append_after(last_entry(session, case.id, draft.chain), session, case, draft)


def _append_after(last: Entry | None, session: Session, case: Case, draft: Draft) -> Appended:
    """Add one sealed entry after the last of its chain, which is None where it is empty."""
    shapes.check_entry(draft.sealed)
    digest = sha256(draft.sealed).digest()
    if draft.seq != (last.seq + 1 if last else 1):
        if not _is_there(session, case.id, draft, digest):
            raise ConflictError("out_of_turn")
        return Appended(draft.seq, digest, repeated=True)
    entry, seal = rows(case.id, draft, digest)
    session.add(Entry(**entry))
    session.flush()
    session.add(EntrySeal(**seal))
    return Appended(draft.seq, digest, repeated=False)


def rows(case_id: bytes, draft: Draft, digest: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """A new entry as its two rows; `digest` is the hash of its sealed bytes."""
    entry_id = new_id()
    entry = {
        "id": entry_id,
        "case_id": case_id,
        "chain": draft.chain,
        "seq": draft.seq,
        "kind": draft.kind,
        "handler_id": draft.handler_id,
        "on": draft.on,
        "sha256": digest,
    }
    return entry, {"entry_id": entry_id, "sealed": draft.sealed}


def number(seq: object) -> int:
    """An entry's number as it was posted.

    Raises:
        FilingError: `seq`, it is no number that an entry can have.
    """
    if type(seq) is not int or not 0 < seq <= SEQ_MAX:
        raise FilingError("seq")
    return seq


def append_system_line(
    session: Session, parts: Parts, case: Case, code: str, params: Mapping[str, object], on: date
) -> Appended:
    """Add a line that the system itself says, sealed to the case key and signed by its own key."""
    keyring = parts.keyrings.published().chain.effective(on)
    return append_line(session, Voice(parts.service_key, keyring), case, code, params, on)


def append_line(
    session: Session, voice: Voice, case: Case, code: str, params: Mapping[str, object], on: date
) -> Appended:
    """The same for who has the system's key and not the whole of the system."""
    session.flush()
    last = last_entry(session, case.id, CASE_CHAIN)
    if last is None:
        raise ConflictError("out_of_turn")
    place = Place(case.channel, case.thread, CASE_CHAIN, last.seq + 1, last.sha256)
    to = newest_case_key(session, case.id)
    draft = system_line(voice, place, SystemLine(code, params, on), to)
    return _append_after(last, session, case, draft)


@dataclass(frozen=True)
class SystemLine:
    """What the system says: a code, dates and numbers, on the day it says so."""

    code: str
    params: Mapping[str, object]
    on: date


def system_line(voice: Voice, place: Place, line: SystemLine, to: PublicKey) -> Draft:
    """Seal a system line to a case key, signed by the service's own."""
    sealed = make_entry(
        place,
        Author("system", "service", voice.key, "server"),
        line.code,
        {"code": line.code, "params": dict(line.params)},
        keyring=voice.keyring,
        to=to,
    )
    return Draft(place.chain, place.seq, line.code, None, sealed, line.on)


def newest_case_key(session: Session, case_id: bytes) -> PublicKey:
    """The public key to which new entries of the case are sealed."""
    return PublicKey.from_bytes(
        session.scalars(
            select(CaseKey.public_key)
            .where(CaseKey.case_id == case_id)
            .order_by(CaseKey.generation.desc())
            .limit(1)
        ).one()
    )


def newest_generation(session: Session, case_id: bytes) -> int:
    """The number of the newest case key; 0 is the report's."""
    return session.scalars(
        select(func.max(CaseKey.generation)).where(CaseKey.case_id == case_id)
    ).one()


def last_entry(session: Session, case_id: bytes, chain: str) -> Entry | None:
    """The newest entry of a chain, or None where it has none."""
    return session.scalar(
        select(Entry)
        .where(Entry.case_id == case_id, Entry.chain == chain)
        .order_by(Entry.seq.desc())
        .limit(1)
    )


def sealed_entries(session: Session, case_id: bytes, chain: str) -> list[EntryRecord]:
    """A whole chain in order, each entry with its sealed bytes; none for one erased early."""
    found = session.connection().execute(_chain(), {"case_id": case_id, "chain": chain})
    return [
        EntryRecord(chain, seq, kind, handler_id, on, sealed or b"", digest)
        for seq, kind, handler_id, on, sealed, digest in found
    ]


@cache
def _chain() -> Select[int, str, str | None, date, bytes | None, bytes]:
    return (
        select(Entry.seq, Entry.kind, Entry.handler_id, Entry.on, EntrySeal.sealed, Entry.sha256)
        .outerjoin(EntrySeal, EntrySeal.entry_id == Entry.id)
        .where(Entry.case_id == bindparam("case_id"), Entry.chain == bindparam("chain"))
        .order_by(Entry.seq)
    )


def entry_json(entry: EntryRecord) -> dict[str, Any]:
    """One entry as both sides' browsers get it: the clear columns and the sealed bytes."""
    return {
        "chain": entry.chain,
        "seq": entry.seq,
        "kind": entry.kind,
        "handler": entry.handler_id,
        "on": entry.on.isoformat(),
        "sealed": b64u(entry.sealed),
        "sha256": b64u(entry.sha256 or sha256(entry.sealed).digest()),
    }


def _is_there(session: Session, case_id: bytes, draft: Draft, digest: bytes) -> bool:
    """Whether this very entry already stands at its place."""
    found = session.scalar(
        select(Entry.id).where(
            Entry.case_id == case_id,
            Entry.chain == draft.chain,
            Entry.seq == draft.seq,
            Entry.kind == draft.kind,
            Entry.handler_id.is_not_distinct_from(draft.handler_id),
            Entry.sha256 == digest,
        )
    )
    return found is not None
