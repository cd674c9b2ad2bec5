"""A real browser on a real server: what every journey stands on.

`site` serves one made-up organisation for all tests that only look; `serve` makes a fresh one.
`page` has scripts, `page_off` has none. `tests.journeys.looking` holds what is asked of a page.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site, serving
from tests.organisation import make_organisation, make_settings

# The browser's own buttons and address bar are pages too, each with a process that takes as much of
# the machine as a page of ours. Of switches like this one the last counts; so what the driver turns
# off stands here again: http stays http, nothing is looked up, each page is drawn when it is there.
_TURNED_OFF = (
    "InitialWebUI", "PreloadTopChromeWebUI", "WebUIOmniboxAimPopup", "WebUIOmniboxPopup",
    "WebUIReloadButton",
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding",
    "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
FLAGS = (
    f"--disable-features={','.join(_TURNED_OFF)}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder: it needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's own Chromium, which reaches out for nothing by itself."""
    found = os.environ.get("WHISTLE_BROWSER") or next(
        (path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.fail("no browser: install chromium or name one in WHISTLE_BROWSER")
    return {"executable_path": found, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """A function that starts a fresh organisation's site, its settings changed as named."""
    started: list[Site] = []

    def start(**settings: Any) -> Site:
        folder = tmp_path_factory.mktemp("site")
        organisation = make_organisation(folder, replace(make_settings(folder), **settings))
        started.append(serving(organisation.app, organisation))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture(scope="session")
def site(serve: Callable[[], Site]) -> Site:
    """One site for all tests that change nothing on it."""
    return serve()


@pytest.fixture(scope="session")
def shared(serve: Callable[[], Site]) -> Site:
    """One site for all tests that send reports and do not count them."""
    return serve()


@pytest.fixture
def page_off(browser: Browser) -> Iterator[Page]:
    """A page in a browser with scripts turned off."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A function that opens a page in a context of its own: scripts, scheme, size, colours."""
    opened: list[BrowserContext] = []

    def open_page(*, scripts: bool = True, **settings: Any) -> Page:
        opened.append(browser.new_context(java_script_enabled=scripts, **settings))
        return opened[-1].new_page()

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Callable[[Flask], Site]:
    """A function that serves an application made by the test itself; ends with the test."""

    def start(app: Flask) -> Site:
        one = serving(app, None)
        request.addfinalizer(one.stop)
        return one

    return start


@pytest.fixture
def reporter(look: Callable[..., Page], shared: Site) -> Reporter:
    """A reporter with scripts on, on the shared site."""
    return Reporter(look(), shared)


@pytest.fixture
def alone(look: Callable[..., Page], serve: Callable[[], Site]) -> Reporter:
    """A reporter with scripts on, on a site of their own."""
    return Reporter(look(), serve())
