"""What the keys page shows: what is in force, what waits, what is being prepared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from whistle.crypto import drafting
from whistle.crypto.drafting import Change
from whistle.crypto.keyring import (
    WAITING_DAYS,
    Keyring,
    KeyringChain,
    SignedKeyring,
    adds,
    parse,
    phrase,
)
from whistle.crypto.keyring_file import ENROLLED_MIN, WARNING_DAYS
from whistle.crypto.sshsig import public_line
from whistle.services.office import candidates, drafts
from whistle.services.office.candidates import Candidate
from whistle.services.parts import Parts
from whistle.storage.tables import KeyringDraft


@dataclass(frozen=True)
class Published:
    """The keyring that counts today."""

    serial: int
    issued_on: date
    expires_on: date
    state: str
    recovery_holders: tuple[str, ...]
    recovery_needed: int
    renew: tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Waiting:
    """A published keyring that does not count yet."""

    serial: int
    counts_from: date
    changes: Sequence[Change]


@dataclass(frozen=True)
class HeldBack:
    """A keyring in the folder that came too late to be announced, and is not used."""

    serial: int
    issued_on: date
    changes: Sequence[Change]


@dataclass(frozen=True)
class Draft:
    """The next keyring while it is signed."""

    sha256: str
    serial: int
    issued_on: date
    expires_on: date
    changes: Sequence[Change]
    signed: bool
    cosigned_by: str | None
    counts_from: date
    needs_cosigner: bool
    too_old: bool
    closing: tuple[str, ...]
    """Channels that would have fewer than two readers: their form would close."""


@dataclass(frozen=True)
class KeysShown:
    """Everything that the keys page shows."""

    root_phrase: tuple[str, ...]
    root_line: str
    published: Published | None
    waiting: Sequence[Waiting]
    held_back: HeldBack | None
    draft: Draft | None
    joined: Sequence[Candidate]


def shown(parts: Parts) -> KeysShown:
    """Read it all, in one state of folder and table."""
    root = parts.keyrings.root
    today = parts.today(parts.settings.channels[0])
    published = parts.keyrings.published() if parts.keyrings.begun else None
    chain = published.chain if published else None
    with parts.database.reading() as session:
        row = drafts.current(session, parts)
        joined = candidates.waiting(session, chain.newest if chain else None)
    return KeysShown(
        root_phrase=tuple(phrase(root)) if root else (),
        root_line=public_line(root, "whistle-root") if root else "",
        published=_published(chain.effective(today), today) if chain else None,
        waiting=_waiting(chain, today) if chain else (),
        held_back=_held_back(published.held_back, published.chain.newest) if published else None,
        draft=None if row is None else _draft(parts, row, chain, today),
        joined=joined,
    )


def draft_file(parts: Parts) -> tuple[int, bytes] | None:
    """The serial and the exact bytes of the draft, to sign; None where there is none."""
    with parts.database.reading() as session:
        row = drafts.current(session, parts)
    return None if row is None else (parse(row.file).serial, row.file)


def draft_signatures(parts: Parts) -> tuple[int, str | None, str | None] | None:
    """The serial and both signatures of the draft, for `whistle keys publish`."""
    with parts.database.reading() as session:
        row = drafts.current(session, parts)
    return None if row is None else (parse(row.file).serial, row.signature, row.cosignature)


def to_cosign(parts: Parts) -> SignedKeyring | None:
    """The draft that a handler may sign now: signed by the root, adding something, not cosigned."""
    newest = drafts.newest_keyring(parts)
    with parts.database.reading() as session:
        row = drafts.current(session, parts)
    if row is None or newest is None or row.signature is None or row.cosignature is not None:
        return None
    if not adds(parse(row.file), newest):
        return None
    return SignedKeyring(row.file, row.signature)


def _published(keyring: Keyring, today: date) -> Published:
    soon = today + timedelta(days=WARNING_DAYS)
    recovery = keyring.recovery
    return Published(
        keyring.serial,
        keyring.issued_on,
        keyring.expires_on,
        keyring.state(today),
        tuple(one.name for one in recovery.holders) if recovery else (),
        recovery.k if recovery else 0,
        tuple((one.name, one.renew_on) for one in keyring.handlers if one.renew_on <= soon),
    )


def _waiting(chain: KeyringChain, today: date) -> list[Waiting]:
    in_force = chain.effective(today)
    return [
        Waiting(one.keyring.serial, one.effective_on, drafting.changes(one.keyring, in_force))
        for one in chain.waiting(today)
    ]


def _held_back(late: Keyring | None, newest: Keyring) -> HeldBack | None:
    if late is None:
        return None
    return HeldBack(late.serial, late.issued_on, drafting.changes(late, newest))


def _draft(parts: Parts, row: KeyringDraft, chain: KeyringChain | None, today: date) -> Draft:
    keyring = parse(row.file)
    last = chain.newest if chain else None
    added = bool(last and adds(keyring, last))
    counts_from, cosigned_by = keyring.issued_on, None
    if row.signature is not None:
        signed = SignedKeyring(row.file, row.signature, row.cosignature)
        link = parts.keyrings.verify_next(signed).links[-1]
        counts_from, cosigned_by = link.effective_on, link.cosigned_by
    elif added:
        counts_from += timedelta(days=WAITING_DAYS)
    return Draft(
        sha256=row.sha256.hex(),
        serial=keyring.serial,
        issued_on=keyring.issued_on,
        expires_on=keyring.expires_on,
        changes=drafting.changes(keyring, last),
        signed=row.signature is not None,
        cosigned_by=cosigned_by,
        counts_from=counts_from,
        needs_cosigner=added and cosigned_by is None,
        too_old=keyring.issued_on < today,
        closing=tuple(
            channel.name
            for channel in parts.settings.channels
            if len(keyring.persons(channel.id, keyring.issued_on)) < ENROLLED_MIN
        ),
    )
