"""The form one question at a time: nothing typed is lost, nothing is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.journeys.reporting import (
    BY,
    STEPS,
    TEXT,
    TITLE,
    Reporter,
)

Look = Callable[..., Page]


def test_steps_keep_what_was_typed(reporter: Reporter) -> None:
    """Back and forward of the browser; Change on the check page returns there."""
    page = reporter.page
    reporter.write(until="ongoing")
    page.locator("input[name=ongoing][value=no]").check()
    page.go_back()
    reporter.on_step("when")
    page.go_back()
    reporter.on_step("what")
    assert page.locator("#what").input_value() == TEXT
    page.go_forward()
    page.go_forward()
    reporter.on_step("ongoing")
    assert page.locator("input[name=ongoing][value=no]").is_checked()
    for step in STEPS[2:]:
        reporter.on_step(step)
        reporter.go_on()
    reporter.on_step("check")
    page.locator("[data-answers] a").first.click()
    reporter.on_step("what")
    page.locator("#what").fill("Changed")
    reporter.go_on()
    reporter.on_step("check")
    expect(page.locator("[data-answers]")).to_contain_text("Changed")


def test_titles_are_neutral_and_progress_is_told(reporter: Reporter) -> None:
    """The history shows a form and nothing of what was asked."""
    reporter.write(until="topic")
    assert reporter.page.title() == TITLE["en"]
    expect(reporter.page.locator("[data-progress]")).to_contain_text("Step 4 of 10")


def test_a_link_within_the_page_changes_no_step(reporter: Reporter) -> None:
    """The skip link skips, and the step and its address stay."""
    page = reporter.page
    reporter.write(until="when")
    page.evaluate("location.hash = 'main'")
    reporter.on_step("when")
    expect(page.locator("#main")).to_be_focused()
    assert page.url.endswith("#step-when")


@pytest.mark.parametrize("asked", ["code", "sent", "closed"])
def test_an_address_shows_nothing_that_has_not_happened(reporter: Reporter, asked: str) -> None:
    """Not sent, not closed, no code made: the text is shown again, and can be checked."""
    page = reporter.page
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    reporter.write(until="when")
    page.evaluate("step => { location.hash = step; }", asked)
    reporter.on_step("what")
    assert page.url.endswith("#step-what")
    assert page.locator("#what").input_value() == TEXT
    assert page.locator("[data-page]:visible").count() == 2  # the form, and the sealed file
    reporter.go_to("check")
    assert broken == []


@pytest.mark.parametrize("asked", ["check", "code", "sent", "closed", "reloaded"])
def test_an_odd_address_of_a_fresh_page_begins_a_report(reporter: Reporter, asked: str) -> None:
    """The first question, or that the page was loaded again; never that something was sent."""
    page = reporter.page
    reporter.open(f"/report#{asked}")
    if asked == "sent":
        expect(page.locator("h1:visible")).to_have_text("This page was loaded again")
    else:
        reporter.on_step("what")
    assert page.url.endswith("#step-what")


def test_back_and_forward_after_a_reload_do_not_say_sent(reporter: Reporter) -> None:
    """What this page did not send it says nothing of, and it has no code to show."""
    page = reporter.page
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    reporter.send()
    for _ in range(3):
        page.go_back()
        reporter.on_step("sent")
    page.reload()
    heading = page.locator("h1:visible")
    expect(heading).to_have_text("This page was loaded again")
    for _ in range(3):
        page.go_forward()
        expect(heading).to_have_text("This page was loaded again")
    page.go_back()
    expect(heading).not_to_have_text("Sent")
    assert broken == []


def test_an_empty_answer_is_told_at_the_top_and_at_the_field(reporter: Reporter) -> None:
    """The same words, focus on the summary, its link leads to the field, mended it goes away."""
    page = reporter.page
    reporter.open("/report")
    reporter.go_on()
    expect(reporter.problem()).to_be_focused()
    assert page.title().startswith("Error: ")
    words = reporter.problem().get_by_role("link").inner_text()
    expect(page.locator("#what-error")).to_contain_text(words)
    assert page.locator("#what").get_attribute("aria-invalid") == "true"
    assert "what-error" in (page.locator("#what").get_attribute("aria-describedby") or "")
    reporter.problem().get_by_role("link").click()
    expect(page.locator("#what")).to_be_focused()
    page.locator("#what").fill("x")
    reporter.go_on()
    reporter.on_step("when")
    assert page.title() == TITLE["en"]
    page.go_back()
    assert page.locator("#what").get_attribute("aria-invalid") is None


def test_a_text_that_is_too_long_is_kept(reporter: Reporter) -> None:
    """The sentence says how long it is and what to do."""
    reporter.open("/report")
    reporter.page.locator("#what").fill("x" * 21_300)
    reporter.go_on()
    expect(reporter.problem()).to_contain_text("21,300 characters")
    assert len(reporter.page.locator("#what").input_value()) == 21_300


@pytest.mark.parametrize("at", ["ongoing", "check", "code", "sent"])
def test_another_language_loses_nothing_and_sends_nothing(reporter: Reporter, at: str) -> None:
    """The page comes in the other language, empty; the answers never leave the browser."""
    page = reporter.page
    reporter.write(
        until="check" if at == "sent" else at, without=("Bo Ek",) if at != "ongoing" else ()
    )
    if at == "sent":
        reporter.go_on()
        reporter.on_step("code")
        reporter.press_send()
        reporter.on_step("sent")
    code = reporter.shown_code() if at in {"code", "sent"} else ""
    before = len(reporter.requests)
    page.get_by_role("button", name="Svenska").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    reporter.on_step(at)
    assert [one.method for one in reporter.requests[before:]] == ["GET"]
    assert page.url.split("/")[3] == "sv"
    assert page.title() == TITLE["sv"]
    if code:
        assert reporter.shown_code() == code
    if at == "sent":
        expect(page.locator("[data-dates]")).to_contain_text(BY["sv"])
        return
    if at != "code":
        page.get_by_role("button", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("#what").input_value() == TEXT
    if at == "code":
        reporter.press_send()
        reporter.on_step("sent")
        assert reporter.first(code)["head"]["left_out"] == ["bo"]
        assert reporter.first(code)["body"]["language"] == "sv"


def test_a_tab_with_text_asks_before_it_is_lost(reporter: Reporter) -> None:
    """Not an empty one, not one that has sent, and never somebody who leaves by the button."""
    page = reporter.page
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    reporter.open("/report")
    reporter.open("/about")
    assert asked == []
    reporter.write(until="when")
    reporter.open("/about")
    assert asked == ["beforeunload"]
    reporter.write(until="when")
    page.locator(".leave button").click()
    page.wait_for_url("**/off")
    page.go_back()
    assert TEXT not in page.content()
    assert page.locator("#what").count() == 0 or page.locator("#what").input_value() == ""
    assert asked == ["beforeunload"]
    reporter.send()
    reporter.open("/about")
    assert asked == ["beforeunload"]
