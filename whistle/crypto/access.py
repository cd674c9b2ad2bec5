"""Who may read a case and which keys are the case's: entry 1, as `access` entries have changed it.

Rules (protocol section 3): entry 1 names the readers, those left out and the case key. A change of
access keeps the generation and the key, or takes the next generation and a new key, to which
everything after it is sealed; the entry itself is still sealed to the key before. Whom it adds the
keyring must name with that very key. Only the reporter can add somebody who was left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.keyring import Keyring
from whistle.errors import ThreadError


@dataclass
class Access:
    """The state of a case's access after some entries. `keys` are raw public keys, newest last."""

    readers: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    keys: list[bytes] = field(default_factory=list)
    generation: int = 1

    @classmethod
    def of(cls, heads: Iterable[Mapping[str, Any]]) -> Self:
        """Return the access after entries whose heads have been verified."""
        access = cls()
        for head in heads:
            access.follow(head)
        return access

    def follow(self, head: Mapping[str, Any]) -> None:
        """Take over what a verified head says, if it says anything about access."""
        if head["kind"] == "report":
            self.readers = {reader["id"] for reader in head["readers"]}
            self.left_out = set(head["left_out"])
            self.keys = [b64u_decode(head["case_key"])]
        elif head["kind"] == "access":
            added = {reader["id"] for reader in head["added"]}
            self.readers = (self.readers | added) - set(head["removed"])
            self.left_out -= added
            if head["gen"] != self.generation:
                self.generation = head["gen"]
                self.keys.append(b64u_decode(head["case_key"]))

    def check(self, head: Mapping[str, Any], keyring: Keyring) -> None:
        """Refuse a change of access that may not be made.

        Raises:
            ThreadError: reason `access`.
        """
        key = b64u_decode(head["case_key"])
        if head["gen"] == self.generation:
            key_right = key == self.keys[-1]
        else:
            key_right = head["gen"] == self.generation + 1 and key not in self.keys
        added = {reader["id"]: reader["sha256"] for reader in head["added"]}
        for handler_id, sha256 in added.items():
            handler = keyring.handler(handler_id)
            if handler is None or b64u(handler.age_sha256) != sha256:
                raise ThreadError("access")
        by_reporter = head["author"]["side"] == "reporter"
        if not key_right or (self.left_out & added.keys() and not by_reporter):
            raise ThreadError("access")
        if not self.readers >= set(head["removed"]):
            raise ThreadError("access")
