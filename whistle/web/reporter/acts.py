"""What a reporter does in an opened report without scripts: which button, which text, done once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.services.parts import Parts
from whistle.services.reporting import unscripted
from whistle.services.reporting.unscripted import Look
from whistle.services.reporting.visible import is_blank
from whistle.web.reporter.answers import TEXT_MAX, Problem
from whistle.web.reporter.consents import asks_of

TEXTS = ("message", "meeting")
"""The fields of the page."""
SAID: Mapping[str, str] = {
    "message": "sent_now",
    "meeting": "meeting_now",
    "waive": "waive_now",
    "unwaive": "unwaive_now",
    "agree": "agree_now",
    "refuse": "refuse_now",
}
"""What is said when an act is done; an act is a button of the page."""
NOT_NOW = frozenset(
    {"already_acknowledged", "already_asked", "already_waived", "not_waived", "closed"}
)
"""Why an act is refused, where the opened report shows it; as in js/reporter/mailbox.js."""


@dataclass(frozen=True)
class Act:
    """A button that was pressed, and the text that goes with it."""

    name: str
    text: str
    request: str = ""

    @property
    def field(self) -> str:
        """Where a problem of it is shown."""
        if self.request:
            return "consent"
        return self.name if self.name in TEXTS else "waiver"

    def problem(self) -> Problem | None:
        """Return what must be mended first."""
        if self.name not in TEXTS:
            return None
        if is_blank(self.text):
            return (self.field, f"{self.name}_empty", {})
        if len(self.text) > TEXT_MAX:
            return (self.field, "message_long", {"count": len(self.text), "limit": TEXT_MAX})
        return None

    def is_same(self, entry: Mapping[str, Any]) -> bool:
        """Return whether an entry of the reporter's is this act, done before."""
        if self.name in TEXTS:
            return bool(entry["kind"] == self.name and entry["body"].get("text") == self.text)
        if self.request:
            given = entry["head"].get("given") is (self.name == "agree")
            return bool(given and entry["head"].get("request") == self.request)
        waived = entry["head"].get("waive_ack") is (self.name == "waive")
        return bool(entry["kind"] == "waiver" and waived)

    def do(self, parts: Parts, code: str) -> None:
        """Do it. Raises as `unscripted.append`."""
        if self.name == "message":
            unscripted.write_message(parts, code, self.text)
        elif self.name == "meeting":
            unscripted.ask_meeting(parts, code, self.text)
        elif self.request:
            given = self.name == "agree"
            unscripted.answer_consent(parts, code, self.request, given=given)
        else:
            unscripted.waive(parts, code, waive_ack=self.name == "waive")


def act_of(pressed: str, texts: Mapping[str, str], look: Look) -> Act:
    """Return the act of a button's value; every other value means the message.

    An answer names the request by its number: `agree-5`.
    """
    name, _, number = pressed.partition("-")
    for ask in asks_of(look.entries):
        if name in {"agree", "refuse"} and number == str(ask.seq):
            return Act(name, "", ask.request)
    name = pressed if pressed in SAID.keys() - {"agree", "refuse"} else "message"
    return Act(name, texts.get(name, ""))


def came_before(act: Act, look: Look, since: int) -> str:
    """Return the code of what to say when an entry of the reporter's own came in meanwhile."""
    own = [one for one in look.entries if one["seq"] > since and one["side"] == "reporter"]
    if any(act.is_same(one) for one in own):
        return SAID[act.name]
    return "came_before" if own else ""
