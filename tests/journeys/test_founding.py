"""An organisation's whole beginning in a browser: from nobody to a report that is opened.

The officer joins by the link of the command line, two handlers by links of the office; the root
key is ssh-keygen's own and signs offline; a third handler comes in with a colleague's signature,
and one leaves.
"""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests import acts, office_acts
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.serving import serving
from whistle.services.office import joining
from whistle.services.operating.ceremony import Appointed, Enrolled


class Founding:
    """One organisation on its first day, with a browser for each person."""

    def __init__(self, folder: Path, look: Callable[..., Page]) -> None:
        self.folder = folder
        self.look = look
        self.organisation = office_acts.founded(folder / "organisation")
        self.site = serving(self.organisation.app, self.organisation)
        self.root = folder / "whistle-root"

    def join(self, link: str, person_id: str) -> Page:
        """Open a one-time link and join; the secrets are kept as a person keeps them."""
        page = self.look()
        page.goto(link)
        expect(page.locator("[data-part='id']")).to_have_text(person_id)
        page.locator("[data-act='make-key']").click()
        shown = page.locator("[data-view='passphrase'] [data-part='passphrase'] span")
        expect(shown).to_have_count(6)
        words = shown.all_inner_texts()
        page.locator("[data-act='written-down']").click()
        assert page.locator("[data-part='passphrase'] span").count() == 0
        page.locator("#typed").fill("  ".join(word.upper() for word in words))
        page.keyboard.press("Enter")
        expect(page.locator("[data-part='square'] svg")).to_be_visible(timeout=60_000)
        secret = page.locator("[data-part='secret']").inner_text().replace(" ", "")
        self.organisation.now += office_acts.STEP
        page.locator("#code").fill(pyotp.TOTP(secret).at(self.organisation.now))
        page.keyboard.press("Enter")
        expect(page.locator("[data-view='done']")).to_be_visible()
        people = self.organisation.people
        assert isinstance(people, dict)
        appointed = Appointed(person_id, person_id, "", {})
        people[person_id] = Enrolled(appointed, None, " ".join(words), secret, b"")  # type: ignore[arg-type] # no test holds the key
        return page

    def fingerprint(self, page: Page) -> list[str]:
        """The eight words that the new person reads out."""
        return page.locator("[data-view='done'] [data-part='fingerprint'] span").all_inner_texts()

    def desk(self) -> AtDesk:
        """A browser at the desk."""
        return AtDesk(self.look(), self.site)

    def officer(self) -> Page:
        """The officer's browser, in the office."""
        desk = self.desk()
        desk.arrive("olle")
        desk.page.locator("#passphrase").fill(desk.passphrase("olle"))
        desk.page.keyboard.press("Enter")
        expect(desk.page).to_have_url(self.site.url("/en/office"), timeout=60_000)
        return desk.page

    def invite(self, office: Page, person_id: str, role: str = "handler") -> str:
        """Invite somebody on the people page; return the link."""
        office.get_by_role("link", name="People", exact=True).click()
        office.locator("#name").fill(person_id.capitalize() + " Name")
        office.locator("#id").fill(person_id)
        office.locator("#role_text").fill("Case handler")
        office.locator("#channel-main").select_option(role)
        office.get_by_role("button", name="Make the link").click()
        return office.locator("#link").input_value()

    def ssh(self, *arguments: object, given: bytes = b"") -> None:
        """Run ssh-keygen, as the officer does on a machine without a network."""
        command = ["ssh-keygen", *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, input=given)

    def sign(self, office: Page) -> None:
        """Download the draft, sign it with the root key, upload the signature."""
        office.get_by_role("link", name="Keys", exact=True).click()
        with office.expect_download() as waiting:
            office.get_by_role("link", name="Download the file to sign").click()
        file = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(file)
        self.ssh("-Y", "sign", "-f", self.root, "-n", "whistle-keyring-v1", file)
        office.locator("#file").set_input_files(file.with_name(file.name + ".sig"))
        office.get_by_role("button", name="Give the signature").click()

    def publish(self, office: Page) -> None:
        """Publish what is signed."""
        office.get_by_role("button", name="Publish").click()
        expect(office.get_by_text("in force", exact=False).first).to_be_visible()


