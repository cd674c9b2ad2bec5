"""Every open page, for everybody: by keyboard, on a phone, with large text, without scripts."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from flask import Blueprint, render_template_string, request
from playwright.sync_api import Page

from tests.journeys.looking import (
    SPACING,
    clipped,
    faults,
    opened,
    overflow,
    read_off,
    small,
    walk,
    weigh,
)
from tests.journeys.serving import Site, serving
from tests.organisation import NOON, make_organisation
from whistle.web import reporter
from whistle.web.guards import door

PLAIN = (
    "/",
    "/before",
    "/report",
    "/return",
    "/about",
    "/privacy",
    "/other-ways",
    "/nothing",
)
PATHS = [f"/{language}{path}" for language in ("en", "sv") for path in PLAIN]
DESK = ["/en/desk", "/sv/desk"]
SAMPLES = ["/en/parts", "/en/parts?desk"]
LEAVE = {"en": "Leave this site", "sv": "Lämna sidan"}

Look = Callable[..., Page]


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with one page more: every part that the other pages are made of."""
    text = (Path(__file__).parent / "parts.html").read_text(encoding="utf-8")

    @door("public")
    def parts() -> str:
        layout = "parts/desk_page.html" if "desk" in request.args else "parts/reporter_page.html"
        return render_template_string(text, layout=layout, day=NOON.date())

    plain = reporter.blueprint

    def grown() -> Blueprint:
        pages = plain()
        pages.add_url_rule("/parts", view_func=parts, methods=["GET", "POST"])
        return pages

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reporter, "blueprint", grown)
        organisation = make_organisation(tmp_path_factory.mktemp("samples"))
    started = serving(organisation.app, organisation)
    yield started
    started.stop()


@pytest.fixture
def every(samples: Site) -> list[str]:
    """The address of every page that is looked at."""
    return [samples.url(path) for path in PATHS + DESK + SAMPLES]


SCHEMES = ("light", "dark")
WIDTHS = (390, 1280)
SCRIPTS = (True, False)
PAIRED = [("light", 390, True), ("dark", 1280, True), ("dark", 390, False), ("light", 1280, False)]
"""Each pair of scheme, width and scripts once; the other combinations are a soak."""


@pytest.mark.parametrize(
    ("scheme", "width", "scripts"),
    [
        pytest.param(*way, marks=() if way in PAIRED else pytest.mark.soak)
        for way in product(SCHEMES, WIDTHS, SCRIPTS)
    ],
)
def test_axe_finds_nothing(
    look: Look, every: list[str], scheme: str, width: int, *, scripts: bool
) -> None:
    """No violation on any page, light or dark, on a phone or a desk."""
    page = look(color_scheme=scheme, viewport={"width": width, "height": 800})
    found = []
    for address in every:
        if scripts:
            page.goto(address)
        else:
            read_off(page, address)
        found += faults(page)
    assert found == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_pages_fit_a_small_phone(look: Look, every: list[str], *, scripts: bool) -> None:
    """At 320 pixels nothing has to be scrolled sideways (WCAG 1.4.10)."""
    page = look(scripts=scripts, viewport={"width": 320, "height": 256})
    wide = {}
    for address in every:
        page.goto(address)
        wide[address] = (overflow(page), clipped(page))
    assert {address: much for address, much in wide.items() if much != (0, [])} == {}


@pytest.mark.parametrize("width", [640, 1280])
def test_text_can_be_twice_as_large(look: Look, every: list[str], width: int) -> None:
    """With 200 % text nothing is cut off or runs out of the window (WCAG 1.4.4)."""
    page = look(viewport={"width": width, "height": 800})
    wide = {}
    for address in every:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '212.5%'")
        wide[address] = (overflow(page), clipped(page))
    assert {address: much for address, much in wide.items() if much != (0, [])} == {}


def test_text_can_be_spaced(look: Look, every: list[str]) -> None:
    """With the spacing of WCAG 1.4.12 nothing is cut off, on the smallest phone."""
    page = look(viewport={"width": 320, "height": 640}, bypass_csp=True)
    wide = {}
    for address in every:
        page.goto(address)
        page.add_style_tag(content=SPACING)
        wide[address] = (overflow(page), clipped(page))
    assert {address: much for address, much in wide.items() if much != (0, [])} == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_controls_are_large_enough(look: Look, every: list[str], width: int) -> None:
    """Every control is 44 pixels high: hands shake."""
    page = look(viewport={"width": width, "height": 800})
    found = {}
    for address in every:
        page.goto(address)
        found[address] = small(page)
    assert {address: low for address, low in found.items() if low} == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_reaches_everything(look: Look, every: list[str], width: int) -> None:
    """Each stop is seen, has its ring, comes in the page's order; leaving is the second stop."""
    page = look(viewport={"width": width, "height": 800})
    for address in every:
        page.goto(address)
        stops = walk(page)
        assert [stop for stop in stops if not stop.ring or not stop.free] == [], address
        orders = [stop.order for stop in stops]
        assert orders == sorted(orders), address
        if "desk" not in address:
            language = "sv" if "/sv/" in address else "en"
            assert stops[1].text == LEAVE[language], address
            assert [stop.text for stop in stops].count(LEAVE[language]) == 2, address


