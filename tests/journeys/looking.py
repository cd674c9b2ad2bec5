"""What is asked of a page: does it fit, can it be walked, is it whole for everybody.

Every measure but axe works with scripts off as well.
"""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important }
* { word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }
"""
"""The four values of WCAG 1.4.12."""

FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const box = at.getBoundingClientRect();
  // The first of its boxes: the middle of a link over two lines can lie beside it.
  const first = at.getClientRects()[0];
  const seen = document.elementFromPoint(first.x + first.width / 2, first.y + first.height / 2);
  const style = getComputedStyle(at);
  return {
    tag: at.tagName.toLowerCase(),
    text: (at.innerText || at.value || at.name || "").trim(),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3,
    width: box.width, height: box.height,
    free: seen !== null && (at === seen || at.contains(seen)),
    order: [...document.querySelectorAll("*")].indexOf(at),
  };
}"""

SMALL = """(least) => [...document.querySelectorAll(
  "button, input:not([type=hidden]), textarea, select, summary, .button, nav a"
)].filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.closest(".twin, .skip"))
  .map((one) => {
    const tick = one.matches("input[type=radio], input[type=checkbox]");
    const target = tick && one.labels.length ? one.labels[0] : one;
    return [target.innerText || target.name || target.tagName,
            Math.round(target.getBoundingClientRect().height)];
  }).filter(([, height]) => height < least)"""

CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer *")].filter((one) => {
  const style = getComputedStyle(one);
  return one.scrollWidth > one.clientWidth + 1 && style.overflowX !== "visible"
    && one.clientWidth > 1 && !one.matches("input, textarea, .scroll");
}).map((one) => one.outerHTML.slice(0, 80))"""


@dataclass(frozen=True)
class Stop:
    """One stop of the keyboard: what it is, and whether a person can see it."""

    tag: str
    text: str
    ring: bool
    width: float
    height: float
    free: bool
    order: int


def walk(page: Page, most: int = 200) -> list[Stop]:
    """Press Tab until the focus leaves the page, and tell each stop."""
    stops: list[Stop] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None or (stops and stop["order"] == stops[0].order):
            return stops
        stops.append(Stop(**stop))
    message = f"the focus never leaves the page: {stops[-3:]}"
    raise AssertionError(message)


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def clipped(page: Page) -> list[str]:
    """Elements whose content is cut off at the side."""
    return list(page.evaluate(CLIPPED))


def small(page: Page, least: int = 44) -> list[Any]:
    """Controls lower than `least` pixels; of a tick box, its label counts."""
    return list(page.evaluate(SMALL, least))


def faults(page: Page) -> list[str]:
    """What axe finds, a line each; empty when it finds nothing.

    axe waits by timers, and they stand still in a context without scripts: use `read_off` there.
    """
    result = Axe().run(page)
    return [
        f"{page.url} {one['id']}: {node['html'][:160]}"
        for one in result.response["violations"]
        for node in one["nodes"]
    ]


def read_off(page: Page, address: str) -> None:
    """Open an address as a browser without scripts does, then let axe's script run.

    The page's own scripts were passed over when it was read and do not come to life.
    """
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setScriptExecutionDisabled", {"value": True})
    page.goto(address)
    session.send("Emulation.setScriptExecutionDisabled", {"value": False})
    session.detach()
    # The browser hides these again as soon as scripts may run.
    page.evaluate(
        "document.querySelectorAll('noscript').forEach(one => one.replaceWith(...one.childNodes))"
    )


@dataclass
class Wire:
    """What came over the wire for a page: number of requests, and bytes with headers."""

    requests: int = 0
    size: int = 0


def weigh(page: Page, address: str) -> Wire:
    """Open a page with an empty cache and count what is really transferred."""
    wire = Wire()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def ended(event: dict[str, Any]) -> None:
        wire.requests += 1
        wire.size += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", ended)
    page.goto(address, wait_until="networkidle")
    session.detach()
    return wire


def opened(page: Page, address: str) -> Response:
    """Open an address and tell what was answered."""
    response = page.goto(address)
    assert response is not None
    return response
