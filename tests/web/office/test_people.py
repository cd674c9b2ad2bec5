"""People: invited on a page, taken out in one step, and never the last officer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests import acts, office_acts
from tests.office_acts import Office, asked, join, joiner, office, opened, publish, root_signs
from tests.organisation import Organisation, make_settings
from whistle.crypto.age import open_sealed
from whistle.errors import DeniedError, NotForMeError
from whistle.services.office import joining, people
from whistle.storage.tables import Case, Person, SignedIn


@pytest.fixture
def running(tmp_path: Path) -> tuple[Organisation, Office]:
    """Two handlers, an officer, and the first keyring in force."""
    return opened(tmp_path)


def test_the_link_is_shown_once_and_works(running: tuple[Organisation, Office]) -> None:
    """Behind the # of an address of this site."""
    organisation, at = running
    form = {"id": "carin", "name": "Carin Dahl", "role_text": "Deputy", "channel-main": "deputy"}
    page = at.post("/people/invitation", **form)
    assert page.status_code == 200
    link = page.text.split('readonly value="')[1].split('"')[0]
    address, _, token = link.partition("#")
    assert address == f"{acts.SITE}/en/join"
    assert joiner(organisation, token).ask("look").get_json()["name"] == "Carin Dahl"
    assert token not in at.get("/people").text
    assert "Carin Dahl" in at.get("/people").text
    refused = at.post("/people/invitation", **form)
    assert refused.status_code == 422
    assert "Take it back first" in refused.text
    assert at.post("/people/carin/withdrawal").status_code == 303
    assert joiner(organisation, token).ask("look").status_code == 404


def test_shared_staff_is_not_for_municipalities(tmp_path: Path) -> None:
    """The page says so with the law's place."""
    settings = make_settings(tmp_path)
    channel = replace(settings.channels[0], municipality=True)
    _, at = opened(tmp_path, replace(settings, channels=(channel,)))
    form = {"id": "dan", "name": "Dan", "role_text": "Shared", "channel-main": "investigator"}
    refused = at.post("/people/invitation", **form)
    assert refused.status_code == 422
    assert "5 kap. 4 §" in refused.text


def test_whoever_is_taken_out_is_out_at_once(running: tuple[Organisation, Office]) -> None:
    """Session, one-time secret and sealed key are gone, and a keyring without them is prepared."""
    organisation, at = running
    organisation.now += office_acts.STEP
    desk = acts.sign_in(organisation, "bo")
    assert desk.ask("GET", "/cases").status_code == 200
    taken = at.post("/people/bo/revocation")
    assert (taken.status_code, taken.location) == (303, "/en/office/keys")
    assert desk.ask("GET", "/cases").status_code == 401
    with organisation.parts.database.reading() as session:
        assert session.get(Person, "bo") is None
        assert session.query(SignedIn).filter_by(person_id="bo").count() == 0
    organisation.now += office_acts.STEP
    code = organisation.one_time_code("bo")
    refused = acts.at_the_door(organisation).ask(
        "POST", "/sign-in", json={"person": "bo", "code": code}
    )
    assert refused.status_code == 401
    assert "Removed" in at.get("/keys").text
    assert "Taken out, still in the list of keys" in at.get("/people/bo").text


def test_a_leavers_key_opens_nothing_that_was_filed_after_the_revocation(
    running: tuple[Organisation, Office],
) -> None:
    """Through the whole way: revoked, signed, published, a report filed; and what was before."""
    organisation, at = running
    join(organisation, asked("carin", main="handler"), "olle")
    office_acts.prepare(organisation, at, add="carin")
    root_signs(organisation, at)
    publish(at)
    organisation.move(7)
    before = acts.file(organisation)
    at = office(organisation)
    at.post("/people/bo/revocation")
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    after = acts.file(organisation)
    key = organisation.people["bo"].private_key
    with organisation.parts.database.reading() as session:
        assert open_sealed(acts.case_row(session, before).case_age, [key])
        with pytest.raises(NotForMeError):
            open_sealed(acts.case_row(session, after).case_age, [key])
    organisation.now += office_acts.STEP
    again = acts.sign_in(organisation, "anna").ask("GET", "/reseals").get_json()["cases"]
    assert [(one["id"], one["why"]) for one in again] == [
        (acts.case_id(organisation, before), ["left"])
    ]


