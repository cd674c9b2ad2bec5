"""Who can read a case changes, in a real browser: leave, take out, let in, seal again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import acts
from tests.acts import Filed
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.looking import faults, overflow, small, walk
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


@pytest.fixture
def filed(own: Site) -> Filed:
    """A report on it."""
    assert own.organisation is not None
    return acts.file(own.organisation)


def at(look: Look, site: Site, who: str, filed: Filed) -> AtDesk:
    """A handler with the report's case open."""
    at_desk = AtDesk(look(), site)
    at_desk.sign_in(who)
    at_desk.open_case(number(at_desk.organisation, filed))
    return at_desk


def unfold(at_desk: AtDesk, change: str) -> None:
    """Open one of the folded changes."""
    at_desk.page.locator(f"[data-change='{change}'] summary").click()


def readers(at_desk: AtDesk) -> list[str]:
    """The names of those who can read the open case."""
    return at_desk.page.locator("[data-part='readers'] strong").all_inner_texts()


def test_a_handler_leaves_a_case_and_a_colleague_seals_it_again(
    look: Look, own: Site, filed: Filed
) -> None:
    """Confirmed first; gone from list and address at once; the notes stay readable for the rest."""
    bo = at(look, own, "bo", filed)
    bo.send("note", note="I know this person")
    bo.told("The note is added", "note")
    unfold(bo, "recused")
    bo.send("recused")
    expect(bo.page.locator(".summary-of-errors")).to_contain_text("Tick that you leave this case")
    bo.page.locator("#sure").check()
    bo.send("recused")
    bo.told("You have left case", "cases")
    bo.shows()
    case = number(bo.organisation, filed)
    bo.page.go_back()
    expect(bo.view("cases")).to_be_visible()
    assert case not in bo.page.url
    bo.page.goto(bo.page.url.split("#")[0] + f"#/case/{case}")
    expect(bo.view("missing").get_by_role("heading")).to_be_focused()
    assert "I know this person" not in bo.page.content()

    anna = AtDesk(look(), own)
    anna.sign_in()
    notice = anna.page.locator("[data-part='reseals']")
    expect(notice).to_contain_text("1 case is to be sealed again")
    anna.open_case(case)
    assert readers(anna) == ["Anna Lind (you)", "Carin Dahl"]
    expect(anna.entries().last).to_contain_text("Left the case")
    expect(anna.page.locator("[data-part='notes']")).to_contain_text("I know this person")
    anna.page.get_by_role("button", name="Seal this case again").click()
    anna.told("The case is sealed again", "readers")
    expect(anna.page.locator("[data-part='seal-again']")).to_be_hidden()
    anna.send("note", note="Only for us now")
    anna.told("The note is added", "note")
    anna.send("message", message="We go on.")
    anna.told("The message is sent")
    for scripts in (True, False):
        me = Reporter(look(scripts=scripts), own)
        me.come_back(str(filed.receipt))
        thread = me.page.locator(".thread")
        expect(thread).to_contain_text("The persons who read this case have changed.")
        expect(thread).to_contain_text("We go on.")


def test_a_colleague_is_taken_out_and_let_in_again(look: Look, own: Site, filed: Filed) -> None:
    """By another reader, with a reason; the thread says who and why."""
    anna = at(look, own, "anna", filed)
    unfold(anna, "removal")
    anna.send("removal")
    expect(anna.page.locator(".summary-of-errors li")).to_have_count(2)
    anna.page.locator("#out").select_option("bo")
    anna.page.locator("#why").select_option("conflict")
    anna.send("removal")
    anna.told("The person is taken out", "readers")
    assert readers(anna) == ["Anna Lind (you)", "Carin Dahl"]
    expect(anna.entries().last).to_contain_text("Taken out: Bo Ek")
    expect(anna.entries().last).to_contain_text("the report concerns the person")
    bo = AtDesk(look(), own)
    bo.sign_in("bo")
    bo.shows()
    unfold(anna, "colleague")
    anna.page.locator("#in").select_option("bo")
    anna.send("colleague")
    anna.told("The colleague is let in", "readers")
    expect(anna.entries().last).to_contain_text("Let in: Bo Ek")
    bo.page.reload()
    bo.sign_in("bo")
    bo.open_case(number(bo.organisation, filed))
    expect(bo.view("case").locator("[data-part='fault']")).to_be_hidden()
    assert len(readers(bo)) == 3


