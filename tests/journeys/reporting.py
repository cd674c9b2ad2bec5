"""A reporter in a real browser, with scripts on or off: what they press, and what was sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, Request, Route, expect
from sqlalchemy import func, select

from tests.journeys.serving import Site
from tests.organisation import Organisation
from whistle.services.reporting import unscripted
from whistle.storage.tables import Case

TEXT = "Canary-4711: invoices are paid twice"
TITLE = {"en": "Form \u2013 Forms", "sv": "Formulär \u2013 Forms"}
BY = {
    "en": "By 29 November 2026 we confirm that we have it.",
    "sv": "Senast 29 november 2026 bekräftar vi att vi har den.",
}
AND_WHY = {
    "en": "By 28 February 2027 we tell you what has been done, and why.",
    "sv": "Senast 28 februari 2027 berättar vi vad som har gjorts och varför.",
}
"""What the made-up organisation promises on its day."""
REPORTS = "**/api/v1/reports"
KEYRING = "**/api/v1/keyring"
STEPS = ("what", "when", "ongoing", "topic", "how", "readers", "who", "reply")


@dataclass
class Reporter:
    """One browser page of a reporter on one site, and everything it sent."""

    page: Page
    site: Site
    language: str = "en"
    requests: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    @property
    def organisation(self) -> Organisation:
        """Whose site it is."""
        assert self.site.organisation is not None
        return self.site.organisation

    def open(self, path: str) -> None:
        """Open a page in the reporter's language."""
        self.page.goto(self.site.url(f"/{self.language}{path}"))

    def sent_anywhere(self, secret: str) -> list[str]:
        """The requests in which a text appears: address, headers or body."""
        found = []
        for one in self.requests:
            body = one.post_data_buffer or b""
            headers = " ".join(f"{name}: {value}" for name, value in one.headers.items())
            if secret in one.url + headers or secret.encode() in body:
                found.append(f"{one.method} {one.url}")
        return found

    def posts(self, path: str = "/api/v1/") -> list[Request]:
        """The posts to addresses that hold `path`."""
        return [one for one in self.requests if one.method == "POST" and path in one.url]

    def traces(self) -> list[object]:
        """What the browser keeps of this site: cookies and storage."""
        kept = self.page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        return [one for one in (*self.page.context.cookies(), *kept) if one]

    # With scripts

    def on_step(self, step: str) -> None:
        """Wait until a step is shown."""
        if step in STEPS:
            expect(self.page.locator(f"#step-{step}")).to_be_visible()
            if step == "readers":  # the page holds Continue until the keyring is verified
                shown = self.page.locator("[data-readers], [data-readers-status]:not(:empty)")
                expect(shown.filter(visible=True).first).to_be_visible()
        else:
            expect(self.page.locator(f"[data-page={step}]")).to_be_visible()

    def go_on(self) -> None:
        """Press Continue on the step that is shown."""
        self.page.locator("[data-form] p.actions .primary:visible, [data-to-code]:visible").click()

    def go_to(self, step: str) -> None:
        """Press Continue from the first step until a step is shown."""
        self.go_to_from("what", step)

    def go_to_from(self, here: str, step: str) -> None:
        """Press Continue from a step on until another is shown."""
        order = (*STEPS, "check", "code")
        for one in order[order.index(here) : order.index(step)]:
            self.on_step(one)
            self.go_on()
        self.on_step(step)

    def write(
        self, text: str = TEXT, *, until: str = "check", without: tuple[str, ...] = ()
    ) -> None:
        """Open the form, answer what must be answered, and go on to a step."""
        self.open("/report")
        self.page.locator("#what").fill(text)
        if not without:
            self.go_to(until)
            return
        self.go_to("readers")
        for name in without:
            self.page.get_by_label(name, exact=True).check()
        self.go_to_from("readers", until)

    def shown_code(self) -> str:
        """The code on the page that is shown."""
        return self.page.locator(".receipt:visible").inner_text().strip()

    def press_send(self) -> None:
        """Press the last button."""
        self.page.locator("[data-send]").click()

    def send(self, **choices: Any) -> str:
        """Write a report, send it and tell its code."""
        self.write(until="code", **choices)
        code = self.shown_code()
        self.press_send()
        self.on_step("sent")
        return code

    def problem(self) -> Locator:
        """The summary of what must be mended."""
        return self.page.locator(".summary-of-errors")

    def come_back(self, code: str) -> None:
        """Open the report with its code."""
        self.open("/return")
        self.page.locator("#code").fill(code)
        self.page.locator("main form button.primary").first.click()

    def message(self, text: str) -> None:
        """Write a message into the opened report."""
        self.page.locator("#message").fill(text)
        self.page.locator("form:has(#message) button.primary").click()

    # On the server

    def first(self, code: str) -> dict[str, Any]:
        """The report's entry as its reporter reads it."""
        return unscripted.look(self.organisation.parts, code).entries[0]

    def texts(self, code: str) -> list[str]:
        """The messages in the thread."""
        look = unscripted.look(self.organisation.parts, code)
        return [one["body"]["text"] for one in look.entries if one["kind"] == "message"]

    def cases(self) -> int:
        """How many cases the site has."""
        with self.organisation.parts.database.reading() as session:
            return session.scalar(select(func.count()).select_from(Case)) or 0

    @contextmanager
    def answered(self, pattern: str, answer: Callable[[Route], object]) -> Iterator[None]:
        """Meanwhile, let `answer` answer the requests to addresses that fit, to the last."""
        self.page.route(pattern, answer)
        try:
            yield
        finally:
            self.page.unroute_all(behavior="wait")  # of one under way the page would go first


def lost(route: Route) -> None:
    """The request arrives and is done; its answer never comes back."""
    route.fetch()
    route.abort()


def refused(status: int, error: str = "") -> Callable[[Route], None]:
    """An answer with this status."""
    return lambda route: route.fulfill(status=status, json={"error": error, "message": ""})
