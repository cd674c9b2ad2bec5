"""Who would read the report: chosen by name from a keyring that the browser verified."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests import acts, recovery_key
from tests.journeys.reporting import (
    KEYRING,
    TEXT,
    Reporter,
)
from tests.journeys.serving import Site
from tests.organisation import CHEAP_LOG_N
from whistle.crypto.encoding import b64u
from whistle.services.operating.ceremony import Appointed, enrol

Look = Callable[..., Page]


def test_nobody_left_is_not_sent_and_one_must_be_agreed_to(reporter: Reporter) -> None:
    """By name; another single person must be agreed to anew."""
    page = reporter.page
    reporter.write(until="readers")
    for name in ("Anna Lind", "Bo Ek", "Carin Dahl"):
        page.get_by_label(name, exact=True).check()
    reporter.go_on()
    expect(reporter.problem()).to_contain_text("Nobody would be left to read the report.")
    expect(page.locator("#step-readers")).to_contain_text("Help and other ways")
    page.get_by_label("Anna Lind", exact=True).uncheck()
    reporter.go_to_from("readers", "check")
    expect(page.locator("[data-one-reader]")).to_contain_text("Anna Lind, Case handler, lawyer")
    reporter.go_on()
    expect(reporter.problem()).to_contain_text("Tick that one person may read this")
    page.locator("#one_reader").check()
    reporter.go_on()
    reporter.on_step("code")
    page.go_back()
    assert page.locator("#one_reader").is_checked()
    page.locator("[data-answers] a[href='#step-readers']").first.click()
    page.get_by_label("Bo Ek", exact=True).uncheck()
    page.get_by_label("Anna Lind", exact=True).check()
    reporter.go_on()
    reporter.on_step("check")
    expect(page.locator("[data-one-reader]")).to_contain_text("Bo Ek")
    assert not page.locator("#one_reader").is_checked()


def spoiled(route: Route) -> None:
    """The keyring with one byte of its signature changed."""
    answer = route.fetch().json()
    signature = answer["keyrings"][0]["signature"]
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"
    answer["keyrings"][0]["signature"] = signature[:middle] + other + signature[middle + 1 :]
    route.fulfill(json=answer)


def of_another_root(site: Site) -> Callable[[Route], None]:
    """The keyring of another organisation, whole, under its own root."""
    return lambda route: route.fulfill(json=site.app.test_client().get("/api/v1/keyring").json)


def test_a_keyring_that_does_not_verify_stops_everything(alone: Reporter, shared: Site) -> None:
    """A clear sentence, no list of names, and nothing is ever posted."""
    for answer in (spoiled, of_another_root(shared)):
        with alone.answered(KEYRING, answer):
            alone.write(until="readers")
            status = alone.page.locator("[data-readers-status]")
            expect(status).to_contain_text("cannot be verified. Nothing is sent.")
            expect(alone.page.locator("[data-readers]")).to_be_hidden()
            with alone.page.expect_response(KEYRING):  # asked for once more
                alone.go_on()
            alone.on_step("readers")
        alone.page.once("dialog", lambda dialog: dialog.accept())
        alone.page.goto("about:blank")
    assert alone.posts("/") == []
    assert alone.cases() == 0


def test_a_keyring_that_does_not_come_is_asked_for_again(reporter: Reporter) -> None:
    """Continue tries once more, and the text is still there."""
    with reporter.answered(KEYRING, lambda route: route.abort()):
        reporter.write(until="readers")
        status = reporter.page.locator("[data-readers-status]")
        expect(status).to_contain_text("did not arrive. Your text is still here.")
    reporter.go_on()
    expect(reporter.page.get_by_label("Anna Lind", exact=True)).to_be_visible()


def test_a_worker_that_does_not_come_never_means_unsealed(alone: Reporter) -> None:
    """The form stays where it is and says so."""
    with alone.answered("**/reporter-worker*", lambda route: route.abort()):
        alone.write(until="readers")
        status = alone.page.locator("[data-readers-status]")
        expect(status).to_contain_text("Your browser could not encrypt. Nothing was sent")
    assert alone.posts("/") == []


def test_a_page_script_that_does_not_come_leaves_the_honest_form(alone: Reporter) -> None:
    """The page says that the server encrypts, and does what it says."""
    with alone.answered("**/static/reporter-*.js", lambda route: route.abort()):
        alone.open("/report")
        note = alone.page.locator("[data-without-scripts] .notice")
        expect(note).to_contain_text("Our server therefore encrypts your report")
        alone.page.locator("#what").fill(TEXT)
        alone.page.locator("#report-form button.primary:visible").click()
        expect(alone.page.locator("h1")).to_have_text("Check your answers")


def add_dan(content: dict[str, Any]) -> None:
    """Change a keyring's content: Dan is new."""
    dan = enrol(Appointed("dan", "Dan Ny", "Lawyer", {"main": "handler"}), log_n=CHEAP_LOG_N)
    keys = {"age": str(dan.private_key.public_key), "sign": b64u(dan.signing_key.public)}
    fresh = content["handlers"][0] | {"id": "dan", "person": "dan", "name": "Dan Ny"}
    content["handlers"].append(fresh | keys | {"from": content["issued_on"]})


