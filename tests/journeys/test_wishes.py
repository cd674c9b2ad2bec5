"""Wishes beside writing: a meeting, no confirmation, a confirmation after all. In both ways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import acts
from tests.acts import Filed
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.looking import faults, overflow, small
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site

Look = Callable[..., Page]
WORDS = {
    "en": {
        "meeting": "Ask for a meeting",
        "by": "By 29 November 2026 we offer you a time for a meeting.",
        "no?": "Want no confirmation?",
        "no": "I want no confirmation",
        "not confirming": "You asked us not to confirm, so we do not.",
        "after all?": "Want a confirmation after all?",
        "after all": "I want a confirmation after all",
        "confirming": "By 29 November 2026 we confirm that we have it.",
    },
    "sv": {
        "meeting": "Be om ett möte",
        "by": "Senast 29 november 2026 erbjuder vi dig en tid för ett möte.",
        "no?": "Vill du inte ha någon bekräftelse?",
        "no": "Jag vill inte ha någon bekräftelse",
        "not confirming": "Du bad oss att inte bekräfta",
        "after all?": "Vill du ändå ha en bekräftelse?",
        "after all": "Jag vill ändå ha en bekräftelse",
        "confirming": "Senast 29 november 2026 bekräftar vi att vi har den.",
    },
}


@pytest.fixture
def filed(shared: Site) -> Filed:
    """A report on the shared site."""
    assert shared.organisation is not None
    return acts.file(shared.organisation)


def opened(me: Reporter, filed: Filed) -> None:
    """Come back and wait for the thread."""
    me.come_back(str(filed.receipt))
    expect(me.page.locator(".thread .entry").first).to_be_visible()


def unfold(me: Reporter, name: str) -> None:
    """Open a folded part by its name."""
    me.page.locator("summary").get_by_text(name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_meeting_is_asked_for_once_and_has_a_date(
    look: Look, shared: Site, filed: Filed, language: str, *, scripts: bool
) -> None:
    """The text stands in the thread, the date above it; the question is not asked twice."""
    me, words = Reporter(look(scripts=scripts), shared, language), WORDS[language]
    opened(me, filed)
    unfold(me, words["meeting"])
    me.page.get_by_role("button", name=words["meeting"]).click()
    expect(me.problem()).to_be_visible()
    me.page.locator("#meeting").fill("On a Friday, not at the works")
    me.page.get_by_role("button", name=words["meeting"]).click()
    expect(me.page.locator(".thread .entry").last).to_contain_text("On a Friday, not at the works")
    expect(me.page.locator("main")).to_contain_text(words["by"])
    expect(me.page.locator("#meeting:visible")).to_have_count(0)
    expect(me.page.get_by_role("button", name=words["meeting"])).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_confirmation_is_waived_and_wished_again(
    look: Look, shared: Site, filed: Filed, language: str, *, scripts: bool
) -> None:
    """The dates follow each time, and both wishes stand in the thread."""
    me, words = Reporter(look(scripts=scripts), shared, language), WORDS[language]
    opened(me, filed)
    unfold(me, words["no?"])
    me.page.get_by_role("button", name=words["no"]).click()
    expect(me.page.locator("main")).to_contain_text(words["not confirming"])
    expect(me.page.locator(".thread .entry").last).to_contain_text(words["no"])
    unfold(me, words["after all?"])
    me.page.get_by_role("button", name=words["after all"]).click()
    expect(me.page.locator("main")).to_contain_text(words["confirming"])
    expect(me.page.locator(".thread .entry")).to_have_count(4)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_what_came_first_decides(look: Look, shared: Site, filed: Filed, *, scripts: bool) -> None:
    """Confirmed in the same moment: the waiver is not sent, and the page says why."""
    me = Reporter(look(scripts=scripts), shared)
    opened(me, filed)
    case = acts.case_id(me.organisation, filed)
    acts.act(me.organisation, "anna", case, "acknowledgement")
    unfold(me, "Want no confirmation?")
    me.page.get_by_role("button", name="I want no confirmation").click()
    expect(me.problem()).to_contain_text("That can no longer be done.")
    expect(me.page.locator("main")).to_contain_text("We confirmed on 22 November 2026")
    expect(me.page.get_by_text("Want no confirmation?")).to_be_hidden()


def test_handlers_read_the_wishes_in_words(look: Look, serve: Callable[[], Site]) -> None:
    """In the desk's thread, and as a clock of its own."""
    site = serve()
    assert site.organisation is not None
    filed = acts.file(site.organisation)
    me = Reporter(look(), site)
    opened(me, filed)
    unfold(me, "Ask for a meeting")
    me.page.locator("#meeting").fill("On a Friday")
    me.page.get_by_role("button", name="Ask for a meeting").click()
    expect(me.page.locator("#written")).to_be_focused()
    unfold(me, "Want no confirmation?")
    me.page.get_by_role("button", name="I want no confirmation").click()
    expect(me.page.locator("main")).to_contain_text("You asked us not to confirm")
    anna = AtDesk(look(), site)
    anna.sign_in()
    anna.open_case(number(site.organisation, filed))
    expect(anna.entries().nth(2)).to_contain_text("Asks for a meeting")
    expect(anna.entries().nth(3)).to_contain_text("Wishes no acknowledgement")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_wishes_are_whole_for_everybody(
    look: Look, shared: Site, filed: Filed, scheme: str
) -> None:
    """Axe finds nothing, 320 pixels show all of it, controls are large."""
    me = Reporter(look(color_scheme=scheme, viewport={"width": 320, "height": 640}), shared)
    opened(me, filed)
    unfold(me, "Ask for a meeting")
    unfold(me, "Want no confirmation?")
    assert (faults(me.page), overflow(me.page), small(me.page)) == ([], 0, [])