@pytest.fixture
def founding(tmp_path: Path, look: Callable[..., Page]) -> Iterator[Founding]:
    """An organisation on its first day."""
    made = Founding(tmp_path, look)
    yield made
    made.site.stop()


def test_from_nobody_to_a_report_that_is_opened(founding: Founding) -> None:
    """And on to a colleague who comes in with a second signature, and one who leaves."""
    organisation = founding.organisation
    who = office_acts.asked("olle", office="officer")
    token = joining.invite(organisation.parts, who, "operator")
    founding.join(founding.site.url(f"/en/join#{token}"), "olle")
    office = founding.officer()
    founding.ssh("-t", "ed25519", "-N", "", "-q", "-C", "root", "-f", founding.root)
    office.get_by_role("link", name="Keys", exact=True).click()
    office.locator("#root").fill(founding.root.with_suffix(".pub").read_text())
    office.get_by_role("button", name="Keep the public line").click()
    for one in ("anna", "bo"):
        link = founding.invite(office, one)
        page = founding.join(link, one)
        assert "#" not in page.url
        office.get_by_role("link", name="Back to the people").click()
        office.get_by_role("link", name=f"{one.capitalize()} Name").click()
        assert office.locator(".phrase span").all_inner_texts() == founding.fingerprint(page)
    office.get_by_role("link", name="Keys", exact=True).click()
    office.get_by_role("link", name="Prepare the next list").click()
    office.get_by_role("button", name="Prepare").click()
    founding.sign(office)
    founding.publish(office)
    filed = acts.file(organisation)
    anna = founding.desk()
    anna.sign_in("anna")
    anna.open_case(number(organisation, filed))
    expect(anna.entries().first).to_contain_text("emergency exit")
    anna.sign_out()
    comes_and_goes(founding, office)


def comes_and_goes(founding: Founding, office: Page) -> None:
    """Carin comes in with Anna's signature, Bo leaves; his case waits for Anna to seal it again."""
    organisation = founding.organisation
    page = founding.join(founding.invite(office, "carin"), "carin")
    office.get_by_role("link", name="Keys", exact=True).click()
    office.get_by_role("link", name="Prepare the next list").click()
    office.get_by_role("button", name="Prepare").click()
    founding.sign(office)
    anna = founding.desk()
    anna.sign_in("anna")
    anna.page.get_by_role("link", name="Look at it").click()
    view = anna.view("keyring")
    expect(view.locator("[data-part='words'] span")).to_have_count(8)
    words = view.locator("[data-part='words'] span").all_inner_texts()
    assert words == founding.fingerprint(page)
    view.get_by_role("button", name="Sign this list").click()
    expect(view.locator(".summary-of-errors")).to_be_visible()
    view.locator("#compared").check()
    view.get_by_role("button", name="Sign this list").click()
    expect(view.locator(".status")).to_contain_text("Signed.")
    office.get_by_role("link", name="Keys", exact=True).click()
    expect(office.get_by_text("done by anna")).to_be_visible()
    founding.publish(office)
    carin = founding.desk()
    carin.sign_in("carin")
    expect(carin.page.get_by_text("No open cases")).to_be_visible()
    office.get_by_role("link", name="People", exact=True).click()
    office.get_by_role("link", name="Bo Name").click()
    office.locator("#sure").check()
    office.get_by_role("button", name="Take Bo Name out now").click()
    founding.sign(office)
    founding.publish(office)
    assert {one.id for one in acts.keyring(organisation).handlers} == {"anna", "carin"}
    anna.sign_out()
    anna.sign_in("anna")
    expect(anna.page.locator("[data-part='reseals']")).to_be_visible()
    bo = founding.desk()
    bo.page.goto(founding.site.url("/en/desk"))
    bo.page.locator("#person").fill("bo")
    bo.page.locator("#code").fill(bo.code("bo"))
    bo.page.keyboard.press("Enter")
    expect(bo.page.locator("#sign-in-status")).not_to_be_empty()
    expect(bo.page.locator("#passphrase")).to_be_hidden()
