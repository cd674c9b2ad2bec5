"""A handler's key is replaced, in a real browser, and the cases are sealed again."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests import acts, office_acts
from tests.journeys import looking
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.passkeys import Authenticator
from tests.journeys.serving import Site
from whistle.storage.tables import KeyChange

Look = Callable[..., Page]


def make_key(at: AtDesk) -> str:
    """Make a new key on the page of one's own keys; return its passphrase."""
    page = at.page
    page.get_by_role("button", name="Make a new key").click()
    page.locator("#again-new-key").fill(at.passphrase("anna"))
    page.get_by_role("button", name="Make the key").click()
    shown = page.locator("[data-part='new-key-words'] span")
    expect(shown).to_have_count(6)
    words = " ".join(shown.all_inner_texts())
    page.get_by_role("button", name="I have written it down").last.click()
    page.get_by_label("The passphrase of the new key").fill("six other words than were shown")
    page.get_by_role("button", name="Give the new key").click()
    expect(at.form("typed-new-key").locator(".summary-of-errors")).to_be_focused()
    page.get_by_label("The passphrase of the new key").fill(words)
    page.get_by_role("button", name="Give the new key").click()
    expect(page.locator("#keys-status")).to_contain_text("The new key is given")
    return words


def publish(at: AtDesk) -> str:
    """The office takes the new key in; the officer's page of it."""
    organisation = at.organisation
    office = office_acts.office(organisation)
    page = office.get("/keys/next").text
    prepared = office_acts.prepare(organisation, office, add=["anna"])
    assert prepared.status_code == 303, prepared.text
    assert office_acts.root_signs(organisation, office).status_code == 303
    file, shown = office_acts.draft(office)
    signed = office_acts.by_handler(organisation, "bo", file)
    office_acts.drafts_cosign(organisation, "bo", shown, signed)
    assert office_acts.publish(office).status_code == 303
    return page


def change(at: AtDesk) -> KeyChange | None:
    """What the server has of anna's change of keys."""
    with at.organisation.parts.database.reading() as session:
        return session.get(KeyChange, "anna")


def test_a_key_is_replaced_and_the_cases_stay_readable(
    look: Look, serve: Callable[[], Site]
) -> None:
    """From the desk to the list of keys and back: the old key opens until all is sealed again."""
    at = AtDesk(look(), serve())
    page = at.page
    filed = acts.file(at.organisation)
    case = number(at.organisation, filed)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.post_data or ""))
    at.sign_in(place="#/keys")
    words = make_key(at)
    assert "AGE-SECRET" not in " ".join(sent)
    assert words not in " ".join(sent)
    spelt = page.locator("[data-part='coming-words'] span").all_inner_texts()
    assert len(spelt) == 8
    office_page = publish(at)
    assert all(word in office_page for word in spelt)

    page.get_by_role("link", name="Tasks").click()
    expect(at.view("locked")).to_be_visible()
    at.arrive()
    page.locator("#passphrase").fill(at.passphrase("anna"))
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-status")).to_contain_text("is not right")
    page.locator("#passphrase").fill(words)
    page.keyboard.press("Enter")
    expect(at.view("cases")).to_be_visible()
    notice = page.locator("[data-part='reseals']")
    expect(notice).to_contain_text("1 case is to be sealed again")
    at.open_case(case)
    expect(at.view("case")).to_contain_text("The emergency exit is locked.")
    page.get_by_role("link", name="All cases").first.click()
    page.get_by_role("button", name="Seal them again").click()
    expect(notice).to_be_hidden()
    assert change(at) is None
    page.reload()
    at.arrive()
    page.locator("#passphrase").fill(words)
    page.keyboard.press("Enter")
    at.open_case(case)
    expect(at.view("case").locator("[data-part='fault']")).to_be_hidden()
    at.send("message", message="We go on.")
    at.told("The message is sent")


def test_whoever_came_by_passkey_is_asked_for_the_new_words(
    look: Look, serve: Callable[[], Site]
) -> None:
    """The passkey opens the old key: on the day of the new one it is not asked for in vain."""
    at = AtDesk(look(), serve())
    page = at.page
    authenticator = Authenticator.plugged_into(page)
    at.sign_in(place="#/keys")
    page.get_by_label("What do you call it?").fill("The blue one")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#keys-status")).to_contain_text("The passkey is added")
    words = make_key(at)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-part='person']")).to_be_visible()
    touched = len(authenticator.secrets)
    publish(at)
    page.get_by_role("link", name="Tasks").click()
    locked = at.view("locked")
    expect(locked).to_contain_text("Your new key counts now")
    expect(page.locator("[data-part='by-passkey-again']")).to_be_hidden()
    at.organisation.now += office_acts.STEP
    page.locator("#code-again").fill(at.code("anna"))
    page.locator("#passphrase-again").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part='person']")).to_be_visible()
    assert len(authenticator.secrets) == touched


def test_a_desk_locked_by_passkey_takes_words_once_the_passkey_is_refused(
    look: Look, serve: Callable[[], Site]
) -> None:
    """The session ended first, so that nothing could tell that the new key counts."""
    at = AtDesk(look(), serve())
    page = at.page
    Authenticator.plugged_into(page)
    at.sign_in(place="#/keys")
    page.get_by_label("What do you call it?").fill("The blue one")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("#keys-status")).to_contain_text("The passkey is added")
    words = make_key(at)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-part='person']")).to_be_visible()
    page.get_by_role("button", name="Lock", exact=True).click()
    publish(at)
    at.organisation.now += timedelta(minutes=20)
    unlock = page.get_by_role("button", name="Unlock")
    unlock.click()
    expect(page.locator("#locked-status")).to_contain_text("sign-in has ended")
    unlock.click()
    expect(page.locator("#locked-status")).to_contain_text("This passkey is not accepted here")
    page.locator("#code-again").fill(at.code("anna"))
    page.locator("#passphrase-again").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part='person']")).to_be_visible()


def test_the_new_key_can_be_made_by_everybody(look: Look, serve: Callable[[], Site]) -> None:
    """Without a fault by axe and at 320 px, through every part that opens."""
    at = AtDesk(look(viewport={"width": 320, "height": 640}), serve())
    at.sign_in(place="#/keys")
    _checked(at.page)
    make_key(at)
    _checked(at.page)


def _checked(page: Page) -> None:
    expect(page.locator("[data-part='own-key']")).to_be_visible()
    assert looking.faults(page) == []
    assert looking.overflow(page) <= 0
