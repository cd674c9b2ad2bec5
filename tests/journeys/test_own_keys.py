"""One's own keys and sessions in a real browser: passphrase, paper, sessions, office."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import looking
from tests.journeys.at_desk import STEP, AtDesk
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.fixture
def at_desk(look: Look, serve: Callable[[], Site]) -> AtDesk:
    """A handler's browser on a site of its own."""
    return AtDesk(look(), serve())


def to_keys(at: AtDesk) -> None:
    """Go to the page of one's own keys."""
    at.page.get_by_role("link", name="My keys").click()
    expect(at.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()


def press(at: AtDesk, name: str) -> None:
    """Press a button."""
    at.page.get_by_role("button", name=name, exact=True).click()


def status(at: AtDesk, words: str) -> None:
    """Wait until the page says so."""
    expect(at.page.locator("#keys-status")).to_contain_text(words)


def test_whoever_has_one_way_only_is_told(at_desk: AtDesk) -> None:
    """And no longer when the key is on paper."""
    at_desk.sign_in()
    to_keys(at_desk)
    warning = at_desk.page.get_by_text("You have only one way to your key")
    expect(warning).to_be_visible()
    press(at_desk, "Print my key")
    at_desk.page.locator("#again-paper").fill("not the words")
    press(at_desk, "Show my key")
    status(at_desk, "The passphrase is not right")
    at_desk.page.locator("#again-paper").fill(at_desk.passphrase("anna"))
    press(at_desk, "Show my key")
    key = str(at_desk.organisation.people["anna"].private_key)
    paper = at_desk.page.locator(".private-key")
    expect(paper).to_be_visible()
    assert paper.inner_text().replace(" ", "") == key
    at_desk.page.emulate_media(media="print")
    assert at_desk.page.locator("body").inner_text().strip().replace(" ", "") == key
    at_desk.page.emulate_media(media="screen")
    press(at_desk, "It is on paper")
    status(at_desk, "on paper")
    expect(warning).to_be_hidden()
    assert key not in at_desk.page.content().replace(" ", "")


def test_the_key_itself_is_never_sent(at_desk: AtDesk) -> None:
    """Printing tells a date, and nothing else."""
    sent: list[str] = []
    at_desk.page.on("request", lambda one: sent.append(f"{one.url} {one.post_data or ''}"))
    at_desk.sign_in()
    to_keys(at_desk)
    press(at_desk, "Print my key")
    at_desk.page.locator("#again-paper").fill(at_desk.passphrase("anna"))
    press(at_desk, "Show my key")
    expect(at_desk.page.locator("[data-part='paper']")).to_be_visible()
    at_desk.page.get_by_role("link", name="Tasks").click()
    expect(at_desk.view("tasks")).to_be_visible()
    assert at_desk.page.locator(".private-key").inner_text() == ""
    assert at_desk.page.locator(".private-key").text_content() == ""
    to_keys(at_desk)
    press(at_desk, "Print my key")
    at_desk.page.locator("#again-paper").fill(at_desk.passphrase("anna"))
    press(at_desk, "Show my key")
    expect(at_desk.page.locator("[data-part='paper']")).to_be_visible()
    press(at_desk, "It is on paper")
    status(at_desk, "on paper")
    everything = " ".join(sent)
    assert "AGE-SECRET" not in everything
    assert at_desk.passphrase("anna") not in everything
    assert "/keys/printed" in everything


def test_a_new_passphrase_is_made_and_counts(at_desk: AtDesk) -> None:
    """Six words, typed back from paper; then the old ones open nothing."""
    at_desk.sign_in()
    to_keys(at_desk)
    press(at_desk, "Make a new passphrase")
    at_desk.page.locator("#again-words").fill(at_desk.passphrase("anna"))
    press(at_desk, "Continue")
    shown = at_desk.page.locator("[data-part='fresh-words'] span")
    expect(shown).to_have_count(6)
    words = " ".join(shown.all_inner_texts())
    press(at_desk, "I have written it down")
    expect(shown).to_have_count(0)
    at_desk.page.get_by_label("The new passphrase").fill("six other words than were shown")
    press(at_desk, "Use the new passphrase")
    expect(at_desk.form("typed-back").locator(".summary-of-errors")).to_be_focused()
    at_desk.page.get_by_label("The new passphrase").fill(words)
    press(at_desk, "Use the new passphrase")
    status(at_desk, "The new passphrase counts")
    press(at_desk, "Lock")
    at_desk.page.locator("#passphrase-again").fill(words)
    press(at_desk, "Unlock")
    expect(at_desk.view("keys")).to_be_visible()
    at_desk.sign_out()
    at_desk.arrive()
    at_desk.page.locator("#passphrase").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.page.locator("#sign-in-status")).to_contain_text("is not right")
    at_desk.page.locator("#passphrase").fill(words)
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.view("cases")).to_be_visible()


