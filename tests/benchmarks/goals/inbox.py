"""Goal 10: the desk's list in Chromium.

200 cases, each sealed to five handlers, with marks; and 2 000, in which somebody types and scrolls
while they are still being opened.
"""

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Page, sync_playwright

from tests.benchmarks import house, servers
from tests.benchmarks.result import Aim, Result, say
from whistle.config import load
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import Place
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.receipt import Receipt
from whistle.crypto.signing import handler_signing_key
from whistle.services.handling import writing
from whistle.services.handling.writing import Written
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.reporting.filing import file_report
from whistle.storage.tables import Case

HANDLERS = 5
FEW, MANY = 200, 2_000
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
QUERIES = ("f", "fo", "foundry", "foundry 7", "overtime", "nothing like it")
# From the moment at which the rows stand: when those in view have their titles, and when all have.
WATCH = """
window.seen = { rows: 0, titles: 0, all: 0, longest: 0 };
new PerformanceObserver((list) => {
  const { seen } = window;
  for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
}).observe({ type: "longtask" });
document.addEventListener("DOMContentLoaded", () => {
  const rows = document.querySelector("[data-part='rows']");
  const progress = document.querySelector("[data-field='progress']");
  let begun = false;
  new MutationObserver(() => {
    const { seen } = window;
    if (rows.children.length > 0) seen.rows ||= performance.now();
    const titled = rows.querySelectorAll("[data-field='title']:not([hidden])").length;
    const shown = rows.children.length;
    if (shown > 0 && titled === shown) seen.titles ||= performance.now();
    begun ||= !progress.hidden;
    if (begun && progress.hidden && seen.titles) seen.all ||= performance.now();
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
});
"""
TYPE = """
async ({ queries, pause }) => {
  const field = document.querySelector("#find");
  const told = document.querySelector("[data-part='found']");
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const times = { blocked: [], found: [], scrolled: [] };
  for (const query of queries) {
    field.value = query;
    const from = performance.now();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await painted();
    times.blocked.push(performance.now() - from);
    const changed = new Promise((done) => {
      const watch = new MutationObserver(() => { watch.disconnect(); done(); });
      const table = document.querySelector("[data-part='rows']");
      watch.observe(table, { childList: true });
    });
    await changed;
    await painted();
    times.found.push(performance.now() - from - pause);
    times.told = told.textContent;
  }
  field.value = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done, 300));
  for (let at = 0; at < 10; at += 1) {
    const from = performance.now();
    window.scrollBy(0, 700);
    await painted();
    times.scrolled.push(performance.now() - from);
  }
  const from = performance.now();
  document.querySelector("[data-act='more']").click();
  await painted();
  times.more = performance.now() - from;
  return times;
}
"""
WAIT_SECONDS_MAX = 60
PAUSE = 120
"""How long the page waits after the last letter, in ms (desk/find.js)."""


def inbox(folder: Path) -> Result:
    """Measure goal 10."""
    say(f"Goal 10: the list of {FEW} and of {MANY} cases in Chromium …")
    few = _measured(folder / "few", FEW, typing=False)
    many = _measured(folder / "many", MANY, typing=True)
    typed = many["typed"]
    return Result(
        10,
        f"the desk's list in Chromium: {FEW} and {MANY} cases with marks, {HANDLERS} handlers",
        [
            Aim(f"{FEW} cases opened, ms after the rows stand", few["all"], at_most=2_000),
            Aim("rows in view have their titles, ms", few["titles"], at_most=1_000),
            Aim(f"{MANY}: worst wait after a letter, ms", max(typed["blocked"]), at_most=100),
            Aim(f"{MANY}: worst search after the pause, ms", max(typed["found"]), at_most=100),
            Aim(f"{MANY}: worst step of scrolling, ms", max(typed["scrolled"]), at_most=100),
        ],
        {"few": few, "many": many},
    )


def _measured(folder: Path, cases: int, *, typing: bool) -> dict[str, Any]:
    made = house.build(folder, HANDLERS)
    _furnish(made, cases)
    command = servers.whistle(made.folder)
    command[command.index("reporter")] = "desk"
    with servers.running(command, "/en/desk") as server, sync_playwright() as playwright:
        found = os.environ.get("WHISTLE_BROWSER") or shutil.which("chromium")
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        page = chromium.new_page()
        page.add_init_script(WATCH)
        _sign_in(page, f"http://localhost:{server.port}/en/desk", made)
        measured: dict[str, Any] = {}
        if typing:
            _until(page, "titles")
            measured["typed"] = page.evaluate(TYPE, {"queries": QUERIES, "pause": PAUSE})
        _until(page, "all")
        seen = page.evaluate("window.seen")
        chromium.close()
    measured["titles"] = seen["titles"] - seen["rows"]
    measured["all"] = seen["all"] - seen["rows"]
    measured["longest_task"] = seen["longest"]
    return measured


def _until(page: Page, what: str) -> None:
    """Wait until the page has seen it."""
    end = time.monotonic() + WAIT_SECONDS_MAX
    while not page.evaluate(f"window.seen.{what}"):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.1)


def _sign_in(page: Page, address: str, made: house.House) -> None:
    person = made.people[0]
    page.goto(address)
    page.locator("#person").fill(person.appointed.id)
    page.locator("#code").fill(pyotp.TOTP(person.one_time_secret).now())
    page.keyboard.press("Enter")
    page.locator("#passphrase").fill(person.passphrase)
    page.keyboard.press("Enter")
    _until(page, "rows")


def _furnish(made: house.House, cases: int) -> None:
    """File so many real reports, and mark each."""
    parts = start(load(made.folder / "whistle.toml"), lambda: datetime.now(UTC))
    for at in range(cases):
        receipt = Receipt.generate()
        file_report(parts, house.filing(made, receipt).to_bytes())
        _mark(parts, made, receipt, at)
    parts.database.close()


def _mark(parts: Parts, made: house.House, receipt: Receipt, at: int) -> None:
    """Make the desk's key and the first marks, as a handler's browser does."""
    person = made.people[at % HANDLERS]
    handler = made.keyring.handler(person.appointed.id)
    assert handler is not None
    with parts.database.reading() as session:
        case = session.query(Case).filter_by(mailbox_id=receipt.mailbox_id).one()
    key = PrivateKey.generate()
    to_all = [one.private_key.public_key for one in made.people]
    desk_age = b64u(age.seal(f"{key}\n".encode(), to_all))
    author = Author("handler", handler.id, handler_signing_key(person.private_key.seed), "browser")
    marks = {"title": f"Foundry {at}", "assignee": handler.id, "labels": ["pay"], "linked": []}
    prev = case.thread
    for seq, kind, body, adds, facts in (
        (1, "desk", {}, {"desk_key": b64u(key.public_key.raw)}, {"desk_age": desk_age}),
        (2, "marks", marks, {}, {}),
    ):
        place = Place(house.CHANNEL, case.thread, "desk", seq, prev)
        sealed = make_entry(
            place, author, kind, body, keyring=made.keyring, to=key.public_key, adds=adds
        )
        written = Written("desk", seq, kind, sealed, facts=facts)
        prev = writing.write(parts, handler, case.id.hex(), written).sha256
