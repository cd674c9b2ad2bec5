"""What a fault of ours leaves in the log: its class and where, and nothing that was sent."""

import logging
import sys

import pytest
from flask import Flask, request

from whistle.web import faults
from whistle.web.guards import door


@door("public")
def broken(name: str) -> str:
    """Fail with everything that was sent in the error's text."""
    raise RuntimeError(f"{name} {request.form} {request.headers}")


def test_a_fault_is_logged_without_what_was_sent(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    """No address, no text, no header; a number by which the line can be told from others."""
    app.add_url_rule("/api/broken/<name>", view_func=broken, methods=["POST"])
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().post(
            "/api/broken/anna-lind",
            data={"code": "kanarie-code"},
            headers={"User-Agent": "kanarie-agent", "X-Forwarded-For": "203.0.113.77"},
        )
    assert (answer.status_code, answer.get_json()["error"]) == (500, "broken")
    assert "kanarie" not in answer.text
    (record,) = caplog.records
    assert record.exc_info is None
    line = record.getMessage()
    assert "RuntimeError at test_fault_log.py:" in line
    for private in ("anna", "kanarie", "203.0.113.77", "/api/", "broken/"):
        assert private not in line


def test_the_line_names_the_innermost_place_first() -> None:
    """Class and file:line of each frame; two faults have two numbers."""
    lines = set()
    for _ in range(2):
        try:
            int("kanarie")
        except ValueError:
            lines.add(faults.told(sys.exc_info()))
    assert len(lines) == 2
    assert all("ValueError at test_fault_log.py:" in one for one in lines)
    assert not any("kanarie" in one for one in lines)