def test_a_lost_key_is_replaced_under_the_same_name(running: tuple[Organisation, Office]) -> None:
    """Taken out, invited anew, and the next keyring has the new key."""
    organisation, at = running
    old = acts.handler(organisation, "bo").age
    at.post("/people/bo/revocation")
    join(organisation, asked("bo", main="handler"), "olle")
    assert office_acts.prepare(organisation, at, add="bo").status_code == 303
    assert "New keys" in at.get("/keys").text
    root_signs(organisation, at)
    file, shown = office_acts.draft(at)
    from_anna = office_acts.by_handler(organisation, "anna", file)
    office_acts.drafts_cosign(organisation, "anna", shown, from_anna)
    assert publish(at).status_code == 303
    new = acts.handler(organisation, "bo").age
    assert new == organisation.people["bo"].private_key.public_key
    assert new != old
    organisation.now += office_acts.STEP
    assert acts.sign_in(organisation, "bo").ask("GET", "/cases").status_code == 200


def test_the_last_officer_stays(running: tuple[Organisation, Office]) -> None:
    """Neither taken out nor made something else."""
    _, at = running
    for path, form in (("revocation", {}), ("office", {"office": "auditor"}), ("office", {})):
        refused = at.post(f"/people/olle/{path}", **form)
        assert refused.status_code == 409, path
        assert "You are the last officer" in refused.text


def test_of_two_officers_who_take_each_other_out_one_stays(
    running: tuple[Organisation, Office],
) -> None:
    """At one moment, many times over."""
    organisation, _ = running
    for turn in range(5):
        other = f"ole{turn}"
        standing = [one.id for one in people.everybody(organisation.parts) if one.office]
        join(organisation, asked(other, office="officer"), standing[0])
        pairs = [(standing[0], other), (other, standing[0])]
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda pair: attempt(organisation, *pair), pairs))
        assert sorted(done) == [False, True]
        with organisation.parts.database.reading() as session:
            assert session.query(Person).filter_by(office="officer").count() == 1


def attempt(organisation: Organisation, by: str, whom: str) -> bool:
    """One officer takes another out."""
    try:
        people.revoke(organisation.parts, whom, by)
    except DeniedError:
        return False
    return True


def test_an_auditor_sees_no_people_and_no_keys(running: tuple[Organisation, Office]) -> None:
    """And changes nothing; a handler and a stranger find no office at all."""
    organisation, _ = running
    join(organisation, asked("pia", office="auditor"), "olle")
    at = office(organisation, "pia")
    for path in ("/people", "/keys", "/people/anna", "/keys/next", "/keys/draft"):
        assert at.get(path).status_code == 404, path
    for path in ("/people/anna/revocation", "/keys/publication", "/people/invitation"):
        assert at.post(path).status_code == 404, path
    with organisation.parts.database.reading() as session:
        assert session.get(Person, "anna") is not None
        assert session.query(Case).count() == 0


def test_an_invitation_that_ended_unused_gives_way_to_a_new_one(
    running: tuple[Organisation, Office],
) -> None:
    """It says so, and the old link stays dead."""
    organisation, at = running
    old = joining.invite(organisation.parts, asked("carin", main="deputy"), "olle")
    organisation.move(8)
    at = office(organisation)
    assert "The invitation has ended unused" in at.get("/people").text
    new = joining.invite(organisation.parts, asked("carin", main="deputy"), "olle")
    assert joiner(organisation, old).ask("look").status_code == 404
    assert joiner(organisation, new).ask("look").status_code == 200


def test_a_handler_made_officer_stays_officer_without_a_channel(
    running: tuple[Organisation, Office],
) -> None:
    """Left out of the next keyring, they still sign in to the office with their own key."""
    organisation, at = running
    assert at.post("/people/bo/office", office="officer").status_code == 303
    office_acts.prepare(organisation, at, remove="bo")
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    assert office(organisation, "bo").get("/people").status_code == 200


def test_who_has_one_way_to_the_key_only_is_told(running: tuple[Organisation, Office]) -> None:
    """A passphrase without passkey or paper; whoever has printed the key has two."""
    organisation, at = running
    line = "Has one way to the key only"
    assert at.get("/people").text.count(line) == 3
    with organisation.parts.database.writing() as session:
        session.get_one(Person, "anna").printed_on = acts.today(organisation)
    assert at.get("/people").text.count(line) == 2
