"""A handler at the desk in a real browser: the steps that every journey there takes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.acts import Filed, case_row, file
from tests.journeys.serving import Site
from tests.organisation import Organisation

STEP = timedelta(seconds=30)
"""How long a one-time code lasts; each works once."""


def number(organisation: Organisation, filed: Filed) -> str:
    """The number that handlers call a report's case by."""
    with organisation.parts.database.reading() as session:
        found = case_row(session, filed).number
    assert found is not None
    return found


@dataclass(frozen=True)
class AtDesk:
    """One handler's page on one site."""

    page: Page
    site: Site

    @property
    def organisation(self) -> Organisation:
        """Whose site it is."""
        assert self.site.organisation is not None
        return self.site.organisation

    def code(self, who: str) -> str:
        """A one-time code that has not been used."""
        self.organisation.now += STEP
        return self.organisation.one_time_code(who)

    def passphrase(self, who: str) -> str:
        """What opens the handler's key."""
        return self.organisation.people[who].passphrase

    def filed(self, **choices: Any) -> str:
        """File a report on the site and tell its case's number."""
        return number(self.organisation, file(self.organisation, **choices))

    def start(self, who: str = "anna", **choices: Any) -> str:
        """File a report, sign in and open its case; tell its number."""
        case = self.filed(**choices)
        self.sign_in(who)
        self.open_case(case)
        return case

    def arrive(self, who: str = "anna", language: str = "en", place: str = "") -> None:
        """Open the desk and give name and code; the passphrase is asked for next."""
        self.page.goto(self.site.url(f"/{language}/desk{place}"))
        self.page.locator("#person").fill(who)
        self.page.locator("#code").fill(self.code(who))
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#passphrase")).to_be_focused()

    def sign_in(self, who: str = "anna", language: str = "en", place: str = "") -> None:
        """Come in: code, passphrase, and the list or case that the address names."""
        self.arrive(who, language, place)
        self.page.locator("#passphrase").fill(self.passphrase(who))
        self.page.keyboard.press("Enter")
        expect(self.page.locator("[data-part='person']")).to_be_visible()

    def sign_out(self) -> None:
        """Leave by the button; the sign-in is shown again."""
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.view("sign-in")).to_be_visible()

    def open_case(self, number: str) -> None:
        """Open a case from the list."""
        self.page.get_by_role("link", name=number).click()
        self.case_is_open(number)

    def case_is_open(self, number: str) -> None:
        """Wait until a case has been opened and verified."""
        expect(self.view("case").get_by_role("heading", level=1)).to_contain_text(number)
        expect(self.page.locator("[data-part='opened']")).to_be_visible()

    def view(self, name: str) -> Locator:
        """One of the document's views."""
        return self.page.locator(f"[data-view='{name}']")

    def form(self, name: str) -> Locator:
        """One of the document's forms."""
        return self.page.locator(f"form[data-form='{name}']")

    def entries(self) -> Locator:
        """The entries of the conversation."""
        return self.page.locator("[data-part='thread'] > .entry")

    def numbers(self) -> list[str]:
        """The numbers of the cases in the list, from the top."""
        expect(self.page.locator("[data-part='caption']")).not_to_be_empty()
        return self.page.locator("[data-part='rows'] [data-part='link']").all_inner_texts()

    def shows(self, *numbers: str) -> None:
        """Wait until these cases stand in the list, in this order, and no other."""
        expect(self.page.locator("[data-part='caption']")).not_to_be_empty()
        rows = self.page.locator("[data-part='rows'] [data-part='link']")
        expect(rows).to_have_text(list(numbers))

    def choose(self, kind: str) -> None:
        """Choose what to write: message, acknowledgement, feedback or closing."""
        self.page.locator(f"#kind-{kind}").check()

    def send(self, form: str, **texts: str) -> None:
        """Fill in fields by id and press the form's button."""
        for field, text in texts.items():
            self.page.locator(f"#{field}").fill(text)
        self.form(form).locator("button:not([type='button'])").click()

    def told(self, words: str, place: str = "write") -> None:
        """Wait until a live region says so."""
        expect(self.page.locator(f"#{place}-status")).to_contain_text(words)
