"""Tasks and the own calendar at the desk, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.at_desk import AtDesk
from tests.journeys.looking import faults, overflow, small
from tests.journeys.serving import Site

Look = Callable[..., Page]


@pytest.fixture
def anna(look: Look, serve: Callable[[], Site]) -> AtDesk:
    """Anna signed in on a site of this test's own, at her tasks."""
    at_desk = AtDesk(look(), serve())
    at_desk.filed()
    at_desk.sign_in()
    at_desk.page.get_by_role("link", name="Tasks").click()
    expect(at_desk.form("begin")).to_be_visible()
    return at_desk


def begin(at_desk: AtDesk, kind: str, day: str = "2026-11-22") -> Locator:
    """Begin a task and tell its element."""
    at_desk.page.locator("#task-kind").select_option(kind)
    at_desk.send("begin", started_on=day)
    at_desk.told("The task has begun", "tasks")
    return at_desk.page.locator(".task").last


def test_tasks_are_begun_with_the_law_s_date_and_done(anna: AtDesk) -> None:
    """The nearest first; a day to come is refused; what is done is gone."""
    expect(anna.page.get_by_text("Nothing is to be done.")).to_be_visible()
    anna.send("begin", started_on="2026-11-23")
    expect(anna.page.locator(".summary-of-errors li")).to_have_count(2)
    begin(anna, "data_request")
    begin(anna, "breach")
    tasks = anna.page.locator(".task")
    expect(tasks.first).to_contain_text("Report the loss or leak of personal data")
    expect(tasks.last).to_contain_text("By 22 December 2026")
    tasks.first.get_by_role("button", name="Done").click()
    anna.told("The task is done", "tasks")
    expect(tasks).to_have_count(1)


def test_the_review_of_access_is_not_ticked_off_here(anna: AtDesk) -> None:
    """It says where it ends."""
    task = begin(anna, "access_review")
    expect(task).to_contain_text("when an officer attests it in the office")
    expect(task.get_by_role("button", name="Done")).to_be_hidden()


def test_a_data_request_is_extended_once_with_a_reason(anna: AtDesk) -> None:
    """Two months more; then it is no longer offered."""
    task = begin(anna, "data_request")
    task.locator("summary").click()
    task.get_by_role("button", name="Take two months more").click()
    expect(task.locator(".error").last).to_contain_text("Choose the reason")
    task.locator("[name=reason]").select_option("complex")
    task.get_by_role("button", name="Take two months more").click()
    anna.told("two months later", "tasks")
    expect(task).to_contain_text("By 22 February 2027")
    expect(task).to_contain_text("The request is complex")
    expect(task.locator("details")).to_be_hidden()


def test_telling_a_person_is_put_off_with_a_reason_and_a_day(anna: AtDesk) -> None:
    """The task then stands at the day on which it is looked at again, with its case."""
    anna.page.locator("#task-case").select_option(index=1)
    task = begin(anna, "person_concerned_notice")
    task.locator("summary").click()
    task.locator("[name=reason]").select_option("would_impair")
    task.locator("[name=review_on]").fill("2027-01-20")
    task.get_by_role("button", name="Put off").click()
    anna.told("It is put off", "tasks")
    expect(task).to_contain_text("By 20 January 2027")
    task.get_by_role("link").click()
    tasks = anna.page.locator("[data-part='case-tasks']")
    expect(tasks).to_contain_text("Tell a person concerned")
    expect(tasks).to_contain_text("By 20 January 2027")


def test_a_calendar_is_made_shown_once_and_taken_back(anna: AtDesk) -> None:
    """Its address works until then."""
    page = anna.page
    page.get_by_role("link", name="My calendar").click()
    page.get_by_role("button", name="Make the calendar").click()
    expect(page.locator("#feed-address")).to_be_focused()
    address = page.locator("#feed-address").input_value()
    assert "BEGIN:VCALENDAR" in page.request.get(address).text()
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
    page.get_by_role("link", name="All cases").locator("visible=true").click()
    page.get_by_role("link", name="My calendar").click()
    expect(page.get_by_text("You have a calendar.")).to_be_visible()
    assert page.locator("#feed-address").input_value() == ""
    page.get_by_role("button", name="Take the calendar back").click()
    anna.told("The calendar is taken back", "me")
    assert page.request.get(address).status == 404


def test_the_language_of_the_reminders_is_chosen_and_stays(anna: AtDesk) -> None:
    """It is kept, and shown again."""
    page = anna.page
    page.get_by_role("link", name="My calendar").click()
    expect(page.get_by_label("Language of the reminders")).to_have_value("en")
    page.get_by_label("Language of the reminders").select_option("sv")
    page.get_by_role("button", name="Save").click()
    anna.told("From now on you are reminded in that language", "me")
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
    page.get_by_role("link", name="All cases").locator("visible=true").click()
    page.get_by_role("link", name="My calendar").click()
    expect(page.get_by_label("Language of the reminders")).to_have_value("sv")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tasks_are_whole_for_everybody(look: Look, serve: Callable[[], Site], scheme: str) -> None:
    """Axe finds nothing, 320 pixels show all of it, controls are large; in Swedish."""
    page = look(color_scheme=scheme, viewport={"width": 320, "height": 640})
    at_desk = AtDesk(page, serve())
    at_desk.sign_in(language="sv", place="#/tasks")
    page.locator("#task-kind").select_option("person_concerned_notice")
    at_desk.send("begin", started_on="2026-11-22")
    page.locator(".task summary").click()
    assert (faults(page), overflow(page), small(page)) == ([], 0, [])
