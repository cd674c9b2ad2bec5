"""The answers of the report form: read from a posted form, checked, made into the report's body.

Rules (the browser's twin is static/js/reporter/answers.js):
* nothing that was typed is lost or changed: what is wrong is named, and shown again as it came;
* a person to be left out who is not on the list is a fault, never passed over: whoever ticked the
  name must not find out later that the tick did not count;
* all that was typed is at most 20 000 code points together, as in the sealed entry; what was chosen
  from a list does not count.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from whistle.services.reporting.visible import is_blank
from whistle.wording import LANGUAGES, mark

TEXT_MAX = 20_000
"""Code points of all texts in the report's body (protocol section 3)."""

TYPED = ("what", "when_where", "how_known")

ONGOING: Mapping[str, str] = {
    "yes": mark("Yes"),
    "no": mark("No"),
    "unknown": mark("I do not know"),
}
TOPICS: Mapping[str, str] = {
    "procurement": mark("Purchasing and contracts"),
    "finance": mark("Accounts, money and taxes"),
    "fraud": mark("Fraud, theft or bribes"),
    "safety": mark("Safety at work or of products"),
    "environment": mark("The environment"),
    "privacy": mark("Personal data and privacy"),
    "discrimination": mark("Discrimination"),
    "harassment": mark("Harassment or abuse"),
    "other": mark("Something else"),
    "unknown": mark("I do not know"),
}

Problem = tuple[str, str, dict[str, object]]
"""The field, the code of the sentence (sentences.py) and the values in it."""


@dataclass(frozen=True)
class Answers:
    """Everything that was answered, as it was typed; `left_out` holds persons of the keyring."""

    channel: str
    language: str
    what: str = ""
    when_where: str = ""
    ongoing: str = ""
    topic: str = ""
    how_known: str = ""
    left_out: tuple[str, ...] = ()
    no_recovery: bool = False
    waive_ack: bool = False
    named: bool = False
    name: str = ""
    contact: str = ""
    meeting: bool = False

    @classmethod
    def read(cls, form: MultiDict[str, str], page_language: str) -> "Answers":
        """Take the answers out of a posted form; what is missing is empty."""
        return cls(
            channel=form.get("channel", ""),
            language=form.get("answer_in", page_language),
            what=_text(form, "what"),
            when_where=_text(form, "when_where"),
            ongoing=form.get("ongoing", ""),
            topic=form.get("topic", ""),
            how_known=_text(form, "how_known"),
            left_out=tuple(form.getlist("left_out")),
            no_recovery=form.get("no_recovery") == "yes",
            waive_ack=form.get("waive_ack") == "yes",
            named=form.get("named") == "yes",
            name=_text(form, "name"),
            contact=_text(form, "contact"),
            meeting=form.get("meeting") == "yes",
        )

    def fields(self) -> list[tuple[str, str]]:
        """Return the form's fields that bring these answers back, for a page's hidden fields."""
        ticked = {
            "no_recovery": self.no_recovery,
            "waive_ack": self.waive_ack,
            "named": self.named,
            "meeting": self.meeting,
        }
        return [
            ("channel", self.channel),
            ("answer_in", self.language),
            ("what", self.what),
            ("when_where", self.when_where),
            ("ongoing", self.ongoing),
            ("topic", self.topic),
            ("how_known", self.how_known),
            *(("left_out", person) for person in self.left_out),
            ("name", self.name),
            ("contact", self.contact),
            *((name, "yes") for name, ticked_now in ticked.items() if ticked_now),
        ]

    def body(self) -> dict[str, Any]:
        """Return the body of the report's entry; a name only when it was chosen to give one."""
        return {
            "language": self.language,
            "answers": {
                "what": self.what.strip(),
                "when_where": self.when_where.strip(),
                "ongoing": self.ongoing,
                "topic": self.topic,
                "how_known": self.how_known.strip(),
            },
            "reporter": (
                {"name": self.name.strip(), "contact": self.contact.strip()} if self.named else None
            ),
            "wishes": {"meeting": self.meeting},
        }

    def length(self) -> int:
        """Return the code points of all that was typed, as the report's body holds it."""
        body = self.body()
        texts = [body["answers"][name] for name in TYPED]
        return sum(map(len, [*texts, *(body["reporter"] or {}).values()]))

    def problems(self, persons: Collection[str]) -> list[Problem]:
        """Return what must be mended, in the order of the page.

        Args:
            persons: the persons who would read the report if nobody was left out.
        """
        found: list[Problem] = []
        count = self.length()
        if is_blank(self.what):
            found.append(("what", "what_empty", {}))
        elif count > TEXT_MAX:
            found.append(("what", "too_long", {"count": count, "limit": TEXT_MAX}))
        if self.ongoing not in {"", *ONGOING}:
            found.append(("ongoing", "choose", {}))
        if self.topic not in {"", *TOPICS}:
            found.append(("topic", "choose", {}))
        if set(self.left_out) - set(persons):
            found.append(("left_out", "readers_changed", {}))
        elif set(persons) <= set(self.left_out):
            found.append(("left_out", "no_readers", {}))
        if self.named and is_blank(self.name + self.contact):
            found.append(("name", "name_empty", {}))
        if self.language not in LANGUAGES:
            found.append(("answer_in", "choose", {}))
        return found


def _text(form: MultiDict[str, str], field: str) -> str:
    # A form is sent with CRLF (WHATWG HTML, form data set); what was typed had single ends.
    return form.get(field, "").replace("\r\n", "\n")
