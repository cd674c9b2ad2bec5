"""The log in the office: who did what and when, and no way to see who is missing from a case."""

import csv
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from tests import acts, office_acts
from tests.office_acts import Office, asked, join, office, opened
from tests.organisation import Organisation, make_settings
from whistle.config import Mail, Security, Settings
from whistle.services import log
from whistle.services.office import reading
from whistle.services.upkeep import anchoring
from whistle.services.upkeep.mailing import deliver
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import LogEvent, Notice, Person
from whistle.web.office.log import safe


def with_mail(folder: Path) -> Settings:
    """Settings with a mail server and the officer's address."""
    mail = Mail("localhost", "forms@example.org", security=Security.NONE, officer="o@example.org")
    return replace(make_settings(folder), mail=mail, desk_address=acts.SITE)


@pytest.fixture
def running(tmp_path: Path) -> tuple[Organisation, Office]:
    """Two handlers, an officer, and the first keyring in force."""
    return opened(tmp_path, with_mail(tmp_path))


@pytest.fixture
def auditor(running: tuple[Organisation, Office]) -> Office:
    """An auditor's browser."""
    join(running[0], asked("pia", office="auditor"), "olle")
    return office(running[0], "pia")


def open_case(organisation: Organisation, who: str, case: str) -> None:
    """A handler opens a case."""
    organisation.now += office_acts.STEP
    assert acts.sign_in(organisation, who).ask("GET", f"/cases/{case}").status_code == 200


def test_the_log_tells_who_opened_what_and_when(
    running: tuple[Organisation, Office], auditor: Office
) -> None:
    """With an instant, and one mark for one person's work in one case."""
    organisation, at = running
    first, second = (acts.case_id(organisation, acts.file(organisation)) for _ in range(2))
    for case in (first, first, second):
        open_case(organisation, "anna", case)
    open_case(organisation, "bo", first)
    lines = reading.page(organisation.parts, reading.Asked(event="Opened"), handles=False).lines
    assert [one.who for one in lines] == ["bo", "anna", "anna", "anna"]
    bo, anna_second, anna_first, anna_again = (one.mark for one in lines)
    assert anna_first == anna_again
    assert len({bo, anna_first, anna_second}) == 3
    assert all(one.at is not None for one in lines)
    for page in (at.get("/log").text, auditor.get("/log").text):
        assert "Opened a case" in page
        assert bo in page
        assert first not in page
        assert "Invited somebody" in page


def test_no_case_and_no_number_stands_on_the_page_or_in_the_file(
    running: tuple[Organisation, Office], auditor: Office
) -> None:
    """Neither the random id nor what handlers call it by; a reporter's events have no instant."""
    organisation, _ = running
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "acknowledgement")
    organisation.move(1)
    sweep(organisation.parts)
    with organisation.parts.database.reading() as session:
        number = acts.case_row(session, filed).number
    auditor = office(organisation, "pia")
    for answer in (auditor.get("/log").text, auditor.get("/log.csv").text):
        assert case not in answer
        assert str(number) not in answer
    received = reading.page(organisation.parts, reading.Asked(event="Received"), handles=False)
    assert [(one.at, one.mark) for one in received.lines] == [(None, "")]


def test_an_officer_who_handles_cases_sees_the_offices_acts_only(
    running: tuple[Organisation, Office],
) -> None:
    """What happens in cases could tell of one that the reporter left them out of."""
    organisation, at = running
    join(organisation, asked("eva", office="officer", main="handler"), "olle")
    office_acts.prepare(organisation, at, add="eva")
    office_acts.root_signs(organisation, at)
    office_acts.publish(at)
    organisation.move(8)
    assert office(organisation, "eva").get("/anchor").status_code == 404
    before = page_of(organisation)
    case = acts.case_id(organisation, acts.file(organisation, left_out=["eva"]))
    open_case(organisation, "anna", case)
    organisation.move(1)
    sweep(organisation.parts)
    assert page_of(organisation) == before
    join(organisation, asked("zoe", office="auditor"), "olle")
    own = reading.everything(organisation.parts, reading.Asked(), handles=True)
    assert [one.position for one in own] == list(range(len(own), 0, -1))
    assert reading.everything(organisation.parts, reading.Asked(before=3), handles=True) == own[-2:]


def test_an_officer_who_handles_cases_gets_no_anchor(running: tuple[Organisation, Office]) -> None:
    """Its length grows with a case that they were left out of; nor does their address get it."""
    organisation, at = running
    join(organisation, asked("eva", office="officer", main="handler"), "olle")
    join(organisation, asked("ada", office="officer"), "olle")
    with organisation.parts.database.writing() as session:
        for one, mail in (("eva", "O@example.org"), ("ada", "ada@example.org")):
            session.get_one(Person, one).mail = mail
    office_acts.prepare(organisation, at, add="eva")
    office_acts.root_signs(organisation, at)
    office_acts.publish(at)
    organisation.move(8)
    organisation.now = organisation.now.replace(hour=21)
    sweep(organisation.parts)
    with organisation.parts.database.reading() as session:
        found = session.scalars(select(Notice.person_id).where(Notice.anchor != "")).all()
    assert found == ["ada"]


def page_of(organisation: Organisation) -> str:
    """The log and its file as Eva sees them, without what differs by the page itself."""
    at = office(organisation, "eva")
    page = at.get("/log").text.split("<tbody>")[1].split("</tbody>")[0]
    return page + at.get("/log.csv").text


