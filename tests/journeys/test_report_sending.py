"""Sending once, whatever the network does, and keeping the code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests import acts
from tests.journeys.reporting import (
    BY,
    REPORTS,
    TEXT,
    TITLE,
    Reporter,
    lost,
    refused,
)
from tests.journeys.serving import Site
from whistle.crypto.receipt import Receipt

Look = Callable[..., Page]


def test_two_presses_and_a_lost_answer_are_one_report(alone: Reporter) -> None:
    """The same bytes again; afterwards the page after sending, also by Back."""
    alone.write(until="code")
    code = alone.shown_code()
    with alone.answered(REPORTS, lost):
        alone.page.locator("[data-send]").dblclick()
        expect(alone.problem()).to_contain_text("No answer came")
    assert alone.cases() == 1
    alone.press_send()
    alone.on_step("sent")
    first, second = alone.posts()
    assert first.post_data_buffer == second.post_data_buffer
    assert alone.cases() == 1
    alone.page.go_back()
    alone.on_step("sent")
    assert alone.shown_code() == code
    alone.page.reload()
    expect(alone.page.locator("h1:visible")).to_have_text("This page was loaded again")
    alone.page.get_by_role("link", name="Send a report").click()
    alone.on_step("what")
    assert alone.cases() == 1


def test_changes_after_a_lost_answer_are_not_sent_and_that_is_said(alone: Reporter) -> None:
    """With the dates of what is there."""
    alone.write(until="code")
    code = alone.shown_code()
    with alone.answered(REPORTS, lost):
        alone.press_send()
        expect(alone.problem()).to_contain_text("No answer came")
    alone.page.go_back()
    alone.page.locator("[data-answers] a").first.click()
    alone.page.locator("#what").fill("Something else")
    alone.go_on()
    alone.go_to_from("check", "code")
    alone.press_send()
    alone.on_step("sent")
    expect(alone.page.locator("[data-again]")).to_contain_text("Your changes were not sent.")
    expect(alone.page.locator("[data-dates]")).to_contain_text(BY["en"])
    assert alone.first(code)["body"]["answers"]["what"] == TEXT
    assert alone.cases() == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (refused(429), "Many reports arrive right now. Wait one minute"),
        (refused(503, "closed"), "We cannot take anything right now."),
        (refused(500), "Nothing has been sent. Your text is still here. Try again"),
        (refused(422, "not_sealed"), "The server did not accept it. Nothing was sent."),
        (refused(403, "cross_site"), "The server did not accept it. Nothing was sent."),
    ],
)
def test_what_the_server_refuses_is_told_and_the_text_kept(
    reporter: Reporter, answer: Callable[[Route], None], sentence: str
) -> None:
    """And the next press sends."""
    reporter.write(until="code")
    with reporter.answered(REPORTS, answer):
        reporter.press_send()
        expect(reporter.problem()).to_contain_text(sentence)
    assert reporter.page.locator("#what").input_value() == TEXT
    reporter.press_send()
    reporter.on_step("sent")


def test_offline_waits_for_the_connection(alone: Reporter) -> None:
    """It is sent by itself when the connection is back, once."""
    alone.write(until="code")
    alone.page.context.set_offline(True)
    alone.press_send()
    expect(alone.problem()).to_contain_text("You are offline. Keep this tab open")
    alone.page.context.set_offline(False)
    alone.on_step("sent")
    assert alone.cases() == 1


def test_the_code_can_be_kept_in_several_ways(reporter: Reporter, tmp_path: Path) -> None:
    """A file with a name that tells nothing, the clipboard, a print with nothing else on it."""
    page = reporter.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reporter.write(until="code")
    code = reporter.shown_code()
    with page.expect_download() as saved:
        page.locator("[data-page=code] [data-keep=save]").click()
    assert saved.value.suggested_filename == "notes.txt"
    saved.value.save_as(tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == f"{code}\n"
    page.locator("[data-page=code] [data-keep=copy]").click()
    expect(page.locator("#kept")).to_contain_text("The code is copied.")
    page.emulate_media(media="print")
    assert page.locator("body").inner_text().split() == [code]


def test_the_check_page_without_scripts_prints_the_code_alone(look: Look, shared: Site) -> None:
    """A paper left in a printer tells as little as it can."""
    me = Reporter(look(scripts=False), shared)
    me.open("/report")
    me.page.locator("#what").fill(TEXT)
    me.page.locator("main button.primary:visible").first.click()
    code = me.shown_code()
    me.page.emulate_media(media="print")
    assert me.page.locator("body").inner_text().split() == [code]


def test_a_typing_error_is_told_at_once_on_the_device(reporter: Reporter) -> None:
    """Nothing is asked of the server; however it is written, the right code is taken."""
    page = reporter.page
    code = reporter.send()
    before = len(reporter.requests)
    again = page.locator("#again")
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    again.press_sequentially(wrong)
    expect(page.locator("#again-error")).to_contain_text("The code is not right.")
    expect(again).to_be_focused()
    again.fill("")
    page.locator("[data-confirm] button").click()
    expect(reporter.problem()).to_contain_text("Tick that you have saved the code, or type it")
    again.fill(code.lower().replace("-", " "))
    page.locator("[data-confirm] button").click()
    expect(page.locator("[data-done]")).to_be_visible()
    assert page.title() == TITLE["en"]
    assert len(reporter.requests) == before


def test_a_sealed_file_is_sent_from_the_same_page(alone: Reporter, tmp_path: Path) -> None:
    """Nothing else is written, so nothing is asked; its dates are told."""
    receipt = Receipt.generate()
    file = tmp_path / "report.whistle"
    file.write_bytes(acts.sealed(alone.organisation, receipt).to_bytes())
    alone.open("/report")
    alone.page.locator("summary", has_text="I have a sealed file").click()
    alone.page.locator("#sealed").set_input_files(file)
    alone.page.locator("[data-file-form] button").click()
    expect(alone.page.locator("h1")).to_have_text("Sent")
    assert alone.cases() == 1


def test_a_file_that_is_no_sealed_report_is_refused_at_the_field(
    alone: Reporter, tmp_path: Path
) -> None:
    """With scripts the server's sentence stays: in the summary, which has the focus, and there."""
    alone.open("/report")
    alone.page.locator("summary", has_text="I have a sealed file").click()
    alone.page.locator("[data-file-form] button").click()
    expect(alone.problem()).to_contain_text("Choose a file first")
    assert alone.posts("/report/file") == []
    file = tmp_path / "report.whistle"
    file.write_text("not sealed")
    alone.page.locator("#sealed").set_input_files(file)
    alone.page.locator("[data-file-form] button").click()
    expect(alone.page.locator(".summary-of-errors")).to_be_focused()
    expect(alone.problem()).to_contain_text("not a sealed report")
    expect(alone.page.locator("#sealed-error")).to_be_visible()
    expect(alone.page).to_have_title(f"Error: {TITLE['en']}")
    assert alone.cases() == 0


