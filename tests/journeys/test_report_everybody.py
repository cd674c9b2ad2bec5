"""Every step and page of the form for everybody: by any eye, on a small phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.looking import faults, overflow, small, walk
from tests.journeys.reporting import STEPS, TEXT, Reporter
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_every_step_is_whole_for_everybody(
    look: Look, shared: Site, language: str, scheme: str
) -> None:
    """Axe finds nothing, a small phone shows all of it, controls are large; errors included."""
    me = Reporter(
        look(color_scheme=scheme, viewport={"width": 320, "height": 640}), shared, language
    )
    found: dict[str, Any] = {}

    def measure(name: str) -> None:
        found[name] = (faults(me.page), overflow(me.page), small(me.page))

    me.open("/report")
    me.go_on()
    measure("error")
    me.page.locator("#what").fill(TEXT)
    for step in STEPS:
        me.on_step(step)
        if step == "readers":
            for name in ("Bo Ek", "Carin Dahl"):
                me.page.get_by_label(name, exact=True).check()
        if step == "who":
            me.page.locator("input[name=named][value=yes]").check()
            me.page.locator("#name").fill("x")
        measure(step)
        me.go_on()
    me.on_step("check")
    measure("check")
    me.go_on()
    measure("one reader")
    me.page.locator("#one_reader").check()
    me.go_on()
    me.on_step("code")
    measure("code")
    assert [one for one in walk(me.page) if not one.ring or not one.free] == []
    me.press_send()
    me.on_step("sent")
    measure("sent")
    assert {step: one for step, one in found.items() if one != ([], 0, [])} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_without_scripts_is_whole_for_everybody(
    look: Look, shared: Site, scheme: str
) -> None:
    """The long form, its errors, the check page, the page after sending."""
    page = look(color_scheme=scheme, viewport={"width": 320, "height": 640})
    me = Reporter(page, shared, "sv")
    button = page.locator("main button.primary:visible").first
    switch = page.context.new_cdp_session(page)
    found: dict[str, Any] = {}

    def measure(name: str) -> None:
        # For the measure alone scripts may run; those of the page were passed over already.
        switch.send("Emulation.setScriptExecutionDisabled", {"value": False})
        found[name] = (faults(page), overflow(page), small(page))
        switch.send("Emulation.setScriptExecutionDisabled", {"value": True})

    def press(what: Locator = button) -> None:
        with page.expect_navigation():
            what.click()

    switch.send("Emulation.setScriptExecutionDisabled", {"value": True})
    me.open("/report")
    measure("form")
    press()
    measure("error")
    page.locator("#what").fill(TEXT)
    for name in ("Bo Ek", "Carin Dahl"):
        page.get_by_label(name, exact=True).check()
    press()
    measure("check")
    press()
    measure("one reader")
    page.locator("#one_reader").check()
    press()
    measure("sent")
    press(page.locator("#confirm-form button.secondary"))
    measure("not saved")
    assert {step: one for step, one in found.items() if one != ([], 0, [])} == {}
