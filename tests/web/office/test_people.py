"""People: invited on a page, taken out in one step, and never the last officer."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests import acts, office_acts
from tests.office_acts import Office, asked, join, joiner, office, opened, publish, root_signs
from tests.organisation import Organisation, make_settings
from tests.services.entrance.test_new_key import give as give_new_key
from whistle.crypto.age import PrivateKey, open_sealed
from whistle.errors import DeniedError, KeyringError, NotForMeError
from whistle.services.office import joining, people
from whistle.services.reporting import readers
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
    taken = office_acts.take_out(at, "bo")
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


def test_a_leavers_key_opens_nothing_that_was_filed_after_the_next_list_was_published(
    running: tuple[Organisation, Office],
) -> None:
    """Until then it does, and the office says so: on the person's page and on the overview."""
    organisation, at = running
    join(organisation, asked("carin", main="handler"), "olle")
    office_acts.prepare(organisation, at, add="carin")
    root_signs(organisation, at)
    publish(at)
    organisation.move(7)
    before = acts.file(organisation)
    at = office(organisation)
    office_acts.take_out(at, "bo")
    between = acts.file(organisation)
    told = "until it counts, whatever comes is still sealed to the key of Bo Name."
    assert told in " ".join(at.get().text.split())
    assert "The list without that key is prepared" in at.get("/people/bo").text
    assert "whatever comes is still sealed to the old key of Bo Name." in at.get("/people/bo").text
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    assert "still sealed to the key" not in at.get().text
    assert at.get("/people/bo").status_code == 404
    after = acts.file(organisation)
    key = organisation.people["bo"].private_key
    with organisation.parts.database.reading() as session:
        assert open_sealed(acts.case_row(session, before).case_age, [key])
        assert open_sealed(acts.case_row(session, between).case_age, [key])
        with pytest.raises(NotForMeError):
            open_sealed(acts.case_row(session, after).case_age, [key])
    organisation.now += office_acts.STEP
    again = acts.sign_in(organisation, "anna").ask("GET", "/reseals").get_json()["cases"]
    assert {one["id"]: one["why"] for one in again} == {
        acts.case_id(organisation, one): ["left"] for one in (before, between)
    }


def test_a_lost_key_is_replaced_under_the_same_name(running: tuple[Organisation, Office]) -> None:
    """Taken out, invited anew, and the next keyring has the new key."""
    organisation, at = running
    old = acts.handler(organisation, "bo").age
    office_acts.take_out(at, "bo")
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
    for path, form in (
        ("revocation", {"sure": "yes"}),
        ("office", {"office": "auditor"}),
        ("office", {}),
    ):
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


def test_nobody_is_taken_out_by_one_click_nor_twice(
    running: tuple[Organisation, Office],
) -> None:
    """A tick is needed; whoever is out has no such button, and the request is refused."""
    organisation, at = running
    join(organisation, asked("eva", office="officer"), "olle")
    refused = at.post("/people/eva/revocation")
    assert (refused.status_code, at.get("/people/eva").status_code) == (409, 200)
    assert "Tick that this person is to be taken out" in refused.text
    assert 'name="closes"' not in refused.text
    assert at.post("/people/eva/revocation", sure="yes").status_code == 303
    assert office_acts.take_out(at, "bo").status_code == 303
    assert "Take Anna Name out now" in at.get("/people/anna").text
    assert "out now" not in at.get("/people/bo").text
    again = office_acts.take_out(at, "bo")
    assert again.status_code == 409
    assert "This person is out already" in again.text


def test_a_form_that_nobody_can_read_takes_no_report(
    running: tuple[Organisation, Office],
) -> None:
    """Told and confirmed before; then closed at once, for the page and for who sends to it."""
    organisation, at = running
    warned = "The form of Example Works closes at once"
    assert warned in at.get("/people/anna").text
    assert "Nobody could open" not in at.get("/people/anna").text
    refused = at.post("/people/anna/revocation", sure="yes")
    assert refused.status_code == 409
    assert "A form closes by this" in refused.text
    assert readers.keyring_state(organisation.parts, "main") == "good"
    acts.file(organisation)
    assert office_acts.take_out(at, "anna").status_code == 303
    assert readers.keyring_state(organisation.parts, "main") == "not_open"
    with pytest.raises(KeyringError, match="closed"):
        acts.file(organisation)
    assert "Nobody could open those that are there already" in at.get("/people/bo").text
    last = office_acts.take_out(at, "bo")
    assert (last.status_code, last.location) == (303, "/en/office/people/bo")
    assert "No list could be prepared without them" in at.get("/people/bo").text
    assert "two are needed" in at.get("/channels").text
    assert "<dd>0 " in at.get("/channels").text
    page = organisation.app.test_client().get("/en/report", base_url=acts.SITE).text
    assert "So nothing can be sent here now." in page
    assert "/en/before" in page
    with pytest.raises(KeyringError, match="closed"):
        acts.file(organisation)


