"""A request has a size; what is larger is refused before it is read."""

from io import RawIOBase
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from whistle.web.app import BODY_MAX


class Endless(RawIOBase):
    """A body without an end, that counts what was taken of it."""

    taken = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Fill whatever it is given."""
        buffer[:] = b"x" * len(buffer)
        self.taken += len(buffer)
        return len(buffer)


@pytest.mark.parametrize("path", ["/api/v1/reports", "/api/v1/mailbox/entries"])
def test_a_body_that_says_it_is_too_large_is_refused(app: Flask, path: str) -> None:
    """The status and the code say so, under the API in JSON."""
    client = app.test_client(use_cookies=False)
    token = {"Authorization": f"Bearer {'A' * 43}"}
    answer = client.post(
        path, data=b"x" * (BODY_MAX + 1), headers=token, content_type="application/json"
    )
    assert answer.status_code == 413
    assert answer.get_json()["error"] == "too_large"


def test_a_body_that_does_not_say_its_length_is_not_read_without_end(app: Flask) -> None:
    """What comes in pieces is taken up to the limit, and then refused as no report."""
    body = Endless()
    environ = create_environ("/api/v1/reports", method="POST")
    environ.pop("CONTENT_LENGTH", None)
    _, status, _ = run_wsgi_app(app, {**environ, "wsgi.input": body, "wsgi.input_terminated": True})
    assert status.startswith("4")
    assert body.taken <= BODY_MAX
