"""No body touches a disk: whatever is posted, in whatever form, at whatever door."""

import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from werkzeug import Request

from tests import acts
from tests.organisation import Organisation
from whistle.crypto.receipt import Receipt
from whistle.services.reporting import unscripted
from whistle.web.guards import door
from whistle.web.intake import multipart

LARGE = 900_000
"""Bytes: above Werkzeug's 500 kB, from which it would use a file, and below the limit of a body."""

_opened: list[str] | None = None


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if _opened is None or event not in {"open", "tempfile.mkstemp", "tempfile.mkdtemp"}:
        return
    mode, flags = (args[1], args[2]) if event == "open" else ("w", 0)
    if (isinstance(mode, str) and set("wax+") & set(mode)) or (flags or 0) & 0b11:
        _opened.append(str(args[0]))


sys.addaudithook(_hook)  # can never be taken out again, so it is silent but inside `written`


@pytest.fixture
def watched(organisation: Organisation) -> Iterator[None]:
    """Files that are opened for writing are noted until the test ends."""
    global _opened  # noqa: PLW0603 - an audit hook has no other place
    organisation.app.test_client().get("/en/")  # what is read once is read
    _opened = []
    yield
    _opened = None


def seen(organisation: Organisation) -> list[str]:
    """The files outside the data folder that have been opened for writing since the start."""
    inside = str(organisation.parts.settings.data_dir)
    return [name for name in _opened or [] if not name.startswith(inside)]


@pytest.mark.usefixtures("watched")
def test_the_watch_sees_a_temporary_file(organisation: Organisation, tmp_path: Path) -> None:
    """It would see Werkzeug's own, an ordinary one, and one that has no name."""
    with Request({"wsgi.input": BytesIO()})._get_file_stream(LARGE, None) as part:
        part.write(b"x" * LARGE)
    assert len(seen(organisation)) >= 1
    before = len(seen(organisation))
    with tempfile.TemporaryFile(), (tmp_path / "draft").open("w"):
        pass
    assert len(seen(organisation)) >= before + 2


@pytest.mark.usefixtures("watched")
def test_a_sealed_report_as_a_file_touches_no_disk(organisation: Organisation) -> None:
    """The upload of the page without scripts, at its largest."""
    text = "x" * 19_000
    posted = acts.sealed(organisation, Receipt.generate(), what=text).to_bytes()
    client = organisation.app.test_client(use_cookies=False)
    for sealed in (posted, posted + bytes(LARGE - len(posted))):
        answer = client.post("/en/report/file", **parts({"sealed": sealed}))
        assert answer.status_code in {200, 413, 422}
    assert seen(organisation) == []


def parts(files: dict[str, bytes]) -> dict[str, Any]:
    """A posted form of files, put together here: the test client would use a file itself."""
    written = b"".join(
        b"--line\r\nContent-Disposition: form-data; "
        + f'name="{name}"; filename="a.bin"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files.items()
    )
    return {"data": written + b"--line--\r\n", "content_type": "multipart/form-data; boundary=line"}


def form(organisation: Organisation, text: str) -> dict[str, str]:
    """The long form, filled in, with what the later pages want as well."""
    return {
        "channel": "main",
        "what": text,
        "when_where": text,
        "code": unscripted.new_code(),
        "message": text,
        "write": "1",
        "known": "1",
        "today": acts.today(organisation).isoformat(),
    }


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize(
    "path", ["/en/report", "/en/report/send", "/en/report/sent", "/en/return", "/en/case"]
)
def test_a_long_form_touches_no_disk(organisation: Organisation, path: str, kind: str) -> None:
    """Each page without scripts that takes a text or a code in."""
    client = organisation.app.test_client(use_cookies=False)
    answer = client.post(path, data=form(organisation, "x" * 100_000), content_type=kind)
    assert answer.status_code < 500
    assert seen(organisation) == []


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    "path", ["/en/report", "/en/return", "/en/case", "/api/v1/reports", "/api/v1/desk/sign-in"]
)
def test_a_file_where_none_is_asked_for_touches_no_disk(
    organisation: Organisation, path: str
) -> None:
    """Whoever posts a large file to any door leaves nothing there."""
    client = organisation.app.test_client(use_cookies=False)
    answer = client.post(path, **parts({"what": b"x" * LARGE, "code": b"x"}))
    assert answer.status_code < 500
    assert seen(organisation) == []


def test_every_request_is_read_in_memory(app: Flask) -> None:
    """Also by a view that is not written yet."""
    assert app.request_class is multipart.InMemory

    @door("public")
    def take() -> str:
        stream = request.files["part"].stream
        return f"{type(stream).__name__} {len(stream.read())}"

    app.add_url_rule("/take", view_func=take, methods=["POST"])
    answer = app.test_client().post("/take", **parts({"part": b"x" * LARGE}))
    assert answer.text == f"BytesIO {LARGE}"
