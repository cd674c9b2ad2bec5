"""The desk in a real browser: signing in, the list, the lock and the list of keys."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.acts import case_id, file, publish_keyring
from tests.journeys.at_desk import AtDesk, number
from tests.journeys.serving import Site

Look = Callable[..., Page]
WAIT = timedelta(minutes=16)


@pytest.fixture
def own(serve: Callable[[], Site]) -> Site:
    """A site of this test's own."""
    return serve()


@pytest.fixture
def at_desk(look: Look, own: Site) -> AtDesk:
    """A handler's browser on that site."""
    return AtDesk(look(), own)


# Signing in


def test_every_wrong_sign_in_has_one_answer(at_desk: AtDesk) -> None:
    """An unknown name, a wrong code and a used code are told in the same words."""
    at_desk.page.goto(at_desk.site.url("/en/desk"))
    used = at_desk.code("anna")
    at_desk.organisation.people  # noqa: B018 - the cast is made before the first try
    said = []
    for name, code in (("nobody", used), ("anna", "000000"), ("anna", "12"), ("anna", "")):
        at_desk.page.locator("#person").fill(name)
        at_desk.page.locator("#code").fill(code or "x")
        at_desk.page.keyboard.press("Enter")
        expect(at_desk.page.locator("#sign-in-status")).to_contain_text("did not work")
        said.append(at_desk.page.locator("#sign-in-status").inner_text())
    assert len(set(said)) == 1


