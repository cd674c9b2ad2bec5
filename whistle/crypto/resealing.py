"""Sealing a case again, when who may read it changes: its keys, and the signed entry that says so.

Rules (protocol sections 3 and 5):
* who is sealed to is computed here, from entry 1, verified changes of access and verified keyrings;
  never from a list that a server sends;
* whoever is taken out must not read what comes after: the case and its notes get new keys. So does
  a case whose newest key was made by somebody who has left it since, because they had it;
* else the keys stay, and are only sealed anew: to a colleague, or to somebody's new key;
* keys that no verified entry names are not carried on, whatever stood in `case.age`;
* the file has as many stanzas as the channel has readers by the keyring in force, investigators of
  this case, the reporter, and the recovery key if the keyring has one; dummies fill up;
* recovery is left out where entry 1 left it out, and where somebody left out, or taken out for a
  conflict, holds a share of it.
"""

import datetime as dt
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from whistle.crypto.access import REASONS, Access
from whistle.crypto.age import PrivateKey, PublicKey
from whistle.crypto.chain import VerifiedEntry, desk_place, next_place
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import seal_case_keys
from whistle.crypto.keyring import Keyring, KeyringChain, Recovery
from whistle.crypto.keyring_file import READING_ROLES
from whistle.errors import FilingError, ThreadError


@dataclass(frozen=True)
class Opened:
    """A case as one of its readers has it open: both chains verified, and the private keys found.

    `keys` and `desk_keys` are what `case.age` and `desk.age` held: only candidates.
    """

    case: Sequence[VerifiedEntry]
    keys: Sequence[PrivateKey]
    desk: Sequence[VerifiedEntry] = ()
    desk_keys: Sequence[PrivateKey] = ()


@dataclass(frozen=True)
class Change:
    """What is to change: handlers' ids out and in, and why (`access.REASONS`)."""

    reason: str
    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


@dataclass(frozen=True)
class Resealed:
    """A change of access, ready to be sent: all of it is kept at once, or none of it.

    `case_key` is the new public key, or None; `desk_age` None where nobody has written notes;
    `desk_prev` says after which note this counts; `keyring_serial` is the newest keyring's.
    """

    seq: int
    sealed: bytes
    case_age: bytes
    gen: int
    case_key: bytes | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    reason: str
    desk_age: bytes | None
    desk_prev: bytes
    keyring_serial: int

    def as_json(self, replaced: bytes) -> dict[str, Any]:
        """Return the body of the request; *replaced* is the hash of the `case.age` before."""
        return {
            "seq": self.seq,
            "sealed": b64u(self.sealed),
            "case_age": b64u(self.case_age),
            "if_match": b64u(replaced),
            "gen": self.gen,
            "case_key": None if self.case_key is None else b64u(self.case_key),
            "added": list(self.added),
            "removed": list(self.removed),
            "reason": self.reason,
            "desk_age": None if self.desk_age is None else b64u(self.desk_age),
            "desk_prev": b64u(self.desk_prev),
            "keyring_serial": self.keyring_serial,
        }


def stanza_count(keyring: Keyring, channel: str, on: dt.date, ids: set[str]) -> int:
    """Return how many stanzas the `case.age` of a case with these readers has; `desk.age` one less.

    Only an investigator of the case adds one to what every filing of the channel has.
    """
    people = [
        handler
        for handler in keyring.appointed(channel, on)
        if handler.channels[channel] in READING_ROLES or handler.id in ids
    ]
    return len(people) + keyring.stanza_count_extra


