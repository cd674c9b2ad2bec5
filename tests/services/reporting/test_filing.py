"""Filing: kept once and whole, answered the same each time, refused when its shape is wrong."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import event, select

from tests import acts
from tests.counting import counting
from tests.organisation import NOON, Organisation, make_organisation, make_settings
from tests.services.reporting.keeping import refused, rows
from whistle.config import Acknowledge
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.filing import Filing
from whistle.crypto.receipt import Receipt
from whistle.errors import ConflictError, KeyringError
from whistle.services.reporting.filing import file_report
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Access, Case, CaseKey, Entry, EntrySeal, LogWaiting


def test_a_report_is_kept_whole(organisation: Organisation) -> None:
    """Case, key, access, report, the system's line and the log's event stand there together."""
    acts.file(organisation)
    kept = rows(organisation)
    assert kept["cases"] == kept["case_keys"] == 1
    assert kept["case_access"] == 3
    assert kept["entries"] == kept["entry_seals"] == 2
    assert kept["log_waiting"] == 1
    assert kept["log_events"] == 0


def test_the_answer_names_the_dates_and_the_head(organisation: Organisation) -> None:
    """What the reporter is told: the receipt date, two due dates, and where the thread goes on."""
    told = acts.file(organisation).told
    with organisation.parts.database.reading() as session:
        head = session.scalars(select(Entry).where(Entry.seq == 2)).one()
    assert told.received_on == date(2026, 11, 22)
    assert told.acknowledge_due_on == date(2026, 11, 29)
    assert told.feedback_due_on == date(2027, 2, 28)
    assert told.acknowledged_on is None
    assert (told.next_seq, told.head_sha256) == (3, head.sha256)
    assert not told.repeated


def test_a_case_keeps_what_was_posted_and_nothing_else(organisation: Organisation) -> None:
    """The clear columns come from the filing; the sealed parts are its very bytes."""
    filed = acts.file(organisation)
    filing = Filing.parse(filed.posted)
    with organisation.parts.database.reading() as session:
        case = acts.case_row(session, filed)
        assert case.mailbox_id == filed.receipt.mailbox_id
        assert case.thread == filing.thread
        assert case.case_age == filing.case_age
        assert case.filing_sha256 == sha256(filed.posted).digest()
        key = session.scalars(select(CaseKey)).one()
        assert (key.generation, key.public_key) == (0, filing.case_public_key.raw)
        report = session.scalars(select(Entry).where(Entry.seq == 1)).one()
        assert session.get_one(EntrySeal, report.id).sealed == filing.entry1


def test_a_receipt_date_is_the_channels_calendar_date(organisation: Organisation) -> None:
    """An hour before midnight UTC it is tomorrow in Stockholm."""
    organisation.now = NOON.replace(hour=23, minute=30)
    assert acts.file(organisation).told.received_on == date(2026, 11, 23)


def test_the_received_line_verifies(organisation: Organisation) -> None:
    """The reporter's program finds the system's own line, signed, naming report and date."""
    filed = acts.file(organisation)
    mailbox = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    entries, _ = acts.verified(organisation, mailbox, filed.receipt.private_key)
    assert [(one.kind, one.side, one.alarm) for one in entries] == [
        ("report", "reporter", None),
        ("received", "system", None),
    ]
    params = entries[1].json()["params"]
    assert params["received_on"] == "2026-11-22"
    assert b64u_decode(params["entry1_sha256"]) == entries[0].sealed_sha256


def test_the_received_line_verifies_for_a_handler(organisation: Organisation) -> None:
    """The same thread opens with a handler's key."""
    filed = acts.file(organisation)
    mailbox = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    entries, _ = acts.verified(organisation, mailbox, organisation.people["bo"].private_key)
    assert entries[0].json() == acts.body()


def days_after_expiry(organisation: Organisation, days: int) -> datetime:
    """Noon so many days after the keyring's last day."""
    return NOON + (acts.keyring(organisation).expires_on - NOON.date()) + timedelta(days=days)


@pytest.fixture
def at_once(tmp_path: Path) -> Organisation:
    """An organisation whose channel acknowledges at once."""
    settings = make_settings(tmp_path)
    channel = replace(settings.channels[0], acknowledge=Acknowledge.AT_ONCE)
    return make_organisation(tmp_path, replace(settings, channels=(channel,)))