def test_the_last_reader_has_no_such_choice(look: Look, own: Site) -> None:
    """Whom nobody could replace is offered no leaving."""
    assert own.organisation is not None
    alone = acts.file(own.organisation, left_out=("bo", "carin"))
    anna = at(look, own, "anna", alone)
    expect(anna.page.locator("[data-change='recused']")).to_be_hidden()
    expect(anna.page.locator("[data-change='removal']")).to_be_hidden()
    expect(anna.page.locator("[data-change='colleague']")).to_be_hidden()
    expect(anna.page.locator("[data-part='left-out-list']")).to_contain_text("Bo Ek")


def test_what_came_in_between_is_shown_first(look: Look, own: Site, filed: Filed) -> None:
    """A person decides anew."""
    anna = at(look, own, "anna", filed)
    acts.act(anna.organisation, "bo", acts.case_id(anna.organisation, filed), "message")
    unfold(anna, "removal")
    anna.page.locator("#out").select_option("bo")
    anna.page.locator("#why").select_option("reporter_asked")
    anna.send("removal")
    anna.told("Something new came in between", "readers")
    expect(anna.entries()).to_have_count(3)
    assert len(readers(anna)) == 3
    anna.page.locator("#out").select_option("bo")
    anna.page.locator("#why").select_option("reporter_asked")
    anna.send("removal")
    anna.told("The person is taken out", "readers")


def test_after_a_leaver_all_cases_are_sealed_again_from_the_list(
    look: Look, own: Site, filed: Filed
) -> None:
    """A keyring without him: one button, one case after the other."""
    assert own.organisation is not None
    other = acts.file(own.organisation)
    acts.publish_keyring(own.organisation, change=lambda file: file["handlers"].pop(1))
    anna = AtDesk(look(), own)
    anna.sign_in()
    notice = anna.page.locator("[data-part='reseals']")
    expect(notice).to_contain_text("2 cases are to be sealed again")
    anna.page.get_by_role("button", name="Seal them again").click()
    anna.told("2 cases are sealed again", "cases")
    expect(notice).to_be_hidden()
    for one in (filed, other):
        anna.open_case(number(anna.organisation, one))
        assert readers(anna) == ["Anna Lind (you)", "Carin Dahl"]
        expect(anna.entries().last).to_contain_text("Taken out: Bo Ek")
        expect(anna.view("case").locator("[data-part='fault']")).to_be_hidden()
        anna.page.get_by_role("link", name="All cases").click()


def test_leaving_is_possible_by_keyboard_alone(look: Look, own: Site, filed: Filed) -> None:
    """Each control can be reached, is seen, and works with space and enter."""
    bo = at(look, own, "bo", filed)
    for change in ("recused", "removal"):
        bo.page.locator(f"[data-change='{change}'] summary").focus()
        bo.page.keyboard.press("Enter")
    bo.page.locator("#readers-heading").focus()
    stops = [stop for stop in walk(bo.page) if "Leave the case" in stop.text]
    assert [(stop.ring, stop.free) for stop in stops] == [(True, True)]
    bo.page.locator("#sure").focus()
    bo.page.keyboard.press("Space")
    bo.page.keyboard.press("Tab")
    bo.page.keyboard.press("Enter")
    bo.told("You have left case", "cases")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_changes_are_whole_for_everybody(
    look: Look, own: Site, filed: Filed, scheme: str
) -> None:
    """Axe finds nothing, 320 pixels show all of it, controls are large; in Swedish."""
    assert own.organisation is not None
    acts.file(own.organisation)
    acts.publish_keyring(own.organisation, change=lambda file: file["handlers"].pop(1))
    at_desk = AtDesk(look(color_scheme=scheme, viewport={"width": 320, "height": 640}), own)
    at_desk.sign_in(language="sv")
    page = at_desk.page
    expect(page.locator("[data-part='reseals']")).to_contain_text("2 ärenden")
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
    at_desk.open_case(number(at_desk.organisation, filed))
    for change in ("recused", "removal"):
        unfold(at_desk, change)
    expect(page.locator("[data-part='seal-again']")).to_be_visible()
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