def reseal(
    opened: Opened,
    change: Change,
    author: Author,
    *,
    keyrings: KeyringChain,
    on: dt.date,
    random: Callable[[int], bytes] = os.urandom,
) -> Resealed:
    """Return a change of access: the signed entry, and the keys sealed to who remains.

    Raises:
        FilingError: `not_reader`, somebody to be taken out reads it not; `not_appointed`, somebody
            to be let in has no place in the channel by the keyring in force and the newest one;
            `left_out`, only the reporter can let in whom they left out, under any id;
            `last_reader`, nobody would be left; `reason`; those of `filing.seal_case_keys`.
        ThreadError: `cannot_open`, a private key is missing, so `case.age` is an older one; those
            of `heads`.
    """
    place = next_place(opened.case)
    keyring = keyrings.effective(on)
    before = Access.of(entry.head for entry in opened.case)
    absent = _persons(keyrings, before.left_out)
    if absent & _persons(keyrings, change.add):
        raise FilingError("left_out")
    _refuse(before, change, _may_be_let_in(keyrings, place.channel, on))
    fresh = _Fresh.keys(opened, before, change, random)
    adds = _adds(opened, before, change, keyring, fresh)
    after = Access.of([*(entry.head for entry in opened.case), _head(author, adds)])
    if not after.sealed_to(place.channel, keyrings, on):
        raise FilingError("last_reader")
    sealing = Sealing(opened.case, after, keyrings, on, random)
    keys = [*fresh.case, *_held(before.keys, opened.keys)]
    to = PublicKey.from_bytes(before.keys[-1])
    return Resealed(
        seq=place.seq,
        sealed=make_entry(
            place, author, "access", {}, keyring=keyring, to=to, adds=adds, random=random
        ),
        case_age=sealing.case_age(keys),
        gen=after.generation,
        case_key=fresh.case[0].public_key.raw if fresh.case else None,
        added=change.add,
        removed=change.remove,
        reason=change.reason,
        desk_age=sealing.desk_age(_desk_keys(opened, before, fresh)) if opened.desk else None,
        desk_prev=b64u_decode(adds["desk_prev"]),
        keyring_serial=keyrings.newest.serial,
    )


def first_desk(
    case: Sequence[VerifiedEntry],
    author: Author,
    *,
    keyrings: KeyringChain,
    on: dt.date,
    random: Callable[[int], bytes] = os.urandom,
) -> tuple[bytes, bytes]:
    """Return `desk.age` and the desk chain's first entry, made by the first handler to open a case.

    Raises:
        FilingError: as `filing.seal_case_keys`.
    """
    access = Access.of(entry.head for entry in case)
    key = PrivateKey.generate(random)
    sealed = make_entry(
        desk_place(case),
        author,
        "desk",
        {},
        keyring=keyrings.effective(on),
        to=key.public_key,
        adds={"desk_key": b64u(key.public_key.raw)},
        random=random,
    )
    return Sealing(case, access, keyrings, on, random).desk_age([key]), sealed


@dataclass(frozen=True)
class Sealing:
    """Sealing a case's private keys to those who may have them, of whom `access` knows."""

    case: Sequence[VerifiedEntry]
    access: Access
    keyrings: KeyringChain
    on: dt.date
    random: Callable[[int], bytes]

    def case_age(self, keys: Sequence[PrivateKey]) -> bytes:
        """Return `case.age`, which the reporter opens too."""
        reporter = PublicKey.from_bytes(b64u_decode(self.case[0].head["reporter_age"]))
        return seal_case_keys(
            keys, [*self._handlers(), reporter], count=self._count(), random=self.random
        )

    def desk_age(self, keys: Sequence[PrivateKey]) -> bytes:
        """Return `desk.age`, which the reporter does not open."""
        return seal_case_keys(keys, self._handlers(), count=self._count() - 1, random=self.random)

    def _count(self) -> int:
        channel = self.case[0].head["channel"]
        keyring = self.keyrings.effective(self.on)
        return stanza_count(keyring, channel, self.on, self.access.readers)

    def _handlers(self) -> list[PublicKey]:
        channel = self.case[0].head["channel"]
        keys = [one.age for one in self.access.sealed_to(channel, self.keyrings, self.on)]
        recovery = self.keyrings.effective(self.on).recovery
        if recovery is not None and self._with_recovery(recovery):
            keys.append(recovery.age)
        return keys

    def _with_recovery(self, recovery: Recovery) -> bool:
        """Whether entry 1 was sealed to it, and nobody who must not read holds a share."""
        without = self.access.left_out | self.access.barred
        persons = _persons(self.keyrings, without)
        holders = {holder.person for holder in recovery.holders}
        return self.case[0].head["recovery"] is not None and not persons & holders


