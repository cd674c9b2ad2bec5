"""An entry in words: every kind that a thread may hold, and what no page has heard of."""

from datetime import date
from typing import Any

import pytest
from flask import Flask, g

from whistle.crypto.heads import KINDS, SYSTEM_KINDS
from whistle.web.reporter.sentences import LINES
from whistle.web.reporter.thread import Shown, shown

ON = date(2026, 11, 22)


def entry(kind: str, side: str, body: dict[str, Any], **head: Any) -> dict[str, Any]:
    """An entry as services give it to the page."""
    return {
        "seq": 3,
        "kind": kind,
        "side": side,
        "on": ON,
        "author_name": "Anna",
        "author_role": "Lawyer",
        "made": "browser",
        "head": head,
        "body": body,
    }


@pytest.fixture
def worded(app: Flask) -> Any:
    """A function that shows an entry in English."""

    def show(one: dict[str, Any], since: int | None = None) -> Shown:
        with app.test_request_context("/en/case"):
            g.language = "en"
            return shown(one, since)

    return show


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"desk", "note"}))
def test_no_kind_is_without_words(worded: Any, kind: str) -> None:
    """Also with an empty body, which another program may have written."""
    side = "system" if kind in SYSTEM_KINDS else "handler"
    params = {"received_on": "2026-11-22", "recovered_on": "2026-11-22"}
    body = {"code": kind, "params": params} if side == "system" else {}
    head = {"scope": ["name"], "answer_by": "2026-11-29", "earliest_on": "2026-11-29"}
    one = worded(entry(kind, side, body, **head))
    assert one.author
    assert kind in {"report", "feedback", "closing"} or all(part.text for part in one.parts)


def test_every_system_line_has_its_sentence() -> None:
    """A closed list signs codes; the page has words for each."""
    assert set(SYSTEM_KINDS) <= set(LINES)


def test_a_line_names_its_clock(worded: Any) -> None:
    """Which date was not kept."""
    line = {"code": "late", "params": {"clock": 2, "since": "2027-02-28"}}
    assert "what has been done" in worded(entry("late", "system", line)).parts[0].text
    line["params"]["clock"] = 99  # type: ignore[index] # a mapping, as JSON gives it
    assert worded(entry("late", "system", line)).parts[0].text == LINES["late"]


def test_an_unknown_line_is_told_as_that(worded: Any) -> None:
    """Nothing is invented, nothing is hidden."""
    one = worded(entry("late", "system", {"code": "moon", "params": {}}))
    assert one.parts[0].text == LINES["other"]


def test_feedback_shows_both_parts_and_the_next_date(worded: Any) -> None:
    """Interim feedback promises a day; final feedback does not."""
    body = {"measures": "M", "reasons": "R"}
    interim = worded(entry("feedback", "handler", body, final=False, next_on="2027-01-15"))
    assert [part.text for part in interim.parts] == [
        "M",
        "R",
        "By 15 January 2027 you hear from us again.",
    ]
    final = worded(entry("feedback", "handler", body, final=True, next_on=None))
    assert [part.text for part in final.parts] == ["M", "R"]


def test_what_is_new_is_marked(worded: Any) -> None:
    """New is what came after the last entry that was seen."""
    one = entry("message", "handler", {"text": "x"})
    assert [worded(one, since).fresh for since in (None, 2, 3)] == [False, True, False]
