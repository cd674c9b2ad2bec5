"""Signs that turn the direction of reading, in a pasted text: its own writer sees them too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import acts
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_signs_that_turn_the_reading_are_seen(look: Look, shared: Site, *, scripts: bool) -> None:
    """In what one has written oneself as well: on the check page and in the thread."""
    me = Reporter(look(scripts=scripts), shared)
    text = "Paid \u202e000 1\u202c kr"
    seen = "Paid [U+202E]000 1[U+202C] kr"
    me.open("/report")
    me.page.locator("#what").fill(text)
    if scripts:
        me.go_to("check")
    else:
        me.page.locator("#report-form button.primary:visible").click()
    expect(me.page.locator("main")).to_contain_text(seen)
    filed = acts.file(me.organisation, what=text)
    me.come_back(str(filed.receipt))
    expect(me.page.locator(".thread")).to_contain_text(seen)
    me.message(text)
    expect(me.page.locator(".thread .entry").last).to_contain_text(seen)
    assert me.texts(str(filed.receipt)) == [text]
    assert "\u202e" not in me.page.locator("main").inner_text()