def _refuse(before: Access, change: Change, appointed: set[str]) -> None:
    """Refuse a change that readers would refuse, before anything is sealed."""
    if not before.readers >= set(change.remove):
        raise FilingError("not_reader")
    if not appointed - before.readers >= set(change.add):
        raise FilingError("not_appointed")
    if change.reason not in REASONS or set(change.remove) & set(change.add):
        raise FilingError("reason")


def _persons(keyrings: KeyringChain, ids: Collection[str]) -> set[str]:
    """Return the persons of these ids, by every keyring there was."""
    return {
        handler.person
        for link in keyrings.links
        for handler in link.keyring.handlers
        if handler.id in ids
    }


def _may_be_let_in(keyrings: KeyringChain, channel: str, on: dt.date) -> set[str]:
    """Return who has a place in the channel by the keyring in force and by the newest one."""
    in_force, newest = keyrings.effective(on), keyrings.newest
    return {h.id for h in in_force.appointed(channel, on)} & {
        h.id for h in newest.appointed(channel, on)
    }


def _named(keyring: Keyring, handler_id: str) -> dict[str, str]:
    """Return a reader as heads name one."""
    handler = keyring.handler(handler_id)
    if handler is None:
        raise FilingError("not_appointed")
    return {"id": handler_id, "sha256": b64u(handler.age_sha256)}


@dataclass(frozen=True)
class _Fresh:
    """New private keys of the case and of its notes: one each, or none."""

    case: tuple[PrivateKey, ...]
    desk: tuple[PrivateKey, ...]

    @classmethod
    def keys(
        cls, opened: Opened, before: Access, change: Change, random: Callable[[int], bytes]
    ) -> Self:
        """Return new keys where somebody is taken out, or has gone with the newest key."""
        if not change.remove and not before.maker_is_gone:
            return cls((), ())
        desk = (PrivateKey.generate(random),) if opened.desk else ()
        return cls((PrivateKey.generate(random),), desk)


def _adds(
    opened: Opened, before: Access, change: Change, keyring: Keyring, fresh: _Fresh
) -> dict[str, Any]:
    """Return what the entry's head says."""
    desk_prev = opened.desk[-1].sealed_sha256 if opened.desk else desk_place(opened.case).prev
    return {
        "gen": before.generation + len(fresh.case),
        "case_key": b64u(fresh.case[0].public_key.raw if fresh.case else before.keys[-1]),
        "desk_key": b64u(fresh.desk[0].public_key.raw) if fresh.desk else None,
        "desk_prev": b64u(desk_prev),
        "added": [_named(keyring, handler_id) for handler_id in change.add],
        "removed": list(change.remove),
        "reason": change.reason,
    }


def _head(author: Author, adds: Mapping[str, Any]) -> dict[str, Any]:
    """Return as much of a head as the state of access is made of."""
    return {**adds, "kind": "access", "author": {"side": author.side, "id": author.id}}


def _held(public_keys: Sequence[bytes], candidates: Sequence[PrivateKey]) -> list[PrivateKey]:
    """Return the private keys of *public_keys* (newest last), newest first, and no other."""
    by_public = {key.public_key.raw: key for key in candidates}
    if not by_public.keys() >= set(public_keys):
        raise ThreadError("cannot_open")
    return [by_public[public] for public in reversed(public_keys)]


def _desk_keys(opened: Opened, access: Access, fresh: _Fresh) -> list[PrivateKey]:
    """Return the private keys of the desk chain, newest first."""
    first = b64u_decode(opened.desk[0].head["desk_key"])
    later = [stage.key for stage in access.stages if stage.key is not None]
    return [*fresh.desk, *_held([first, *later], opened.desk_keys)]
