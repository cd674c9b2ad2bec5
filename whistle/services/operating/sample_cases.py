"""Six sample cases, made through the same doors as real ones: filed, opened, answered, closed."""

from collections.abc import Callable, Mapping
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

At = Callable[[int], Parts]
"""The real parts as they were so many days ago."""


def file_all(at: At, people: Mapping[str, Enrolled]) -> list[dict[str, str]]:
    """File and handle the six cases; return the two receipt codes that the demo prints."""
    anna, bo = people["anna"], people["bo"]
    _file(at(0), "The emergency exit by hall 3 has been locked since Monday.", "safety")
    _file(at(6), "Overtime at the foundry is not written down any more.", "other")
    late = _file(at(9), "Used oil was poured into the drain behind the paint shop.", "environment")
    _file(at(3), "Bo tells people who has reported before.", "privacy", left_out=("bo",))
    answered = _answered(at, anna)
    _closed(at, bo)
    return [
        {"code": str(answered), "about": "acknowledged, with a question answered"},
        {"code": str(late), "about": "late: not acknowledged in time"},
    ]


def _answered(at: At, handler: Enrolled) -> Receipt:
    receipt = _file(at(20), "Three invoices from the same firm, for the same work.", "finance")
    _write(at(18), handler, receipt, "acknowledgement", {"text": "Thank you. We have your report."})
    question = "Do you know which months the three invoices are for?"
    _write(at(16), handler, receipt, "message", {"text": question})
    write_message(at(14), str(receipt), "April, May and June. The numbers are the same.")
    return receipt


def _closed(at: At, handler: Enrolled) -> None:
    receipt = _file(at(120), "The guard on press 7 was taken off to work faster.", "safety")
    _write(
        at(117), handler, receipt, "acknowledgement", {"text": "Thank you. We have your report."}
    )
    feedback = {
        "measures": "The guard is back, and the supervisor has been instructed again.",
        "reasons": "The inspection on the spot confirmed what you reported.",
    }
    adds = {"final": True, "next_on": None}
    _write(at(60), handler, receipt, "feedback", feedback, adds)
    closing = {"text": "The case is closed. Thank you.", "grounds": "Confirmed and put right."}
    _write(at(58), handler, receipt, "closing", closing, {"outcome": "substantiated"})


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