def test_a_channel_may_acknowledge_at_once(at_once: Organisation) -> None:
    """The standard text is the third entry; feedback is then due three months from that day."""
    filed = acts.file(at_once)
    assert filed.told.acknowledged_on == date(2026, 11, 22)
    assert filed.told.feedback_due_on == date(2027, 2, 22)
    assert filed.told.next_seq == 4
    mailbox = read_mailbox(at_once.parts, filed.receipt.mailbox_token)
    entries, _ = acts.verified(at_once, mailbox, filed.receipt.private_key)
    assert entries[2].json() == {
        "code": "acknowledged",
        "params": {"acknowledged_on": "2026-11-22"},
    }


def test_a_waiver_is_kept_where_the_law_knows_it(at_once: Organisation) -> None:
    """Under the Act nobody is acknowledged against their wish."""
    filed = acts.file(at_once, waive_ack=True)
    assert filed.told.acknowledged_on is None
    with at_once.parts.database.reading() as session:
        assert acts.case_row(session, filed).waived


def test_a_waiver_changes_nothing_where_the_law_does_not_know_it(tmp_path: Path) -> None:
    """Under the Directive the same wish is not recognised."""
    settings = make_settings(tmp_path)
    at_once = Acknowledge.AT_ONCE
    channel = replace(settings.channels[0], law="EU", keep_months=24, acknowledge=at_once)
    organisation = make_organisation(tmp_path, replace(settings, channels=(channel,)))
    filed = acts.file(organisation, waive_ack=True)
    assert filed.told.acknowledged_on == date(2026, 11, 22)
    with organisation.parts.database.reading() as session:
        assert not acts.case_row(session, filed).waived


def test_the_same_bytes_get_the_same_answer(organisation: Organisation) -> None:
    """A request whose answer was lost is sent again: one case, one answer."""
    filed = acts.file(organisation)
    before = rows(organisation)
    again = file_report(organisation.parts, filed.posted)
    assert again == replace(filed.told, repeated=True)
    assert rows(organisation) == before


def test_the_same_bytes_get_the_same_answer_after_the_thread_has_grown(
    organisation: Organisation,
) -> None:
    """Whatever was written and acknowledged since, the first answer is given again."""
    filed = acts.file(organisation)
    organisation.move(3)
    case = acts.case_id(organisation, filed)
    seq, entry = acts.by_handler(organisation, "anna", case, "acknowledgement")
    acts.write(organisation, "anna", case, "acknowledgement", seq, entry)
    again = file_report(organisation.parts, filed.posted)
    assert again == replace(filed.told, repeated=True)


def test_the_same_bytes_get_the_same_answer_under_a_newer_keyring(
    organisation: Organisation,
) -> None:
    """What is kept is not refused because the keyring has changed since."""
    filed = acts.file(organisation)
    acts.publish_keyring(organisation)
    assert file_report(organisation.parts, filed.posted).repeated


def test_an_answer_that_acknowledges_is_the_same_again(at_once: Organisation) -> None:
    """Also where the standard text is part of it."""
    filed = acts.file(at_once)
    at_once.move(30)
    assert file_report(at_once.parts, filed.posted) == replace(filed.told, repeated=True)


def test_other_bytes_under_the_same_code_are_refused(organisation: Organisation) -> None:
    """The first report stands; the second is told that it was not sent."""
    filed = acts.file(organisation)
    other = acts.sealed(organisation, filed.receipt, what="Another text").to_bytes()
    assert refused(organisation, other, ConflictError) == "already_sent"


def test_a_report_is_not_kept_a_second_time_under_another_mailbox(
    organisation: Organisation,
) -> None:
    """Whoever copies a filing cannot plant it again where its reporter never looks."""
    filing = Filing.parse(acts.file(organisation).posted)
    replayed = replace(filing, mailbox_id=Receipt.generate().mailbox_id).to_bytes()
    assert refused(organisation, replayed, ConflictError) == "already_sent"


