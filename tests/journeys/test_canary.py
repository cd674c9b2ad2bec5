"""The canary sweep: marked texts, names, addresses and codes go in; then every byte is searched.

Two real servers (reporters' face and desk) work on one organisation. Everything a person can send
is sent, with and without scripts' help, rightly and wrongly, also into a fault of ours. What may be
found afterwards on the disk: nothing in the clear. In the workers' memory: nothing either.
"""

import base64
import json
import os
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests import acts
from tests.journeys.marks import Marks, mark
from tests.organisation import Organisation, make_organisation
from tests.served import Answer, Served
from whistle.cli.forgetting import PAUSE_SECONDS
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.receipt import Receipt

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


class _Hidden(HTMLParser):
    """The hidden fields of a page, as a browser posts them back."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what is hidden."""
        one = dict(attrs)
        if tag == "input" and one.get("type") == "hidden":
            self.fields.append((str(one["name"]), one.get("value") or ""))


def hidden(page: str) -> list[tuple[str, str]]:
    """The hidden fields of a page."""
    parser = _Hidden()
    parser.feed(page)
    return parser.fields


@dataclass
class House:
    """The organisation, its two servers, and the marks."""

    organisation: Organisation
    reporters: Served
    desk: Served
    marks: Marks
    folder: Path

    def headers(self, **more: str) -> dict[str, str]:
        """What a browser says of itself, marked."""
        return {
            "User-Agent": str(self.marks.found_nowhere["agent"]),
            "X-Forwarded-For": str(self.marks.found_nowhere["address"]),
            "Referer": f"https://{self.marks.found_nowhere['referer']!s}.example/",
            **more,
        }

    def post(self, path: str, fields: Any) -> Answer:
        """Post a form to the reporters' face."""
        body = urlencode(fields).encode()
        return self.reporters.ask("POST", path, body, self.headers(**FORM))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two servers on one organisation; both stop at the end."""
    organisation = make_organisation(tmp_path / "organisation", now=datetime.now(UTC))
    marks = Marks()
    for what in ("agent", "referer"):
        marks.new(what)
    marks.found_nowhere["address"] = "203.0.113.77"
    reporters = Served(organisation, tmp_path / "reporters", face="reporter")
    desk = Served(organisation, tmp_path / "desk", face="desk")
    yield House(organisation, reporters, desk, marks, tmp_path)
    reporters.stop()
    desk.stop()


def without_scripts(house: House) -> str:
    """File by the long form, return, read, write; give the code."""
    text, name = house.marks.new("text"), house.marks.new("name")
    form = {
        "channel": "main",
        "what": f"{text} happened.\r\nÅter {text}.",
        "when_where": house.marks.new("place"),
        "ongoing": "yes",
        "topic": "safety",
        "how_known": house.marks.new("how"),
        "named": "yes",
        "name": name,
        "contact": house.marks.new("contact"),
        "answer_in": "en",
    }
    check = house.post("/en/report", form)
    assert (check.status, name in check.text) == (200, True)
    fields = hidden(check.text)
    code = house.marks.code("form", dict(fields)["code"])
    sent = house.post("/en/report/send", fields)
    assert (sent.status, code in sent.text) == (200, True)
    saved = house.post("/en/report/sent", {"code": code, "again": code.lower(), "saved": "yes"})
    assert saved.status == 200
    opened = house.post("/en/return", {"code": f" {code.lower()} "})
    assert (opened.status, text in opened.text) == (200, True)
    message = house.marks.new("message")
    written = house.post("/en/case", [*hidden(opened.text), ("message", message), ("write", "1")])
    assert (written.status, message in written.text) == (200, True)
    return code


def with_scripts(house: House) -> acts.Filed:
    """What a browser with scripts posts: sealed; a file of the same form; a token to return."""
    receipt = Receipt.generate()
    house.marks.code("sealed", str(receipt))
    body = acts.sealed(house.organisation, receipt, what=house.marks.new("sealed text"))
    posted = body.to_bytes()
    answer = house.reporters.ask("POST", "/api/v1/reports", posted, house.headers())
    assert answer.status == 201
    filed = acts.Filed(receipt, posted, acts.told(answer.json()))
    headers = house.headers(**filed.bearer)
    mailbox = house.reporters.ask("GET", "/api/v1/mailbox", headers=headers).json()
    message = acts.by_reporter(house.organisation, filed, house.marks.new("note"), mailbox)
    entry = {"seq": 3, "kind": "message", "sealed": b64u(message)}
    answer = house.reporters.ask(
        "POST", "/api/v1/mailbox/entries", _json(entry), {**headers, **JSON}
    )
    assert answer.status == 201
    _upload(house)
    return filed


def _upload(house: House) -> None:
    """The `.whistle` file of a computer of one's own, under a name that tells."""
    receipt = Receipt.generate()
    house.marks.code("file", str(receipt))
    sealed = acts.sealed(house.organisation, receipt, what=house.marks.new("file text"))
    name = house.marks.new("file name")
    body = (
        f'--x\r\nContent-Disposition: form-data; name="sealed"; filename="{name}.whistle"\r\n\r\n'
    ).encode()
    body += sealed.to_bytes() + b"\r\n--x--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert house.reporters.ask("POST", "/en/report/file", body, house.headers(**kind)).status == 200


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def at_the_desk(house: House, filed: acts.Filed) -> str:
    """Sign in, open, answer, note; give the case's id, which no log may name."""
    cookie, page = "", house.desk.ask("GET", "/en/desk", headers=house.headers())
    cookie = _cookie(page, cookie)
    token = page.text.split('data-token="')[1].split('"')[0]

    def ask(method: str, path: str, sent: Any = None) -> Answer:
        nonlocal cookie
        headers = house.headers(**JSON, **{"X-CSRFToken": token, "Cookie": cookie})
        body = None if sent is None else _json(sent)
        answer = house.desk.ask(method, f"/api/v1/desk{path}", body, headers)
        cookie = _cookie(answer, cookie)
        return answer

    code = house.organisation.one_time_code("anna", datetime.now(UTC))
    started = ask("POST", "/sign-in", {"person": "anna", "code": code})
    assert started.status == 200
    origin = "http://localhost"
    nonce = b64u_decode(started.json()["nonce"])
    signature = acts.answer_to(house.organisation, "anna", nonce, origin=origin)
    assert ask("POST", "/session", {"signature": b64u(signature)}).status == 201
    case = acts.case_id(house.organisation, filed)
    assert case in {one["id"] for one in ask("GET", "/cases").json()["cases"]}
    content = {"text": house.marks.new("answer")}
    seq, entry = acts.by_handler(
        house.organisation, "anna", case, "acknowledgement", content=content
    )
    posted = {"chain": "case", "seq": seq, "kind": "acknowledgement", "sealed": b64u(entry)}
    assert ask("POST", f"/cases/{case}/entries", posted).status == 201
    assert ask("POST", f"/cases/{case}/entries", {**posted, "kind": mark("kind")}).status == 422
    assert ask("GET", f"/cases/{mark('case')}").status == 404
    wrong = {"person": house.marks.new("handler"), "code": house.marks.new("one-time code")}
    assert ask("POST", "/sign-in", wrong).status == 401
    return case


