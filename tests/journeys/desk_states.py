"""Every state that the desk's document can be in, one after the other."""

from collections.abc import Iterator
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.acts import act, case_id, file, publish_keyring
from tests.journeys.at_desk import AtDesk, number
from tests.organisation import Organisation

LONG = (
    "The guard on press 7 has been taken off since the week before last, because the work goes "
    "faster without it. Two of us have said so to the shift leader, who answered that it is not "
    "our business.\n\nSee https://example.org/a-very-long-address-without-any-place-to-break-it"
    "?press=7&since=2026-11-01 for the drawing."
)


def furnish(organisation: Organisation) -> dict[str, str]:
    """Fill an organisation with cases of every kind; tell their numbers."""
    organisation.move(-100)
    closed = file(organisation, what="The first one, closed long ago.")
    case = case_id(organisation, closed)
    act(organisation, "bo", case, "acknowledgement")
    act(organisation, "bo", case, "feedback", adds={"final": True, "next_on": None})
    act(organisation, "bo", case, "closing", adds={"outcome": "partly"})
    organisation.move(88)
    late = file(organisation, what="The second one, late.")
    organisation.move(12)
    broken = file(organisation, what="The one that was tampered with.")
    for _ in range(2):
        act(organisation, "anna", case_id(organisation, broken), "message")
    with organisation.parts.database.writing() as session:
        run = session.connection().exec_driver_sql
        where = f"case_id = x'{case_id(organisation, broken)}' AND seq = 3"
        run(f"DELETE FROM entry_seals WHERE entry_id IN (SELECT id FROM entries WHERE {where})")  # noqa: S608 - our own words
        run(f"DELETE FROM entries WHERE {where}")  # noqa: S608 - the same
    named = {"closed": closed, "late": late, "broken": broken}
    return {name: number(organisation, filed) for name, filed in named.items()}


def states(at: AtDesk, cases: dict[str, str], language: str) -> Iterator[str]:
    """Go through the desk; yields the name of each state when it is on the screen."""
    yield from _entrance(at, language)
    yield from _lists(at)
    yield from _keys(at)
    yield from _one_case(at, cases)
    yield from _locked(at)


def _keys(at: AtDesk) -> Iterator[str]:
    page = at.page
    page.goto(page.url.split("#")[0] + "#/keys")
    shown = at.view("keys").locator("[data-part='keys-shown']")
    expect(shown).to_be_visible()
    yield "keys"
    at.form("passkey").locator("button").click()
    yield "keys with faults"
    for button, field in (("print-key", "again-paper"), ("change-passphrase", "again-words")):
        page.locator(f"[data-act='{button}']").click()
        yield f"{button}: open it again"
        page.locator(f"#{field}").fill(at.passphrase("anna"))
        page.keyboard.press("Enter")
        expect(page.locator(f"#{field}")).to_be_hidden()
        yield f"{button}: shown"
    page.locator("[data-act='words-written']").click()
    yield "a new passphrase is typed back"


def _entrance(at: AtDesk, language: str) -> Iterator[str]:
    page = at.page
    page.goto(at.site.url(f"/{language}/desk"))
    expect(at.view("sign-in")).to_be_visible()
    yield "sign-in"
    at.form("code").locator("button").click()
    yield "sign-in with faults"
    at.arrive(language=language)
    yield "passphrase"
    page.locator("#passphrase").fill("not right")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in-status")).not_to_be_empty()
    expect(page.locator("[aria-busy]")).to_have_count(0)
    yield "wrong passphrase"
    page.locator("#passphrase").fill(at.passphrase("anna"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-part='rows'] tr").first).to_be_visible()


def _lists(at: AtDesk) -> Iterator[str]:
    expect(at.page.locator("[data-part='keyring-news']")).to_be_visible()
    yield "cases with news of the keyring"
    for shown in ("closed", "week", "past", "unread"):
        at.page.locator(f"[data-shown='{shown}']").click()
        expect(at.page.locator(f"[data-shown='{shown}'][aria-current]")).to_be_visible()
        yield f"cases: {shown}"
    _go(at.page, "#/case/NO-SUCH")
    expect(at.view("missing")).to_be_visible()
    yield "no such case"


def _one_case(at: AtDesk, cases: dict[str, str]) -> Iterator[str]:
    page = at.page
    _go(page, f"#/case/{cases['closed']}")
    at.case_is_open(cases["closed"])
    yield "closed case"
    _go(page, f"#/case/{cases['broken']}")
    at.case_is_open(cases["broken"])
    yield "case that is not whole"
    fresh = at.filed(what=LONG, left_out=["bo"])
    _go(page, f"#/case/{fresh}")
    at.case_is_open(fresh)
    yield "fresh case"
    at.choose("acknowledgement")
    yield "acknowledging"
    at.choose("feedback")
    page.locator("#final-2").check()
    at.send("feedback", measures="", reasons="", next_on="")
    expect(page.locator(".summary-of-errors")).to_be_focused()
    yield "feedback with faults"
    at.choose("acknowledgement")
    at.send("acknowledgement")
    expect(page.locator("#kind-closing")).to_be_visible()
    at.choose("closing")
    yield "closing"
    at.send("closing")
    yield "closing with faults"
    at.choose("message")
    at.send("message", message=LONG)
    expect(at.entries()).to_have_count(4)
    at.send("note", note=LONG)
    expect(page.locator("[data-part='notes'] .entry").first).to_be_visible()
    yield "case with message and note"
    page.locator("[data-part='warning']").evaluate("one => { one.hidden = false; }")
    yield "warning before the lock"


def _locked(at: AtDesk) -> Iterator[str]:
    page = at.page
    page.locator("#message").fill("Not sent yet")
    page.locator("[data-act='lock']").click()
    expect(at.view("locked")).to_be_visible()
    yield "locked"
    at.organisation.now += timedelta(minutes=16)
    page.locator("#passphrase-again").fill(at.passphrase("anna"))
    page.keyboard.press("Enter")
    expect(page.locator("#code-again")).to_be_visible()
    yield "locked, code needed"
    page.evaluate("""localStorage.setItem("whistle-keyring", '{"serial": 9, "sha256": "AAAA"}')""")
    page.locator("#code-again").fill(at.code("anna"))
    page.locator("#passphrase-again").fill(at.passphrase("anna"))
    page.keyboard.press("Enter")
    expect(at.view("alarm")).to_be_visible()
    yield "stopped: the keyring is not right"


def _go(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", place)


def announce(organisation: Organisation) -> None:
    """Publish a keyring that takes effect in a week, so that it is announced."""

    def another_role(keyring: dict[str, list[dict[str, str]]]) -> None:
        keyring["handlers"][1]["role_text"] = "Case handler, new in the job"

    publish_keyring(organisation, change=another_role)
