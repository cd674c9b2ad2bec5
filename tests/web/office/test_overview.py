"""The office's overview: what is done, what is next, and that it is true at each moment."""

from pathlib import Path

import pytest

from tests import acts, office_acts
from tests.office_acts import Office, asked, founded, join, office, opened
from tests.organisation import Organisation
from whistle.crypto.sshsig import public_line
from whistle.errors import KeyringError
from whistle.law.duties import access_review
from whistle.services.office import checklist, review
from whistle.services.upkeep.sweeping import sweep


def undone(organisation: Organisation) -> set[str]:
    """What the list says is still to be done."""
    return {one.code for one in checklist.steps(organisation.parts) if not one.done}


def test_the_list_follows_the_first_day(tmp_path: Path) -> None:
    """Each line changes when its thing has happened, not before."""
    organisation = founded(tmp_path)
    always = {"second_officer", "outside", "mail"}
    rest = {"root", "handlers", "keyring", "recovery"}
    assert undone(organisation) == always | rest | {"officer"}
    join(organisation, asked("olle", office="officer"))
    assert undone(organisation) == always | rest
    at = office(organisation)
    page = at.get().text
    assert "An officer has joined" in page
    assert "Example Works." in page
    at.post("/keys/root", root=public_line(organisation.root.public, "root"))
    assert undone(organisation) == always | rest - {"root"}
    join(organisation, asked("anna", main="handler"), "olle")
    assert "handlers" in undone(organisation)
    join(organisation, asked("bo", main="deputy"), "olle")
    assert undone(organisation) == always | {"keyring", "recovery"}
    office_acts.prepare(organisation, at, add=["anna", "bo"])
    office_acts.root_signs(organisation, at)
    office_acts.publish(at)
    assert undone(organisation) == always | {"recovery"}
    assert at.post("/recovery/later").status_code == 303
    assert undone(organisation) == always
    assert "Put off; decide again in time." in at.get().text
    join(organisation, asked("eva", office="officer"), "olle")
    assert undone(organisation) == always - {"second_officer"}


def test_an_investigator_is_nobody_who_opens_a_channel(tmp_path: Path) -> None:
    """Two who read are needed: handlers or deputies."""
    organisation = founded(tmp_path)
    for name, role in (("anna", "handler"), ("ida", "investigator")):
        join(organisation, asked(name, main=role))
    assert "handlers" in undone(organisation)


@pytest.fixture
def running(tmp_path: Path) -> tuple[Organisation, Office]:
    """Two handlers, an officer, and the first keyring in force."""
    return opened(tmp_path)


def test_each_place_is_there_for_whom_it_is(running: tuple[Organisation, Office]) -> None:
    """The officer sees all of them; the auditor overview, review, log and health."""
    organisation, at = running
    join(organisation, asked("pia", office="auditor"), "olle")
    auditor = office(organisation, "pia")
    for path in ("", "/people", "/keys", "/channels", "/review", "/log", "/anchor", "/health"):
        assert at.get(path).status_code == 200, path
        open_to_auditor = path in {"", "/review", "/log", "/anchor", "/health"}
        assert auditor.get(path).status_code == (200 if open_to_auditor else 404), path
    assert "/office/people" not in auditor.get().text
    assert auditor.post("/review/attestation").status_code == 404


def test_the_yearly_review_begins_by_itself_and_is_attested(
    running: tuple[Organisation, Office],
) -> None:
    """It stands on the overview until an officer has looked through the list; the log has it."""
    organisation, at = running
    assert "No review is due now" in at.get("/review").text
    first_on = acts.today(organisation)
    organisation.move((access_review(first_on).due_on - first_on).days - 10)
    sweep(organisation.parts)
    at = office(organisation)
    assert "is looked through by" in at.get().text
    assert "Anna Name" in at.get("/review").text
    assert at.post("/review/attestation").status_code == 303
    assert review.shown(organisation.parts).due == []
    assert "is looked through by" not in at.get().text
    assert "Looked through who has access" in at.get("/log").text


def test_channels_and_health_say_what_is(running: tuple[Organisation, Office]) -> None:
    """The channel is open with two; the clock has not turned, then it has."""
    organisation, at = running
    page = at.get("/channels").text
    assert "Example Works" in page
    assert "whistle.toml" in page
    assert "in force" in page
    assert "it stands still" in at.get("/health").text
    sweep(organisation.parts)
    assert "it stands still" not in at.get("/health").text
    office_acts.take_out(at, "bo")
    office_acts.root_signs(organisation, at)
    office_acts.publish(at)
    assert "two are needed" in at.get("/channels").text


def test_the_clock_turns_before_the_first_keyring(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A first day is no fault: nothing fails, and no alarm is in the log."""
    organisation = founded(tmp_path)
    join(organisation, asked("olle", office="officer"))
    sweep(organisation.parts)
    with pytest.raises(KeyringError):
        organisation.parts.keyrings.published()
    assert caplog.records == []
    at = office(organisation)
    assert "it stands still" not in at.get("/health").text
    assert "there is none yet" in at.get("/health").text


def text(at: Office, path: str = "") -> str:
    """One of the office's pages, its white space as one."""
    return " ".join(at.get(path).text.split())


def test_a_form_that_closes_is_told_on_every_page_of_the_office(
    running: tuple[Organisation, Office],
) -> None:
    """Overview, health and channels say that nobody can report, as long as it is so."""
    organisation, at = running
    join(organisation, asked("carin", main="deputy"), "olle")
    office_acts.prepare(organisation, at, add="carin")
    office_acts.root_signs(organisation, at)
    office_acts.publish(at)
    closed = "This form takes no reports: Example Works."
    assert closed not in text(at)
    office_acts.take_out(at, "bo")
    for path in ("", "/health"):
        assert closed in text(at, path)
    assert "○ At least two persons can read in each channel" in text(at)
    channels = text(at, "/channels")
    assert "closed: two persons must be there to read" in channels
    assert "<strong>Carin Name</strong><span>deputy</span> <span>In a list of keys that" in channels
    organisation.move(8)
    assert closed not in text(office(organisation))
