"""Reporting in a real browser: the whole way with scripts and without, and its weight."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.looking import weigh
from tests.journeys.reporting import AND_WHY, BY, STEPS, TEXT, Reporter
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_whole_way_with_scripts(look: Look, shared: Site, language: str) -> None:
    """Sealed in the browser to whom was not left out; code and text never leave it."""
    me = Reporter(look(), shared, language)
    me.write(until="readers")
    me.page.get_by_label("Bo Ek", exact=True).check()
    me.go_to_from("readers", "who")
    me.page.locator("input[name=named][value=yes]").check()
    me.page.locator("#name").fill("Åsa Canary")
    me.go_to_from("who", "check")
    for shown in (TEXT, "Bo Ek", "Anna Lind, Carin Dahl", "Åsa Canary"):
        expect(me.page.locator("[data-answers]")).to_contain_text(shown)
    me.go_to_from("check", "code")
    code = me.shown_code()
    assert me.posts() == []
    me.press_send()
    me.on_step("sent")
    assert me.shown_code() == code
    expect(me.page.locator("[data-dates]")).to_contain_text(BY[language])
    expect(me.page.locator("[data-dates]")).to_contain_text(AND_WHY[language])
    entry = me.first(code)
    assert entry["made"] == "browser"
    assert entry["head"]["left_out"] == ["bo"]
    assert entry["body"]["answers"]["what"] == TEXT
    assert entry["body"]["reporter"] == {"name": "Åsa Canary", "contact": ""}
    assert entry["body"]["language"] == language
    for secret in (code, code.replace("-", ""), "Canary", "canary"):
        assert me.sent_anywhere(secret) == []
    assert me.traces() == []


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_whole_way_without_scripts(look: Look, shared: Site, language: str) -> None:
    """A long form, a check page with the code, the page after sending; sealed by the server."""
    me = Reporter(look(scripts=False), shared, language)
    button = me.page.locator("main button.primary:visible").first
    me.open("/report")
    me.page.locator("#what").fill(TEXT)
    me.page.get_by_label("Bo Ek", exact=True).check()
    button.click()
    expect(me.page.locator("dl.answers").first).to_contain_text("Anna Lind, Carin Dahl")
    code = me.shown_code()
    button.click()
    assert me.shown_code() == code
    expect(me.page.locator("main")).to_contain_text(BY[language])
    expect(me.page.locator("main")).to_contain_text(AND_WHY[language])
    entry = me.first(code)
    assert (entry["made"], entry["head"]["left_out"]) == ("server", ["bo"])
    assert [one for one in me.requests if code in one.url or "Canary" in one.url] == []
    me.page.locator("#again").fill(code)
    me.page.locator("#confirm-form button.secondary").click()
    expect(me.page.locator(".notice.ok")).to_be_visible()
    assert me.page.context.cookies() == []


def test_the_whole_way_by_keyboard(reporter: Reporter) -> None:
    """Tab, Space, Enter and letters: nothing else is needed, and the focus is where one reads."""
    me, keys = reporter, reporter.page.keyboard
    me.open("/report")

    def to(selector: str) -> None:
        for _ in range(40):
            if me.page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
                return
            keys.press("Tab")
        pytest.fail(f"the keyboard does not reach {selector}")

    to("#what")
    keys.type(TEXT)
    for step in STEPS:
        me.on_step(step)
        if step != "what":
            heading = me.page.locator(f"#step-{step} h2").first
            expect(heading).to_be_focused()
        if step == "readers":
            to("input[value=carin]")
            keys.press("Space")
        to("[data-form] .actions .primary")
        keys.press("Enter")
    me.on_step("check")
    expect(me.page.locator("[data-page=check] h1")).to_be_focused()
    to("[data-to-code]")
    keys.press("Enter")
    me.on_step("code")
    to("[data-send]")
    keys.press("Enter")
    me.on_step("sent")
    to("#saved")
    keys.press("Space")
    to("[data-confirm] button")
    keys.press("Enter")
    expect(me.page.locator("[data-done]")).to_be_visible()
    assert me.first(me.shown_code())["head"]["left_out"] == ["carin"]


def transferred(reporter: Reporter) -> int:
    """Bytes that a reporter's requests took, up and down, with headers.

    The browser's own request for an icon is not among them: it is answered empty, once a year.
    """
    parts = ("requestHeadersSize", "requestBodySize", "responseHeadersSize", "responseBodySize")
    sizes: list[dict[str, Any]] = [dict(one.sizes()) for one in reporter.requests]
    return sum(one[part] for one in sizes for part in parts)


def test_the_way_with_scripts_is_six_requests_and_eighty_kilobytes(reporter: Reporter) -> None:
    """Page, style, script; after the first input the Worker and the keyring; then the report."""
    reporter.open("/report")
    reporter.page.wait_for_load_state("networkidle")
    assert len(reporter.requests) == 3
    assert transferred(reporter) <= 30_000
    reporter.page.locator("#what").fill(TEXT)
    reporter.go_to("code")
    reporter.press_send()
    reporter.on_step("sent")
    own = [one.url for one in reporter.requests]
    assert len(own) == len(set(own)) == 6, own
    assert transferred(reporter) <= 80_000


def test_the_form_without_scripts_is_light(page_off: Page, shared: Site) -> None:
    """At most four requests and twenty kilobytes, form and return."""
    for path in ("/en/report", "/sv/report", "/en/return"):
        wire = weigh(page_off, shared.url(path))
        assert wire.requests <= 4
        assert wire.size <= 20_000, (path, wire.size)
