"""Leaving as a person does it: in the middle of a form, to a site of someone else, and Back."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserType, Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.serving import Site
from tests.organisation import make_organisation, make_settings

Look = Callable[..., Page]
TEXT = "The scales in the yard are wrong"


@pytest.fixture
def neutral(served: Callable[[Flask], Site]) -> Site:
    """A site of someone else, which remembers what browsers told it."""
    app = Flask("weather", static_folder=None)
    app.extensions["told"] = []

    @app.get("/")
    def weather() -> str:
        app.extensions["told"].append(dict(request.headers))
        return "<title>Weather</title><p>Sunny</p>"

    return served(app)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_neutral_site_is_reached_and_told_nothing(
    look: Look, neutral: Site, served: Callable[[Flask], Site], tmp_path: Path, *, scripts: bool
) -> None:
    """The button's form may only lead to this site, so the way goes over a page of our own."""
    settings = replace(make_settings(tmp_path), leave_to=neutral.url("/"))
    ours = served(make_organisation(tmp_path, settings).app)
    page = look(scripts=scripts)
    page.goto(ours.url("/en/report"))
    page.locator(".leave button").click()
    page.wait_for_url(neutral.url("/"))
    told = neutral.app.extensions["told"]
    assert len(told) == 1
    assert "Referer" not in told[0]
    assert "Cookie" not in told[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_back_does_not_show_what_was_written(look: Look, site: Site, *, scripts: bool) -> None:
    """Whoever takes over the chair and presses Back finds an empty form, or nothing."""
    page = look(scripts=scripts)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site.url("/en/report"))
    page.locator("textarea").first.fill(TEXT)
    page.locator(".leave button").click()
    page.wait_for_url(site.url("/en/off"))
    assert page.get_by_role("heading", level=1).inner_text() != ""
    page.go_back()
    assert TEXT not in page.content()
    assert TEXT not in [box.input_value() for box in page.locator("textarea").all()]


@pytest.fixture
def remembering(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A browser that keeps the pages it leaves, as everybody's does; the driver's keeps none."""
    kept_off = ["--disable-back-forward-cache"]
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=kept_off)
    yield browser
    browser.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_back_does_not_show_a_page_that_the_browser_kept(
    remembering: Browser, site: Site, *, scripts: bool
) -> None:
    """A page that waits in memory, as it stood, is cleared too."""
    page = remembering.new_context(java_script_enabled=scripts).new_page()
    page.goto(site.url("/en/report"))
    page.locator("textarea").first.fill(TEXT)
    page.locator(".leave button").click()
    page.wait_for_url(site.url("/en/off"))
    with suppress(PlaywrightTimeout):  # the driver is not told of a page that comes out of memory
        page.go_back(timeout=3000)
    assert not page.url.endswith("/off")
    assert TEXT not in [box.input_value() for box in page.locator("textarea").all()]


def test_nothing_is_left_in_the_browser(look: Look, site: Site) -> None:
    """No cookie, no storage, no database, no cache of this site."""
    page = look()
    page.goto(site.url("/en/report"))
    page.locator(".leave button").click()
    page.wait_for_url(site.url("/en/off"))
    left = page.evaluate(
        """async () => [
          document.cookie, localStorage.length, sessionStorage.length,
          (await indexedDB.databases()).length, (await caches.keys()).length,
        ]"""
    )
    assert left == ["", 0, 0, 0, 0]
    assert page.context.cookies() == []


def test_the_empty_page_takes_the_forms_place_in_the_history(look: Look, site: Site) -> None:
    """Back leads to what was before the form, not to it."""
    page = look()
    page.goto(site.url("/en/"))
    page.goto(site.url("/en/report"))
    page.locator("textarea").first.fill(TEXT)
    page.locator(".leave button").click()
    page.wait_for_url(site.url("/en/off"))
    page.go_back()
    page.wait_for_url(site.url("/en/"))


def test_shift_three_times_leaves(look: Look, site: Site) -> None:
    """From a field too, and without the question about unsent text."""
    page = look()
    page.goto(site.url("/en/report"))
    page.locator("textarea").first.fill(TEXT)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(site.url("/en/off"))