def test_forced_colours_keep_every_edge(look: Look, samples: Site) -> None:
    """Chips, notices and entries keep a border when the person's own colours replace ours."""
    page = look(forced_colors="active")
    for path in SAMPLES:
        page.goto(samples.url(path))
        for part in (".chip", ".notice", ".entry", ".receipt", ".primary"):
            width = page.locator(part).first.evaluate("e => getComputedStyle(e).borderTopWidth")
            assert width != "0px", part


def test_nothing_moves_when_motion_is_not_wished(look: Look, samples: Site) -> None:
    """No transition is left with reduced motion."""
    page = look(reduced_motion="reduce")
    page.goto(samples.url("/en/parts"))
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter("
        "e => getComputedStyle(e).transitionDuration !== '0s').length"
    )
    assert moving == 0


@pytest.mark.parametrize("path", PATHS)
def test_pages_are_light_without_scripts(look: Look, site: Site, path: str) -> None:
    """At most four requests and 20 KB on the wire."""
    wire = weigh(look(scripts=False), site.url(path))
    assert wire.requests <= 4
    assert 0 < wire.size <= 20_000


def test_the_policy_breaks_nothing(look: Look, every: list[str]) -> None:
    """The browser reports nothing: no refused style, no unknown feature, no missing file."""
    page = look()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    for address in every:
        page.goto(address)
    # A remark about password managers, which the desk does without on purpose.
    said = [line for line in said if "username fields" not in line]
    assert [line for line in said if "/nothing" not in line] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_leaving_goes_to_the_empty_page(
    look: Look, site: Site, language: str, *, scripts: bool
) -> None:
    """One press, then an empty page; Back does not bring the text back from the cache."""
    page = look(scripts=scripts)
    page.goto(site.url(f"/{language}/before"))
    page.locator(".leave button").click()
    page.wait_for_url(re.compile(f"/{language}/off$"))
    assert page.inner_text("body").strip() == page.title()
    assert page.context.cookies() == []


def test_leaving_works_by_keyboard_at_the_second_stop(page_off: Page, site: Site) -> None:
    """Tab, Tab, Enter: nobody has to see the button."""
    page_off.goto(site.url("/en/about"))
    for key in ("Tab", "Tab", "Enter"):
        page_off.keyboard.press(key)
    page_off.wait_for_url(re.compile("/en/off$"))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_language_is_changed_without_losing_the_text(
    look: Look, samples: Site, *, scripts: bool
) -> None:
    """On a page with a form the language is a button of that form: the text is sent along."""
    page = look(scripts=scripts)
    page.goto(samples.url("/en/parts"))
    page.locator("#what").fill("The scales are wrong")
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        page.get_by_role("button", name="Svenska").click()
    assert sent.value.url == samples.url("/sv/parts")
    assert "what=The+scales+are+wrong" in (sent.value.post_data or "")
    assert "language=sv" in (sent.value.post_data or "")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_enter_in_a_field_never_changes_the_language(
    look: Look, samples: Site, *, scripts: bool
) -> None:
    """A browser presses the form's first button: that one is hidden and only goes on."""
    page = look(scripts=scripts)
    page.goto(samples.url("/en/parts"))
    page.locator("#where").focus()
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        page.keyboard.press("Enter")
    assert sent.value.url == samples.url("/en/parts")
    assert "language=" not in (sent.value.post_data or "")


def test_only_the_code_is_printed(look: Look, samples: Site) -> None:
    """A paper forgotten in a printer tells nothing but a row of letters and digits."""
    page = look()
    page.goto(samples.url("/en/parts"))
    page.emulate_media(media="print")
    assert page.inner_text("body").split() == ["7K2QP-M9XDA-04TZV-HJWRC-B6N8E"]


def test_a_fault_page_is_in_the_persons_language(page_off: Page, site: Site) -> None:
    """With a way back to the first page."""
    assert opened(page_off, site.url("/sv/nothing")).status == 404
    page_off.get_by_role("link", name="Gå till första sidan").click()
    page_off.wait_for_url(re.compile("/sv/$"))