def test_a_keyring_that_changed_meanwhile(alone: Reporter) -> None:
    """The same readers: sealed again and sent. Another reader: shown before anything is sent."""
    alone.write(until="code")
    acts.publish_keyring(alone.organisation)
    code = alone.shown_code()
    alone.press_send()
    alone.on_step("sent")
    assert [one.response().status for one in alone.posts()] == [409, 201]  # type: ignore[union-attr] # answered
    assert alone.first(code)["head"]["keyring"]["serial"] == 2
    alone.write(until="code")
    code = alone.shown_code()
    acts.publish_keyring(alone.organisation, change=add_dan, cosigner="anna")
    alone.press_send()
    alone.on_step("readers")
    expect(alone.problem()).to_contain_text("The persons who read reports have changed.")
    alone.page.get_by_label("Dan Ny", exact=True).check()
    alone.go_to_from("readers", "code")
    assert alone.shown_code() == code
    alone.press_send()
    alone.on_step("sent")
    assert alone.first(code)["head"]["left_out"] == ["dan"]
    assert alone.cases() == 2


def test_the_recovery_key_is_named_and_stays_left_out(alone: Reporter) -> None:
    """Its tick survives a list that changed; a key that is new is shown before anything is sent."""
    alone.write(until="code")
    recovery_key.publish(alone.organisation)
    alone.press_send()
    alone.on_step("readers")
    tick = alone.page.get_by_label("Leave out the recovery key as well")
    expect(alone.page.locator("[data-readers]")).to_contain_text("David Ek, Eva Sten, Bo Ek")
    alone.go_to_from("readers", "check")
    answers = alone.page.locator("[data-answers]")
    expect(answers).to_contain_text("can open the report together: David Ek, Eva Sten, Bo Ek")
    alone.page.go_back()
    alone.page.goto(f"{alone.page.url.split('#')[0]}#step-readers")
    tick.check()
    alone.go_to_from("readers", "check")
    expect(answers).to_contain_text("The recovery key is left out")
    alone.go_on()
    code = alone.shown_code()
    acts.publish_keyring(alone.organisation, change=add_dan, cosigner="anna")
    alone.press_send()
    alone.on_step("readers")
    expect(tick).to_be_checked()
    alone.go_to_from("readers", "code")
    alone.press_send()
    alone.on_step("sent")
    assert alone.first(code)["head"]["recovery"] is None


def test_a_coming_keyring_is_announced_and_an_old_one_told(alone: Reporter) -> None:
    """From the verified keyring, by name; a keyring that is too old closes the form."""
    acts.publish_keyring(alone.organisation, change=add_dan)
    alone.write(until="readers")
    notices = alone.page.locator("[data-notices]")
    expect(notices).to_contain_text("A new list takes effect on 29 November 2026.")
    expect(notices).to_contain_text("New: Dan Ny")
    expect(alone.page.get_by_label("Dan Ny", exact=True)).to_have_count(0)
    alone.go_to_from("readers", "check")
    question = alone.page.locator("[data-answers] dt", has_text="Who should not read")
    expect(question).to_have_count(1)
    alone.page.once("dialog", lambda dialog: dialog.accept())
    alone.page.goto("about:blank")
    alone.organisation.move(320)
    alone.write(until="readers")
    expect(notices).to_contain_text("The list of persons is out of date")
    alone.organisation.move(80)
    alone.page.reload()
    expect(alone.page.locator("h1")).to_have_text("The form is closed")
