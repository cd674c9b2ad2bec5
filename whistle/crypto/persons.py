"""Witnesses, the person concerned, others who are named: when their names may leave the circle.

Rules (Directive (EU) 2019/1937 Art. 9(1)(a), 22; Lag (2021:890) 9 kap. 1 §; protocol section 3.13):
* a handler's `person` lists somebody who is named in the case; their name is covered in packages;
* a `person_ground` says why one recipient may be told that name: a consent of that person's own,
  with how and on which day it was given, or a listed legal duty; one of the two, never both;
* a `person_ended` ends a ground, such as a consent that was taken back, or takes somebody off the
  list;
* what names nothing that counts is readable, carries an alarm, and counts for nothing.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whistle.crypto.encoding import b64u

ROLES = ("witness", "concerned", "other")
"""As what somebody is named."""
GIVEN = ("in_writing", "spoken")
"""How a consent was given."""


@dataclass
class Persons:
    """What a desk chain has said of them so far, by the hashes (b64u) of sealed entries."""

    listed: set[str] = field(default_factory=set)
    grounds: dict[str, str] = field(default_factory=dict)

    def follow(self, head: Mapping[str, Any], sealed_sha256: bytes, on: dt.date) -> None:
        """Take over what a verified entry, which came on a day, says of persons."""
        if not self.founded(head, on):
            return
        key = b64u(sealed_sha256)
        if head["kind"] == "person":
            self.listed.add(key)
        elif head["kind"] == "person_ground":
            self.grounds[key] = head["person"]
        elif head["kind"] == "person_ended":
            self.listed.discard(head["ended"])
            self.grounds.pop(head["ended"], None)

    def founded(self, head: Mapping[str, Any], on: dt.date) -> bool:
        """Say whether a verified entry, which came on a day, rests on what it names."""
        if head["kind"] == "person_ended":
            return head["ended"] in self.listed or head["ended"] in self.grounds
        if head["kind"] != "person_ground":
            return True
        if head["person"] not in self.listed:
            return False
        given, given_on = head["given"], head["given_on"]
        if head["duty"] is not None:
            return given is None and given_on is None
        return given is not None and given_on is not None and given_on <= on.isoformat()

    def may_be_told(self, ground: str) -> str | None:
        """Return the person whose name may be told on this ground now; None if there is none."""
        person = self.grounds.get(ground)
        return person if person in self.listed else None
