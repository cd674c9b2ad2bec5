"""Signing out with a text that is not sent: asked in the page first, whichever way it is kept."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.journeys.at_desk import AtDesk
from tests.journeys.looking import faults, overflow, small
from tests.journeys.serving import Site

Look = Callable[..., Page]
TEXT = "Half a sentence"


@pytest.fixture
def anna(look: Look, shared: Site) -> AtDesk:
    """Anna with a case open and a message begun."""
    at_desk = AtDesk(look(), shared)
    at_desk.start()
    at_desk.page.locator("#message").fill(TEXT)
    return at_desk


def sign_out(at_desk: AtDesk) -> Locator:
    """Press the button; return the question."""
    at_desk.page.get_by_role("button", name="Sign out", exact=True).click()
    return at_desk.page.locator("[data-part='unsent']")


def test_who_stays_has_the_text_and_the_focus_where_it_was(anna: AtDesk) -> None:
    """The answer that loses nothing has the focus first."""
    question = sign_out(anna)
    expect(question).to_contain_text("Signing out deletes it.")
    expect(anna.page.get_by_role("button", name="Keep it and stay")).to_be_focused()
    anna.page.keyboard.press("Enter")
    expect(question).to_be_hidden()
    expect(anna.page.get_by_role("button", name="Sign out", exact=True)).to_be_focused()
    expect(anna.page.locator("#message")).to_have_value(TEXT)


def test_who_goes_on_is_signed_out_and_nothing_is_left(anna: AtDesk) -> None:
    """Not asked a second time by the browser; the text is gone, also by Back."""
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    anna.page.on("dialog", note)
    sign_out(anna)
    anna.page.get_by_role("button", name="Delete it and sign out").click()
    expect(anna.view("sign-in")).to_be_visible()
    anna.page.go_back()
    assert TEXT not in anna.page.content()
    assert asked == []


def test_it_is_asked_from_another_place_and_from_the_lock_too(anna: AtDesk) -> None:
    """A text of a case that is not on the screen is a text as well."""
    anna.page.get_by_role("link", name="All cases").click()
    expect(anna.view("cases")).to_be_visible()
    expect(sign_out(anna)).to_be_visible()
    anna.page.get_by_role("button", name="Lock").click()
    expect(anna.view("locked")).to_be_visible()
    expect(anna.page.locator("[data-part='unsent']")).to_be_hidden()
    expect(sign_out(anna)).to_be_visible()
    expect(anna.view("locked")).to_be_visible()


def test_nothing_unsent_nothing_asked(anna: AtDesk) -> None:
    """A message that was sent is no text to be lost."""
    anna.send("message")
    anna.told("The message is sent")
    anna.sign_out()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_question_is_whole_for_everybody(look: Look, shared: Site, scheme: str) -> None:
    """Axe finds nothing, 320 pixels show all of it, controls are large; in Swedish."""
    at_desk = AtDesk(look(color_scheme=scheme, viewport={"width": 320, "height": 640}), shared)
    case = at_desk.filed()
    at_desk.sign_in(language="sv")
    at_desk.open_case(case)
    page = at_desk.page
    page.locator("#message").fill(TEXT)
    page.locator(".person [data-act='sign-out']").click()
    expect(page.locator("[data-part='unsent']")).to_contain_text("Det raderas om du loggar ut.")
    assert (faults(page), overflow(page), small(page, 24)) == ([], 0, [])
