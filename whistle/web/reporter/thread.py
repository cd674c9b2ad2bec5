"""An entry of a thread as the page shows it: who wrote, in which role, on which day, and what.

The browser's twin is static/js/reporter/thread.js. Text stays text: no address becomes a link.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from whistle.services.reporting.visible import visible
from whistle.web.reporter.answers import ONGOING, TOPICS
from whistle.web.reporter.consents import scope_in_words
from whistle.web.reporter.sentences import DATES, ENTRIES, LINES, filled


@dataclass(frozen=True)
class Part:
    """One paragraph, perhaps under a heading of its own."""

    text: str
    heading: str = ""


@dataclass(frozen=True)
class Shown:
    """One entry, worded."""

    side: str
    author: str
    on: date
    heading: str
    parts: tuple[Part, ...]
    hint: str
    fresh: bool


def shown(entry: Mapping[str, Any], since: int | None) -> Shown:
    """Return a verified entry of services/reporting/unscripted.py in words.

    Args:
        entry: one of `Look.entries`.
        since: entries with a higher number are new to the reader; None: none is.
    """
    kind = f"kind.{entry['kind']}"
    own = entry["side"] == "reporter"
    return Shown(
        side=entry["side"],
        author=_author(entry),
        on=entry["on"],
        heading=_say(kind) if entry["side"] != "system" and kind in ENTRIES else "",
        parts=tuple(replace(part, text=visible(part.text)) for part in _parts(entry) if part.text),
        hint=_say("by.server") if own and entry["made"] == "server" else "",
        fresh=since is not None and entry["seq"] > since,
    )


def _author(entry: Mapping[str, Any]) -> str:
    if entry["side"] == "reporter":
        return _say("by.you")
    if entry["side"] == "system":
        return _say("by.system")
    return ", ".join(part for part in (entry["author_name"], entry["author_role"]) if part)


def _parts(entry: Mapping[str, Any]) -> list[Part]:
    body = entry["body"]
    if entry["side"] == "system":
        return [Part(filled(_line(body), _days(body)))]
    words = _WORDS.get(entry["kind"])
    if words is not None:
        return words(entry)
    return [Part(body.get("text") or filled(LINES.get(_code(entry), LINES["other"]), {}))]


def _code(entry: Mapping[str, Any]) -> str:
    """Return the code of an entry that may have no text of its own."""
    if entry["kind"] == "consent":
        return "consent.yes" if entry["head"].get("given") else "consent.no"
    if entry["kind"] == "waiver":
        return "waiver.yes" if entry["head"].get("waive_ack") else "waiver.no"
    return str(entry["kind"])


def _report(entry: Mapping[str, Any]) -> list[Part]:
    body = entry["body"]
    answers, reporter = body.get("answers", {}), body.get("reporter") or {}
    ongoing = ONGOING.get(answers.get("ongoing", ""))
    topic = TOPICS.get(answers.get("topic", ""))
    named = [reporter.get("name"), reporter.get("contact")]
    meeting = _say("question.meeting") if body.get("wishes", {}).get("meeting") else ""
    return [
        Part(answers.get("what", ""), _say("question.what")),
        Part(answers.get("when_where", ""), _say("question.when_where")),
        Part(filled(ongoing, {}) if ongoing else "", _say("question.ongoing")),
        Part(filled(topic, {}) if topic else "", _say("question.topic")),
        Part(answers.get("how_known", ""), _say("question.how_known")),
        Part("\n".join(one for one in named if one), _say("question.who")),
        Part(meeting),
    ]


def _closing(entry: Mapping[str, Any]) -> list[Part]:
    body = entry["body"]
    return [Part(body.get("text", "")), Part(body.get("grounds", ""), _say("closing.grounds"))]


def _preview(entry: Mapping[str, Any]) -> list[Part]:
    day = date.fromisoformat(entry["head"]["answer_by"])
    until = filled(ENTRIES["told.answer_by"], {"day": day})
    return [Part(until), Part(entry["body"].get("text", ""))]


def _feedback(entry: Mapping[str, Any]) -> list[Part]:
    body, head = entry["body"], entry["head"]
    next_on = None if head.get("final") else head.get("next_on")
    later = filled(DATES["next_by"], {"day": date.fromisoformat(next_on)}) if next_on else ""
    return [
        Part(body.get("measures", ""), _say("feedback.measures")),
        Part(body.get("reasons", ""), _say("feedback.reasons")),
        Part(later),
    ]


def _told(entry: Mapping[str, Any]) -> list[Part]:
    """Return who is, or may be, told of the reporter; first of all that it was not allowed."""
    body, head = entry["body"], entry["head"]
    earliest = head.get("earliest_on")
    day = {"day": date.fromisoformat(earliest)} if earliest else {}
    return [
        Part(_say(f"alarm.{entry['alarm']}") if entry.get("alarm") else ""),
        Part(body.get("recipient", ""), _say("told.recipient")),
        Part(scope_in_words(head["scope"]), _say("told.scope")),
        Part(body.get("why", ""), _say("told.why")),
        Part(filled(ENTRIES["told.not_before"], day) if day else ""),
    ]


def _line(body: Mapping[str, Any]) -> str:
    """Return the sentence for a code, more exact where it names its clock."""
    code = str(body.get("code"))
    clock = body.get("params", {}).get("clock")
    return LINES.get(f"{code}.{clock}") or LINES.get(code) or LINES["other"]


def _days(body: Mapping[str, Any]) -> dict[str, object]:
    """Return a system line's values, its days as days."""
    params = body.get("params", {})
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value
        for name, value in params.items()
    }


def _say(code: str) -> str:
    return filled(ENTRIES[code], {})


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], list[Part]]] = {
    "report": _report,
    "feedback": _feedback,
    "closing": _closing,
    "consent_request": _told,
    "disclosure_notice": _told,
    "disclosure": _told,
    "handover_preview": _preview,
}
"""The kinds with more than one text."""
