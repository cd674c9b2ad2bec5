"""Who may be told who the reporter is: consents asked for and given, duties announced, disclosures.

Rules (Directive (EU) 2019/1937 Art. 16(1) to (3); protocol section 3.9):
* a request names one recipient and what is to be told; the reporter's answer names the request by
  the hash of its sealed bytes, so it covers nothing else; the newest answer to a request counts;
* a disclosure rests on an answer that gives consent and still counts, or on a listed legal duty
  that was announced to the reporter and whose waiting time is over, or on such a duty with a listed
  reason why it cannot wait. It tells no more than what it rests on, and the very recipient who
  stands there;
* one that rests on nothing stays readable and carries an alarm: the reporter must see it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from whistle.crypto import strictjson
from whistle.crypto.encoding import b64u
from whistle.crypto.padding import ENTRY_SIZES
from whistle.errors import ThreadError

SCOPES = ("name", "contact", "facts")
"""What is told: the reporter's name, how to reach them, facts that point to them."""
DUTIES = ("investigation", "court", "defence")
"""Legal duties (Art. 16(2)): an authority's investigation, court proceedings, and in them the
rights of defence of the person concerned."""
CANNOT_WAIT = ("urgent", "would_jeopardise")
"""Why a duty cannot wait: danger, or telling would jeopardise investigation or proceedings."""


@dataclass(frozen=True)
class _Basis:
    """What a disclosure may rest on: a request or a notice."""

    scope: frozenset[str]
    recipient: str | None
    duty: str | None = None
    earliest_on: dt.date | None = None


@dataclass
class Consents:
    """What a case chain has said so far, by the hashes (b64u) of sealed entries."""

    requests: dict[str, _Basis] = field(default_factory=dict)
    answers: dict[str, tuple[str, bool]] = field(default_factory=dict)
    notices: dict[str, _Basis] = field(default_factory=dict)

    def follow(self, head: Mapping[str, Any], sealed_sha256: bytes, body: bytes) -> None:
        """Take over what a verified entry says, if it says anything about consent."""
        key = b64u(sealed_sha256)
        if head["kind"] == "consent_request":
            self.requests[key] = _Basis(frozenset(head["scope"]), _recipient(body))
        elif head["kind"] == "consent":
            self.answers[head["request"]] = (key, head["given"])
        elif head["kind"] == "disclosure_notice":
            on = dt.date.fromisoformat(head["earliest_on"])
            self.notices[key] = _Basis(frozenset(head["scope"]), _recipient(body), head["duty"], on)

    def founded(self, head: Mapping[str, Any], on: dt.date, body: bytes) -> bool:
        """Say whether a verified disclosure, which came on a day, rests on what it names."""
        duty = head["duty"]
        if head["consent"] is not None:
            agreed = self._agreed(head["consent"])
            return duty is None and head["notice"] is None and _covers(agreed, head, body)
        if duty is None:
            return False
        if head["notice"] is None:
            return head["cannot_wait"] is not None
        notice = self.notices.get(head["notice"])
        if notice is None or notice.duty != duty or not _covers(notice, head, body):
            return False
        waited = notice.earliest_on is not None and notice.earliest_on <= on
        return waited or head["cannot_wait"] is not None

    def _agreed(self, consent: str) -> _Basis | None:
        """What was agreed to by this consent; nothing if it is none, or has been taken back."""
        for request, (key, given) in self.answers.items():
            if key == consent and given:
                return self.requests.get(request)
        return None


def _covers(basis: _Basis | None, head: Mapping[str, Any], body: bytes) -> bool:
    """Whether no more is told than that, and to nobody else: to the letter as it was asked for."""
    if basis is None or basis.recipient is None:
        return False
    return frozenset(head["scope"]) <= basis.scope and _recipient(body) == basis.recipient


def _recipient(body: bytes) -> str | None:
    """To whom something is told; None where that cannot be read."""
    try:
        found = strictjson.parse(body, ENTRY_SIZES[-1], ThreadError).get("recipient")
    except ThreadError:
        return None
    return found if isinstance(found, str) else None
