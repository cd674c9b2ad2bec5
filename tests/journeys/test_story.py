"""A whole case in two browsers: reported, acknowledged, asked, answered, told, closed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import acts
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site
from whistle.services.reporting import unscripted

Look = Callable[..., Page]
WORDS = {
    "en": {
        "what": "The guard on press 7 has been taken off.",
        "question": "Which shift was it?",
        "answer": "The night shift, every night.",
        "measures": "The guard is back on press 7, and the shift leader has been instructed.",
        "reasons": "The inspection of the press showed what you had reported.",
        "grounds": "The inspection, and what two shifts have told.",
        "ready": "Thank you for your report.",
        "closed": "Wrongdoing was found",
        "nothing": "No open cases.",
    },
    "sv": {
        "what": "Skyddet på press 7 har tagits bort.",
        "question": "Vilket skift var det?",
        "answer": "Nattskiftet, varje natt.",
        "measures": "Skyddet är tillbaka på press 7 och skiftledaren har fått en ny genomgång.",
        "reasons": "Besiktningen av pressen visade det som du hade rapporterat.",
        "grounds": "Besiktningen, och vad två skift har berättat.",
        "ready": "Tack för din rapport.",
        "closed": "Missförhållanden konstaterades",
        "nothing": "Inga öppna ärenden.",
    },
}


@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_case_from_the_first_word_to_the_last(
    look: Look, serve: Callable[[], Site], language: str
) -> None:
    """Each side sees what the other wrote, and the handler who was left out sees nothing."""
    site, words = serve(), WORDS[language]
    reporter = Reporter(look(), site, language)
    anna, bo = AtDesk(look(), site), AtDesk(look(), site)
    code = reporter.send(text=words["what"], without=("Bo Ek",))
    reporter.page.goto("about:blank")

    anna.sign_in("anna", language)
    [case] = anna.numbers()
    anna.open_case(case)
    expect(anna.entries().first).to_contain_text(words["what"])
    expect(anna.page.locator("[data-part='left-out-list']")).to_contain_text("Bo Ek")
    anna.choose("acknowledgement")
    anna.send("acknowledgement")
    expect(anna.entries()).to_have_count(3)
    anna.send("message", message=words["question"])
    expect(anna.entries()).to_have_count(4)

    thread = _come_back(reporter, code)
    expect(thread).to_contain_text(words["ready"])
    expect(thread).to_contain_text(words["question"])
    expect(thread).to_contain_text("Anna Lind")
    reporter.message(words["answer"])
    expect(thread).to_contain_text(words["answer"])
    reporter.page.goto("about:blank")

    anna.page.locator(".back a:visible").click()
    expect(anna.page.locator("[data-part='rows'] .new")).to_be_visible()
    anna.open_case(case)
    expect(anna.entries().last).to_contain_text(words["answer"])
    _finish(anna, words)

    thread = _come_back(reporter, code)
    for part in ("measures", "reasons", "grounds"):
        expect(thread).to_contain_text(words[part])

    bo.sign_in("bo", language)
    expect(bo.page.get_by_text(words["nothing"])).to_be_visible()
    assert set(bo.page.locator(".counters strong").all_inner_texts()) == {"0"}
    assert case not in bo.page.content()


def _come_back(reporter: Reporter, code: str) -> Locator:
    reporter.come_back(code)
    thread = reporter.page.locator("[data-thread]")
    expect(thread.locator(".entry").first).to_be_visible()
    return thread


def _finish(anna: AtDesk, words: dict[str, str]) -> None:
    anna.choose("feedback")
    anna.page.locator("#final").check()
    anna.send("feedback", measures=words["measures"], reasons=words["reasons"])
    expect(anna.entries()).to_have_count(6)
    anna.choose("closing")
    anna.page.locator("#outcome").select_option("substantiated")
    anna.page.locator("#closing-snippet").select_option("0")
    anna.form("closing").locator("[data-act='insert']").click()
    anna.send("closing", grounds=words["grounds"])
    expect(anna.entries()).to_have_count(7)
    expect(anna.entries().last).to_contain_text(words["closed"])
    expect(anna.page.locator("[data-part='clocks'] button:visible")).to_have_count(0)


def test_a_report_without_scripts_is_marked_at_the_desk(
    look: Look, serve: Callable[[], Site]
) -> None:
    """The handlers know that the server saw its text; their own is sealed in their browser."""
    site = serve()
    at = AtDesk(look(), site)
    code = unscripted.new_code()
    report = acts.body("The guard on press 7 has been taken off.")
    unscripted.file_for(
        at.organisation.parts,
        code,
        channel="main",
        body=report,
        left_out=[],
        waive_ack=False,
        one_reader_confirmed=False,
    )
    at.sign_in()
    [case] = at.numbers()
    at.open_case(case)
    expect(at.entries().first).to_contain_text("our server saw this text")
    at.send("message", message="Which shift was it?")
    expect(at.entries()).to_have_count(3)
    seen = unscripted.look(at.organisation.parts, code)
    assert seen.fault is None
    assert [one["body"]["text"] for one in seen.entries if one["kind"] == "message"] == [
        "Which shift was it?"
    ]


def test_a_case_is_handled_by_keyboard_alone(look: Look, serve: Callable[[], Site]) -> None:
    """From the sign-in to the closing without a pointer; the focus is always somewhere sensible."""
    at = AtDesk(look(), serve())
    filed = acts.file(at.organisation)
    case = number(at.organisation, filed)
    keys = Keys(at.page)
    at.page.goto(at.site.url("/en/desk"))
    keys.to("#person").write("anna").to("#code").write(at.code("anna")).press("Enter")
    expect(at.page.locator("#passphrase")).to_be_focused()
    keys.write(at.passphrase("anna")).press("Enter")
    expect(at.view("cases").locator("h1")).to_be_focused()
    expect(at.page.locator("[data-part='rows'] tr")).to_have_count(1)
    keys.to("[data-part='rows'] a").press("Enter")
    at.case_is_open(case)
    expect(at.view("case").locator("h1")).to_be_focused()

    keys.to(".clock button").press("Enter")
    expect(at.page.locator("#write-heading")).to_be_focused()
    keys.to("form[data-form='acknowledgement'] .primary").press("Enter")
    expect(at.entries()).to_have_count(3)
    expect(at.entries().last).to_be_focused()

    keys.to("input[name='kind']:checked").press("ArrowRight")
    expect(at.form("feedback")).to_be_visible()
    keys.to("#measures").write("The lock has been taken off the door.")
    keys.to("#reasons").write("An exit must open from inside at any time.")
    keys.to("#final").press("Space").to("form[data-form='feedback'] .primary").press("Enter")
    expect(at.entries()).to_have_count(4)
    expect(at.entries().last).to_be_focused()

    keys.to("#note").write("Done within an hour.").to("form[data-form='note'] button").press(
        "Enter"
    )
    expect(at.page.locator("[data-part='notes'] .entry")).to_be_focused()
    keys.back_to("input[name='kind']:checked").press("ArrowRight")
    expect(at.form("closing")).to_be_visible()
    keys.to("#outcome").press("w").to("#grounds").write("The door was seen.")
    keys.to("#closing_text").write("The door opens again. Thank you.")
    keys.to("form[data-form='closing'] .primary").press("Enter")
    expect(at.entries()).to_have_count(5)
    expect(at.entries().last).to_be_focused()
    keys.back_to(".back a").press("Enter")
    expect(at.view("cases").locator("h1")).to_be_focused()
    expect(at.page.get_by_text("No open cases.")).to_be_visible()


class Keys:
    """A keyboard and nothing else."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> "Keys":
        """Press Tab until the focus is there."""
        return self._until(selector, "Tab")

    def back_to(self, selector: str) -> "Keys":
        """Press Shift+Tab until the focus is there."""
        return self._until(selector, "Shift+Tab")

    def write(self, text: str) -> "Keys":
        """Type a text."""
        self.page.keyboard.type(text)
        return self

    def press(self, key: str) -> "Keys":
        """Press a key."""
        self.page.keyboard.press(key)
        return self

    def _until(self, selector: str, key: str) -> "Keys":
        for _ in range(60):
            self.page.keyboard.press(key)
            if self.page.evaluate("(at) => document.activeElement.matches(at)", selector):
                return self
        message = f"the keyboard does not reach {selector}"
        raise AssertionError(message)