def test_whoever_joined_anew_reads_when_a_list_names_the_new_key(
    running: tuple[Organisation, Office],
) -> None:
    """The old key stands in the list until then, and nobody has it at the desk."""
    organisation, at = running
    office_acts.take_out(at, "bo")
    join(organisation, asked("bo", main="handler"), "olle")
    assert readers.keyring_state(organisation.parts, "main") == "not_open"
    assert readers.who_can_sign_in(organisation.parts, "main") == {"anna"}


STILL_LOST = "until then whatever comes is still sealed to the lost key of Bo Name."


def overview(at: Office) -> str:
    """The office's first page, its white space as one."""
    return " ".join(at.get().text.split())


def test_a_lost_key_counts_as_lost_until_the_list_with_the_new_one_counts(
    running: tuple[Organisation, Office],
) -> None:
    """Nobody co-signed it: for seven days reports would be sealed to a key that nobody has."""
    organisation, at = running
    office_acts.take_out(at, "bo")
    join(organisation, asked("bo", main="handler"), "olle")
    assert "still sealed to the key of Bo Name" in overview(at)
    assert "The list without that key is prepared" in at.get("/people/bo").text
    office_acts.prepare(organisation, at, add="bo")
    assert "The list without that key is prepared" in at.get("/people/bo").text
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    for days in (0, 6):
        organisation.move(days)
        at = office(organisation)
        assert readers.who_can_sign_in(organisation.parts, "main") == {"anna"}
        assert readers.keyring_state(organisation.parts, "main") == "not_open"
        assert STILL_LOST in overview(at)
        assert "That list is published and counts from" in at.get("/people/bo").text
    organisation.move(1)
    at = office(organisation)
    assert readers.who_can_sign_in(organisation.parts, "main") == {"anna", "bo"}
    assert readers.keyring_state(organisation.parts, "main") == "good"
    assert STILL_LOST not in overview(at)
    assert "still sealed" not in at.get("/people/bo").text
    organisation.now += office_acts.STEP
    assert acts.sign_in(organisation, "bo").ask("GET", "/cases").status_code == 200


def test_a_leaver_is_told_of_until_the_list_without_them_counts(
    running: tuple[Organisation, Office],
) -> None:
    """It adds somebody as well and waits for that: the leaver's key opens new reports meanwhile."""
    organisation, at = running
    join(organisation, asked("carin", main="handler"), "olle")
    office_acts.take_out(at, "bo")
    office_acts.prepare(organisation, at, add="carin", remove="bo")
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    organisation.move(6)
    at = office(organisation)
    assert STILL_LOST in overview(at)
    page = at.get("/people/bo").text
    assert "In the list of keys until the next one counts" in page
    assert "That list is published and counts from" in page
    assert "out now" not in page
    organisation.move(1)
    at = office(organisation)
    assert STILL_LOST not in overview(at)
    assert at.get("/people/bo").status_code == 404


def test_a_key_renewed_at_the_desk_is_no_lost_one(running: tuple[Organisation, Office]) -> None:
    """Who made a new key opens with the old one until the list with the new one counts."""
    organisation, at = running
    give_new_key(organisation, PrivateKey.generate())
    office_acts.prepare(organisation, at, add="anna")
    root_signs(organisation, at)
    assert publish(at).status_code == 303
    for days in (0, 6, 1, 30):
        organisation.move(days)
        at = office(organisation)
        assert readers.who_can_sign_in(organisation.parts, "main") == {"anna", "bo"}
        assert "still sealed" not in overview(at)


@pytest.mark.parametrize(
    "name",
    ["Bo Name", "bo  NAME", "B\u00f3 Name", "\uff22o Name", "Dora Name", "B0 Name",
     "\u0412\u043e Name"],
)  # fmt: skip
def test_no_two_people_have_one_name(running: tuple[Organisation, Office], name: str) -> None:
    """Reporters leave people out by it; whoever has it keeps it, under the same short name."""
    organisation, at = running
    joining.invite(organisation.parts, asked("dora", main="deputy"), "olle")
    form = {"id": "other", "name": name, "role_text": "Deputy", "channel-main": "deputy"}
    refused = at.post("/people/invitation", **form)
    assert refused.status_code == 422
    assert "Somebody else has this name" in refused.text
    assert at.post("/people/invitation", **{**form, "name": "Bo Nameson"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Eva L\u0456nd", "letters of two alphabets that look alike"),
        ("Eva\u200b Lind", "a sign in the name that cannot be seen"),
        ("\u202edniL avE", "a sign in the name that cannot be seen"),
    ],
)
def test_a_name_that_could_be_taken_for_anothers_is_refused(
    running: tuple[Organisation, Office], name: str, said: str
) -> None:
    """At the field, in words, whether or not somebody has the other name."""
    _, at = running
    form = {"id": "eva", "name": name, "role_text": "Deputy", "channel-main": "deputy"}
    refused = at.post("/people/invitation", **form)
    assert refused.status_code == 422
    assert said in refused.text
    assert 'id="name-error"' in refused.text
