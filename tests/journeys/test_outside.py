"""What leaves the circle: consent asked and answered, duties, and packages, in real browsers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import acts
from tests.journeys.at_desk import AtDesk
from tests.journeys.looking import clipped, faults, overflow, small
from tests.journeys.reporting import Reporter
from tests.journeys.serving import Site
from whistle.crypto import package
from whistle.crypto.age.encoding import bech32_encode
from whistle.crypto.age.file import decrypt
from whistle.crypto.age.x25519 import ClassicPrivateKey
from whistle.crypto.receipt import Receipt
from whistle.services.reporting import unscripted
from whistle.storage.tables import Case, LogEvent

Look = Callable[..., Page]
WHAT = "Rut Alm saw that Kalle Berg took the money. Bo Ek knows."


@pytest.fixture
def code(shared: Site) -> str:
    """The code of a report that says who reports."""
    assert shared.organisation is not None
    code = unscripted.new_code()
    body = acts.body(WHAT) | {"reporter": {"name": "Rut Alm", "contact": "rut@example.org"}}
    unscripted.file_for(shared.organisation.parts, code, channel="main", body=body)
    return code


@pytest.fixture
def anna(look: Look, shared: Site, code: str) -> AtDesk:
    """Anna with the case open."""
    at_desk = AtDesk(look(), shared)
    at_desk.sign_in()
    at_desk.open_case(case_number(shared, code))
    return at_desk


def case_number(site: Site, code: str) -> str:
    """The number by which handlers call the case of a code."""
    assert site.organisation is not None
    with site.organisation.parts.database.reading() as session:
        mailbox_id = Receipt.parse(code).mailbox_id
        found = session.scalar(select(Case.number).where(Case.mailbox_id == mailbox_id))
    assert found is not None
    return found


def unfold(at_desk: AtDesk, name: str) -> None:
    """Open one of the folded forms, by keyboard."""
    at_desk.page.locator(f"[data-outside='{name}'] summary").focus()
    at_desk.page.keyboard.press("Enter")


def ask_consent(anna: AtDesk) -> None:
    """Ask for the name, for the police."""
    unfold(anna, "consent_request")
    anna.send("consent_request")
    expect(anna.page.locator(".summary-of-errors li")).to_have_count(3)
    anna.page.get_by_label("The reporter's name").first.check()
    anna.send("consent_request", ask_recipient="The police", ask_why="They want to hear you.")
    anna.told("The reporter is asked", "outside")


def press_answer(me: Reporter, name: str) -> None:
    """Press an answer with the keyboard."""
    me.page.get_by_role("button", name=name, exact=True).focus()
    me.page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False])
def test_invariant_18_consent_is_asked_given_and_taken_back(
    anna: AtDesk,
    look: Look,
    code: str,
    scripts: bool,  # noqa: FBT001  # both ways of a parameter
) -> None:
    """By keyboard, with scripts and without; both sides read the same."""
    ask_consent(anna)
    me = Reporter(look(scripts=scripts), anna.site)
    me.come_back(code)
    main = me.page.locator("main")
    for words in ("The police", "Your name", "They want to hear you.", "You have not answered."):
        expect(main).to_contain_text(words)
    if scripts:
        assert (faults(me.page), overflow(me.page)) == ([], 0)
    press_answer(me, "Yes, they may be told")
    expect(main).to_contain_text("You have agreed. You can take it back here.")
    expect(me.page.get_by_role("button", name="Yes, they may be told")).to_be_hidden()
    press_answer(me, "I take it back")
    expect(main).to_contain_text("You have said no. Nobody is told who you are.")
    expect(me.page.locator(".thread .entry").last).to_contain_text("I do not agree.")
    given = [
        one["head"]["given"]
        for one in unscripted.look(anna.organisation.parts, code).entries
        if one["kind"] == "consent"
    ]
    assert given == [True, False]


def test_invariant_21_a_package_goes_as_shown_after_the_reporter_has_seen_it(
    anna: AtDesk, look: Look, code: str, tmp_path: Path
) -> None:
    """Names covered, the reporter's answer awaited, sealed to their key, logged without content."""
    unfold(anna, "package")
    anna.page.locator("#package_to").select_option("authority")
    anna.page.locator("#package_cover").fill("Kalle Berg")
    anna.send("package", package_name="The inspectorate", package_basis="They asked for it.")
    preview = anna.page.locator("[data-part='package-preview']")
    expect(preview).to_contain_text("[covered] saw that [covered] took the money.")
    for hidden in ("Rut", "Alm", "Kalle", "Bo Ek", "rut@"):
        expect(preview).not_to_contain_text(hidden)
    shown = "\n".join(preview.locator(".text").all_inner_texts())
    theirs, recipient = classic_key()
    go = anna.form("go")
    go.get_by_label("Sealed to the recipient's key").check()
    anna.send("go", package_public_key=recipient)
    expect(go.locator(".summary-of-errors")).to_contain_text("has not seen this version")
    expect(go.locator(".summary-of-errors")).to_contain_text("Look through the text for names")
    go.get_by_label("I have looked for names").check()
    anna.send("preview", answer_by="2026-12-01")
    anna.told("The reporter can see it now", "outside")
    me = Reporter(look(scripts=False), anna.site)
    me.come_back(code)
    last = me.page.locator(".thread .entry").last
    expect(last).to_contain_text("You can answer until 1 December 2026, before it goes.")
    expect(last).to_contain_text("[covered] saw that [covered] took the money.")
    anna.send("go")
    expect(go.locator(".summary-of-errors")).to_contain_text("or still has time")
    me.message("That is fine with me.")
    press_reload(anna)
    with anna.page.expect_download() as started:
        anna.send("go")
    anna.told("the file is saved", "outside")
    assert started.value.suggested_filename == "material.html.age"
    file = tmp_path / "sealed"
    started.value.save_as(file)
    with file.open("rb") as sealed:
        page = b"".join(decrypt(sealed, [theirs]))
    found = package.read(page)
    assert "\n".join(text for one in found.entries for text in one.texts) == shown
    for secret in ("Rut", "Kalle", "Bo Ek", "Anna", case_number(anna.site, code)):
        assert secret.encode() not in page
    notes = anna.page.locator("[data-part='notes'] > .entry").last
    expect(notes).to_contain_text("The inspectorate")
    with anna.organisation.parts.database.reading() as session:
        events = session.scalars(select(LogEvent).order_by(LogEvent.position)).all()
    exported = [one.payload for one in events if b'"Exported"' in (one.payload or b"")][-1]
    assert exported is not None
    assert b'"to":"authority"' in exported.replace(b": ", b":")
    assert b"inspectorate" not in exported


