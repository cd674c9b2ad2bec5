"""The list of cases in a real browser: titles, marks, links, search, filters, many cases."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import acts
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.looking import faults, overflow, small, walk
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


def at(look: Look, site: Site, who: str = "anna", **choices: Any) -> AtDesk:
    """A handler who has come in."""
    at_desk = AtDesk(look(**choices), site)
    at_desk.sign_in(who)
    return at_desk


def row(at_desk: AtDesk, case: str) -> Locator:
    """A case's row."""
    return at_desk.page.locator("[data-part='rows'] tr").filter(has_text=case)


def all_opened(at_desk: AtDesk) -> None:
    """Wait until nothing is left to open."""
    rows = at_desk.page.locator("[data-part='rows'] tr")
    expect(rows.first).to_be_visible()
    expect(rows.locator("[data-field='title']:visible")).to_have_count(rows.count())
    expect(at_desk.page.locator("[data-field='progress']")).to_be_hidden()


def test_a_colleague_sees_marks_in_the_list_and_the_server_does_not(look: Look, own: Site) -> None:
    """Title, person and labels: sealed; nothing of them in the database."""
    anna = AtDesk(look(), own)
    case = anna.start(what="Oil is poured into the river behind the hall.")
    anna.send("marks", title="Black river", labels="water, spring 2027")
    anna.told("The marks are saved", "marks")
    expect(anna.view("case").locator("[data-field='working-title']")).to_have_text("Black river")
    anna.page.locator("#assignee").select_option("bo")
    anna.send("marks")
    anna.told("The marks are saved", "marks")
    bo = at(look, own, "bo")
    expect(row(bo, case)).to_contain_text("Black river")
    expect(row(bo, case)).to_contain_text("Bo Ek")
    expect(row(bo, case)).to_contain_text("spring 2027")
    folder = anna.organisation.parts.settings.data_dir
    kept = b"".join(file.read_bytes() for file in sorted(folder.glob("whistle.sqlite*")))
    assert b"Black river" not in kept
    assert b"spring 2027" not in kept


def test_without_marks_the_first_words_stand_in_the_list(look: Look, own: Site) -> None:
    """And a case that does not hold together shows nothing but that."""
    anna = AtDesk(look(), own)
    case = anna.filed(what="Oil is poured into the river.")
    broken = acts.file(anna.organisation, what="Somebody has changed this.")
    with anna.organisation.parts.database.writing() as session:
        row_of = acts.case_row(session, broken)
        row_of.case_age = bytes(row_of.case_age[:-1]) + b"x"
    anna.sign_in()
    expect(row(anna, case)).to_contain_text("Oil is poured into the river.")
    spoilt = row(anna, number(anna.organisation, broken))
    expect(spoilt).to_contain_text("Could not be verified")
    expect(spoilt).not_to_contain_text("Somebody has changed")


def test_it_is_searched_as_one_types_by_keyboard(look: Look, own: Site) -> None:
    """Words in any order; arrows lead into the list; escape empties it; nothing is sent."""
    anna = AtDesk(look(), own)
    oil = anna.filed(what="Oil is poured into the river.")
    pay = anna.filed(what="Overtime is not paid.")
    anna.sign_in()
    all_opened(anna)
    asked: list[str] = []
    anna.page.on("request", lambda request: asked.append(request.url))
    anna.page.locator("#find").focus()
    anna.page.keyboard.type("river OIL")
    found = anna.page.locator("[data-part='found']")
    expect(found).to_contain_text("1 case matches. All 2 cases are searched.")
    anna.shows(oil)
    anna.page.keyboard.press("ArrowDown")
    expect(anna.page.get_by_role("link", name=oil)).to_be_focused()
    anna.page.keyboard.press("ArrowUp")
    expect(anna.page.locator("#find")).to_be_focused()
    anna.page.keyboard.press("Escape")
    expect(anna.page.locator("[data-part='rows'] tr")).to_have_count(2)
    assert set(anna.numbers()) == {oil, pay}
    anna.page.keyboard.type("nothing of the kind")
    expect(anna.page.locator("[data-part='empty']")).to_have_text("No case here matches.")
    assert asked == []


