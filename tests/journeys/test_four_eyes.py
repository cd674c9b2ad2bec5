"""Deleting early takes two persons, in a real browser; and what an investigator is offered."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import acts
from tests.acts import Filed
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.looking import faults, overflow, small
from tests.journeys.serving import Site
from tests.services.upkeep import clockwork as clock

Look = Callable[..., Page]


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


@pytest.fixture
def filed(own: Site) -> Filed:
    """A report, and a message beside the matter."""
    assert own.organisation is not None
    made = acts.file(own.organisation)
    clock.by_reporter(own.organisation, made, "message", text="Gossip about somebody")
    return made


def at(look: Look, own: Site, who: str, filed: Filed, **choices: Any) -> AtDesk:
    """A handler with the case open."""
    at_desk = AtDesk(look(**choices), own)
    at_desk.sign_in(who)
    at_desk.open_case(number(at_desk.organisation, filed))
    return at_desk


def propose(at_desk: AtDesk) -> None:
    """Propose to delete the message."""
    at_desk.page.locator("[data-step='erasing'] summary").click()
    at_desk.page.locator("#erased").select_option(index=1)
    at_desk.page.locator("#irrelevant").check()
    at_desk.send("erasing")
    at_desk.told("The deletion is proposed", "steps")


def approving(at_desk: AtDesk) -> Any:
    """The button that approves."""
    return at_desk.page.get_by_role("button", name="Approve and delete the entry")


def test_who_proposes_is_told_to_wait_and_may_take_it_back(
    look: Look, own: Site, filed: Filed
) -> None:
    """By keyboard; nothing was deleted."""
    anna = at(look, own, "anna", filed)
    propose(anna)
    expect(anna.page.locator("[data-part='proposals']")).to_contain_text("You cannot approve it")
    expect(approving(anna)).to_be_hidden()
    anna.page.get_by_role("button", name="Take the proposal back").focus()
    anna.page.keyboard.press("Enter")
    anna.told("Nothing was deleted", "steps")
    expect(anna.page.locator("[data-part='proposed']")).to_be_hidden()
    expect(anna.page.locator("[data-part='thread']")).to_contain_text("Gossip")


def test_a_colleague_reads_what_is_proposed_and_may_say_no(
    look: Look, own: Site, filed: Filed
) -> None:
    """Who, what and why stand there before the button is pressed."""
    anna = at(look, own, "anna", filed)
    propose(anna)
    bo = at(look, own, "bo", filed)
    shown = bo.page.locator("[data-part='proposals']")
    for words in ("Anna Lind proposed it", "Gossip about somebody", "Manifestly irrelevant"):
        expect(shown).to_contain_text(words)
    bo.page.get_by_role("button", name="Do not agree").click()
    bo.told("Nothing was deleted", "steps")
    anna.page.get_by_role("link", name="All cases").click()
    anna.open_case(number(anna.organisation, filed))
    expect(anna.page.locator("[data-part='notes']")).to_contain_text("Ends a proposal")


def test_two_who_press_at_once_delete_one_thing(look: Look, own: Site, filed: Filed) -> None:
    """The second is shown what happened; nothing else went."""
    anna = at(look, own, "anna", filed)
    propose(anna)
    bo = at(look, own, "bo", filed)
    anna.page.get_by_role("button", name="Take the proposal back").click()
    anna.told("Nothing was deleted", "steps")
    approving(bo).click()
    bo.told("Something new came in between", "steps")
    expect(bo.page.locator("[data-part='proposed']")).to_be_hidden()
    expect(bo.page.locator("[data-part='thread']")).to_contain_text("Gossip")


def test_a_closed_case_is_deleted_by_two_and_is_gone_for_both(
    look: Look, own: Site, filed: Filed
) -> None:
    """From list and address; the reporter's code opens nothing."""
    assert own.organisation is not None
    clock.acknowledge(own.organisation, filed)
    clock.give_feedback(own.organisation, filed)
    clock.close(own.organisation, filed)
    case = number(own.organisation, filed)
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    for who, at_desk in (("anna", anna), ("bo", bo)):
        at_desk.sign_in(who, place="#/closed")
        at_desk.open_case(case)
    anna.page.locator("[data-step='whole'] summary").click()
    anna.send("whole")
    expect(anna.page.locator(".summary-of-errors li")).to_have_count(2)
    anna.page.locator("#whole-why").select_option("not_needed")
    anna.page.locator("#whole_sure").check()
    anna.send("whole")
    anna.told("The deletion is proposed", "steps")
    bo.page.get_by_role("link", name="All cases").click()
    bo.page.locator("[data-shown='closed']").click()
    bo.open_case(case)
    bo.page.get_by_role("button", name="Approve and delete the case").click()
    bo.told(f"Case {case} is deleted.", "cases")
    expect(bo.page.locator("[data-part='rows'] tr")).to_have_count(0)
    answer = own.app.test_client().get("/api/v1/mailbox", headers=filed.bearer)
    assert answer.status_code == 404


