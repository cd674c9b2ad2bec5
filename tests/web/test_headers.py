"""Every answer, whatever its status, carries one of each header, and each is well formed."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from werkzeug.test import TestResponse

from whistle.config import Face, Settings
from whistle.errors import BusyError
from whistle.web import assets, reporter
from whistle.web.guards import door

PAGES = ("/", "/before", "/about", "/privacy", "/other-ways", "/leave", "/off")
Ask = Callable[[str, str], TestResponse]

TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
SOURCE = re.compile(r"'(?:none|self|script)'|[a-z]+")
GRAMMAR = {
    "Content-Security-Policy": re.compile(
        rf"[a-z-]+( {SOURCE.pattern})+(; [a-z-]+( (?:{SOURCE.pattern}))+)*"
    ),
    "Cross-Origin-Opener-Policy": re.compile(r"same-origin"),
    "Cross-Origin-Resource-Policy": re.compile(r"same-origin"),
    "Permissions-Policy": re.compile(r"[a-z-]+=\((self)?\)(, [a-z-]+=\((self)?\))*"),
    "Referrer-Policy": re.compile(r"same-origin"),
    "X-Content-Type-Options": re.compile(r"nosniff"),
    "X-Frame-Options": re.compile(r"DENY"),
    "X-Robots-Tag": re.compile(r"noindex, nofollow"),
    "Cache-Control": re.compile(rf"{TOKEN}(=\d+)?(, {TOKEN}(=\d+)?)*"),
}


@pytest.fixture
def ask(
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> Ask:
    """Ask the application, grown by a page that fails as it is told, for one address."""

    @door("reporter")
    def fail(status: int) -> ResponseReturnValue:
        if status == 429:
            raise BusyError("busy")
        if status == 500:
            raise ZeroDivisionError
        abort(status)

    plain = reporter.blueprint

    def grown() -> Blueprint:
        pages = plain()
        pages.add_url_rule("/fail/<int:status>", view_func=fail)
        return pages

    monkeypatch.setattr(reporter, "blueprint", grown)
    app = make_app(settings)
    return lambda method, path: app.test_client(use_cookies=False).open(path, method=method)


CASES = [
    ("GET", "/en/", 200),
    ("HEAD", "/sv/", 200),
    ("OPTIONS", "/en/", 200),
    ("GET", "/", 302),
    ("POST", "/en/leave", 303),
    ("GET", "/favicon.ico", 204),
    ("GET", "/en", 308),
    ("GET", "/en/fail/400", 400),
    ("GET", "/en/fail/403", 403),
    ("GET", "/en/nothing", 404),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/static/nothing.css", 404),
    ("POST", "/en/before", 405),
    ("GET", "/en/fail/413", 413),
    ("GET", "/en/fail/429", 429),
    ("GET", "/en/fail/500", 500),
    ("GET", "/en/fail/503", 503),
]


@pytest.mark.parametrize(("method", "path", "status"), CASES)
def test_every_status_carries_one_of_each_header(
    ask: Ask, method: str, path: str, status: int
) -> None:
    """No status, redirect or fault slips through without the whole set."""
    response = ask(method, path)
    assert response.status_code == status
    for name, grammar in GRAMMAR.items():
        values = response.headers.getlist(name)
        assert len(values) == 1, f"{name}: {values}"
        assert grammar.fullmatch(values[0]), f"{name}: {values[0]}"
    assert "Set-Cookie" not in response.headers
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers


def test_a_static_file_carries_the_same_headers_and_stays(app: Flask, client: FlaskClient) -> None:
    """A worker takes its policy from its own file, so static files have one too."""
    with app.test_request_context("/en/"):
        address = assets.asset("app.css")
    response = client.get(address)
    assert response.status_code == 200
    for name, grammar in GRAMMAR.items():
        assert [bool(grammar.fullmatch(one)) for one in response.headers.getlist(name)] == [True]
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_is_stored_or_sets_a_cookie(client: FlaskClient, address: str) -> None:
    """What was on the screen is gone when the window is closed."""
    response = client.get(f"/en{address}")
    assert response.headers.getlist("Cache-Control") == ["no-store"]
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_policy_starts_from_nothing_and_allows_only_this_site(client: FlaskClient) -> None:
    """Each directive stands once, and no source but this site is named."""
    policy = client.get("/en/").headers["Content-Security-Policy"]
    directives = [part.split(" ") for part in policy.split("; ")]
    names = [name for name, *_ in directives]
    assert len(names) == len(set(names))
    assert {name: rest for name, *rest in directives} == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "connect-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["whistle"],
    }


def test_features_are_named_once_each(client: FlaskClient) -> None:
    """A feature named twice would make browsers ignore one of the two."""
    policy = client.get("/en/").headers["Permissions-Policy"]
    names = [part.removesuffix("=()") for part in policy.split(", ")]
    assert len(names) == len(set(names))
    assert {"camera", "microphone", "geolocation", "clipboard-read"} <= set(names)
    assert "self" not in policy


def test_only_the_desk_itself_may_ask_for_passkeys(client: FlaskClient) -> None:
    """No other page, and no frame in it."""
    policy = client.get("/en/desk").headers["Permissions-Policy"]
    allowed = {part for part in policy.split(", ") if not part.endswith("=()")}
    assert allowed == {
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    }


def test_strict_transport_is_said_over_https_only(client: FlaskClient) -> None:
    """An onion address is plain http on purpose; a browser must not be told otherwise."""
    secure = client.get("/en/", base_url="https://localhost")
    values = secure.headers.getlist("Strict-Transport-Security")
    assert len(values) == 1
    assert re.fullmatch(r"max-age=\d{8,}", values[0])
    assert "Strict-Transport-Security" not in client.get("/en/").headers


def test_the_reporters_face_has_no_cookie_and_no_secret_to_sign_one(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    """Nothing could ever be kept in a reporter's browser by a slip of a view."""
    app = make_app(replace(settings, face=Face.REPORTER))
    assert app.secret_key is None
    client = app.test_client()
    assert client.get("/en/").status_code == 200
    assert client.post("/en/leave").status_code == 303
