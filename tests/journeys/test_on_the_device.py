"""What a visit leaves on an ordinary device's disk: no text and no code, scripts on or off."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, BrowserType, expect

from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site

MARK = "Kanarie-1147"
KEPT_OFF = ["--disable-back-forward-cache"]
"""What the driver would turn off: pages are kept in memory as in everybody's browser."""

Profile = Callable[..., BrowserContext]


@pytest.fixture
def profile(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Profile:
    """A function that starts an ordinary browser, which keeps its profile on the disk."""

    def start(*, scripts: bool) -> BrowserContext:
        return browser_type.launch_persistent_context(
            tmp_path / "profile",
            **browser_type_launch_args,
            java_script_enabled=scripts,
            ignore_default_args=KEPT_OFF,
        )

    return start


def on_disk(profile: Path, *texts: str) -> list[str]:
    """The files of a profile in which one of these stands, as bytes or as UTF-16."""
    sought = [text.encode(kind) for text in texts for kind in ("utf-8", "utf-16-le")]
    return [
        str(file.relative_to(profile))
        for file in profile.rglob("*")
        if file.is_file() and any(one in file.read_bytes() for one in sought)
    ]


def visit(me: Reporter, *, scripts: bool) -> str:
    """Report, keep the code, come back, write a message; return the code."""
    page = me.page
    if scripts:
        code = me.send(text=MARK)
        page.locator("#saved").check()
        page.locator("[data-confirm] button").click()
    else:
        me.open("/report")
        page.locator("#what").fill(MARK)
        page.locator("#report-form button.primary:visible").click()
        code = me.shown_code()
        page.get_by_role("button", name="Back", exact=True).click()
        page.locator("#report-form button.primary:visible").click()
        page.locator("#send-form button.primary").click()
        page.locator("#again").fill(code)
        page.locator("#confirm-form button").click()
    me.come_back(code)
    me.message(f"{MARK} again")
    expect(page.locator(".thread .entry").last).to_contain_text(MARK)
    return code


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_neither_text_nor_code_is_on_the_disk(
    profile: Profile, shared: Site, tmp_path: Path, *, scripts: bool
) -> None:
    """Chromium's session file holds posted forms, for a crash; ours are not among them."""
    context = profile(scripts=scripts)
    code = visit(Reporter(context.new_page(), shared), scripts=scripts)
    context.close()
    found = on_disk(tmp_path / "profile", MARK, code, code.replace("-", ""))
    assert found == []
    assert on_disk(tmp_path / "profile", "/en/report") != []  # that the site was visited stays
