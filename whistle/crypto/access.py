"""Who may read a case and which keys are the case's: entry 1, as `access` entries have changed it.

Rules (protocol section 3):
* entry 1 names the readers, those left out and the case key;
* a change of access keeps the generation and the key, or takes the next generation and a new key,
  to which everything after it is sealed; the entry itself is still sealed to the key before;
* whoever is taken out must not be able to open what comes after: that takes a new generation;
* whom it adds the keyring must name with that very key; only the reporter can add somebody who was
  left out, under whatever id the keyring names that person; nobody is taken out as recused but by
  their own hand; somebody must be left;
* a handler's change says where the desk chain stands (`desk_prev`: the hash of its last sealed
  entry, or the thread's id where it is empty). From there on only those who are readers then write
  notes, and a new generation seals them to a new desk key. The reporter, who cannot see the desk
  chain, says nothing of it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain
from whistle.errors import ThreadError

RECUSED = "recused"
CONFLICT = "conflict"
REASONS = (RECUSED, CONFLICT, "left", "rollover", "colleague", "reporter_asked")
"""Why access changes: said in the clear to everybody in the case, the reporter too."""


@dataclass
class Stage:
    """A stretch of the desk chain: who may write there, and the key if it begins with a new one.

    It begins after the entry whose sealed bytes have the hash `prev`; the first has none.
    """

    prev: bytes | None
    readers: set[str]
    key: bytes | None


@dataclass
class Access:
    """The state of a case's access after some entries. `keys` are raw public keys, newest last.

    `maker` is the handler who made the newest key; None for the reporter. `barred` have been taken
    out for a conflict of interest. `persons` says by id who those left out are, by entry 1's.
    """

    readers: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    barred: set[str] = field(default_factory=set)
    keys: list[bytes] = field(default_factory=list)
    generation: int = 1
    maker: str | None = None
    stages: list[Stage] = field(default_factory=list)
    persons: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, heads: Iterable[Mapping[str, Any]]) -> Self:
        """Return the access after entries whose heads have been verified."""
        access = cls()
        for head in heads:
            access.follow(head)
        return access

    @property
    def maker_is_gone(self) -> bool:
        """Whether somebody who may no longer read has made the newest key, and so had it."""
        return self.maker is not None and self.maker not in self.readers

    def sealed_to(
        self, channel: str, keyrings: KeyringChain, on: dt.date
    ) -> tuple[HandlerKey, ...]:
        """Return the readers who still have a place in the channel, with the keys to seal to.

        The keys are those of the keyring in force: what a newer one adds counts only once nobody
        could have added himself unseen; what it takes counts at once.
        """
        still = {handler.id for handler in keyrings.newest.appointed(channel, on)}
        in_force = keyrings.effective(on).appointed(channel, on)
        return tuple(one for one in in_force if one.id in self.readers & still)

    def follow(self, head: Mapping[str, Any]) -> None:
        """Take over what a verified head says, if it says anything about access."""
        if head["kind"] == "report":
            self.readers = {reader["id"] for reader in head["readers"]}
            self.left_out = set(head["left_out"])
            self.keys = [b64u_decode(head["case_key"])]
            self.stages = [Stage(None, set(self.readers), None)]
        elif head["kind"] == "access":
            added, removed = {reader["id"] for reader in head["added"]}, set(head["removed"])
            self.readers = (self.readers | added) - removed
            self.left_out -= added
            self.barred -= added
            if head["reason"] in (RECUSED, CONFLICT):
                self.barred |= removed
            if head["gen"] != self.generation:
                self.generation = head["gen"]
                self.keys.append(b64u_decode(head["case_key"]))
                by_handler = head["author"]["side"] == "handler"
                self.maker = head["author"]["id"] if by_handler else None
            self._begin_stage(head, added)

    def name_left_out(self, keyring: Keyring) -> None:
        """Remember who the persons are that were left out, by the keyring of entry 1."""
        self.persons = {
            handler.id: handler.person
            for handler in keyring.handlers
            if handler.id in self.left_out
        }

    def _brings_back(self, added: Iterable[str], keyring: Keyring) -> bool:
        """Say whether somebody is added who was left out, under this id or another of theirs."""
        persons = {one.person for one in keyring.handlers if one.id in self.left_out}
        persons |= {person for one, person in self.persons.items() if one in self.left_out}
        ids = {one.id for one in keyring.handlers if one.person in persons}
        return bool((self.left_out | ids) & set(added))

    def check(self, head: Mapping[str, Any], keyring: Keyring) -> None:
        """Refuse a change of access that may not be made.

        Raises:
            ThreadError: reason `access`.
        """
        raised = head["gen"] != self.generation
        added = {reader["id"]: reader["sha256"] for reader in head["added"]}
        for handler_id, sha256 in added.items():
            handler = keyring.handler(handler_id)
            if handler is None or b64u(handler.age_sha256) != sha256:
                raise ThreadError("access")
        by_reporter = head["author"]["side"] == "reporter"
        if not self._key_right(head) or (self._brings_back(added, keyring) and not by_reporter):
            raise ThreadError("access")
        removed = set(head["removed"])
        if not self.readers >= removed or removed & added.keys() or (removed and not raised):
            raise ThreadError("access")
        if not (self.readers | added.keys()) - removed:
            raise ThreadError("access")
        if head["reason"] == RECUSED and head["removed"] != [head["author"]["id"]]:
            raise ThreadError("access")
        if not _desk_right(head, raised=raised, by_reporter=by_reporter):
            raise ThreadError("access")

    def _key_right(self, head: Mapping[str, Any]) -> bool:
        key = b64u_decode(head["case_key"])
        if head["gen"] == self.generation:
            return key == self.keys[-1]
        return head["gen"] == self.generation + 1 and key not in self.keys

    def _begin_stage(self, head: Mapping[str, Any], added: set[str]) -> None:
        if head["desk_prev"] is None:
            self.stages[-1].readers |= added
            return
        key = None if head["desk_key"] is None else b64u_decode(head["desk_key"])
        self.stages.append(Stage(b64u_decode(head["desk_prev"]), set(self.readers), key))


@dataclass
class DeskAccess:
    """Who may write at a place of the desk chain, and to which key, while the chain is read."""

    stages: list[Stage]
    key: bytes | None = None
    at: int = 0

    def reach(self, prev: bytes) -> None:
        """Enter the stages that begin after the sealed entry of this hash."""
        while not self.at_last and self.stages[self.at + 1].prev == prev:
            self.at += 1
            self.key = self.stages[self.at].key or self.key

    @property
    def readers(self) -> set[str]:
        """Who may write here."""
        return self.stages[self.at].readers

    @property
    def at_last(self) -> bool:
        """Whether no later stage begins: the chain is not shorter than it once was."""
        return self.at == len(self.stages) - 1


def _desk_right(head: Mapping[str, Any], *, raised: bool, by_reporter: bool) -> bool:
    """Whether a change says of the desk chain what its author must say, and no more."""
    if by_reporter:
        return head["desk_prev"] is None and head["desk_key"] is None
    if head["desk_prev"] is None:
        return False
    has_notes = head["desk_prev"] != head["thread"]
    return (head["desk_key"] is not None) == (raised and has_notes)
