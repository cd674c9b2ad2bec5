"""Coming back in a real browser: the verified thread, writing again, what gets in between."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests import acts
from tests.acts import Filed
from tests.journeys.looking import faults, overflow, small
from tests.journeys.reporting import Reporter, lost, refused
from tests.journeys.serving import Site
from whistle.config import Mail
from whistle.crypto.receipt import Receipt

Look = Callable[..., Page]
MAILBOX = "**/api/v1/mailbox"
ENTRIES = "**/api/v1/mailbox/entries"
SECRET = "Canary-0815: the exit is locked"
ANSWERED = {
    "en": ("We confirmed on 22 November 2026", "By 15 January 2027 you hear from us again."),
    "sv": ("Vi bekräftade den 22 november 2026", "Senast 15 januari 2027 hör vi av oss igen."),
}


def by_anna(site: Site, filed: Filed, kind: str, content: dict[str, Any], **adds: Any) -> None:
    """Let Anna write an entry into the case of a report."""
    assert site.organisation is not None
    case = acts.case_id(site.organisation, filed)
    seq, entry = acts.by_handler(site.organisation, "anna", case, kind, content=content, adds=adds)
    acts.write(site.organisation, "anna", case, kind, seq, entry, **adds)


def answer(site: Site, filed: Filed) -> None:
    """Acknowledge, and give interim feedback."""
    by_anna(site, filed, "acknowledgement", {"text": "We have it. See https://x.example"})
    parts = {"measures": "We opened the exit.", "reasons": "It is the law."}
    by_anna(site, filed, "feedback", parts, final=False, next_on="2027-01-15")


@pytest.fixture
def filed(shared: Site) -> Filed:
    """A report on the shared site."""
    assert shared.organisation is not None
    return acts.file(shared.organisation, what=SECRET)


def opened(me: Reporter, filed: Filed) -> None:
    """Come back and wait for the thread."""
    me.come_back(str(filed.receipt))
    expect(me.page.locator(".thread .entry").first).to_be_visible()


# The whole way


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_thread_is_shown_and_answered(
    look: Look, shared: Site, filed: Filed, language: str, *, scripts: bool
) -> None:
    """Who wrote, in which role, both dates; a message goes in; the same words either way."""
    me = Reporter(look(scripts=scripts), shared, language)
    answer(shared, filed)
    opened(me, filed)
    thread = me.page.locator(".thread")
    expect(thread).to_contain_text(SECRET)
    expect(thread).to_contain_text("Anna Lind, Case handler, lawyer")
    expect(thread).to_contain_text("We opened the exit.")
    expect(thread).to_contain_text("It is the law.")
    assert me.page.locator(".thread a").count() == 0
    for sentence in ANSWERED[language]:
        expect(me.page.locator("main")).to_contain_text(sentence)
    me.message("In May, I think\nor June")
    expect(thread.locator(".entry").last).to_contain_text("In May, I think\nor June")
    assert me.texts(str(filed.receipt)) == ["In May, I think\nor June"]
    assert me.page.locator("#message").input_value() == ""
    assert me.traces() == [] if scripts else me.page.context.cookies() == []
    if scripts:
        for secret in (str(filed.receipt), str(filed.receipt).replace("-", ""), "Canary", "June"):
            assert me.sent_anywhere(secret) == []


def test_both_ways_say_the_same(look: Look, shared: Site, filed: Filed) -> None:
    """Word for word, what stands in the thread and what the clocks say."""
    answer(shared, filed)
    said = []
    for scripts in (True, False):
        me = Reporter(look(scripts=scripts), shared, "sv")
        opened(me, filed)
        lines = me.page.locator("h1:visible + ul").inner_text()
        said.append((lines.split(), me.page.locator(".thread").inner_text().split()))
    assert said[0] == said[1]


# The code


def test_a_typing_error_is_told_on_the_device(reporter: Reporter, filed: Filed) -> None:
    """At once when the code is whole, and again when it is pressed; nothing is asked."""
    page = reporter.page
    code = str(filed.receipt)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    reporter.open("/return")
    page.locator("#code").press_sequentially(wrong)
    told = "The code is not right. Compare each group of five with your note."
    expect(page.locator("#code-error")).to_contain_text(told)
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.press("Enter")
    expect(reporter.problem()).to_contain_text(told)
    assert [one.url for one in reporter.requests if "/api/" in one.url] == []
    page.locator("#code").fill(code.lower().replace("-", " "))
    page.keyboard.press("Enter")
    expect(page.locator("[data-page=case] h1")).to_be_focused()
    assert page.locator("#code").input_value() == ""


def test_an_unknown_code_has_one_answer(reporter: Reporter) -> None:
    """It says what to think if it was never sent."""
    reporter.come_back(str(Receipt.generate()))
    expect(reporter.problem()).to_contain_text("nothing was sent.")


def test_a_reload_asks_for_the_code_again(reporter: Reporter, filed: Filed) -> None:
    """The keys lived in memory only."""
    opened(reporter, filed)
    reporter.page.reload()
    expect(reporter.page.locator("#code")).to_be_visible()
    assert reporter.page.locator(".thread .entry").count() == 0


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (refused(503), "We cannot take anything right now."),
        (lambda route: route.abort(), "No answer came. Check the connection and try again"),
        (lambda route: route.fulfill(json={}), "cannot be verified."),
    ],
)
def test_what_the_server_does_not_answer_is_told(
    reporter: Reporter, filed: Filed, said: Callable[[Route], None], sentence: str
) -> None:
    """The code stays in its field for another try."""
    with reporter.answered(MAILBOX, said):
        reporter.come_back(str(filed.receipt))
        expect(reporter.problem()).to_contain_text(sentence)
    reporter.page.locator("main form button.primary").first.click()
    expect(reporter.page.locator(".thread .entry").first).to_be_visible()


def test_a_worker_that_does_not_come_never_sends_the_code(reporter: Reporter, filed: Filed) -> None:
    """The page says so and stays."""
    with reporter.answered("**/reporter-worker*", lambda route: route.abort()):
        reporter.come_back(str(filed.receipt))
        expect(reporter.problem()).to_contain_text("Your browser could not open the report.")
    assert reporter.posts("/") == []


# Writing


def test_what_came_in_between_is_shown_and_the_message_sent_after_it(
    reporter: Reporter, shared: Site, filed: Filed
) -> None:
    """Both are marked as new."""
    opened(reporter, filed)
    by_anna(shared, filed, "message", {"text": "When did it begin?"})
    reporter.message("In May")
    expect(reporter.page.locator("#written")).to_contain_text("New entries came first.")
    last = reporter.page.locator(".thread .entry")
    expect(last.nth(-2)).to_contain_text("When did it begin?")
    expect(last.nth(-1)).to_contain_text("In May")
    expect(last.nth(-1).locator(".by")).to_contain_text("New")
    assert reporter.texts(str(filed.receipt)) == ["When did it begin?", "In May"]


def test_two_presses_and_a_lost_answer_are_one_message(reporter: Reporter, filed: Filed) -> None:
    """The text stays until the answer came."""
    opened(reporter, filed)
    with reporter.answered(ENTRIES, lost):
        reporter.message("In May")
        expect(reporter.problem()).to_contain_text("No answer came")
    assert reporter.page.locator("#message").input_value() == "In May"
    reporter.page.locator("form:has(#message) button.primary").dblclick()
    expect(reporter.page.locator("#written")).to_contain_text("Your message has been sent.")
    assert reporter.texts(str(filed.receipt)) == ["In May"]


def test_another_wording_after_a_lost_answer_waits(reporter: Reporter, filed: Filed) -> None:
    """What had arrived is shown first; the person decides whether to say it again."""
    opened(reporter, filed)
    with reporter.answered(ENTRIES, lost):
        reporter.message("In Ma")
        expect(reporter.problem()).to_contain_text("No answer came")
    reporter.message("In May")
    expect(reporter.page.locator("#written")).to_contain_text("An earlier message of yours")
    assert reporter.page.locator("#message").input_value() == "In May"
    assert reporter.texts(str(filed.receipt)) == ["In Ma"]


def test_two_presses_without_scripts_are_one_message(
    look: Look, shared: Site, filed: Filed
) -> None:
    """The second request is the same message."""
    me = Reporter(look(scripts=False), shared)
    opened(me, filed)
    me.page.locator("#message").fill("In May")
    me.page.locator("form:has(#message) button.primary").dblclick()
    expect(me.page.locator(".notice.ok")).to_contain_text("Your message has been sent.")
    assert me.texts(str(filed.receipt)) == ["In May"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(" ", "Write your message first"), ("x" * 20_001, "The text is 20,001 characters.")],
)
def test_a_bad_message_is_kept(reporter: Reporter, filed: Filed, text: str, sentence: str) -> None:
    """And told at the top and at the field."""
    opened(reporter, filed)
    reporter.message(text)
    expect(reporter.problem()).to_contain_text(sentence)
    expect(reporter.page.locator("#message-error")).to_contain_text(sentence)
    assert reporter.page.locator("#message").input_value() == text
    assert reporter.posts() == []


# Dates and faults


def test_late_and_missed_are_told_in_the_law_s_terms(alone: Reporter, look: Look) -> None:
    """Late: the way outside. Feedback missed: what the Act then allows. With scripts and not."""
    filed = acts.file(alone.organisation)
    off = Reporter(look(scripts=False), alone.site)
    alone.organisation.move(30)
    for me in (alone, off):
        opened(me, filed)
        notice = me.page.locator(".notice.warn:visible")
        expect(notice).to_contain_text("We have not answered by the date we gave you")
        expect(notice.get_by_role("link")).to_have_attribute("href", "/en/other-ways")
        expect(me.page.locator("main")).not_to_contain_text("public", use_inner_text=True)
    alone.organisation.move(170)
    for me in (alone, off):
        opened(me, filed)
        notice = me.page.locator(".notice.warn:visible").first
        expect(notice).to_contain_text("We missed the last date that the law sets")
        expect(notice).to_contain_text("chapter 4, section 7.")
        expect(notice).to_contain_text("chapter 4, section 9.")
        expect(notice).to_contain_text("is not enough for protection")
        assert faults(me.page) == [] if me is alone else True


def test_who_waits_reads_when_somebody_outside_is_told_of_it(
    look: Look, serve: Callable[..., Site]
) -> None:
    """The day that the clock keeps by itself, with scripts and without; gone with the answer."""
    site = serve(mail=Mail("localhost", "a@example.org", outside="chair@example.org"))
    assert site.organisation is not None
    filed = acts.file(site.organisation)
    both = [Reporter(look(scripts=scripts), site) for scripts in (True, False)]
    site.organisation.move(30)
    for me in both:
        opened(me, filed)
        dates = me.page.locator("ul.dates, [data-dates]").locator("visible=true")
        expect(dates).to_contain_text(
            "On 28 December 2026 the person named in our written procedure"
        )
        expect(dates).to_contain_text("By 28 February 2027 we tell you what has been done")
        assert overflow(me.page) <= 0
    assert faults(both[0].page) == []
    by_anna(site, filed, "acknowledgement", {"text": "We have it."})
    for me in both:
        opened(me, filed)
        expect(me.page.locator("main")).not_to_contain_text("procedure", use_inner_text=True)


def withheld(route: Route) -> None:
    """A thread with a hole in its middle."""
    told = route.fetch().json()
    del told["entries"][2]
    route.fulfill(json=told)


def test_a_thread_with_a_hole_is_shown_up_to_it(
    reporter: Reporter, shared: Site, filed: Filed
) -> None:
    """What is wrong, what was verified, what to do; and nothing can be written."""
    answer(shared, filed)
    with reporter.answered(MAILBOX, withheld):
        opened(reporter, filed)
    expect(reporter.page.locator("[data-fault]")).to_contain_text("An entry is missing")
    expect(reporter.page.locator(".thread .entry")).to_have_count(2)
    expect(reporter.page.locator("#message")).to_be_hidden()
    assert faults(reporter.page) == []


# Time


def test_after_half_an_hour_the_report_is_closed_and_the_message_kept(
    reporter: Reporter, filed: Filed
) -> None:
    """Five minutes before, one button keeps it open; afterwards the code is asked for."""
    page = reporter.page
    page.clock.install()
    opened(reporter, filed)
    page.locator("#message").fill("Half a sen")
    page.clock.fast_forward("25:00")
    page.get_by_role("button", name="Stay").click()
    expect(page.locator("[data-idle]")).to_be_hidden()
    page.clock.fast_forward("25:00")
    expect(page.locator("[data-idle]")).to_be_visible()
    page.clock.fast_forward("05:00")
    expect(page.locator("#code")).to_be_visible()
    expect(page.locator("[data-ended]")).to_contain_text("Nobody was here for 30 minutes")
    assert page.locator(".thread .entry").count() == 0
    page.locator("#code").fill(str(filed.receipt))
    page.keyboard.press("Enter")
    expect(page.locator(".thread .entry").first).to_be_visible()
    assert page.locator("#message").input_value() == "Half a sen"


def test_another_language_keeps_the_report_open(reporter: Reporter, filed: Filed) -> None:
    """And what was typed; nothing but an empty page is asked for."""
    page = reporter.page
    opened(reporter, filed)
    page.locator("#message").fill("Half a sen")
    before = len(reporter.requests)
    page.get_by_role("button", name="Svenska").click()
    expect(page.locator("[data-page=case] h1")).to_have_text("Din rapport")
    expect(page.locator(".thread")).to_contain_text(SECRET)
    assert page.locator("#message").input_value() == "Half a sen"
    assert [one.method for one in reporter.requests[before:]] == ["GET"]
    page.locator("form:has(#message) button.primary").click()
    expect(page.locator("#written")).to_contain_text("Ditt meddelande har skickats.")


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_coming_back_is_whole_for_everybody(
    look: Look, shared: Site, filed: Filed, language: str, scheme: str
) -> None:
    """Axe finds nothing, a small phone shows all of it, controls are large; by keyboard alone."""
    page = look(color_scheme=scheme, viewport={"width": 320, "height": 640})
    me = Reporter(page, shared, language)
    answer(shared, filed)
    found = {}
    me.open("/return")
    found["enter"] = (faults(page), overflow(page), small(page))
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "code":
            break
    page.keyboard.type(str(filed.receipt))
    page.keyboard.press("Enter")
    expect(page.locator(".thread .entry").first).to_be_visible()
    found["case"] = (faults(page), overflow(page), small(page))
    page.locator("form:has(#message) button.primary").click()
    expect(me.problem()).to_be_focused()
    found["error"] = (faults(page), overflow(page), small(page))
    assert {step: one for step, one in found.items() if one != ([], 0, [])} == {}


@pytest.mark.parametrize(
    ("name", "day"),
    [("received_on", "2026-11-20"), ("feedback_due_on", "2028-01-01")],
)
def test_dates_that_were_not_signed_are_not_shown(
    reporter: Reporter, filed: Filed, name: str, day: str
) -> None:
    """A server cannot move a promise later: an alarm takes the place of its dates."""

    def moved(route: Route) -> None:
        answer = route.fetch().json()
        answer["dates"][name] = day
        route.fulfill(json=answer)

    with reporter.answered(MAILBOX, moved):
        opened(reporter, filed)
    expect(reporter.page.locator("[data-fault]")).to_contain_text("not those that were signed")
    expect(reporter.page.locator("[data-page=case] [data-dates] li")).to_have_count(0)
