"""Passkeys in a real browser: added, used with one touch, taken away; and where there are none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.journeys.at_desk import STEP, AtDesk
from tests.journeys.passkeys import Authenticator, forms_of, id_of
from tests.journeys.serving import Site
from whistle.storage.tables import Passkey

Look = Callable[..., Page]


@pytest.fixture
def at_desk(look: Look, serve: Callable[[], Site]) -> AtDesk:
    """A handler's browser on a site of its own."""
    return AtDesk(look(), serve())


def kept(at: AtDesk) -> list[Passkey]:
    """Every passkey on the server."""
    with at.organisation.parts.database.reading() as session:
        return list(session.scalars(select(Passkey)))


def add(at: AtDesk, name: str = "The blue one") -> None:
    """Add a passkey on the page of one's own keys, signed in already."""
    at.page.get_by_role("link", name="My keys").click()
    at.page.get_by_label("What do you call it?").fill(name)
    at.page.get_by_role("button", name="Add a passkey").click()


def leave(at: AtDesk) -> None:
    """Sign out; time goes on."""
    at.page.get_by_role("button", name="Sign out").first.click()
    expect(at.page.locator("#person")).to_be_visible()
    at.organisation.now += STEP


def touch(at: AtDesk) -> None:
    """Sign in with one touch."""
    at.page.get_by_role("button", name="Sign in with a passkey").click()


def test_a_passkey_is_added_and_signs_in_with_one_touch(at_desk: AtDesk) -> None:
    """No name, no code, no words; then a case is opened with the key that it gave."""
    authenticator = Authenticator.plugged_into(at_desk.page)
    case = at_desk.filed(what="The exit of hall 3 is locked.")
    at_desk.sign_in()
    add(at_desk)
    expect(at_desk.page.locator("#keys-status")).to_contain_text("The passkey is added")
    (row,) = kept(at_desk)
    assert row.credential_id == id_of(authenticator.credentials[0])
    assert (row.person_id, row.name) == ("anna", "The blue one")
    told = authenticator.secrets
    leave(at_desk)
    touch(at_desk)
    expect(at_desk.view("cases")).to_be_visible()
    at_desk.open_case(case)
    read = at_desk.view("case").get_by_text("The exit of hall 3 is locked.")
    expect(read.first).to_be_visible()
    told += authenticator.secrets
    assert len(set(told)) == 1, "registered and signed in with the same secret"
    assert not [form for form in forms_of(told[0]) for one in authenticator.posted if form in one]
    assert "clientExtensionResults" not in "".join(authenticator.posted)


def test_the_lock_asks_for_the_passkey_again(at_desk: AtDesk) -> None:
    """One touch, and no passphrase; also when the session has ended meanwhile."""
    Authenticator.plugged_into(at_desk.page)
    at_desk.sign_in()
    add(at_desk)
    expect(at_desk.page.locator("#keys-status")).to_contain_text("The passkey is added")
    leave(at_desk)
    touch(at_desk)
    for later in (STEP, 40 * STEP):
        at_desk.page.get_by_role("button", name="Lock", exact=True).click()
        expect(at_desk.view("locked")).to_be_visible()
        expect(at_desk.page.locator("#passphrase-again")).to_be_hidden()
        at_desk.organisation.now += later
        unlock = at_desk.page.get_by_role("button", name="Unlock")
        unlock.click()
        if later > STEP:
            expect(at_desk.page.locator("#locked-status")).to_contain_text("sign-in has ended")
            unlock.click()
        expect(at_desk.view("cases")).to_be_visible()


def test_a_passkey_without_a_secret_leaves_nothing_here(at_desk: AtDesk) -> None:
    """It is said plainly, the other way is named, and the server has kept nothing."""
    Authenticator.plugged_into(at_desk.page, prf=False)
    at_desk.sign_in()
    add(at_desk)
    status = at_desk.page.locator("#keys-status")
    expect(status).to_contain_text("Nothing was saved here")
    expect(status).to_contain_text("passphrase")
    assert kept(at_desk) == []
    expect(at_desk.page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_whoever_is_not_verified_does_not_come_in(at_desk: AtDesk) -> None:
    """A touch alone is not enough, and the other way stays open."""
    authenticator = Authenticator.plugged_into(at_desk.page)
    at_desk.sign_in()
    add(at_desk)
    expect(at_desk.page.locator("#keys-status")).to_contain_text("The passkey is added")
    leave(at_desk)
    authenticator.verify(user=False)
    touch(at_desk)
    expect(at_desk.page.locator("#sign-in-status")).to_contain_text("No passkey was used")
    at_desk.sign_in()


def test_a_removed_passkey_signs_in_no_more(at_desk: AtDesk) -> None:
    """Though the authenticator still has it."""
    Authenticator.plugged_into(at_desk.page)
    at_desk.sign_in()
    add(at_desk)
    status = at_desk.page.locator("#keys-status")
    expect(status).to_contain_text("The passkey is added")
    at_desk.page.get_by_role("button", name="Remove The blue one").click()
    expect(status).to_contain_text("is removed")
    assert kept(at_desk) == []
    leave(at_desk)
    touch(at_desk)
    expect(at_desk.page.locator("#sign-in-status")).to_contain_text("is not accepted here")


def test_one_device_has_one_passkey_for_one_person(at_desk: AtDesk) -> None:
    """A second would silently take the first one's place."""
    Authenticator.plugged_into(at_desk.page)
    at_desk.sign_in()
    add(at_desk)
    status = at_desk.page.locator("#keys-status")
    expect(status).to_contain_text("The passkey is added")
    at_desk.page.get_by_label("What do you call it?").fill("Another")
    at_desk.page.get_by_role("button", name="Add a passkey").click()
    expect(status).to_contain_text("has a passkey for you already")
    assert len(kept(at_desk)) == 1


def test_at_an_address_without_a_name_there_are_no_passkeys(look: Look, site: Site) -> None:
    """An IP address: it is said, and the passphrase is the way."""
    page = look()
    page.goto(site.url("/en/desk").replace("localhost", "127.0.0.1"))
    expect(page.get_by_text("At this address there are no passkeys")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    expect(page.locator("#person")).to_be_visible()