def classic_key() -> tuple[ClassicPrivateKey, str]:
    """An authority's classic age key, and its public half as text."""
    private = X25519PrivateKey.generate()
    raw = private.private_bytes_raw()
    return ClassicPrivateKey(raw), bech32_encode("age", private.public_key().public_bytes_raw())


def press_reload(anna: AtDesk) -> None:
    """Let the desk see what has come: open the case once more, with the choices kept."""
    anna.send("message", message="Thank you.")
    anna.told("sent")


def test_invariant_20_the_names_of_others_are_covered_everywhere(
    anna: AtDesk, tmp_path: Path
) -> None:
    """Typed, or marked by keyboard; the plain file has no script and opens as it was shown."""
    unfold(anna, "package")
    anna.page.locator("#package_to").select_option("counsel")
    anna.send("package", package_name="A lawyer", package_basis="Advice.")
    preview = anna.page.locator("[data-part='package-preview']")
    anna.page.get_by_role("button", name="Cover what is marked").click()
    anna.told("Mark some words", "outside")
    preview.locator(".text").first.evaluate(
        """(one) => {
          const range = document.createRange();
          range.setStart(one.firstChild, one.textContent.indexOf("took"));
          range.setEnd(one.firstChild, one.textContent.indexOf("money") + 5);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    anna.page.get_by_role("button", name="Cover what is marked").focus()
    anna.page.keyboard.press("Enter")
    expect(preview).to_contain_text("Kalle Berg [covered].")
    expect(anna.page.locator("#package_cover")).to_have_value("took the money")
    go = anna.form("go")
    go.get_by_label("As a readable file").check()
    go.get_by_label("I have looked for names").check()
    with anna.page.expect_download() as started:
        anna.send("go", no_time="The limitation period ends today.")
    notes = anna.page.locator("[data-part='notes'] > .entry").last
    expect(notes).to_contain_text("The limitation period ends today.")
    file = tmp_path / "material.html"
    started.value.save_as(file)
    assert package.read(file.read_bytes()).to == "counsel"
    said: list[str] = []
    anna.page.on("console", lambda message: said.append(message.text))
    reader = anna.page.context.new_page()
    reader.on("console", lambda message: said.append(message.text))
    reader.goto(file.as_uri())
    expect(reader.get_by_role("heading", level=1)).to_have_text("Material from a report")
    expect(reader.locator("article").first).to_contain_text("Kalle Berg [covered].")
    assert reader.locator("body").evaluate("(one) => getComputedStyle(one).maxWidth") == "704px"
    assert (faults(reader), overflow(reader), said) == ([], 0, [])


def test_invariant_18_the_name_goes_only_with_a_recorded_disclosure(
    anna: AtDesk, look: Look, code: str
) -> None:
    """Consent, then the disclosure in the thread, then the package may say the name, no more."""
    select_identity = anna.page.locator("#package_disclosure")
    expect(select_identity.locator("option")).to_have_count(1)
    ask_consent(anna)
    me = Reporter(look(), anna.site)
    me.come_back(code)
    press_answer(me, "Yes, they may be told")
    expect(me.page.locator("main")).to_contain_text("You have agreed.")
    press_reload(anna)
    unfold(anna, "disclosure")
    anna.page.locator("#told_basis").select_option(label_of(anna, "Consent of"))
    anna.send("disclosure", told_why="They will hear her.")
    anna.told("The disclosure is recorded", "outside")
    unfold(anna, "package")
    anna.page.locator("#package_to").select_option("police")
    select_identity.select_option(index=1)
    anna.send("package", package_name="A newspaper", package_basis="Consent.")
    anna.told("names another recipient", "outside")
    anna.send("package", package_name="The police", package_basis="Consent.")
    preview = anna.page.locator("[data-part='package-preview']")
    expect(preview).to_contain_text("Rut Alm saw that Kalle Berg")
    expect(preview).not_to_contain_text("rut@example.org")
    expect(preview).not_to_contain_text("Bo Ek")


def test_invariant_19_a_duty_is_announced_and_waits(anna: AtDesk, look: Look, code: str) -> None:
    """The reporter reads it; before its day it is no basis, and what cannot wait says why."""
    unfold(anna, "disclosure_notice")
    expect(anna.form("disclosure_notice").locator("..")).to_contain_text("29 November 2026")
    anna.page.locator("#notice_duty").select_option("court")
    anna.page.locator("#notice_scope").check()
    anna.send("disclosure_notice", notice_recipient="The district court", notice_why="An order.")
    anna.told("The reporter is told", "outside")
    me = Reporter(look(), anna.site)
    me.come_back(code)
    expect(me.page.locator(".thread .entry").last).to_contain_text("29 November 2026 at the earl")
    unfold(anna, "disclosure")
    expect(anna.page.locator("#told_basis option")).to_have_count(3)
    anna.page.locator("#told_basis").select_option("untold")
    anna.send("disclosure")
    expect(anna.form("disclosure").locator(".summary-of-errors li")).to_have_count(5)
    anna.page.locator("#told_duty").select_option("investigation")
    anna.page.locator("#told_cannot_wait").select_option("would_jeopardise")
    anna.page.locator("#told_scope").check()
    anna.send("disclosure", told_recipient="A prosecutor", told_why="Evidence would vanish.")
    anna.told("The disclosure is recorded", "outside")
    notes = anna.page.locator("[data-part='notes'] > .entry")
    expect(notes.last).to_contain_text("the reporter does not know of it yet")
    me.page.get_by_role("button", name="Send the message").wait_for()
    expect(me.page.locator("main")).not_to_contain_text("A prosecutor")


def label_of(anna: AtDesk, begins: str) -> Any:
    """The value of the first basis whose words begin so."""
    option = anna.page.locator("#told_basis option").filter(has_text=begins).first
    return option.get_attribute("value")


def test_only_what_goes_is_printed(anna: AtDesk) -> None:
    """The preview alone, whole, without the page around it, and not before it is noted."""
    unfold(anna, "package")
    anna.page.locator("#package_to").select_option("court")
    anna.send("package", package_name="The court", package_basis="An order.")
    preview = anna.page.locator("[data-part='package-preview']")
    expect(preview).to_be_visible()
    anna.page.evaluate("() => { window.print = () => { document.title = 'printed'; }; }")
    anna.form("go").get_by_label("On paper").check()
    anna.send("go")
    expect(anna.form("go").locator(".summary-of-errors li")).to_have_count(2)
    assert anna.page.title() != "printed"
    anna.form("go").get_by_label("I have looked for names").check()
    anna.send("go", no_time="The hearing is today.")
    expect(anna.page).to_have_title("printed")
    anna.page.emulate_media(media="print")
    expect(preview).to_be_visible()
    for hidden in ("h1", "[data-part='thread']", "#package_to", "#outside-heading"):
        assert anna.page.locator(f"{hidden}:visible").count() == 0, hidden
    anna.page.emulate_media(media="screen")
    anna.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    anna.told("It is noted, and printed", "outside")
    expect(preview).to_be_hidden()
    notes = anna.page.locator("[data-part='notes'] > .entry")
    expect(notes.last).to_contain_text("The hearing is today.")


@pytest.mark.parametrize(("language", "scheme"), [("sv", "light"), ("en", "dark")])
def test_the_forms_are_whole_for_everybody(
    look: Look, shared: Site, code: str, language: str, scheme: str
) -> None:
    """Axe finds nothing, 320 pixels show all of it, controls are large; in both languages."""
    page = look(color_scheme=scheme, viewport={"width": 320, "height": 640})
    at_desk = AtDesk(page, shared)
    at_desk.sign_in(language=language)
    at_desk.open_case(case_number(shared, code))
    for name in ("consent_request", "disclosure_notice", "disclosure", "persons", "package"):
        unfold(at_desk, name)
    page.locator("#told_basis").select_option("now")
    page.locator("#package_to").select_option("other")
    at_desk.send("package", package_name="x", package_basis="y")
    expect(page.locator("[data-part='package-preview'] .text").first).to_be_visible()
    page.locator("input[name='package_form'][value='sealed']").check()
    found = (faults(page), overflow(page), clipped(page), small(page, 24))
    assert found == ([], 0, [], [])