def test_another_session_is_seen_and_ended(at_desk: AtDesk, look: Look) -> None:
    """The other page locks at its next request."""
    other = AtDesk(look(), at_desk.site)
    other.sign_in()
    at_desk.sign_in()
    to_keys(at_desk)
    sessions = at_desk.page.locator("[data-part='sessions'] > li")
    expect(sessions).to_have_count(2)
    expect(sessions.first).to_contain_text("Here")
    expect(sessions.first.get_by_role("button")).to_be_hidden()
    sessions.nth(1).get_by_role("button").click()
    status(at_desk, "Ended")
    expect(sessions).to_have_count(1)
    other.page.get_by_role("link", name="Tasks").click()
    expect(other.view("locked")).to_be_visible()


def test_many_wrong_codes_slow_down_and_lock_nobody_out(at_desk: AtDesk) -> None:
    """The browser works for the next try, says so, and comes in."""
    page = at_desk.page
    page.goto(at_desk.site.url("/en/desk"))
    asked: list[str] = []
    page.on("response", lambda one: asked.append(f"{one.status} {one.url}"))
    for _ in range(5):
        page.locator("#person").fill("anna")
        page.locator("#code").fill("000000")
        with page.expect_response("**/sign-in"):
            page.keyboard.press("Enter")
        expect(page.locator("#sign-in-status")).to_contain_text("did not work")
    at_desk.organisation.now += STEP
    page.locator("#person").fill("anna")
    page.locator("#code").fill(at_desk.code("anna"))
    page.keyboard.press("Enter")
    expect(page.locator("#passphrase")).to_be_focused(timeout=20_000)
    statuses = [one.split()[0] for one in asked if one.endswith("/sign-in")]
    assert statuses == ["401"] * 5 + ["429", "200"]


def test_an_officer_is_led_to_the_office_and_back_to_their_own_keys(at_desk: AtDesk) -> None:
    """By the desk's sign-in; of the desk they see their own keys and no case."""
    at_desk.arrive("olle")
    at_desk.page.locator("#passphrase").fill(at_desk.passphrase("olle"))
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.page.get_by_role("heading", level=1)).to_have_text("The office")
    at_desk.page.get_by_role("link", name="Go to my keys").click()
    at_desk.page.locator("#person").fill("olle")
    at_desk.page.locator("#code").fill(at_desk.code("olle"))
    at_desk.page.keyboard.press("Enter")
    at_desk.page.locator("#passphrase").fill(at_desk.passphrase("olle"))
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.view("keys")).to_be_visible()
    expect(at_desk.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    assert at_desk.page.get_by_role("link", name="Tasks").count() == 0
    at_desk.page.evaluate("location.hash = '#/'")
    expect(at_desk.page.get_by_role("heading", level=1)).to_have_text("The office")


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_pages_of_keys_and_office_can_be_used_by_everybody(
    look: Look, serve: Callable[[], Site], language: str
) -> None:
    """axe, 320 px, and the tab key through every part that opens."""
    at = AtDesk(look(viewport={"width": 320, "height": 640}), serve())
    at.sign_in(language=language, place="#/keys")
    expect(at.page.locator("[data-part='keys-shown']")).to_be_visible()
    _checked(at.page)
    at.page.locator("[data-act='print-key']").click()
    at.page.locator("#again-paper").fill(at.passphrase("anna"))
    at.page.keyboard.press("Enter")
    expect(at.page.locator("[data-part='paper']")).to_be_visible()
    at.page.locator("[data-act='change-passphrase']").click()
    at.page.locator("#again-words").fill(at.passphrase("anna"))
    at.page.keyboard.press("Enter")
    expect(at.page.locator("[data-part='fresh']")).to_be_visible()
    _checked(at.page)
    at.page.locator("[data-act='words-written']").click()
    _checked(at.page)
    office = AtDesk(look(viewport={"width": 320, "height": 640}), at.site)
    office.arrive("olle", language)
    office.page.locator("#passphrase").fill(at.passphrase("olle"))
    office.page.keyboard.press("Enter")
    office.page.wait_for_url(f"**/{language}/office")
    _checked(office.page)


def _checked(page: Page) -> None:
    assert looking.faults(page) == []
    assert looking.overflow(page) <= 0
