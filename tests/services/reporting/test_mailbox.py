"""The mailbox: what its token opens, what may be added, and what stays unsaid to any other."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from tests import acts
from tests.counting import Counted, counting
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.receipt import Receipt
from whistle.errors import (
    BusyError,
    ConflictError,
    FilingError,
    NotForMeError,
    NotFoundError,
    ThreadError,
)
from whistle.services.reporting import mailbox
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.storage.tables import Case, Entry, EntrySeal


def erase(organisation: Organisation, filed: acts.Filed) -> None:
    """Leave of a case what erasing leaves, as far as the mailbox can see it."""
    with organisation.parts.database.writing() as session:
        mine = Case.mailbox_id == filed.receipt.mailbox_id
        session.execute(update(Case).where(mine).values(mailbox_id=None))


def message(
    organisation: Organisation, filed: acts.Filed, text: str = "More."
) -> tuple[int, bytes]:
    """The reporter's next message, sealed: its number and its bytes."""
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    return len(opened["entries"]) + 1, acts.by_reporter(organisation, filed, text, opened)


def append(
    organisation: Organisation, filed: acts.Filed, seq: Any, entry: bytes, **kind: Any
) -> Any:
    """Hand a message of the reporter's to the service."""
    token = filed.receipt.mailbox_token
    return append_entry(
        organisation.parts, token, **{"seq": seq, "kind": "message", "sealed": entry, **kind}
    )


def test_the_mailbox_holds_what_verifies_the_thread(organisation: Organisation) -> None:
    """Thread, sealed keys, entries, dates and keyrings: nothing else is needed to read it."""
    filed = acts.file(organisation)
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    assert set(opened) == {
        "thread",
        "channel",
        "received_on",
        "state",
        "dates",
        "law",
        "case_age",
        "entries",
        "root",
        "today",
        "keyrings",
    }
    assert opened["dates"]["acknowledge_due_on"] == "2026-11-29"
    assert opened["law"] == {"code": "SE", "knows_waiver": True}
    entries, _ = acts.verified(organisation, opened, filed.receipt.private_key)
    assert entries[0].json() == acts.body()


def test_the_mailbox_never_shows_the_handlers_notes(organisation: Organisation) -> None:
    """The desk chain is another chain: the reporter cannot even count it."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    entry = acts.any_entry(organisation.people["anna"].private_key)
    acts.write(organisation, "anna", case, "note", 1, entry)
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    assert [one["chain"] for one in opened["entries"]] == ["case", "case"]
    assert "desk_age" not in opened


def test_a_message_is_added(organisation: Organisation) -> None:
    """It stands where it was sealed for, and opens."""
    filed = acts.file(organisation)
    seq, entry = message(organisation, filed)
    appended = append(organisation, filed, seq, entry)
    assert (appended.seq, appended.repeated) == (3, False)
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    entries, _ = acts.verified(organisation, opened, filed.receipt.private_key)
    assert entries[2].json() == {"text": "More."}


def test_a_message_is_added_to_a_closed_case(organisation: Organisation) -> None:
    """Closing is not erasing: the reporter may still write."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "acknowledgement")
    acts.act(organisation, "anna", case, "feedback", adds={"final": True, "next_on": None})
    acts.act(organisation, "anna", case, "closing", adds={"outcome": "settled"})
    seq, entry = message(organisation, filed)
    assert append(organisation, filed, seq, entry).seq == 6


def test_the_same_message_again_is_the_same(organisation: Organisation) -> None:
    """A request whose answer was lost changes nothing the second time."""
    filed = acts.file(organisation)
    seq, entry = message(organisation, filed)
    first = append(organisation, filed, seq, entry)
    again = append(organisation, filed, seq, entry)
    assert (again.seq, again.sha256, again.repeated) == (first.seq, first.sha256, True)


@pytest.mark.parametrize("seq", [1, 2, 4, 2**31 - 1])
def test_a_message_out_of_turn_is_refused(organisation: Organisation, seq: int) -> None:
    """It would follow an entry that its writer has not seen."""
    filed = acts.file(organisation)
    _, entry = message(organisation, filed)
    with pytest.raises(ConflictError, match="out_of_turn"):
        append(organisation, filed, seq, entry)


def test_another_message_in_a_place_that_is_taken_is_refused(organisation: Organisation) -> None:
    """Two browsers of one reporter: the second looks first."""
    filed = acts.file(organisation)
    seq, first = message(organisation, filed, "One")
    _, second = message(organisation, filed, "Two")
    append(organisation, filed, seq, first)
    with pytest.raises(ConflictError, match="out_of_turn"):
        append(organisation, filed, seq, second)


@pytest.mark.parametrize("seq", [None, "3", 3.0, True, [], {}, 0, -1, 2**31, 10**30])
def test_what_is_no_number_of_an_entry_is_refused(organisation: Organisation, seq: object) -> None:
    """Whatever type or size it has."""
    filed = acts.file(organisation)
    _, entry = message(organisation, filed)
    with pytest.raises(FilingError, match="seq"):
        append(organisation, filed, seq, entry)


