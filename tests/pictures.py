"""Take the pictures of the README from the demo: `python -m tests.pictures`.

A throw-away organisation is made in a temporary folder and served on this machine; Chromium walks
it as people do and takes one picture at each stop. Nothing is drawn or touched up.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread

from playwright.sync_api import Page, ViewportSize, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from whistle.services.operating import demo
from whistle.services.operating.start import start
from whistle.web.app import create_app

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
PHONE = ViewportSize(width=440, height=760)
SCREEN = ViewportSize(width=1200, height=800)
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


class _Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing."""


@dataclass(frozen=True)
class Visit:
    """A browser's page on the demo, and what the demo prints."""

    page: Page
    site: str
    folder: Path
    facts: demo.Facts
    now: datetime


def readers(visit: Visit) -> None:
    """The question that other forms do not ask: who should not read this."""
    page = visit.page
    page.goto(f"{visit.site}/en/report")
    page.fill("#what", "Used oil was poured into the drain behind the paint shop.")
    while not page.locator("#step-readers").is_visible():
        page.locator("[data-form] button[type=submit]:visible").first.click()
    page.locator("#step-readers input[type=checkbox]").nth(1).check()


def back(visit: Visit) -> None:
    """A reporter who comes back with the code."""
    visit.page.goto(f"{visit.site}/en/return")
    visit.page.fill("#code", visit.facts.receipts[0]["code"])
    visit.page.locator("#return-form button[type=submit]").click()
    visit.page.locator("[data-page=case]").wait_for(state="visible")


def cases(visit: Visit, who: int = 0) -> None:
    """A handler's list, the nearest date first."""
    page, person = visit.page, visit.facts.people[who]
    page.goto(f"{visit.site}/en/desk")
    page.fill("#person", person["id"])
    code, _ = demo.one_time_code(visit.folder, visit.facts, person["id"], visit.now)
    page.fill("#code", code)
    page.locator("[data-form=code] button[type=submit]").click()
    page.fill("#passphrase", person["passphrase"])
    page.locator("[data-form=passphrase] button[type=submit]").click()
    page.locator("[data-view=cases] tbody a").first.wait_for(timeout=60_000)


def case(visit: Visit) -> None:
    """One case, opened in the handler's own browser; another handler, whose code is unused."""
    cases(visit, who=1)
    visit.page.locator("[data-view=cases] tbody a").first.click()
    visit.page.locator("[data-view=case] [data-part=thread] li").first.wait_for(timeout=60_000)


STOPS: tuple[tuple[str, ViewportSize, Callable[[Visit], None]], ...] = (
    ("readers", PHONE, readers),
    ("return", PHONE, back),
    ("cases", SCREEN, cases),
    ("case", SCREEN, case),
)


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory(prefix="whistle-pictures-") as name:
        folder = Path(name)
        facts, clock = demo.prepare(folder), demo.clock(folder)
        app = create_app(start(demo.settings(folder), clock))
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        Thread(target=server.serve_forever, daemon=True).start()
        found = os.environ.get("WHISTLE_BROWSER") or shutil.which("chromium")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
            for picture, size, stop in STOPS:
                context = browser.new_context(
                    viewport=size, locale="en-GB", reduced_motion="reduce"
                )
                page = context.new_page()
                site = f"http://localhost:{server.port}"
                stop(Visit(page, site, folder, facts, clock()))
                page.screenshot(
                    path=PICTURES / f"{picture}.png", animations="disabled", caret="hide"
                )
                context.close()
                sys.stderr.write(f"{picture}.png\n")
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
