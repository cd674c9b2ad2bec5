"""Every state of the desk, for everybody: axe, small phones, large text, keyboard, weight."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_desk import AtDesk
from tests.journeys.desk_states import announce, furnish, states
from tests.journeys.looking import SPACING, clipped, faults, overflow, small, walk
from tests.journeys.serving import Site
from whistle.web import assets

Look = Callable[..., Page]
LEAST = 24
"""Pixels of the smallest control (WCAG 2.5.8): the desk is a tool for every day."""
REQUESTS, BYTES = 10, 150_000


@pytest.fixture(scope="module")
def furnished(serve: Callable[[], Site]) -> tuple[Site, dict[str, str]]:
    """A site with cases of every kind and a keyring that is announced."""
    site = serve()
    assert site.organisation is not None
    cases = furnish(site.organisation)
    announce(site.organisation)
    return site, cases


def found_in(page: Page) -> list[Any]:
    """Everything that is wrong with what is on the screen."""
    wide = overflow(page)
    return [
        *faults(page),
        *clipped(page),
        *small(page, LEAST),
        *([f"{wide} pixels too wide"] if wide else []),
    ]


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [
        ("en", "light", 1280),
        ("sv", "dark", 390),
        ("sv", "light", 320),
        pytest.param("en", "dark", 900, marks=pytest.mark.soak),
    ],
)
def test_nothing_is_wrong_in_any_state(
    look: Look, furnished: tuple[Site, dict[str, str]], language: str, scheme: str, width: int
) -> None:
    """No axe violation, nothing cut off or too wide, no control too small."""
    site, cases = furnished
    page = look(color_scheme=scheme, viewport={"width": width, "height": 800})
    wrong = {}
    for state in states(AtDesk(page, site), cases, language):
        wrong[state] = found_in(page)
    assert {state: found for state, found in wrong.items() if found} == {}
    assert len(wrong) >= 20


def test_text_can_be_twice_as_large_and_spaced(
    look: Look, furnished: tuple[Site, dict[str, str]]
) -> None:
    """At 200 % text on a desk, and with the spacing of WCAG 1.4.12 on the smallest phone."""
    site, cases = furnished
    page = look(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    wrong = {}
    for state in states(AtDesk(page, site), cases, "sv"):
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        wrong[state, "large"] = (overflow(page), clipped(page))
        page.evaluate("document.documentElement.style.fontSize = ''")
        page.set_viewport_size({"width": 320, "height": 640})
        style = page.add_style_tag(content=SPACING)
        wrong[state, "spaced"] = (overflow(page), clipped(page))
        style.evaluate("one => one.remove()")
        page.set_viewport_size({"width": 1280, "height": 800})
    assert {state: found for state, found in wrong.items() if found != (0, [])} == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_reaches_everything_in_order(
    look: Look, furnished: tuple[Site, dict[str, str]], width: int
) -> None:
    """Each stop of the list and of a case is seen, has its ring and comes in the page's order."""
    site, cases = furnished
    at = AtDesk(look(viewport={"width": width, "height": 800}), site)
    at.sign_in()
    expect(at.page.locator("[data-part='rows'] tr").first).to_be_visible()
    for place in ("", f"#/case/{cases['late']}"):
        if place:
            at.page.evaluate("(place) => { location.hash = place; }", place)
            at.case_is_open(cases["late"])
        at.page.locator(".skip").focus()
        stops = walk(at.page)
        assert [stop for stop in stops if not stop.ring or not stop.free] == []
        orders = [stop.order for stop in stops]
        assert orders == sorted(orders)
        assert len(stops) > 10


def test_the_policy_breaks_nothing(look: Look, furnished: tuple[Site, dict[str, str]]) -> None:
    """The browser reports no refused style or script, and no fault of ours."""
    site, cases = furnished
    page = look()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"fault: {error}"))
    for _ in states(AtDesk(page, site), cases, "en"):
        pass
    # A 401 or 404 that the desk asks for and answers in words is noted by the browser as well.
    assert [one for one in said if "the server responded with a status of 4" not in one] == []


def test_the_desk_is_light(look: Look, furnished: tuple[Site, dict[str, str]]) -> None:
    """From an empty cache to the list: ten requests, 150 KB. A case then costs two requests."""
    site, cases = furnished
    page = look()
    sizes: dict[str, int] = {}
    addresses: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    at = AtDesk(page, site)
    at.sign_in()
    at.open_case(cases["late"])
    expect(at.entries().first).to_be_visible()
    page.wait_for_load_state("networkidle")
    # No icon is asked for once in the life of a browser: nothing is sent, and it is kept.
    weight = [
        (addresses[one], size)
        for one, size in sizes.items()
        if not addresses[one].endswith("/favicon.ico")
    ]
    opening = [one for one in weight if "/desk/cases/" in one[0] or one[0].endswith("/tasks")]
    # What the rows show besides, and the view of a case, come when the list can be used.
    after = [one for one in weight if one[0].endswith("/pieces") or "/desk-case-" in one[0]]
    assert sum("/desk-case-" in address for address, _ in after) == 1
    to_the_list = [one for one in weight if one not in opening and one not in after]
    # The Worker's own script is loaded beside the page's session, which does not tell of it.
    assert not any("desk-worker" in address for address, _ in weight)
    worker = next(assets.DIST.glob("desk-worker*.js.gz")).stat().st_size
    assert len(opening) == 2
    assert len(to_the_list) + 1 <= REQUESTS, weight
    assert 60_000 < sum(size for _, size in to_the_list) + worker <= BYTES, weight


def test_forced_colours_keep_what_is_chosen(
    look: Look, furnished: tuple[Site, dict[str, str]]
) -> None:
    """The chosen counter and kind differ by their edge, and chips keep theirs."""
    site, cases = furnished
    at = AtDesk(look(forced_colors="active"), site)
    at.sign_in()
    colour = "e => getComputedStyle(e).borderTopColor"
    counters = at.page.locator(".counters a")
    expect(at.page.locator(".counters a[aria-current]")).to_have_count(1)
    colours = [counters.nth(index).evaluate(colour) for index in range(counters.count())]
    assert len(set(colours)) == 2
    at.open_case(cases["late"])
    for chip in at.page.locator("[data-part='clocks'] .chip").all():
        assert chip.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