def test_empty_fields_are_named_before_anything_is_sent(at_desk: AtDesk) -> None:
    """The summary takes the focus, its words are those at the fields, its links lead there."""
    page = at_desk.page
    page.goto(at_desk.site.url("/en/desk"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("button", name="Continue").click()
    summary = page.locator(".summary-of-errors")
    expect(summary).to_be_focused()
    words = summary.get_by_role("link").all_inner_texts()
    assert len(words) == 2
    for sentence in words:
        expect(page.locator(".field .error", has_text=sentence)).to_be_visible()
    summary.get_by_role("link").first.click()
    expect(page.locator("#person")).to_be_focused()
    assert page.locator("#person").get_attribute("aria-invalid") == "true"
    assert asked == []


def test_a_wrong_passphrase_needs_no_new_code(at_desk: AtDesk) -> None:
    """It is said plainly, and the next try opens the key."""
    at_desk.arrive()
    at_desk.page.locator("#passphrase").fill("six words that are not right")
    at_desk.page.keyboard.press("Enter")
    at_desk.told("The passphrase is not right", "sign-in")
    at_desk.page.locator("#passphrase").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.view("cases")).to_be_visible()


def test_the_passphrase_can_be_shown(at_desk: AtDesk) -> None:
    """Six words are hard to type blind."""
    at_desk.arrive()
    field = at_desk.page.locator("#passphrase")
    assert field.get_attribute("type") == "password"
    at_desk.page.locator("#show-passphrase").check()
    assert field.get_attribute("type") == "text"


def test_a_sign_in_that_takes_too_long_starts_again(at_desk: AtDesk) -> None:
    """Ten minutes after the code the passphrase alone no longer opens a session."""
    at_desk.arrive()
    at_desk.organisation.now += timedelta(minutes=11)
    at_desk.page.locator("#passphrase").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    at_desk.told("Write a new one-time code", "sign-in")
    expect(at_desk.page.locator("#person")).to_be_focused()


def test_nothing_secret_leaves_the_browser(at_desk: AtDesk) -> None:
    """No request holds the passphrase or a text, and the device keeps a serial and a hash."""
    sent: list[str] = []
    at_desk.page.on("request", lambda one: sent.append(f"{one.url} {one.post_data or ''}"))
    at_desk.start(what="Used oil is poured into the drain.")
    at_desk.send("message", message="Which drain is it, please?")
    at_desk.told("The message is sent")
    everything = "\n".join(sent)
    for secret in (at_desk.passphrase("anna"), "AGE-SECRET-KEY", "Which drain", "Used oil"):
        assert secret not in everything
    kept = at_desk.page.evaluate("JSON.stringify({...localStorage})")
    assert kept.count("serial") == kept.count("sha256") == 1
    assert len(kept) < 130
    assert at_desk.page.evaluate("sessionStorage.length") == 0
    cookies = at_desk.page.context.cookies()
    assert [(one["name"], one["httpOnly"], one["secure"]) for one in cookies] == [
        ("__Host-desk", True, True)
    ]
    assert at_desk.page.evaluate("document.cookie") == ""


# The list


def test_the_list_is_sorted_by_nearest_date_and_counts(at_desk: AtDesk) -> None:
    """Each counter is a filter with an address of its own; Back leads to the one before."""
    organisation = at_desk.organisation
    organisation.move(-20)
    late = at_desk.filed()
    organisation.move(18)
    soon = at_desk.filed()
    organisation.move(2)
    fresh = at_desk.filed()
    at_desk.sign_in()
    at_desk.shows(late, soon, fresh)
    counters = at_desk.page.locator(".counters")
    expect(counters).to_contain_text("1 past a date")
    expect(counters).to_contain_text("2 due within 7 days")
    expect(counters).to_contain_text("3 unread")
    counters.get_by_role("link", name="past a date").click()
    expect(at_desk.page.locator("caption")).to_have_text("Cases past a date")
    at_desk.shows(late)
    assert at_desk.page.url.endswith("#/past")
    at_desk.page.go_back()
    expect(at_desk.page.locator("caption")).to_contain_text("Open cases")
    counters.get_by_role("link", name="closed").click()
    expect(at_desk.page.get_by_text("No case is closed yet.")).to_be_visible()


def test_unread_goes_when_the_case_was_opened(at_desk: AtDesk) -> None:
    """And the first words of what was opened here tell the cases apart."""
    at_desk.start(what="Used oil is poured into the drain.")
    at_desk.page.get_by_role("link", name="All cases").click()
    row = at_desk.page.locator("[data-part='rows'] tr")
    expect(row).to_contain_text("Used oil is poured into the drain.")
    expect(row.get_by_text("Unread")).to_be_hidden()


def test_an_excluded_handler_finds_nothing(at_desk: AtDesk) -> None:
    """Not in the list, not in a count, not under the case's own address."""
    filed = file(at_desk.organisation, left_out=["bo"])
    hidden = number(at_desk.organisation, filed)
    at_desk.sign_in("bo")
    expect(at_desk.page.get_by_text("No open cases.")).to_be_visible()
    expect(at_desk.page.locator(".counters")).to_contain_text("0 open")
    at_desk.page.goto(at_desk.page.url.split("#")[0] + f"#/case/{hidden}")
    expect(at_desk.view("missing")).to_be_visible()
    ask = "async (id) => { const a = await fetch(`/api/v1/desk/cases/${id}`);"
    ask += " return [a.status, await a.text()]; }"
    foreign = at_desk.page.evaluate(ask, case_id(at_desk.organisation, filed))
    absent = at_desk.page.evaluate(ask, "ab" * 16)
    assert foreign == absent
    assert foreign[0] == 404


# The lock


def test_the_lock_blanks_the_screen_and_keeps_the_text(at_desk: AtDesk) -> None:
    """By hand: the passphrase alone opens it again, at the same place, with what was written."""
    case = at_desk.start(what="Used oil is poured into the drain.")
    at_desk.page.locator("#message").fill("A question that is not sent yet")
    at_desk.page.get_by_role("button", name="Lock").click()
    expect(at_desk.view("locked").get_by_role("heading")).to_be_focused()
    expect(at_desk.page.get_by_text("Your unsent text is kept")).to_be_visible()
    assert "Used oil" not in at_desk.page.locator("main").inner_html()
    expect(at_desk.page.locator("#code-again")).to_be_hidden()
    at_desk.page.locator("#passphrase-again").fill("not right")
    at_desk.page.keyboard.press("Enter")
    at_desk.told("The passphrase is not right", "locked")
    at_desk.page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    at_desk.case_is_open(case)
    expect(at_desk.page.locator("#message")).to_have_value("A question that is not sent yet")


def test_fifteen_minutes_without_work_lock_the_desk(look: Look, own: Site) -> None:
    """It warns a minute before, stays open while somebody works, and then asks for a code too."""
    page = look()
    page.clock.install()
    at_desk = AtDesk(page, own)
    case = at_desk.start()
    page.locator("#message").fill("Half a sentence")
    page.clock.run_for(14 * 60_000 + 1000)
    warning = page.locator("[data-part='warning']")
    expect(warning).to_contain_text("locks in 1 minute")
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    page.clock.run_for(14 * 60_000 + 1000)
    expect(warning).to_be_visible()
    page.clock.run_for(60_000)
    expect(at_desk.view("locked")).to_contain_text("after 15 minutes")
    at_desk.organisation.now += WAIT
    page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    page.keyboard.press("Enter")
    at_desk.told("Your sign-in has ended", "locked")
    expect(page.locator("#code-again")).to_be_focused()
    page.locator("#code-again").fill(at_desk.code("anna"))
    page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    page.keyboard.press("Enter")
    at_desk.case_is_open(case)
    expect(page.locator("#message")).to_have_value("Half a sentence")


def test_a_session_that_the_server_ended_locks_at_the_next_step(at_desk: AtDesk) -> None:
    """A new code and the passphrase open it again; the wrong code is told as at the sign-in."""
    at_desk.start()
    at_desk.organisation.now += WAIT
    at_desk.page.get_by_role("link", name="All cases").click()
    expect(at_desk.view("locked")).to_contain_text("Your sign-in has ended.")
    at_desk.page.locator("#code-again").fill("000000")
    at_desk.page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    at_desk.told("did not work", "locked")
    at_desk.page.locator("#code-again").fill(at_desk.code("anna"))
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.view("cases")).to_be_visible()


