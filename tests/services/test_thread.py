"""Appending to a thread: the system's own lines, and what has no thread to go to."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from tests import acts
from tests.organisation import Organisation
from whistle.crypto.age import PrivateKey
from whistle.errors import ConflictError, FilingError, ThreadError
from whistle.services import thread
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Case, CaseKey, Entry, EntrySeal

TODAY = date(2026, 11, 22)


def test_a_system_line_follows_what_is_there(organisation: Organisation) -> None:
    """Sealed to the case key, signed by the service, naming the entry before."""
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        params = {"clock": 1, "since": "2026-11-30"}
        thread.append_system_line(session, organisation.parts, case, "late", params, TODAY)
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    entries, _ = acts.verified(organisation, opened, filed.receipt.private_key)
    assert (entries[2].kind, entries[2].side) == ("late", "system")
    assert entries[2].json() == {"code": "late", "params": {"clock": 1, "since": "2026-11-30"}}


def test_a_system_line_with_words_would_break_the_thread(organisation: Organisation) -> None:
    """Readers refuse it: the server can put no words to anybody."""
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        words = {"note": "Tell us your name"}
        thread.append_system_line(session, organisation.parts, case, "late", words, TODAY)
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    with pytest.raises(ThreadError, match="system_params"):
        acts.verified(organisation, opened, filed.receipt.private_key)


def test_a_system_line_needs_a_report(organisation: Organisation) -> None:
    """An empty thread takes none."""
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        session.execute(delete(EntrySeal))
        session.execute(delete(Entry))
        with pytest.raises(ConflictError, match="out_of_turn"):
            thread.append_system_line(session, organisation.parts, case, "late", {}, TODAY)


def test_new_lines_go_to_the_newest_key(organisation: Organisation) -> None:
    """After a new generation the old key opens nothing that is new."""
    filed = acts.file(organisation)
    fresh = PrivateKey.generate()
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        session.add(CaseKey(case_id=case.id, generation=1, public_key=fresh.public_key.raw))
        session.flush()
        assert thread.newest_case_key(session, case.id) == fresh.public_key


def test_a_chain_begins_with_its_first_number(organisation: Organisation) -> None:
    """Nothing is appended to an empty chain at a later place."""
    filed = acts.file(organisation)
    entry = acts.any_entry(organisation.people["anna"].private_key)
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        with pytest.raises(ConflictError, match="out_of_turn"):
            thread.append(session, case, thread.Draft("desk", 2, "note", "anna", entry, TODAY))
        kept = thread.append(session, case, thread.Draft("desk", 1, "note", "anna", entry, TODAY))
        assert kept.seq == 1


def test_a_repeat_must_be_the_same_in_everything(organisation: Organisation) -> None:
    """Bytes, kind and writer: else it is another entry in a place that is taken."""
    filed = acts.file(organisation)
    key = organisation.people["anna"].private_key
    entry, other = acts.any_entry(key), acts.any_entry(key)
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)

        def append(kind: str, handler_id: str | None, sealed: bytes) -> thread.Appended:
            draft = thread.Draft("case", 3, kind, handler_id, sealed, TODAY)
            return thread.append(session, case, draft)

        append("message", "anna", entry)
        assert append("message", "anna", entry).repeated
        for changed in (
            ("feedback", "anna", entry),
            ("message", "bo", entry),
            ("message", None, entry),
            ("message", "anna", other),
        ):
            with pytest.raises(ConflictError, match="out_of_turn"):
                append(*changed)


@pytest.mark.parametrize("seq", [1, 2**31 - 1])
def test_a_number_is_read(seq: int) -> None:
    """From one to what every database holds."""
    assert thread.number(seq) == seq


@pytest.mark.parametrize("seq", [0, -1, 2**31, 10**40, True, 1.0, "1", None, [], {}])
def test_what_is_no_number_is_refused(seq: object) -> None:
    """By one reason."""
    with pytest.raises(FilingError, match="seq"):
        thread.number(seq)


def test_entries_are_told_with_their_hash(organisation: Organisation) -> None:
    """The clear columns, the sealed bytes, and what an entry that is gone leaves."""
    acts.file(organisation)
    with organisation.parts.database.writing() as session:
        case = session.scalars(select(Case)).one()
        gone = session.scalars(select(Entry).where(Entry.seq == 2)).one()
        session.execute(delete(EntrySeal).where(EntrySeal.entry_id == gone.id))
        told = [thread.entry_json(one) for one in thread.sealed_entries(session, case.id, "case")]
    assert [one["seq"] for one in told] == [1, 2]
    assert (told[1]["sealed"], told[1]["handler"], told[1]["kind"]) == ("", None, "received")
    assert len(told[1]["sha256"]) == 43