def test_notes_are_found_in_what_was_opened(look: Look, own: Site) -> None:
    """The page says of how many cases messages and notes are searched."""
    anna = AtDesk(look(), own)
    case = anna.start()
    anna.filed(what="Another matter.")
    anna.send("note", note="Ask the harbour master")
    anna.told("The note is added", "note")
    anna.page.get_by_role("link", name="All cases").click()
    anna.page.locator("#find").fill("harbour")
    expect(anna.page.locator("[data-part='found']")).to_contain_text(
        "of the 1 case that you have opened"
    )
    anna.shows(case)


def test_filters_by_state_and_person(look: Look, own: Site) -> None:
    """They stand beside the counters and are kept while one looks into a case."""
    anna = AtDesk(look(), own)
    case = anna.start()
    other = anna.filed()
    anna.page.locator("#assignee").select_option("anna")
    anna.send("marks", labels="pay")
    anna.told("The marks are saved", "marks")
    anna.page.get_by_role("link", name="All cases").click()
    all_opened(anna)
    anna.page.locator("form[data-form='find'] summary").click()
    for field, value, shown in (
        ("assignee", "anna", [case]), ("assignee", "-", [other]), ("assignee", "", None),
        ("label", "pay", [case]), ("state", "received", [case]),
    ):  # fmt: skip
        anna.page.locator(f"#find-{field}").select_option(value)
        if shown is not None:
            anna.shows(*shown)
    anna.open_case(case)
    anna.page.get_by_role("link", name="All cases").click()
    expect(anna.page.locator("#find-label")).to_have_value("pay")
    anna.shows(case)


def test_a_case_is_linked_only_where_everybody_knows_of_it(look: Look, own: Site) -> None:
    """One that Bo was left out of is not linked from a case that he reads."""
    anna = AtDesk(look(), own)
    known, secret = anna.filed(), anna.filed(left_out=["bo"])
    case = anna.start()
    for one in (known, secret):
        anna.page.get_by_role("link", name="All cases").click()
        anna.open_case(one)
    anna.page.get_by_role("link", name="All cases").click()
    anna.open_case(case)
    options = anna.page.locator("#link option")
    anna.page.locator("#link").select_option(index=_index(options.all_inner_texts(), secret))
    anna.send("marks", title="Kept title")
    expect(anna.page.locator(".summary-of-errors")).to_contain_text("Not everybody who reads")
    anna.page.locator("#link").select_option(index=_index(options.all_inner_texts(), known))
    anna.send("marks")
    anna.told("The marks are saved", "marks")
    expect(anna.page.locator("[data-part='linked'] a")).to_contain_text(known)
    anna.page.get_by_role("button", name="Take the link away").click()
    anna.send("marks")
    anna.told("The marks are saved", "marks")
    expect(anna.page.locator("[data-part='linked'] a")).to_have_count(0)
    expect(anna.page.locator("#title")).to_have_value("Kept title")


def _index(texts: list[str], case: str) -> int:
    return next(at for at, text in enumerate(texts) if case in text)


def test_what_two_change_at_once_is_joined(look: Look, own: Site) -> None:
    """Each has changed other fields: both stand, and nobody has to look."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    bo.sign_in("bo")
    bo.open_case(case)
    anna.send("marks", title="By Anna", labels="water")
    anna.told("The marks are saved", "marks")
    bo.page.locator("#assignee").select_option("bo")
    bo.send("marks", labels="pay")
    bo.told("together with what a colleague changed", "marks")
    expect(bo.page.locator("#title")).to_have_value("By Anna")
    expect(bo.page.locator("#labels")).to_have_value("water, pay")
    expect(bo.page.locator("#assignee")).to_have_value("bo")


def test_the_same_field_written_by_two_is_told_and_nothing_typed_is_lost(
    look: Look, own: Site
) -> None:
    """The second one reads what the first wrote, and saves again where theirs is to stand."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    bo.sign_in("bo")
    bo.open_case(case)
    anna.send("marks", title="By Anna")
    anna.told("The marks are saved", "marks")
    bo.send("marks", title="By Bo")
    errors = bo.form("marks").locator(".summary-of-errors")
    expect(errors).to_contain_text("Anna Lind has meanwhile written the title: By Anna.")
    expect(bo.page.locator("#title")).to_have_value("By Bo")
    expect(bo.view("case").locator("[data-field='marks-by']")).to_contain_text("Anna Lind")
    bo.send("marks")
    bo.told("The marks are saved", "marks")
    expect(bo.view("case").locator("[data-field='working-title']")).to_have_text("By Bo")