def _cookie(answer: Answer, before: str) -> str:
    for name, value in answer.headers:
        if name == "Set-Cookie":
            return value.split(";")[0]
    return before


def go_wrong(house: House, code: str) -> None:
    """Send everything that cannot be right, with marks in it; no answer repeats them."""
    bad = house.marks.new("bad input")
    headers = house.headers
    asks: list[tuple[str, str, bytes | None, dict[str, str]]] = [
        ("POST", "/api/v1/reports", bad.encode(), headers()),
        ("POST", "/api/v1/reports", bad.encode() * 50_000, headers()),
        ("POST", "/api/v1/reports", bad.encode(), headers(Origin=f"https://{bad}.example")),
        ("POST", "/api/v1/mailbox/entries", f'{{"{bad}'.encode(), headers(**JSON)),
        ("POST", "/api/v1/mailbox/entries", b"[" * 100_000, headers(**JSON)),
        ("POST", "/api/v1/mailbox/entries", bad.encode(), headers(Authorization=f"Bearer {bad}")),
        ("GET", "/api/v1/mailbox", None, headers(Authorization=bad)),
        ("GET", f"/api/v1/{bad}?{bad}={bad}", None, headers()),
        ("GET", f"/en/{bad}", None, headers()),
        ("GET", f"/en/report?channel={bad}", None, headers(Cookie=f"{bad}={bad}")),
        ("DELETE", f"/en/report?{bad}", bad.encode(), headers()),
        ("POST", "/en/return", f"code={bad}".encode(), headers(**FORM)),
        ("POST", "/en/return", f"code={Receipt.generate()}".encode(), headers(**FORM)),
        ("POST", "/en/case", f"code={code}&message={bad * 2000}&write=1".encode(), headers(**FORM)),
        ("POST", "/en/report", b"what=%ff%fe%00&channel=" + bad.encode(), headers(**FORM)),
        ("POST", "/en/report", b"what=" + b"x" * 5_000_000, headers(**FORM)),
        ("POST", "/en/report/send", f"what={bad}&code={bad}".encode(), headers(**FORM)),
        (
            "POST",
            "/en/report/file",
            bad.encode(),
            headers(**{"Content-Type": f"multipart/form-data; boundary={bad}"}),
        ),
        (
            "POST",
            "/en/report/file",
            b"",
            headers(**{"Content-Type": f"{bad}/{bad}; charset={bad}"}),
        ),
    ]
    for method, path, body, sent in asks:
        try:
            answer = house.reporters.ask(method, path, body, sent)
        except (BrokenPipeError, ConnectionResetError):
            continue  # refused before all of it was sent
        assert 400 <= answer.status < 500 or path.startswith("/en/report"), (method, path)
        if not path.startswith(("/en/report", "/en/return", "/en/case")):
            assert bad not in answer.text
    _talk_nonsense(house, bad)


