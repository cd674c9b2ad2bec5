"""Steps at the desk besides writing: withheld, out of scope, deleted early, handed over."""

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


@pytest.fixture
def filed(shared: Site) -> Filed:
    """A report on the shared site."""
    assert shared.organisation is not None
    return acts.file(shared.organisation)


@pytest.fixture
def anna(look: Look, shared: Site, filed: Filed) -> AtDesk:
    """Anna with the report's case open."""
    at_desk = AtDesk(look(), shared)
    at_desk.sign_in()
    at_desk.open_case(number(at_desk.organisation, filed))
    return at_desk


def unfold(at_desk: AtDesk, step: str) -> None:
    """Open one of the folded steps."""
    at_desk.page.locator(f"[data-step='{step}'] summary").click()


def test_the_acknowledgement_is_withheld_on_a_ground_in_the_law(
    anna: AtDesk, look: Look, filed: Filed
) -> None:
    """With a reason that only handlers read; the reporter is told, the feedback's date stays."""
    unfold(anna, "withholding")
    anna.send("withholding")
    expect(anna.page.locator(".summary-of-errors li")).to_have_count(2)
    anna.page.locator("#ground").select_option("identity")
    anna.send("withholding", withholding="Only one person can have seen it.")
    anna.told("Feedback is still due", "steps")
    notes = anna.page.locator("[data-part='notes'] > .entry")
    expect(notes.last).to_contain_text("Acknowledgement withheld")
    expect(notes.last).to_contain_text("Only one person can have seen it.")
    expect(anna.page.locator("[data-part='clocks']")).to_contain_text("Withheld on a ground")
    expect(anna.page.locator("[data-step='withholding']")).to_be_hidden()
    me = Reporter(look(), anna.site)
    me.come_back(str(filed.receipt))
    main = me.page.locator("main")
    expect(main).to_contain_text("We send no confirmation, because it could show who you are.")
    expect(main).to_contain_text("By 28 February 2027 we tell you")


def test_a_matter_for_somebody_else_is_told_with_the_right_way(
    anna: AtDesk, look: Look, filed: Filed
) -> None:
    """The reporter reads why and where to turn; it is found once."""
    anna.choose("out_of_scope")
    expect(anna.form("out_of_scope")).to_contain_text("Confidentiality stays.")
    anna.send("out_of_scope", out_of_scope="It is about wages. Turn to your union.")
    anna.told("The finding is sent")
    expect(anna.entries().last).to_contain_text("Found not to be a matter for this channel")
    expect(anna.page.locator("#kind-out_of_scope")).to_be_hidden()
    for scripts in (True, False):
        me = Reporter(look(scripts=scripts), anna.site)
        me.come_back(str(filed.receipt))
        last = me.page.locator(".thread .entry").last
        expect(last).to_contain_text("Not a matter for this channel")
        expect(last).to_contain_text("Turn to your union.")


def test_what_is_irrelevant_is_deleted_and_only_that_it_was_stays(
    anna: AtDesk, look: Look, filed: Filed
) -> None:
    """A message and a note; the thread is still whole for both sides."""
    anna.send("message", message="Private gossip about somebody")
    anna.told("The message is sent")
    anna.send("note", note="More gossip")
    anna.told("The note is added", "note")
    for text, left in (("Private gossip", "[data-part='thread']"), ("More", "[data-part='notes']")):
        unfold(anna, "erasing")
        option = anna.page.locator("#erased option").filter(has_text=text)
        anna.page.locator("#erased").select_option(option.get_attribute("value"))
        anna.send("erasing")
        expect(anna.page.locator(".summary-of-errors")).to_contain_text("Tick that it has nothing")
        anna.page.locator("#irrelevant").check()
        anna.send("erasing")
        anna.told("The deletion is proposed", "steps")
        expect(anna.page.locator(left)).to_contain_text("gossip")
    bo = AtDesk(look(), anna.site)
    bo.sign_in("bo")
    bo.open_case(number(anna.organisation, filed))
    for left in ("[data-part='thread']", "[data-part='notes']"):
        bo.page.get_by_role("button", name="Approve and delete the entry").first.click()
        bo.told("The entry is deleted", "steps")
        place = bo.page.locator(left)
        expect(place).not_to_contain_text("gossip")
        expect(place).to_contain_text("Something irrelevant was removed")
    expect(bo.page.locator("[data-part='proposed']")).to_be_hidden()
    anna.page.get_by_role("link", name="All cases").click()
    anna.open_case(number(anna.organisation, filed))
    expect(anna.view("case").locator("[data-field='alarm']:visible")).to_have_count(0)
    expect(anna.view("case").locator("[data-part='fault']")).to_be_hidden()
    for scripts in (True, False):
        me = Reporter(look(scripts=scripts), anna.site)
        me.come_back(str(filed.receipt))
        thread = me.page.locator(".thread")
        expect(thread).to_contain_text("Something that does not belong to the matter was deleted")
        expect(thread).not_to_contain_text("gossip")


def test_a_handover_is_noted_and_keeps_nothing_longer(anna: AtDesk) -> None:
    """To whom and on which basis, for the handlers only."""
    unfold(anna, "handover")
    expect(anna.page.locator("[data-step='handover']")).to_contain_text("nothing is kept longer")
    anna.send("handover", handed_to="The district court", basis="A court's order of today")
    anna.told("The handover is noted", "steps")
    notes = anna.page.locator("[data-part='notes'] > .entry")
    expect(notes.last).to_contain_text("Handed over to another process")
    expect(notes.last).to_contain_text("The district court")
    expect(notes.last).to_contain_text("A court's order of today")
    expect(anna.entries()).to_have_count(2)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_steps_are_whole_for_everybody(
    look: Look, shared: Site, filed: Filed, scheme: str
) -> None:
    """Axe finds nothing, 320 pixels show all of it, controls are large; in Swedish."""
    at_desk = AtDesk(look(color_scheme=scheme, viewport={"width": 320, "height": 640}), shared)
    at_desk.sign_in(language="sv")
    at_desk.open_case(number(at_desk.organisation, filed))
    for step in ("withholding", "handover"):
        unfold(at_desk, step)
    page = at_desk.page
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