def test_a_note_makes_a_case_unread_for_the_others(look: Look, own: Site) -> None:
    """Until they open it; for each by themselves."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    bo.sign_in("bo")
    bo.open_case(case)
    bo.page.get_by_role("link", name="All cases").click()
    expect(row(bo, case).locator(".new")).to_be_hidden()
    anna.send("note", note="Look at this")
    anna.told("The note is added", "note")
    bo.page.locator("[data-shown='unread']").click()
    expect(row(bo, case).locator(".new")).to_be_visible()
    bo.open_case(case)
    bo.page.get_by_role("link", name="All cases").click()
    expect(row(bo, case).locator(".new")).to_be_hidden()


def test_fifty_are_shown_at_once_and_more_by_a_button(look: Look, own: Site) -> None:
    """The focus goes to the first new one; search and counters are over all of them."""
    assert own.organisation is not None
    for at_ in range(53):
        acts.file(own.organisation, what=f"Matter {at_} of many")
    anna = at(look, own)
    rows = anna.page.locator("[data-part='rows'] tr")
    expect(rows).to_have_count(50)
    expect(anna.page.locator("[data-field='how-many']")).to_have_text("50 of 53 cases are shown.")
    anna.page.get_by_role("button", name="Show 3 more").click()
    expect(rows).to_have_count(53)
    expect(rows.nth(50).locator("a")).to_be_focused()
    all_opened(anna)
    anna.page.locator("#find").fill("matter many")
    expect(anna.page.locator("[data-part='found']")).to_contain_text("53 cases match")


def test_nothing_of_it_is_left_when_the_desk_is_locked(look: Look, own: Site) -> None:
    """Titles, search and filters are gone from the page, and nothing was kept on the device."""
    anna = AtDesk(look(), own)
    anna.start(what="Oil in the river")
    anna.send("marks", title="Black river", labels="water")
    anna.told("The marks are saved", "marks")
    anna.page.get_by_role("link", name="All cases").click()
    all_opened(anna)
    anna.page.locator("#find").fill("black")
    anna.page.get_by_role("button", name="Lock").click()
    expect(anna.view("locked")).to_be_visible()
    assert "Black river" not in anna.page.content()
    assert anna.page.locator("#find").input_value() == ""
    kept = anna.page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "river" not in kept


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("sv", "dark", 390), ("sv", "light", 320)],
)
def test_list_and_marks_are_whole_for_everybody(
    look: Look, own: Site, language: str, scheme: str, width: int
) -> None:
    """Axe, width, size of controls, and a way through by keyboard."""
    at_desk = AtDesk(look(color_scheme=scheme, viewport={"width": width, "height": 800}), own)
    case = at_desk.filed(what="Oil is poured into the river behind the hall. " * 5)
    at_desk.sign_in(language=language)
    page = at_desk.page
    page.locator("form[data-form='find'] summary").click()
    page.locator("#find").fill("oil")
    expect(page.locator("[data-part='found']")).not_to_be_empty()
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
    stops = [stop.text for stop in walk(page)]
    assert any(case in text for text in stops)
    at_desk.open_case(case)
    at_desk.send("marks", title="A title", labels="one, two, " + "x" * 31)
    expect(page.locator(".summary-of-errors")).to_be_visible()
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
