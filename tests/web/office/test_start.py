"""The office's first page, and that the desk's data is closed to the office."""

import pytest
from sqlalchemy import update

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.case import Role
from whistle.services.entrance import who
from whistle.services.notices import OUTSIDE
from whistle.services.upkeep import telling
from whistle.storage.tables import Notice, Person


@pytest.mark.parametrize(
    ("person_id", "sentence"),
    [("olle", "Runs the channel"), ("pia", "Reads the log and the figures")],
)
def test_the_office_tells_each_what_their_role_does(
    organisation: Organisation, person_id: str, sentence: str
) -> None:
    """By name, in the language of the address."""
    client = acts.sign_in(organisation, person_id).client
    page = client.get("/en/office", base_url=acts.SITE)
    assert page.status_code == 200
    assert sentence in page.text
    assert organisation.people[person_id].appointed.name in page.text
    assert 'lang="sv"' in client.get("/sv/office", base_url=acts.SITE).text


def test_the_office_leads_strangers_to_the_sign_in(organisation: Organisation) -> None:
    """And shows a handler what does not exist."""
    stranger = organisation.app.test_client()
    assert stranger.get("/en/office").location == "/en/desk"
    handler = acts.sign_in(organisation, "anna").client
    assert handler.get("/en/office", base_url=acts.SITE).status_code == 404


@pytest.mark.parametrize("person_id", ["olle", "pia"])
def test_the_office_gets_nothing_of_the_desk(organisation: Organisation, person_id: str) -> None:
    """The answer is the one for what is not there."""
    case = acts.case_id(organisation, acts.file(organisation))
    desk = acts.sign_in(organisation, person_id)
    absent = acts.sign_in(organisation, "anna").ask("GET", "/cases/" + "00" * 16)
    for path in ("/cases", f"/cases/{case}", "/tasks", "/reseals", "/handlers/anna/reach", "/feed"):
        answer = desk.ask("GET", path)
        assert (answer.status_code, answer.data) == (404, absent.data), path


def test_whoever_is_both_sees_desk_and_office(organisation: Organisation) -> None:
    """And the office says so."""
    with organisation.parts.database.writing() as session:
        who.appoint(organisation.parts, session, "anna", Role.OFFICER)
    desk = acts.sign_in(organisation, "anna")
    assert desk.ask("GET", "/cases").status_code == 200
    page = desk.client.get("/en/office", base_url=acts.SITE)
    assert "You handle cases as well." in page.text
    told = desk.ask("GET", "/session").get_json()["person"]
    assert told["roles"] == ["handler", "officer"]


def test_signing_out_of_the_office_ends_the_session(organisation: Organisation) -> None:
    """The form's token is needed, and the way leads to the sign-in."""
    desk = acts.sign_in(organisation, "olle")
    sent = {"base_url": acts.SITE, "headers": {"Referer": f"{acts.SITE}/en/office"}}
    assert desk.client.post("/en/office/leave", **sent).status_code == 400
    left = desk.client.post("/en/office/leave", data={"csrf_token": desk.csrf}, **sent)
    assert (left.status_code, left.location) == (303, "/en/desk")
    assert desk.client.get("/en/office", base_url=acts.SITE).status_code == 303


def test_the_officer_is_told_of_own_mails_that_failed_only(organisation: Organisation) -> None:
    """The auditor is not, and a handler's mail is not counted: it could tell of a case."""
    with organisation.parts.database.writing() as session:
        for person_id in (OUTSIDE, "anna"):
            telling.tell(session, organisation.parts, person_id, due_on=clock.day("2027-01-01"))
        session.flush()
        session.execute(update(Notice).values(fault="connection"))
    officer, auditor = (acts.sign_in(organisation, one).client for one in ("olle", "pia"))
    said = "Reminders to you could not be sent by mail"
    assert said not in officer.get("/en/office", base_url=acts.SITE).text
    with organisation.parts.database.writing() as session:
        telling.tell(session, organisation.parts, "officer", due_on=None)
        session.flush()
        session.execute(update(Notice).values(fault="connection"))
    page = officer.get("/en/office", base_url=acts.SITE).text
    assert said in page
    assert "1 waits and is tried again." in page
    assert said not in auditor.get("/en/office", base_url=acts.SITE).text


@pytest.mark.parametrize("office", ["king", "handler", "operator", "x" * 500])
def test_an_office_that_there_is_not_is_refused(organisation: Organisation, office: str) -> None:
    """Whatever a form says: nothing is kept, and the page says so."""
    desk = acts.sign_in(organisation, "olle")
    answer = desk.client.post(
        "/en/office/people/anna/office",
        data={"csrf_token": desk.csrf, "office": office},
        base_url=acts.SITE,
        headers={"Referer": f"{acts.SITE}/en/office"},
    )
    assert answer.status_code < 500
    assert "There is no such role" in answer.text
    with organisation.parts.database.reading() as session:
        assert session.get_one(Person, "anna").office is None
