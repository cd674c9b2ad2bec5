"""A case that nobody can open: its handlers sign it in real browsers, and the reporter reads so."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import acts, shut_cases
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.looking import faults, overflow, small, walk
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site

Look = Callable[..., Page]
SENTENCE = {
    "en": "The case handlers cannot open your report. Please send it again as a new report.",
    "sv": "Handläggarna kan inte öppna din rapport. Skicka den igen som en ny rapport.",
}


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


@pytest.fixture
def filed(own: Site) -> acts.Filed:
    """A report on it whose case no handler can open."""
    assert own.organisation is not None
    made = acts.file(own.organisation)
    shut_cases.shut(own.organisation, made)
    return made


def at(page: Page, site: Site, who: str, filed: acts.Filed, language: str = "en") -> AtDesk:
    """A handler who has pressed the case in the list."""
    here = AtDesk(page, site)
    here.sign_in(who, language)
    here.page.get_by_role("link", name=number(here.organisation, filed)).click()
    expect(offered(here)).to_be_visible()
    return here


def offered(here: AtDesk) -> Locator:
    """The part that is shown of a case that does not open."""
    return here.page.locator("[data-part='unopened']")


def says_it_once(here: AtDesk) -> None:
    """One heading below the case's own, one sentence; not that the case is not whole."""
    headings = here.view("case").locator("h2:visible")
    expect(headings).to_have_text(["You cannot open this case"])
    notice = here.page.get_by_role("alert").filter(visible=True)
    expect(notice).to_contain_text("Your key does not open it, or what it opens is not the report")
    expect(here.page.locator("[data-part='opened']")).to_be_hidden()


def signers_of(here: AtDesk) -> Locator:
    """Who has signed and who has not, a line each."""
    return offered(here).locator("[data-part='signers'] li")


def test_all_sign_and_the_reporter_is_told(look: Look, own: Site, filed: acts.Filed) -> None:
    """In words before and after; each sees who else has to; with scripts and without."""
    bundles: list[str] = []
    page = look()
    page.on("request", lambda one: bundles.append(one.url) if "desk-unopened" in one.url else None)
    anna = at(page, own, "anna", filed)
    assert len(bundles) == 1
    signers = signers_of(anna)
    says_it_once(anna)
    expect(signers).to_have_text(["Anna Lind has not signed yet", "Bo Ek has not signed yet"])
    anna.send("unopened")
    anna.told("Your signature is kept", "unopened")
    expect(signers).to_have_text(["Anna Lind has signed", "Bo Ek has not signed yet"])
    expect(offered(anna)).to_contain_text("The reporter is told when all have")
    expect(anna.form("unopened")).to_be_hidden()
    bo = at(look(), own, "bo", filed)
    bo.send("unopened")
    bo.told("Your signature is kept", "unopened")
    expect(signers_of(bo)).to_contain_text(["Anna Lind", "Bo Ek", "Carin Dahl has not signed yet"])
    carin = at(look(), own, "carin", filed)  # a deputy, called in by the last handler's signature
    carin.send("unopened")
    carin.told("Your signature is kept", "unopened")
    expect(offered(carin)).to_contain_text("All have signed")
    for scripts in (True, False):
        for language, sentence in SENTENCE.items():
            me = Reporter(look(scripts=scripts), own, language)
            me.come_back(str(filed.receipt))
            expect(me.page.locator(".thread")).to_contain_text(sentence)


def test_a_case_with_another_cases_keys_is_one(look: Look, own: Site) -> None:
    """What opens is no key of this case: nothing of the case is shown, and it can be signed."""
    assert own.organisation is not None
    made, other = acts.file(own.organisation), acts.file(own.organisation)
    with own.organisation.parts.database.writing() as session:
        keys = acts.case_row(session, other).case_age
        acts.case_row(session, made).case_age = keys
    anna = at(look(), own, "anna", made)
    expect(anna.entries()).to_have_count(0)
    says_it_once(anna)
    anna.send("unopened")
    anna.told("Your signature is kept", "unopened")


def test_a_case_that_opens_again_is_shown_and_not_signed(
    look: Look, own: Site, filed: acts.Filed
) -> None:
    """The Worker tries once more before it signs; then nothing of the part stays on the page."""
    assert own.organisation is not None
    organisation = own.organisation
    good = acts.file(organisation)
    with organisation.parts.database.reading() as session:
        whole = acts.case_row(session, good).case_age
    shut_cases.shut(organisation, good)
    anna = at(look(), own, "anna", good)
    with organisation.parts.database.writing() as session:
        acts.case_row(session, good).case_age = whole
    anna.send("unopened")
    anna.case_is_open(number(organisation, good))
    expect(offered(anna)).to_be_hidden()
    expect(anna.page.locator("[data-part='shut']")).to_be_hidden()
    expect(anna.entries().first).to_contain_text("emergency exit")
    anna.page.go_back()
    anna.page.get_by_role("link", name=number(organisation, filed)).click()
    expect(offered(anna)).to_be_visible()
    expect(anna.page.locator("[data-part='opened']")).to_be_hidden()


def test_a_case_that_opens_offers_nothing_to_sign(look: Look, own: Site) -> None:
    """Nor is the part for it loaded."""
    loaded: list[str] = []
    page = look()
    page.on("request", lambda one: loaded.append(one.url) if "desk-unopened" in one.url else None)
    anna = AtDesk(page, own)
    anna.start()
    expect(anna.entries().first).to_be_visible()
    expect(offered(anna)).to_be_hidden()
    assert loaded == []


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_signed_by_everybody(
    look: Look, own: Site, filed: acts.Filed, language: str, scheme: str
) -> None:
    """On a small phone, by keyboard, in both colours and languages."""
    page = look(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    anna = at(page, own, "anna", filed, language)
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
    stops = walk(page)
    assert [stop for stop in stops if not stop.ring or not stop.free] == []
    anna.form("unopened").locator("button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#unopened-status")).not_to_be_empty()
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