KINDS: list[object] = [
    "report",
    "acknowledgement",
    "feedback",
    "closing",
    "received",
    "note",
    "",
    None,
    1,
    [],
    {},
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_reporter_writes_messages_only(organisation: Organisation, kind: object) -> None:
    """No other kind is taken by this door, of whatever type it is."""
    filed = acts.file(organisation)
    seq, entry = message(organisation, filed)
    with pytest.raises(FilingError, match="kind"):
        append(organisation, filed, seq, entry, kind=kind)


@pytest.mark.parametrize("entry", [b"", b"x", bytes(4096), b"age-encryption.org/v1\n-> "])
def test_what_is_not_sealed_is_refused(organisation: Organisation, entry: bytes) -> None:
    """The server keeps no plaintext, by whatever mistake it comes."""
    filed = acts.file(organisation)
    with pytest.raises(FilingError, match="entry"):
        append(organisation, filed, 3, entry)


def test_a_day_has_a_limit(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds a code cannot fill the disk; tomorrow there is room again."""
    monkeypatch.setattr(mailbox, "ENTRIES_A_DAY", 2)
    filed = acts.file(organisation)
    for _ in range(2):
        append(organisation, filed, *message(organisation, filed))
    with pytest.raises(BusyError, match="enough_for_today"):
        append(organisation, filed, *message(organisation, filed))
    organisation.move(1)
    assert append(organisation, filed, *message(organisation, filed)).seq == 5


def test_a_repeated_message_is_answered_at_the_limit(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept already; refusing it would make its writer believe it is not."""
    monkeypatch.setattr(mailbox, "ENTRIES_A_DAY", 1)
    filed = acts.file(organisation)
    seq, entry = message(organisation, filed)
    append(organisation, filed, seq, entry)
    assert append(organisation, filed, seq, entry).repeated


def test_what_handlers_and_the_system_write_uses_up_nothing(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit counts the reporter's own messages."""
    monkeypatch.setattr(mailbox, "ENTRIES_A_DAY", 1)
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "message")
    acts.act(organisation, "bo", case, "message")
    assert append(organisation, filed, *message(organisation, filed)).seq == 5


def test_a_reader_sees_a_clear_column_that_was_changed(organisation: Organisation) -> None:
    """A server that passes a message off as feedback is found out by both sides."""
    filed = acts.file(organisation)
    append(organisation, filed, *message(organisation, filed))
    with organisation.parts.database.writing() as session:
        session.execute(update(Entry).where(Entry.seq == 3).values(kind="feedback"))
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    for key in (filed.receipt.private_key, organisation.people["anna"].private_key):
        with pytest.raises(ThreadError, match="clear_differs"):
            acts.verified(organisation, opened, key)


def test_a_reader_sees_a_receipt_date_that_was_changed(organisation: Organisation) -> None:
    """Moving the date would move the clocks; the system's signed line says otherwise."""
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        session.execute(update(Entry).where(Entry.seq == 1).values(on=date(2026, 11, 23)))
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    with pytest.raises(ThreadError, match="clear_differs"):
        acts.verified(organisation, opened, filed.receipt.private_key)


def test_a_reader_sees_sealed_bytes_that_were_swapped(organisation: Organisation) -> None:
    """Another reporter's entry does not fit this thread."""
    mine, other = acts.file(organisation), acts.file(organisation)
    with organisation.parts.database.writing() as session:
        seals = [
            session.get_one(EntrySeal, session.scalars(_first_entry(one)).one())
            for one in (acts.case_row(session, mine).id, acts.case_row(session, other).id)
        ]
        seals[0].sealed = seals[1].sealed
    opened = read_mailbox(organisation.parts, mine.receipt.mailbox_token)
    with pytest.raises(ThreadError, match="cannot_open"):
        acts.verified(organisation, opened, mine.receipt.private_key)


def _first_entry(case: bytes) -> Any:
    return select(Entry.id).where(Entry.case_id == case, Entry.seq == 1)


Ask = Callable[[Organisation, bytes], object]


def _append_something(organisation: Organisation, token: bytes) -> object:
    entry = acts.any_entry(organisation.people["anna"].private_key)
    return append_entry(organisation.parts, token, seq=3, kind="message", sealed=entry)


def _read(organisation: Organisation, token: bytes) -> object:
    return read_mailbox(organisation.parts, token)


@pytest.mark.parametrize("ask", [_read, _append_something])
def test_unknown_and_erased_cost_the_same(organisation: Organisation, ask: Ask) -> None:
    """One reason, the same statements with the same text, the same hashes: nothing to measure."""
    filed, gone = acts.file(organisation), acts.file(organisation)
    acts.file(organisation)
    erase(organisation, gone)
    wrong = bytes([filed.receipt.mailbox_token[0] ^ 1]) + filed.receipt.mailbox_token[1:]
    costs: list[Counted] = []
    for token in (gone.receipt.mailbox_token, wrong, Receipt.generate().mailbox_token, bytes(32)):
        with counting(organisation) as counted, pytest.raises(NotFoundError, match="unknown"):
            ask(organisation, token)
        costs.append(counted)
    assert costs[0].statements
    assert costs[0].hashes
    assert all(one == costs[0] for one in costs)


def test_reading_a_mailbox_leaves_no_trace(organisation: Organisation) -> None:
    """A reporter's return writes nothing, so nothing tells that it happened."""
    filed = acts.file(organisation)
    with counting(organisation) as counted:
        read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    assert {one.split()[0] for one in counted.statements} == {"BEGIN", "SELECT"}


def test_the_database_never_sees_the_token(organisation: Organisation) -> None:
    """It is asked for the token's hash only."""
    filed = acts.file(organisation)
    with counting(organisation) as counted:
        read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    assert any(filed.receipt.mailbox_id in one for one in counted.values)
    assert not any(filed.receipt.mailbox_token in one for one in counted.values)


def test_the_answer_is_sealed_for_whoever_holds_the_code(organisation: Organisation) -> None:
    """A handler who was left out finds nothing to open in the mailbox's bytes."""
    filed = acts.file(organisation, left_out=("bo",))
    opened = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    assert b64u_decode(opened["case_age"])
    with pytest.raises(NotForMeError, match="no_match"):
        acts.verified(organisation, opened, organisation.people["bo"].private_key)
