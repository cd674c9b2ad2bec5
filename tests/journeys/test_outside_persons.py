"""Witnesses and the person concerned: listed, covered, told on a ground; in real browsers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import acts
from tests.journeys.at_desk import AtDesk
from tests.journeys.serving import Site
from tests.journeys.test_outside import case_number
from whistle.crypto import package
from whistle.services.reporting import unscripted

Look = Callable[..., Page]
WHAT = "Siv Alm saw that Kalle Berg took the money. Kalle laughed."


@pytest.fixture
def anna(look: Look, shared: Site) -> AtDesk:
    """Anna with a case in which two are named."""
    at_desk = AtDesk(look(), shared)
    at_desk.start(what=WHAT)
    return at_desk


def unfold(at_desk: AtDesk, name: str) -> None:
    """Open one of the folded forms, by keyboard."""
    at_desk.page.locator(f"[data-outside='{name}'] summary").focus()
    at_desk.page.keyboard.press("Enter")


def list_person(at_desk: AtDesk, name: str, role: str) -> None:
    """Put somebody on the list."""
    at_desk.page.locator("#person_role").select_option(role)
    at_desk.send("person", person_name=name)
    at_desk.told("The name is on the list", "outside")


def persons(at_desk: AtDesk) -> Locator:
    """Who is listed, as it is shown."""
    return at_desk.page.locator("[data-part='persons'] > li")


def make_package(at_desk: AtDesk, recipient: str) -> Locator:
    """Ask for a package and return its preview."""
    at_desk.page.locator("#package_to").select_option("police")
    at_desk.send("package", package_name=recipient, package_basis="They asked for it.")
    return at_desk.page.locator("[data-part='package-preview']")


def test_invariant_20_a_name_goes_by_that_persons_consent_to_one_recipient(
    anna: AtDesk, look: Look, tmp_path: Path
) -> None:
    """Listed, covered for every colleague; a consent; another recipient; taken back; saved."""
    unfold(anna, "persons")
    expect(anna.form("person_ground")).to_be_hidden()
    list_person(anna, "Kalle Berg", "concerned")
    list_person(anna, "Siv Alm", "witness")
    expect(persons(anna)).to_have_count(2)
    expect(persons(anna).first).to_contain_text("Nobody may be told the name.")
    notes = anna.page.locator("[data-part='notes'] > .entry")
    expect(notes.last).to_contain_text("On the list of names: A witness")
    bo = AtDesk(look(), anna.site)
    bo.sign_in("bo")
    bo.open_case(anna.page.locator("[data-view='case'] [data-field='number']").inner_text())
    unfold(bo, "package")
    preview = make_package(bo, "The police")
    expect(preview).to_contain_text("[covered] saw that [covered] took the money.")
    expect(preview).not_to_contain_text("Kalle")
    record_consent(anna)
    unfold(anna, "package")
    kalle = anna.page.get_by_label("Kalle Berg, The person concerned")
    kalle.select_option(index=1)
    make_package(anna, "A newspaper")
    anna.told("names another recipient", "outside")
    preview = make_package(anna, "the  police")
    expect(preview).to_contain_text("[covered] saw that Kalle Berg took the money. Kalle laughed.")
    go = anna.form("go")
    go.get_by_label("As a readable file").check()
    go.get_by_label("I have looked for names").check()
    with anna.page.expect_download() as started:
        anna.send("go", no_time="The limitation period ends today.")
    anna.told("the file is saved", "outside")
    started.value.save_as(tmp_path / "material.html")
    page = (tmp_path / "material.html").read_bytes()
    assert package.read(page).to == "police"
    assert b"Kalle Berg" in page
    assert b"Siv" not in page
    expect(notes.last).to_contain_text("Who is named in it")
    expect(notes.last).to_contain_text("Kalle Berg")
    take_back(anna)
    unfold(anna, "package")
    expect(kalle.locator("option")).to_have_count(1)
    expect(make_package(anna, "The police")).not_to_contain_text("Kalle")


def test_names_and_numbers_are_covered_however_they_are_written(look: Look, shared: Site) -> None:
    """The reporter's name and telephone, and listed names, each written otherwise in the text."""
    assert shared.organisation is not None
    code = unscripted.new_code()
    what = (
        "Jag heter Siv Alm. Alm har ringt. Ring 0701234567 eller +46 70 123 45 67."
        " BERG, säger Kalle Bergs chef. Karl-Erik Ström vet. Enligt Stro\u0308m var dörren låst."
    )
    reporter = {"name": "Alm, Siv (nattskiftet)", "contact": "070-123 45 67"}
    body = acts.body(what) | {"reporter": reporter}
    unscripted.file_for(shared.organisation.parts, code, channel="main", body=body)
    anna = AtDesk(look(), shared)
    anna.sign_in()
    anna.open_case(case_number(shared, code))
    unfold(anna, "persons")
    list_person(anna, "Berg, Kalle", "concerned")
    list_person(anna, "Karl\u2011Erik (Kalle) Str\u00adöm", "witness")
    unfold(anna, "package")
    preview = make_package(anna, "The police")
    expect(preview).to_contain_text(
        "Jag heter [covered]. [covered] har ringt. Ring [covered] eller [covered]."
        " [covered], säger [covered] chef. [covered] vet. Enligt [covered] var dörren låst."
    )


def record_consent(anna: AtDesk) -> None:
    """Record Kalle's consent; what is missing, or yet to come, is told first."""
    anna.send("person_ground")
    errors = anna.form("person_ground").locator(".summary-of-errors li")
    expect(errors).to_have_count(4)
    anna.page.locator("#ground_person").select_option("Kalle Berg")
    anna.page.locator("#ground_by").select_option("in_writing")
    filled = {"ground_recipient": "The police", "ground_why": "His part in it. He wrote to us."}
    anna.send("person_ground", ground_given_on="2026-11-30", **filled)
    expect(errors).to_have_count(1)
    expect(errors).to_contain_text("not given yet")
    anna.send("person_ground", ground_given_on="2026-11-20")
    anna.told("It is recorded", "outside")
    expect(persons(anna).first).to_contain_text("Their own consent, in writing, 20 Nov 2026")


def take_back(anna: AtDesk) -> None:
    """End the consent."""
    options = anna.page.locator("#ended option")
    texts = options.all_inner_texts()
    at = next(at for at, text in enumerate(texts) if "consent" in text)
    anna.page.locator("#ended").select_option(index=at)
    anna.send("person_ended", ended_why="He took it back by telephone.")
    anna.told("It is ended", "outside")
    expect(persons(anna).first).to_contain_text("Nobody may be told the name.")
    last = anna.page.locator("[data-part='notes'] > .entry").last
    expect(last).to_contain_text("Ended: Kalle Berg")
