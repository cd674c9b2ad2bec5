"""What handlers note to be done in a case, in real browsers: sealed, joined, shown when due."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.at_desk import AtDesk
from tests.journeys.looking import clipped, faults, overflow, small
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


def note(at_desk: AtDesk, text: str, who: str = "", until: str = "") -> None:
    """Note something to be done."""
    at_desk.page.locator("#todo-who").select_option(who)
    at_desk.send("todo", todo=text, todo_until=until)
    at_desk.told("It is noted", "todos")


def todos(at_desk: AtDesk) -> Locator:
    """What is to be done, as it is shown."""
    return at_desk.page.locator("[data-part='todo-list'] > li")


def row(at_desk: AtDesk, case: str) -> Locator:
    """A case's row in the list."""
    return at_desk.page.locator("[data-part='rows'] tr").filter(has_text=case)


def test_what_is_due_is_a_chip_in_the_list_and_the_server_knows_nothing(
    look: Look, own: Site
) -> None:
    """For whom it is, until when; done, and the chip is gone; nothing of it in the database."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    note(anna, "Ask the harbour master", who="bo", until="2026-11-20")
    note(anna, "Write to Nord", until="2026-12-24")
    expect(todos(anna)).to_have_count(2)
    expect(todos(anna).first).to_contain_text("Bo Ek, until 20 November 2026")
    expect(todos(anna).first.locator(".chip")).to_contain_text("To do: 2 days late")
    anna.page.get_by_role("link", name="All cases").click()
    expect(row(anna, case)).to_contain_text("To do: 2 days late")
    bo.sign_in("bo")
    expect(row(bo, case)).to_contain_text("For you to do: 2 days late")
    bo.page.locator("#find").fill("harbour")
    expect(bo.page.locator("[data-part='found']")).to_contain_text("1 case matches")
    bo.open_case(case)
    todos(bo).first.get_by_role("button", name="Done").focus()
    bo.page.keyboard.press("Enter")
    bo.told("It is marked as done", "todos")
    expect(todos(bo).last).to_contain_text("done by Bo Ek on 22 November 2026")
    expect(todos(bo).last).to_be_focused()
    bo.page.get_by_role("link", name="All cases").click()
    expect(row(bo, case)).to_be_visible()
    expect(row(bo, case)).not_to_contain_text("to do")
    folder = own.organisation.parts.settings.data_dir if own.organisation else None
    assert folder is not None
    kept = b"".join(file.read_bytes() for file in sorted(folder.glob("whistle.sqlite*")))
    assert b"harbour" not in kept
    assert b"todo" not in kept.lower()


def test_two_at_once_lose_nothing(look: Look, own: Site) -> None:
    """Both note, one marks as done, one changes the title: all of it stands, for both."""
    anna, bo = AtDesk(look(), own), AtDesk(look(), own)
    case = anna.start()
    note(anna, "The first")
    bo.sign_in("bo")
    bo.open_case(case)
    note(anna, "From Anna")
    note(bo, "From Bo")
    expect(todos(bo)).to_have_count(3)
    todos(anna).filter(has_text="The first").get_by_role("button", name="Done").click()
    anna.told("It is marked as done", "todos")
    bo.send("marks", title="River")
    bo.told("The marks are saved", "marks")
    note(anna, "One more")
    for text in ("The first", "From Anna", "From Bo", "One more"):
        expect(todos(anna).filter(has_text=text)).to_have_count(1)
    expect(anna.view("case").locator("[data-field='working-title']")).to_have_text("River")
    expect(todos(anna).filter(has_text="The first")).to_contain_text("done by Anna Lind")


def test_a_case_that_could_not_be_loaded_can_be_tried_again(look: Look, own: Site) -> None:
    """Its view is a bundle of its own; what failed once is fetched again."""
    anna = AtDesk(look(), own)
    anna.page.route("**/static/desk-case-*", lambda route: route.abort())
    case = anna.filed()
    anna.sign_in()
    anna.page.get_by_role("link", name=case).click()
    anna.told("connection", "cases")
    anna.page.unroute("**/static/desk-case-*")
    anna.page.locator(".site a").click()
    anna.open_case(case)


def test_what_is_wrong_is_told_and_what_is_typed_outlasts_the_lock(look: Look, own: Site) -> None:
    """An empty text; done after all; taken away; an unsent text is there after unlocking."""
    anna = AtDesk(look(), own)
    anna.start()
    anna.send("todo", todo=" ")
    expect(anna.form("todo").locator(".summary-of-errors")).to_contain_text("Write what is to be")
    note(anna, "Ask Nord")
    for name, told in (("Done", "marked as done"), ("Not done after all", "to be done again")):
        todos(anna).get_by_role("button", name=name, exact=True).click()
        anna.told(told, "todos")
    todos(anna).get_by_role("button", name="Take it away").click()
    anna.told("It is taken away", "todos")
    expect(todos(anna)).to_have_count(0)
    anna.page.locator("#todo").fill("Half a thou")
    anna.page.get_by_role("button", name="Lock").click()
    expect(anna.view("locked")).to_be_visible()
    assert "Ask Nord" not in anna.page.content()
    anna.page.locator("#passphrase-again").fill(anna.passphrase("anna"))
    anna.page.keyboard.press("Enter")
    expect(anna.page.locator("#todo")).to_have_value("Half a thou")


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("en", "light", 1280), ("sv", "dark", 390), ("sv", "light", 320)],
)
def test_it_is_whole_for_everybody(
    look: Look, own: Site, language: str, scheme: str, width: int
) -> None:
    """Axe, width and size of controls, with something late, something done and an error."""
    page = look(color_scheme=scheme, viewport={"width": width, "height": 800})
    at_desk = AtDesk(page, own)
    case = at_desk.filed()
    at_desk.sign_in(language=language)
    at_desk.open_case(case)
    for text in ("Ask the harbour master about the night of the third " * 3, "Short"):
        at_desk.page.locator("#todo-who").select_option("anna")
        at_desk.send("todo", todo=text, todo_until="2026-11-01")
        expect(todos(at_desk).filter(has_text=text.strip())).to_be_visible()
    todos(at_desk).last.locator("[data-act='done']").click()
    expect(todos(at_desk).last.locator("[data-act='undone']")).to_be_visible()
    at_desk.send("todo", todo="")
    expect(at_desk.form("todo").locator(".summary-of-errors")).to_be_visible()
    found = (faults(page), overflow(page), clipped(page), small(page, 24))
    assert found == ([], 0, [], [])