def _talk_nonsense(house: House, bad: str) -> None:
    """What is no HTTP at all, and what ends in the middle."""
    for sent in (
        f"{bad} {bad} {bad}\r\n\r\n".encode(),
        f"GET /{bad} HTTP/9.9\r\nHost: x\r\n\r\n".encode(),
        f"POST /en/return HTTP/1.1\r\nHost: x\r\nContent-Length: -{bad}\r\n\r\n".encode(),
        f"POST /en/return HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\ncode={bad}".encode(),
        f"GET / HTTP/1.1\r\n{bad * 1000}: x\r\n\r\n".encode(),
        b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        + bad.encode(),
    ):
        with socket.create_connection(("127.0.0.1", house.reporters.port), timeout=30) as line:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
            try:
                while line.recv(65_536):
                    pass
            except ConnectionResetError:
                pass


def break_the_house(house: House, code: str) -> None:
    """Take a table away, so that the program itself fails with all of this in its hands."""
    text = house.marks.new("text in a fault")
    file = house.organisation.parts.database.engine.url.database
    assert file is not None
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE entry_seals RENAME TO gone")
        connection.commit()
    try:
        statuses = [
            house.post("/en/return", {"code": code}).status,
            house.post("/en/case", {"code": code, "message": text, "write": "1"}).status,
            house.reporters.ask(
                "GET",
                "/api/v1/mailbox",
                headers=house.headers(**acts.bearer(Receipt.parse(code).mailbox_token)),
            ).status,
        ]
        assert statuses == [500, 500, 500]
    finally:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("ALTER TABLE gone RENAME TO entry_seals")
            connection.commit()


def at_rest(house: House) -> Iterator[tuple[Path, bytes]]:
    """Every file of the organisation and of both servers: data, keys, logs, temporary files."""
    for path in sorted(house.folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def in_memory(process: int) -> Iterator[bytes]:
    """What a process can write to, region by region."""
    maps = Path(f"/proc/{process}/maps").read_text().splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            region = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw\S+ \S+ \S+ \S+ *(.*)", line)
            if region is None or region[3].startswith("[v"):
                continue
            start, end = int(region[1], 16), int(region[2], 16)
            memory.seek(start)
            try:
                yield memory.read(end - start)
            except OSError:
                continue  # a guard page


def _said(log: Path) -> str:
    """What a server has logged since it told its own address."""
    ready, _, said = log.read_text().partition("\n")
    assert ready.startswith("Ready: ")
    return said


def test_nothing_is_found(house: House) -> None:
    """Not on the disk, not in a log, not in the workers' memory."""
    code = without_scripts(house)
    filed = with_scripts(house)
    case = at_the_desk(house, filed)
    go_wrong(house, code)
    break_the_house(house, code)
    for server in (house.reporters, house.desk):
        server.ask("GET", "/en/" if server is house.reporters else "/en/desk")

    found = {
        str(path): marks for path, data in at_rest(house) if (marks := house.marks.found_in(data))
    }
    assert found == {}

    logs = "".join(_said(server.log) for server in (house.reporters, house.desk))
    assert "OperationalError" in logs  # the fault was told
    for private in (case, "127.0.0.1", "/api/", "/en/", "SELECT", "gone", "return_"):
        assert private not in logs.replace("return_.py", "")
    assert list(house.reporters.temporary.iterdir()) == []

    time.sleep(2 * PAUSE_SECONDS)  # after the last answer, until its circles are collected
    remains = {
        f"{name} {process}": marks
        for name, server in (("reporters", house.reporters), ("desk", house.desk))
        for process in server.workers_of()
        for data in in_memory(process)
        if (marks := house.marks.found_plain(data))
    }
    assert remains == {}


def test_the_search_finds_what_is_there(house: House, tmp_path: Path) -> None:
    """In a file, in a log, and in a process: here the test's own."""
    text = house.marks.new("planted")
    (tmp_path / "reporters" / "planted").write_bytes(base64.b64encode(f"ab{text}cd".encode()))
    planted = [house.marks.found_in(data) for _, data in at_rest(house)]
    assert any("planted in base64" in one for one in planted)
    assert any("planted" in house.marks.found_plain(data) for data in in_memory(os.getpid()))