def test_one_reader_alone_is_told_why_not(look: Look, own: Site) -> None:
    """What the law needs happens by the clock."""
    assert own.organisation is not None
    alone = acts.file(own.organisation, left_out=("bo", "carin"))
    clock.by_reporter(own.organisation, alone, "message", text="Gossip")
    anna = at(look, own, "anna", alone)
    expect(anna.page.locator("[data-part='alone']")).to_contain_text("deleted on its day")
    expect(anna.page.locator("[data-step='erasing']")).to_be_hidden()


def test_an_investigator_is_offered_notes_alone_and_told_why(
    look: Look, own: Site, filed: Filed
) -> None:
    """No form to the reporter, no step, no marks; and the note is taken."""
    assert own.organisation is not None
    organisation = own.organisation
    acts.publish_keyring(
        organisation,
        change=lambda file: file["handlers"][1].update(channels={"main": "investigator"}),
        cosigner="anna",
    )
    bo = at(look, own, "bo", filed)
    expect(bo.page.locator("[data-part='investigator']")).to_contain_text("Write a note instead")
    for hidden in ("[data-part='kinds']", "form[data-form='message']", "[data-step='erasing']"):
        expect(bo.page.locator(hidden)).to_be_hidden()
    expect(bo.page.locator("form[data-form='marks']")).to_be_hidden()
    expect(bo.page.locator("[data-part='marks-read']")).to_contain_text("does not change them")
    bo.send("note", note="Seen the press myself")
    bo.told("The note is added", "note")
    expect(bo.view("case").locator("[data-part='fault']")).to_be_hidden()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("sv", "dark")])
def test_proposals_are_whole_for_everybody(
    look: Look, own: Site, filed: Filed, language: str, scheme: str
) -> None:
    """Axe, 320 pixels, size of controls."""
    anna = at(look, own, "anna", filed)
    propose(anna)
    bo = AtDesk(look(color_scheme=scheme, viewport={"width": 320, "height": 700}), own)
    bo.sign_in("bo", language=language)
    bo.open_case(number(bo.organisation, filed))
    page = bo.page
    expect(page.locator("[data-part='proposals'] li")).to_have_count(1)
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])


@pytest.mark.parametrize("language", ["en", "sv"])
def test_before_anything_is_sent_the_page_says_that_it_cannot_be_undone(
    look: Look, own: Site, language: str
) -> None:
    """In each form whose text the reporter will read."""
    at_desk = AtDesk(look(), own)
    at_desk.page.goto(own.url(f"/{language}/desk"))
    words = {"en": ("It cannot be undone", "What you send stays")}
    words["sv"] = ("Det går inte att ångra", "Det du skickar står kvar")
    forms = at_desk.view("case").locator("section.write > form")
    assert forms.count() >= 7
    for form in forms.all():
        expect(form).to_contain_text(re.compile("|".join(words[language])))
