"""What the server refuses in an opened report: told truly, and tried again with measure."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import acts
from tests.acts import Filed
from tests.journeys.reporting import Reporter, refused
from tests.journeys.serving import Site

Look = Callable[..., Page]
ENTRIES = "**/api/v1/mailbox/entries"
NOT_ACCEPTED = "The server did not accept it. Nothing was sent."


@pytest.fixture
def filed(shared: Site) -> Filed:
    """A report on the shared site."""
    assert shared.organisation is not None
    return acts.file(shared.organisation)


@pytest.fixture
def me(look: Look, shared: Site, filed: Filed) -> Reporter:
    """Who reported, with the report open."""
    reporter = Reporter(look(), shared)
    reporter.come_back(str(filed.receipt))
    expect(reporter.page.locator(".thread .entry").first).to_be_visible()
    return reporter


@pytest.mark.parametrize(
    ("error", "posts", "sentence"),
    [
        ("out_of_turn", 3, "Nothing has been sent. Your text is still here. Try again"),
        ("out_of_order", 1, NOT_ACCEPTED),
    ],
)
def test_a_message_that_is_refused_ends_with_a_sentence_and_its_text_kept(
    me: Reporter, filed: Filed, error: str, posts: int, sentence: str
) -> None:
    """However often the server says so; and after it another press arrives."""
    with me.answered(ENTRIES, refused(409, error)):
        me.message("In May")
        expect(me.problem()).to_contain_text(sentence)
        expect(me.page.locator("#written")).to_be_empty()
    assert len(me.posts("/mailbox/entries")) == posts
    assert me.page.locator("#message").input_value() == "In May"
    me.page.locator("form:has(#message) button.primary").click()
    expect(me.page.locator("#written")).to_contain_text("Your message has been sent.")
    assert me.texts(str(filed.receipt)) == ["In May"]


def test_a_wish_that_is_refused_is_asked_once(me: Reporter) -> None:
    """And what was written elsewhere on the page stays."""
    me.page.locator("#message").fill("Half a sen")
    me.page.get_by_text("Want no confirmation?").click()
    with me.answered(ENTRIES, refused(409, "out_of_order")):
        me.page.get_by_role("button", name="I want no confirmation").click()
        expect(me.problem()).to_contain_text(NOT_ACCEPTED)
    assert len(me.posts("/mailbox/entries")) == 1
    assert me.page.locator("#message").input_value() == "Half a sen"
