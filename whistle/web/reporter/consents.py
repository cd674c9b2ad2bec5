"""What the reporter is asked: who may be told who they are, and how that was answered.

The browser's twin is static/js/reporter/consents.js.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.services.reporting.visible import visible
from whistle.web.reporter.sentences import ENTRIES, filled


@dataclass(frozen=True)
class Ask:
    """One request, by its number and the hash of its sealed bytes; `given` is None unanswered."""

    seq: int
    request: str
    recipient: str
    why: str
    scope: tuple[str, ...]
    given: bool | None

    @property
    def told(self) -> str:
        """What is to be told, in words."""
        return scope_in_words(self.scope)

    @property
    def answer(self) -> str:
        """How it was answered, in words."""
        code = {None: "open", True: "given", False: "refused"}[self.given]
        return filled(ENTRIES[f"consent.{code}"], {})


def asks_of(entries: Sequence[Mapping[str, Any]]) -> tuple[Ask, ...]:
    """Return the requests of a verified thread, each with its newest answer."""
    answers = {
        one["head"]["request"]: one["head"]["given"] for one in entries if one["kind"] == "consent"
    }
    return tuple(
        Ask(
            seq=one["seq"],
            request=one["sha256"],
            recipient=visible(str(one["body"].get("recipient", ""))),
            why=visible(str(one["body"].get("why", ""))),
            scope=tuple(one["head"]["scope"]),
            given=answers.get(one["sha256"]),
        )
        for one in entries
        if one["kind"] == "consent_request"
    )


def scope_in_words(scope: Sequence[str]) -> str:
    """Return what is told, one thing a line."""
    return "\n".join(filled(ENTRIES[f"scope.{code}"], {}) for code in scope)