def test_a_file_that_is_too_large_never_leaves_the_device(alone: Reporter, tmp_path: Path) -> None:
    """A photo chosen by mistake: told at the field, before anything is sent."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"x" * 5_000_000)
    alone.open("/report")
    alone.page.locator("summary", has_text="I have a sealed file").click()
    alone.page.locator("#sealed").set_input_files(file)
    alone.page.locator("[data-file-form] button").click()
    expect(alone.problem()).to_contain_text("The file is too large to be a sealed report")
    expect(alone.page.locator("#sealed-error")).to_be_visible()
    assert alone.posts("/report/file") == []


def test_with_scripts_a_file_goes_without_what_was_typed(alone: Reporter, tmp_path: Path) -> None:
    """The text is for the browser to seal: not a word of it is posted with the file."""
    file = tmp_path / "report.whistle"
    file.write_text("not sealed")
    alone.open("/report")
    alone.page.locator("#what").fill(TEXT)
    alone.page.locator("summary", has_text="I have a sealed file").click()
    alone.page.locator("#sealed").set_input_files(file)
    alone.page.once("dialog", lambda dialog: dialog.accept())
    alone.page.locator("[data-file-form] button").click()
    expect(alone.problem()).to_contain_text("not a sealed report")
    assert len(alone.posts("/report/file")) == 1
    assert alone.sent_anywhere("Canary") == []


@pytest.mark.parametrize("size", [10, 5_000_000], ids=["small", "large"])
def test_without_scripts_a_refused_file_costs_no_text(
    look: Look, shared: Site, tmp_path: Path, size: int
) -> None:
    """The page says before that only the file would be sent; the text stands there again."""
    me = Reporter(look(scripts=False), shared)
    page = me.page
    file = tmp_path / "photo.jpg"
    file.write_bytes(b"x" * size)
    me.open("/report")
    page.locator("#what").fill(TEXT)
    page.locator("summary", has_text="I have a sealed file").click()
    expect(page.locator("[data-page=file]")).to_contain_text("Only the file becomes your report")
    page.locator("#sealed").set_input_files(file)
    page.locator("[data-file-form] button").click()
    expect(me.problem()).to_be_visible()
    expect(page.locator("#sealed-error")).to_be_visible()
    assert page.locator("#what").input_value() == TEXT
    page.locator("#report-form button.primary:visible").click()
    expect(page.locator("#send-form .answers").first).to_contain_text(TEXT)


def test_without_scripts_back_on_the_check_page_brings_the_text(look: Look, shared: Site) -> None:
    """Both pages say, before it happens, what loses a text; the page's own Back does not."""
    me = Reporter(look(scripts=False), shared)
    page = me.page
    loses = "Closing the tab loses your text, and the browser's own Back can lose it too."
    me.open("/report")
    expect(page.locator("main")).to_contain_text(loses)
    page.locator("#what").fill(TEXT)
    page.locator("#report-form button.primary:visible").click()
    expect(page.locator("main")).to_contain_text(loses)
    code = me.shown_code()
    page.get_by_role("button", name="Back", exact=True).click()
    assert page.locator("#what").input_value() == TEXT
    page.locator("#report-form button.primary:visible").click()
    assert me.shown_code() == code


