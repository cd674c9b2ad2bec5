"""The bundles that browsers load: within their budgets, and working under the strict policy."""

import functools
import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

CHECKOUT = Path(__file__).resolve().parents[2]
DIST = CHECKOUT / "whistle/web/static/dist"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types whistle"
)
PAGE = "tests/js/browser/page.html"
# Of 80 KB in all, 30 are for page, style and page script; the Worker is fetched later.
WORKER_GZIP_BYTES_MAX = 50_000
# The desk has 150 KB in all (tests/journeys/test_desk_looks.py).
DESK_WORKER_GZIP_BYTES_MAX = 62_000
PAGE_SCRIPT_GZIP_BYTES_MAX = 12_500
STYLE_GZIP_BYTES_MAX = 6_000


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the checkout under the strict policy, silently."""

    def end_headers(self) -> None:
        """Add the policy to every answer."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server on a free port of this machine."""
    handler = functools.partial(Handler, directory=str(CHECKOUT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium, to which `insecure.test` is this machine: a name without https is not secure."""
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--host-resolver-rules=MAP insecure.test 127.0.0.1",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()


def manifest() -> dict[str, str]:
    """Return logical names and files."""
    found: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return found


def run_page(chromium: Browser, address: str) -> dict[str, Any]:
    """Return what the page found."""
    page = chromium.new_page()
    page.goto(f"{address}/{PAGE}")
    result: dict[str, Any] = page.evaluate("globalThis.result")
    page.close()
    return result


def check(result: dict[str, Any]) -> None:
    """Assert that report, desk, answer and return worked, and the excluded handler's did not."""
    times = result.pop("times", None)
    print(times)  # noqa: T201 - shown by pytest on failure and with -s
    result.pop("subtle", None)
    assert result == {
        "violations": [],
        "readers": ["anna", "cia", "dan", "eva"],
        "deskEntries": 10,
        "deskNotes": ["desk", "note"],
        "deskReaders": ["anna", "cia", "dan", "eva"],
        "reporterEntries": ["report", "received"] + ["message"] * 8,
        "said": "no. 7",
        "author": "Anna Ek",
        "fault": None,
        "signature": 64,
        "refusal": ["NotForMeError", "no_match"],
        "unknown": ["SealingError", "unknown_request"],
    }


@pytest.mark.browser
def test_seals_and_opens_in_the_worker_without_a_policy_violation(
    chromium: Browser, port: int
) -> None:
    """A report is filed, read, answered and read again under the strict policy."""
    result = run_page(chromium, f"http://127.0.0.1:{port}")
    assert result.get("subtle") == "object", result
    check(result)


@pytest.mark.browser
def test_works_where_crypto_subtle_is_undefined(chromium: Browser, port: int) -> None:
    """The same on an address that the browser does not call secure, as on some onion browsers."""
    result = run_page(chromium, f"http://insecure.test:{port}")
    assert result.get("subtle") == "undefined", result
    check(result)


@pytest.mark.parametrize("name", sorted(manifest()))
def test_each_bundle_has_the_same_content_gzipped_beside_it(name: str) -> None:
    """Each bundle's .gz unpacks to the bundle."""
    path = DIST / manifest()[name]
    assert gzip.decompress(Path(f"{path}.gz").read_bytes()) == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("reporter-worker.js", WORKER_GZIP_BYTES_MAX),
        ("desk-worker.js", DESK_WORKER_GZIP_BYTES_MAX),
        ("reporter.js", PAGE_SCRIPT_GZIP_BYTES_MAX),
        ("app.css", STYLE_GZIP_BYTES_MAX),
    ],
)
def test_a_bundle_fits_its_budget(name: str, most: int) -> None:
    """On the wire each part stays within its share of its page's budget."""
    assert len(gzip.compress((DIST / manifest()[name]).read_bytes(), 9)) <= most


@pytest.mark.parametrize("name", sorted(manifest()))
def test_no_bundle_makes_code_from_text(name: str) -> None:
    """No bundle holds eval, new Function, WebAssembly or a source map."""
    text = (DIST / manifest()[name]).read_text(encoding="utf-8")
    for forbidden in ("eval(", "new Function", "WebAssembly", "sourceMappingURL", "importScripts"):
        assert forbidden not in text
