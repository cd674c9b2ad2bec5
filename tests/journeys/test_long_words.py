"""Words without a place to break: a pasted address or a long name makes no page wider."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.at_desk import AtDesk
from tests.journeys.looking import clipped, overflow
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site, serving
from tests.journeys.test_outside import case_number
from tests.journeys.test_outside import unfold as unfold_outside
from tests.journeys.test_outside_persons import list_person
from tests.organisation import cast, make_organisation
from whistle.services.reporting import unscripted

Look = Callable[..., Page]
WORD = "Q" * 200
ADDRESS = (
    "https://example.org/a_very_long_address_without_any_place_to_break_it?item=7_and_more=2026"
)
TEXT = f"See {WORD} and {ADDRESS}"
NAME = f"Anna {'N' * 80}"
WIDTHS = [320, 1280]


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose handlers have the longest of names and roles."""
    folder = tmp_path_factory.mktemp("wordy")
    people = tuple(
        replace(one, appointed=replace(one.appointed, name=NAME, role_text=f"Role {'R' * 80}"))
        if one.appointed.id == "anna"
        else one
        for one in cast()
    )
    organisation = make_organisation(folder, people=people)
    site = serving(organisation.app, organisation)
    yield site
    site.stop()


@pytest.fixture
def code(wordy: Site) -> str:
    """The code of a report with long words in all that can be answered."""
    assert wordy.organisation is not None
    code = unscripted.new_code()
    answers = {"what": TEXT, "when_where": TEXT, "ongoing": "", "topic": "", "how_known": TEXT}
    body = {
        "language": "en",
        "answers": answers,
        "reporter": {"name": WORD, "contact": ADDRESS},
        "wishes": {"meeting": True},
    }
    unscripted.file_for(wordy.organisation.parts, code, channel="main", body=body)
    return code


STICKS_OUT = """() => [...document.querySelectorAll("main *, header *")]
  .filter((one) => one.clientWidth > 1 && one.scrollWidth > one.clientWidth + 1)
  .filter((one) => !one.matches("input, textarea, select, .scroll") && !one.closest(".hidden"))
  .map((one) => one.outerHTML.slice(0, 80))"""


def too_wide(page: Page) -> tuple[int, list[str]]:
    """What does not fit: pixels of the page, and whatever is cut off or sticks out of its box."""
    return overflow(page), [*clipped(page), *page.evaluate(STICKS_OUT)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_report_fits(look: Look, wordy: Site, width: int, *, scripts: bool) -> None:
    """The form with the names, the check page with every answer, and an error at a field."""
    page = look(scripts=scripts, viewport={"width": width, "height": 800})
    me = Reporter(page, wordy)
    wrong = {}
    me.open("/report")
    page.locator("#what").fill(TEXT)
    if not scripts:
        page.locator("#when_where").fill(TEXT)
        page.locator("#named-2").check()
        page.locator("#name").fill(WORD)
        wrong["form"] = too_wide(page)
        page.locator("#report-form button.primary:visible").click()
        expect(page.locator("#send-form")).to_be_visible()
    else:
        me.go_to("readers")
        wrong["readers"] = too_wide(page)
        me.go_to_from("readers", "check")
    expect(page.locator("main")).to_contain_text(WORD)
    wrong["check"] = too_wide(page)
    assert {one: found for one, found in wrong.items() if found != (0, [])} == {}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_thread_fits(look: Look, wordy: Site, code: str, width: int, *, scripts: bool) -> None:
    """The report and a message, on both sides of the conversation."""
    size = {"width": width, "height": 800}
    me = Reporter(look(scripts=scripts, viewport=size), wordy)
    me.come_back(code)
    me.message(TEXT)
    expect(me.page.locator(".thread .entry")).to_have_count(3)
    assert too_wide(me.page) == (0, [])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_desk_fits(look: Look, wordy: Site, code: str, width: int) -> None:
    """The case, message, note, to-do, marks, persons, a handover, a package; and the list."""
    at_desk = AtDesk(look(viewport={"width": width, "height": 800}), wordy)
    page, wrong = at_desk.page, {}
    at_desk.sign_in()
    at_desk.open_case(case_number(wordy, code))
    wrong["case"] = too_wide(page)
    at_desk.send("message", message=TEXT)
    at_desk.told("The message is sent")
    at_desk.send("note", note=TEXT)
    at_desk.told("The note is added", "note")
    page.locator("#todo-who").select_option("anna")
    at_desk.send("todo", todo=WORD, todo_until="")
    at_desk.told("It is noted", "todos")
    page.locator("#assignee").select_option("anna")
    at_desk.send("marks", title="T" * 120, labels=f"{'L' * 30}, {'M' * 30}")
    at_desk.told("The marks are saved", "marks")
    wrong["what is noted"] = too_wide(page)
    unfold_outside(at_desk, "persons")
    list_person(at_desk, WORD, "witness")
    wrong["persons"] = too_wide(page)
    page.locator("[data-step='handover'] summary").click()
    at_desk.send("handover", handed_to=WORD, basis=TEXT)
    at_desk.told("The handover is noted", "steps")
    unfold_outside(at_desk, "package")
    page.locator("#package_to").select_option("police")
    at_desk.send("package", package_name=WORD, package_basis=TEXT)
    expect(page.locator("[data-part='package-preview']")).to_contain_text("[covered]")
    wrong["steps"] = too_wide(page)
    page.get_by_role("link", name="All cases").click()
    expect(page.locator("[data-part='rows']")).to_contain_text("T" * 120)
    wrong["list"] = too_wide(page)
    for place in ("me", "keyring", "tasks"):
        page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
        expect(page.locator("[data-view]:visible h1")).to_be_visible()
        wrong[place] = too_wide(page)
    assert {one: found for one, found in wrong.items() if found != (0, [])} == {}