def test_sending_a_file_asks_before_a_text_is_lost(alone: Reporter, tmp_path: Path) -> None:
    """The browser's own question; whoever stays has the text still."""
    file = tmp_path / "report.whistle"
    file.write_text("not sealed")
    alone.open("/report")
    alone.page.locator("#what").fill(TEXT)
    alone.page.locator("summary", has_text="I have a sealed file").click()
    alone.page.locator("#sealed").set_input_files(file)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    alone.page.once("dialog", stay)
    alone.page.locator("[data-file-form] button").click(no_wait_after=True)
    alone.page.wait_for_function("navigator.userActivation.hasBeenActive")
    assert alone.page.locator("#what").input_value() == TEXT
    assert asked == ["beforeunload"]


def test_a_networks_own_page_is_not_taken_for_sent(alone: Reporter) -> None:
    """It answers 200 to everything; the report is sent when the site itself answers."""
    alone.write(until="code")
    page = "<html>Log in to the wireless network</html>"
    with alone.answered(REPORTS, lambda route: route.fulfill(body=page, content_type="text/html")):
        alone.press_send()
        expect(alone.problem()).to_contain_text("No answer came")
    assert alone.cases() == 0
    alone.press_send()
    alone.on_step("sent")
    assert alone.cases() == 1


def test_already_sent_counts_only_when_the_report_is_there(alone: Reporter) -> None:
    """A server that says so of what it does not have is not believed."""
    alone.write(until="code")
    with alone.answered(REPORTS, refused(409, "already_sent")):
        alone.press_send()
        expect(alone.problem()).to_contain_text("Nothing has been sent.")
    alone.press_send()
    alone.on_step("sent")
    assert alone.cases() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_flood_shuts_nobody_out(look: Look, serve: Callable[..., Site], *, scripts: bool) -> None:
    """With scripts the device works first, which the page says; without, a share stays open."""
    site = serve(free_reports_a_minute=1)
    assert site.organisation is not None
    for _ in range(2):
        acts.file(site.organisation)
    me = Reporter(look(scripts=scripts), site)
    if not scripts:
        me.open("/report")
        me.page.locator("#what").fill(TEXT)
        me.page.locator("#report-form button.primary:visible").click()
        me.page.locator("#send-form button.primary").click()
        expect(me.page.locator("h1")).to_have_text("Sent")
        return
    me.write(until="code")
    me.press_send()
    me.on_step("sent")
    assert [one.response().status for one in me.posts()] == [429, 201]  # type: ignore[union-attr] # answered