def test_the_log_is_looked_through_by_kind_person_and_day(
    running: tuple[Organisation, Office],
) -> None:
    """And by pages, without a line twice or left out."""
    organisation, at = running
    for turn in range(60):
        join(organisation, asked(f"o{turn}", office="auditor"), "olle")
    joined = [
        one.about
        for one in reading.everything(
            organisation.parts, reading.Asked(event="Joined"), handles=False
        )
    ]
    assert len(joined) == 63
    first = reading.page(organisation.parts, reading.Asked(event="Joined"), handles=False)
    assert first.before is not None
    second = reading.page(
        organisation.parts, reading.Asked(event="Joined", before=first.before), handles=False
    )
    assert [one.about for one in first.lines + second.lines] == joined
    assert "o7" in at.get("/log?person=o7").text
    day = acts.today(organisation) + timedelta(days=1)
    assert "Nothing was found" in at.get(f"/log?first_on={day.isoformat()}").text
    assert at.get("/log?before=x&first_on=y&event=z").status_code == 200


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_of_the_file_is_a_formula(cell: str) -> None:
    """A spreadsheet would run it."""
    assert safe(cell) == f"'{cell}"
    assert safe("anna") == "anna"


def test_the_file_has_every_line(running: tuple[Organisation, Office]) -> None:
    """As many as the log has, with a heading."""
    organisation, at = running
    rows = list(csv.reader(StringIO(at.get("/log.csv").text)))
    assert rows[0][:3] == ["position", "on", "at"]
    with organisation.parts.database.reading() as session:
        assert len(rows) - 1 == log.last_head(session)[0]


def test_a_day_has_one_anchor_at_a_moment_that_tells_nothing(
    running: tuple[Organisation, Office],
) -> None:
    """Sent to officer and auditor, also on a day on which nothing happened; once."""
    organisation, _ = running
    organisation.move(1)
    organisation.now = organisation.now.replace(hour=21)
    with organisation.parts.database.reading() as session:
        count, head = log.last_head(session)
    for _ in range(3):
        sweep(organisation.parts)
    sent: list[EmailMessage] = []
    deliver(organisation.parts, sent.append)
    anchors = [one for one in sent if f"{count}:{head.hex()}" in one.get_content()]
    assert [one["To"] for one in anchors] == ["o@example.org"]
    minutes = {
        anchoring.moment(organisation.parts, acts.today(organisation) + timedelta(days=days))
        for days in range(50)
    }
    assert len(minutes) > 40


def test_without_mail_the_anchor_stands_on_the_page_to_print(tmp_path: Path) -> None:
    """With its day, length and head, in no form: forms are not printed. It is what the log fits."""
    organisation, at = opened(tmp_path)
    acts.file(organisation)
    assert "print the log" in at.get("/health").text
    page = at.get("/log").text
    line = page.split('translate="no"><code>')[1].split("</code>")[0]
    with organisation.parts.database.reading() as session:
        count, head = log.last_head(session)
    assert line == f"{count}:{head.hex()}"
    before = " ".join(page.split('<form method="get"')[0].split())
    assert "Anchor of 22 November 2026" in before
    assert "print this page each week" in before
    assert "It is the log that gave this anchor." in at.get(f"/anchor?anchor={line}").text
    cut = at.get(f"/anchor?anchor={count + 1}:{head.hex()}").text
    assert "The log is not whole" in cut


def test_an_anchor_shows_what_was_cut_off(running: tuple[Organisation, Office]) -> None:
    """The page compares; what is no anchor is told as that."""
    organisation, at = running
    with organisation.parts.database.reading() as session:
        count, head = log.last_head(session)
    anchor = f"{count}:{head.hex()}"
    assert "It is the log that gave this anchor." in at.get(f"/anchor?anchor={anchor}").text
    refused = at.get("/anchor?anchor=12:zz")
    assert refused.status_code == 422
    assert "An anchor is a number" in refused.text
    with organisation.parts.database.writing() as session:
        newest = session.scalars(select(LogEvent).order_by(LogEvent.position.desc())).first()
        assert newest is not None
        session.execute(delete(LogEvent).where(LogEvent.position == newest.position))
    cut = at.get(f"/anchor?anchor={anchor}").text
    assert "The log is not whole" in cut
    assert "its end was cut off" in cut


def test_text_where_bytes_were_is_told_as_a_broken_log(
    running: tuple[Organisation, Office],
) -> None:
    """What SQLite's own replace() leaves is text: the page tells it, and does not break."""
    organisation, at = running
    with organisation.parts.database.writing() as session:
        session.execute(text("UPDATE log_events SET payload = replace(payload, 'anna', 'bobo')"))
    page = at.get("/anchor")
    assert page.status_code == 200
    assert "The log is not whole" in page.text
    with organisation.parts.database.writing() as session:
        session.execute(text("UPDATE log_events SET head = 'bobo'"))
    assert "The log is not whole" in at.get("/anchor").text


def test_an_anchor_waits_in_the_outbox_alone(running: tuple[Organisation, Office]) -> None:
    """No reminder is joined with it: its mail says nothing else."""
    organisation, _ = running
    organisation.now = organisation.now.replace(hour=21)
    sweep(organisation.parts)
    with organisation.parts.database.reading() as session:
        found = session.scalars(select(Notice).where(Notice.anchor != "")).all()
        assert len(found) == 1
        assert (found[0].due_on, found[0].days_late) == (None, 0)