def _leave_in_another_tab(at_desk: AtDesk) -> None:
    """Press Leave on the reporters' side of the same address: every cookie goes."""
    other = at_desk.page.context.new_page()
    other.goto(at_desk.site.url("/en/"))
    other.locator(".leave button").first.click()
    other.wait_for_url("**/off*")
    other.close()
    assert at_desk.page.context.cookies() == []


def _sign_in_again(at_desk: AtDesk) -> None:
    expect(at_desk.page.locator("#code-again")).to_be_visible()
    at_desk.page.locator("#code-again").fill(at_desk.code("anna"))
    at_desk.page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")


def test_a_cookie_that_went_missing_is_a_sign_in_and_no_dead_end(at_desk: AtDesk) -> None:
    """What was sent without it waits as a draft, and goes out after a new code."""
    case = at_desk.start()
    at_desk.page.locator("#message").fill("A question that is not sent yet")
    _leave_in_another_tab(at_desk)
    at_desk.send("message")
    expect(at_desk.view("locked")).to_contain_text("Your sign-in has ended.")
    expect(at_desk.page.get_by_text("Your unsent text is kept")).to_be_visible()
    _sign_in_again(at_desk)
    at_desk.case_is_open(case)
    expect(at_desk.page.locator("#message")).to_have_value("A question that is not sent yet")
    at_desk.send("message")
    at_desk.told("The message is sent")


def test_a_locked_desk_whose_cookie_went_missing_opens_again(at_desk: AtDesk) -> None:
    """The passphrase alone is no longer enough; with a new code the draft is there."""
    case = at_desk.start()
    at_desk.page.locator("#message").fill("A question that is not sent yet")
    at_desk.page.get_by_role("button", name="Lock").click()
    expect(at_desk.view("locked")).to_be_visible()
    _leave_in_another_tab(at_desk)
    at_desk.page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    at_desk.told("Your sign-in has ended", "locked")
    _sign_in_again(at_desk)
    at_desk.case_is_open(case)
    expect(at_desk.page.locator("#message")).to_have_value("A question that is not sent yet")


def test_signing_out_leaves_nothing(at_desk: AtDesk) -> None:
    """The sign-in again, without the case's address, and Back shows nothing of it."""
    at_desk.start(what="Used oil is poured into the drain.")
    at_desk.sign_out()
    assert at_desk.page.url.endswith("/en/desk")
    at_desk.page.go_back()
    assert "Used oil" not in at_desk.page.content()


def test_nothing_on_the_page_loses_the_key_by_the_way(at_desk: AtDesk) -> None:
    """The site's name leads to the list; the languages, other documents, are there when out."""
    at_desk.start()
    expect(at_desk.page.get_by_role("link", name="Svenska")).to_be_hidden()
    at_desk.page.get_by_role("link", name="Forms").click()
    expect(at_desk.view("cases")).to_be_visible()
    at_desk.sign_out()
    expect(at_desk.page.get_by_role("link", name="Svenska")).to_be_visible()


