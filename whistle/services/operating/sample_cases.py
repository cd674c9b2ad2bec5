"""Six sample cases, made through the same doors as real ones: filed, opened, answered, closed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.crypto.chain import EntryRecord, next_place, verify_thread
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import make_filing, open_case_keys
from whistle.crypto.receipt import Receipt
from whistle.services.handling import cases, writing
from whistle.services.operating.ceremony import Enrolled
from whistle.services.parts import Parts
from whistle.services.reporting.filing import file_report
from whistle.services.reporting.unscripted import write_message
from whistle.services.upkeep.sweeping import sweep

At = Callable[[int], Parts]
"""The real parts as they were so many days ago."""

THANKS = {"text": "Thank you. We have your report."}


@dataclass(frozen=True)
class _Day:
    """The parts on one day, and the cast."""

    parts: Parts
    people: Mapping[str, Enrolled]


class _Cases:
    """Six stories, told day by day: `days` maps so many days ago to what happens then."""

    def __init__(self) -> None:
        self.receipts: dict[str, Receipt] = {}
        self.days: Mapping[int, Sequence[Callable[[_Day], None]]] = {
            120: [self._file("closed", "The guard on press 7 was taken off.", "safety")],
            117: [self._write("closed", "bo", "acknowledgement", THANKS)],
            110: [self._file("late", "Used oil was poured into the drain.", "environment")],
            108: [self._write("late", "anna", "acknowledgement", THANKS)],
            90: [self._file("due", "Overtime at the foundry is not written down.", "other")],
            88: [self._write("due", "anna", "acknowledgement", THANKS)],
            60: [
                self._write("closed", "bo", "feedback", _FEEDBACK, {"final": True, "next_on": None})
            ],
            58: [self._write("closed", "bo", "closing", _CLOSING, {"outcome": "substantiated"})],
            20: [self._file("answered", "Three invoices for the same work.", "finance")],
            18: [self._write("answered", "anna", "acknowledgement", THANKS)],
            16: [self._write("answered", "anna", "message", _QUESTION)],
            14: [self._reply("answered", "April, May and June. The numbers are the same.")],
            3: [self._file("left_out", "Bo tells people who has reported.", "privacy", ("bo",))],
            0: [self._file("new", "The emergency exit by hall 3 is locked.", "safety")],
        }

    def _file(
        self, name: str, what: str, topic: str, left_out: tuple[str, ...] = ()
    ) -> Callable[[_Day], None]:
        def file(day: _Day) -> None:
            self.receipts[name] = _file(day.parts, what, topic, left_out)

        return file

    def _write(
        self,
        name: str,
        handler: str,
        kind: str,
        body: Mapping[str, Any],
        adds: Mapping[str, Any] | None = None,
    ) -> Callable[[_Day], None]:
        def write(day: _Day) -> None:
            _write(day.parts, day.people[handler], self.receipts[name], kind, body, adds)

        return write

    def _reply(self, name: str, text: str) -> Callable[[_Day], None]:
        return lambda day: write_message(day.parts, str(self.receipts[name]), text)


_QUESTION = {"text": "Do you know which months the three invoices are for?"}
_FEEDBACK = {
    "measures": "The guard is back, and the supervisor has been instructed again.",
    "reasons": "The inspection on the spot confirmed what you reported.",
}
_CLOSING = {"text": "The case is closed. Thank you.", "grounds": "Confirmed and put right."}


def file_all(at: At, people: Mapping[str, Enrolled]) -> list[dict[str, str]]:
    """Let the six stories happen, with the clock's turn every day; return two receipt codes."""
    cases = _Cases()
    for days_ago in range(max(cases.days), -1, -1):
        day = _Day(at(days_ago), people)
        for happens in cases.days.get(days_ago, ()):
            happens(day)
        sweep(day.parts)
    return [
        {"code": str(cases.receipts["answered"]), "about": "acknowledged, a question answered"},
        {"code": str(cases.receipts["late"]), "about": "late: no feedback by the date"},
    ]


def _file(parts: Parts, what: str, topic: str, left_out: tuple[str, ...] = ()) -> Receipt:
    channel = parts.settings.channels[0]
    today = parts.today(channel)
    receipt = Receipt.generate()
    body = {
        "language": "en",
        "answers": {
            "what": what,
            "when_where": "",
            "ongoing": "unknown",
            "topic": topic,
            "how_known": "",
        },
        "reporter": None,
        "wishes": {"meeting": False},
    }
    keyring = parts.keyrings.published().chain.effective(today)
    filing = make_filing(receipt, keyring, channel.id, body, left_out, made="browser", on=today)
    file_report(parts, filing.to_bytes())
    return receipt


def _write(
    parts: Parts,
    handler: Enrolled,
    receipt: Receipt,
    kind: str,
    body: Mapping[str, Any],
    adds: Mapping[str, Any] | None = None,
) -> None:
    """Do what the handler's browser does: open the case, verify it, seal and sign, post."""
    today = parts.today(parts.settings.channels[0])
    published = parts.keyrings.published()
    key = published.chain.effective(today).handler(handler.appointed.id)
    assert key is not None  # noqa: S101 - the demo appointed this handler itself
    for case in cases.list_cases(parts, key)["cases"]:
        opened = cases.open_case(parts, key, case["id"])
        keys = open_case_keys(b64u_decode(opened["case_age"]), [handler.private_key])
        records = [_record(one) for one in opened["entries"]]
        verified = verify_thread(records, keys, published.chain, thread=None)
        if verified[0].head["reporter_sign"] != b64u(receipt.signing_key.public):
            continue
        place = next_place(verified)
        sealed = make_entry(
            place,
            Author("handler", handler.appointed.id, handler.signing_key, "browser"),
            kind,
            body,
            keyring=published.chain.effective(today),
            to=keys[0].public_key,
            adds=adds,
        )
        entry = writing.Written("case", place.seq, kind, sealed, facts=dict(adds or {}))
        writing.write(parts, key, case["id"], entry)
        return


def _record(entry: Mapping[str, Any]) -> EntryRecord:
    return EntryRecord(
        entry["chain"],
        entry["seq"],
        entry["kind"],
        entry["handler"],
        date.fromisoformat(entry["on"]),
        b64u_decode(entry["sealed"]),
    )
