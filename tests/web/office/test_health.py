"""Health: the pause of a clock, cases in which it fails, and mail that does not get through."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests import acts
from tests.office_acts import Office, asked, join, office, opened
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.services import marks
from whistle.services.pauses import Pause
from whistle.services.upkeep.sweeping import Swept, sweep
from whistle.services.upkeep.turning import turn
from whistle.storage.tables import Case, Notice, Person, new_id


@pytest.fixture
def running(tmp_path: Path) -> tuple[Organisation, Office]:
    """Two handlers, an officer, and the first keyring in force; the clock has turned."""
    organisation, at = opened(tmp_path)
    sweep(organisation.parts)
    return organisation, at


def _seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0].replace("&#43;", "+")


def _ends(at: Office) -> int:
    """How often the log says that a pause was ended; the list to choose from says it too."""
    return at.get("/log?event=PauseEnded").text.count("Let the clock go on after a pause") - 1


def test_a_pause_is_an_alarm_with_both_times_and_what_to_do(
    running: tuple[Organisation, Office],
) -> None:
    """On the overview and under Health; in between only its own text changes."""
    organisation, at = running
    assert "The clock does nothing" not in at.get("/health").text
    organisation.move(40)
    at = office(organisation)
    page = at.get("/health").text
    assert "The clock does nothing" in page
    assert "22 November 2026" in page
    assert "1 January 2027" in page
    assert "it stands still" not in page
    assert "The clock does nothing" in at.get().text


def test_an_officer_lets_the_clock_go_on(running: tuple[Organisation, Office]) -> None:
    """By the time that the page shows; the log says who did it."""
    organisation, at = running
    organisation.move(40)
    at = office(organisation)
    assert isinstance(turn(organisation.parts), Pause)
    shown = _seen(at.get("/health").text)
    assert at.post("/health/time", seen=shown).status_code == 303
    assert isinstance(turn(organisation.parts), Swept)
    assert "The clock does nothing" not in at.get("/health").text
    assert "The clock does nothing" not in at.get().text
    assert _ends(at) == 1


@pytest.mark.parametrize("days", [40, -20])
def test_what_a_pause_says_is_true_of_it(running: tuple[Organisation, Office], days: int) -> None:
    """The last turn was long ago, or has not come yet; at this machine and at another."""
    organisation, _ = running
    pages = []
    if days < 0:
        organisation.move(-days)
        assert isinstance(turn(organisation.parts), Swept)
    for move in (days, -days):
        organisation.move(move)
        turn(organisation.parts)
        with organisation.parts.database.writing() as session:
            session.execute(update(Person).values(one_time_step=0))  # they have codes of any time
        pages.append(office(organisation).get("/health").text)
    own, other = pages
    for page in pages:
        assert ("was more than a month ago" in page) is (days > 0)
        assert ("has not come yet" in page) is (days < 0)
    assert "what this machine says" in own
    assert "set the machine that is wrong" in other


def test_the_time_must_be_the_one_that_was_shown(running: tuple[Organisation, Office]) -> None:
    """It was set in between, or the form was written by hand: nothing goes on."""
    organisation, at = running
    organisation.move(40)
    at = office(organisation)
    for seen in ("", "soon", "2027-01-01T12:00:00", "2036-01-01T12:00:00+00:00"):
        refused = at.post("/health/time", seen=seen)
        assert refused.status_code == 422, seen
        assert "Compare it again" in refused.text
    assert isinstance(turn(organisation.parts), Pause)


def test_without_a_pause_nothing_is_ended(running: tuple[Organisation, Office]) -> None:
    """Somebody else did it a moment ago: it is said, and nothing is logged twice."""
    organisation, at = running
    refused = at.post("/health/time", seen=organisation.now.isoformat())
    assert (refused.status_code, "goes already" in refused.text) == (422, True)
    assert (
        "Let the clock go on after a pause"
        not in at.get("/log?event=PauseEnded").text.split("<table")[-1].partition("<tbody")[2]
    )


def test_an_auditor_sees_the_pause_and_does_not_end_it(
    running: tuple[Organisation, Office],
) -> None:
    """The time is an officer's to compare."""
    organisation, _ = running
    join(organisation, asked("pia", office="auditor"), "olle")
    organisation.move(40)
    auditor = office(organisation, "pia")
    page = auditor.get("/health").text
    assert "The clock does nothing" in page
    assert "an officer lets the clock go on here" in page
    assert 'name="seen"' not in page
    seen = organisation.now.isoformat()
    assert auditor.post("/health/time", seen=seen).status_code == 404
    assert isinstance(turn(organisation.parts), Pause)


def test_a_pause_of_another_machine_is_shown_and_not_ended_here(
    running: tuple[Organisation, Office],
) -> None:
    """This one's time agrees with the last turn."""
    organisation, at = running
    right = organisation.now
    organisation.now = right + timedelta(days=3650)
    turn(organisation.parts)
    organisation.now = right
    page = at.get("/health").text
    assert "The clock of another machine does nothing" in page
    assert 'name="seen"' not in page


def test_cases_in_which_the_clock_fails_are_counted(running: tuple[Organisation, Office]) -> None:
    """No number, no channel: how many."""
    organisation, at = running
    filed = acts.file(organisation)
    case = clock.row(organisation, filed)
    with organisation.parts.database.writing() as session:
        session.execute(update(Case).where(Case.id == case.id).values(late="none_such"))
    sweep(organisation.parts)
    page = at.get("/health").text
    assert "In 1 case nothing is done by itself" in page
    assert str(case.number) not in page
    with organisation.parts.database.writing() as session:
        session.execute(update(Case).where(Case.id == case.id).values(late=""))
    sweep(organisation.parts)
    assert "nothing is done by itself" not in at.get("/health").text


def _failing_mail(organisation: Organisation, person_id: str, fault: str) -> None:
    now = organisation.now
    row = Notice(
        id=new_id(),
        person_id=person_id,
        due_on=None,
        created_on=now.date(),
        send_after=now,
        tries=1,
        fault=fault,
    )
    with organisation.parts.database.writing() as session:
        session.add(row)


def test_mail_that_fails_is_counted_by_fault_and_receiver(
    running: tuple[Organisation, Office],
) -> None:
    """People, not mails; no name of a handler, and what the fault means in words."""
    organisation, at = running
    assert "Mail that does not get through" not in at.get("/health").text
    for _ in range(3):
        _failing_mail(organisation, "anna", "refused")
    _failing_mail(organisation, "bo", "refused")
    _failing_mail(organisation, "outside", "refused")
    _failing_mail(organisation, "officer", "address")
    _failing_mail(organisation, "bo", "something_new")
    page = at.get("/health").text
    assert "The mail server refused the address</strong>: Case handlers (2), Person of the" in page
    assert "The address is not one that mail can go to</strong>: Office (1)" in page
    assert "Another fault</strong>: Case handlers (1)" in page
    assert "Anna" not in page


def test_an_officer_at_the_desk_counts_nobodys_mail(running: tuple[Organisation, Office]) -> None:
    """Who is left out of a case could learn that others are reminded of one."""
    organisation, _ = running
    with organisation.parts.database.writing() as session:
        session.get_one(Person, "bo").office = "officer"
    _failing_mail(organisation, "anna", "refused")
    page = office(organisation, "bo").get("/health").text
    assert "Mail that does not get through" not in page
    with organisation.parts.database.reading() as session:
        assert marks.get(session, marks.SWEEP) is not None