def test_somebody_else_in_another_tab_ends_this_one(at_desk: AtDesk) -> None:
    """Both tabs share the cookie: the first one locks and asks for its own handler again."""
    at_desk.start()
    at_desk.page.get_by_role("button", name="Lock").click()
    other = AtDesk(at_desk.page.context.new_page(), at_desk.site)
    other.sign_in("bo")
    at_desk.page.locator("#passphrase-again").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    at_desk.told("Your sign-in has ended", "locked")
    expect(at_desk.page.locator("#code-again")).to_be_visible()


def test_leaving_with_unsent_text_is_asked_about(at_desk: AtDesk) -> None:
    """The browser's own question; without unsent text there is none."""
    at_desk.start()
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined] # playwright's Dialog
        dialog.dismiss()  # type: ignore[attr-defined] # the same

    at_desk.page.on("dialog", stay)
    at_desk.page.locator("#message").fill("Half a sentence")
    at_desk.page.evaluate("location.reload()")
    expect(at_desk.page.locator("#message")).to_have_value("Half a sentence")
    assert asked == ["beforeunload"]


# The list of keys


def test_a_change_of_the_keyring_is_shown_at_the_next_sign_in(at_desk: AtDesk) -> None:
    """Who came, who went and whose keys changed, since this browser's last sign-in."""
    at_desk.sign_in()
    news = at_desk.page.locator("[data-part='keyring-news']")
    expect(news).to_contain_text("First sign-in with this browser.")
    at_desk.page.get_by_role("button", name="I have read this").click()
    expect(news).to_be_hidden()

    def without_carin(keyring: dict[str, list[dict[str, str]]]) -> None:
        keyring["handlers"] = [one for one in keyring["handlers"] if one["id"] != "carin"]

    publish_keyring(at_desk.organisation, change=without_carin, cosigner="bo")
    at_desk.sign_out()
    at_desk.sign_in()
    expect(news).to_contain_text("Since your last sign-in with this browser")
    expect(news).to_contain_text("Removed: Carin Dahl")
    at_desk.sign_out()
    at_desk.sign_in()
    expect(news).to_be_hidden()


def test_whoever_was_let_in_unannounced_is_an_alarm_until_it_is_read(at_desk: AtDesk) -> None:
    """No handler signed for it, and this browser saw none of the days before it counted."""
    at_desk.sign_in()
    organisation = at_desk.organisation

    def renamed(keyring: dict[str, list[dict[str, str]]]) -> None:
        keyring["handlers"][1]["name"] = "Eve Ny"

    publish_keyring(organisation, change=renamed)
    assert organisation.parts.keyrings.published().chain.newest.serial == 2
    organisation.move(8)
    alarm = at_desk.page.locator("[data-part='keyring-news'] [role='alert']")
    for _ in range(2):  # leaving without having read it puts nothing away
        at_desk.sign_in()
        expect(alarm).to_contain_text("Somebody was let in that no handler signed for")
        expect(alarm).to_contain_text("Other name or task: Eve Ny")
    at_desk.page.get_by_role("button", name="I have read this").click()
    at_desk.sign_in()
    expect(alarm).to_have_count(0)


def test_an_older_keyring_than_was_seen_stops_everything(at_desk: AtDesk) -> None:
    """No list is shown, the key is gone; only with the officer's word the browser forgets."""
    at_desk.page.goto(at_desk.site.url("/en/desk"))
    seen = '{"serial": 7, "sha256": "' + "A" * 43 + '"}'
    at_desk.page.evaluate(f"localStorage.setItem('whistle-keyring', '{seen}')")
    at_desk.arrive()
    at_desk.page.locator("#passphrase").fill(at_desk.passphrase("anna"))
    at_desk.page.keyboard.press("Enter")
    expect(at_desk.view("alarm")).to_contain_text("shows an older list of keys")
    expect(at_desk.page.locator("[data-part='person']")).to_be_hidden()
    at_desk.page.get_by_role("button", name="Forget the old list").click()
    expect(at_desk.view("sign-in")).to_be_visible()
    at_desk.sign_in()
    expect(at_desk.view("cases")).to_be_visible()


# Without scripts


def test_without_scripts_the_desk_says_why_and_how(page_off: Page, own: Site) -> None:
    """And shows nothing that does not work."""
    page_off.goto(own.url("/sv/desk"))
    expect(page_off.get_by_role("heading", level=1)).to_have_text(
        "Handläggarsidan behöver JavaScript"
    )
    assert page_off.locator("main button:visible, main input:visible").count() == 0
    expect(page_off.get_by_text("Handläggarsidan startar.")).to_be_hidden()