def test_a_report_sealed_for_an_older_keyring_is_refused(organisation: Organisation) -> None:
    """The browser seals it again for the newest."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    acts.publish_keyring(organisation)
    assert refused(organisation, posted, ConflictError) == "keyring_changed"


def test_a_report_sealed_for_a_keyring_that_still_waits_is_refused(
    organisation: Organisation,
) -> None:
    """Who has been added unseen reads nothing before seven days are over."""
    acts.publish_keyring(organisation, change=_moves_in)
    filing = acts.sealed(organisation, Receipt.generate())
    early = replace(filing, keyring_serial=2).to_bytes()
    assert refused(organisation, early, ConflictError) == "keyring_changed"


def _moves_in(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][1]["role_text"] = "Somebody else"


def test_nothing_is_taken_once_the_keyring_has_expired_long_ago(
    organisation: Organisation,
) -> None:
    """Sixty days after its end the form closes: nobody would be sealed to who still answers."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    organisation.now = days_after_expiry(organisation, 61)
    assert refused(organisation, posted, KeyringError) == "closed"


def test_a_report_is_taken_while_the_keyring_is_newly_expired(organisation: Organisation) -> None:
    """The duty to take reports does not end with a signature's date."""
    organisation.now = days_after_expiry(organisation, 60)
    assert acts.file(organisation).told.next_seq == 3


def test_a_case_number_is_drawn_until_it_is_free(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two cases never share the name that handlers say aloud."""
    symbols = iter("A" * 12 + "B" * 6)
    monkeypatch.setattr("secrets.choice", lambda _: next(symbols))
    acts.file(organisation)
    acts.file(organisation)
    with organisation.parts.database.reading() as session:
        assert set(session.scalars(select(Case.number))) == {"AAA-AAA", "BBB-BBB"}


TABLES = ("cases", "case_keys", "case_access", "entries", "entry_seals", "log_waiting")


@pytest.mark.parametrize("table", TABLES)
def test_a_fault_half_way_leaves_nothing(organisation: Organisation, table: str) -> None:
    """The case is kept with its first lines and its event, or not at all."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    before = rows(organisation)
    engine = organisation.parts.database.engine

    def fail(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(f"INSERT INTO {table} "):
            raise OSError("full")

    event.listen(engine, "after_cursor_execute", fail)
    with pytest.raises(OSError, match="full"):
        file_report(organisation.parts, posted)
    event.remove(engine, "after_cursor_execute", fail)
    assert rows(organisation) == before
    assert not file_report(organisation.parts, posted).repeated


def test_a_report_costs_one_look_and_one_statement_a_table(organisation: Organisation) -> None:
    """However many lines come with it: while it is kept, every other report waits."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    with counting(organisation) as counted:
        file_report(organisation.parts, posted)
    looks = [one for one in counted.statements if one.startswith("SELECT")]
    kept = [one.split()[2] for one in counted.statements if one.startswith("INSERT")]
    assert (len(looks), kept) == (2, list(TABLES))  # the first: who can sign in, before


def test_two_that_send_the_same_report_at_once_make_one_case(organisation: Organisation) -> None:
    """Both are told the same; one of them that it was there."""
    posted = acts.sealed(organisation, Receipt.generate()).to_bytes()
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: file_report(organisation.parts, posted), range(8)))
    assert [one.repeated for one in told].count(False) == 1
    assert {replace(one, repeated=False) for one in told} == {
        replace(told[0], repeated=False),
    }
    assert rows(organisation)["cases"] == 1


def test_a_persons_every_key_is_left_out_with_one(tmp_path: Path) -> None:
    """Whoever holds two keys and is left out by one of them does not see the case by the other."""
    organisation = make_organisation(tmp_path)
    acts.publish_keyring(organisation, change=_is_bo, cosigner="bo")
    filed = acts.file(organisation, left_out=("bo",))
    with organisation.parts.database.reading() as session:
        case = acts.case_row(session, filed)
        seen = session.scalars(select(Access.handler_id).where(Access.case_id == case.id))
        assert set(seen) == {"anna"}


def _is_bo(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][2]["person"] = "bo"


def test_what_the_reporter_did_waits_for_the_night_without_a_time(
    organisation: Organisation,
) -> None:
    """The log's event of a filing names a date only."""
    acts.file(organisation)
    with organisation.parts.database.reading() as session:
        payload = json.loads(session.scalars(select(LogWaiting.payload)).one())
    assert payload["event"] == "Received"
    assert payload["on"] == "2026-11-22"
    assert "at" not in payload
