"""Return without scripts: the server opens, verifies, adds what is written, and forgets."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from tests import acts
from tests.counting import Counted, counting
from tests.organisation import Organisation
from tests.services.reporting.unscripted_acts import at_once, send
from whistle.crypto.chain import next_place, verify_thread
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.receipt import Receipt
from whistle.errors import (
    BusyError,
    ConflictError,
    NotFoundError,
    ReceiptError,
    ThreadError,
    TooLargeError,
)
from whistle.services.reporting import mailbox, unscripted
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.storage.tables import Case, Entry, EntrySeal


def tamper(organisation: Organisation, number: int, **values: Any) -> None:
    """Change what the server holds of an entry."""
    with organisation.parts.database.writing() as session:
        of_entry = select(Entry.id).where(Entry.seq == number).scalar_subquery()
        if sealed := values.pop("sealed", None):
            session.execute(
                update(EntrySeal).where(EntrySeal.entry_id == of_entry).values(sealed=sealed)
            )
        if values:
            session.execute(update(Entry).where(Entry.seq == number).values(**values))


def test_a_look_opens_and_verifies_the_thread(organisation: Organisation) -> None:
    """Entries with their writers' names from the signed keyring, and the dates."""
    code = unscripted.new_code()
    send(organisation, code)
    with organisation.parts.database.reading() as session:
        case = session.scalars(select(Case)).one().id.hex()
    acts.act(organisation, "anna", case, "acknowledgement")
    seen = unscripted.look(organisation.parts, code)
    assert [one["kind"] for one in seen.entries] == ["report", "received", "acknowledgement"]
    assert seen.entries[2]["author_name"] == "Anna Lind"
    assert seen.entries[2]["body"] == {"text": "A text."}
    assert seen.dates["acknowledged_on"] == date(2026, 11, 22)
    assert (seen.state, seen.channel, seen.fault) == ("acknowledged", "main", None)


def test_a_look_writes_nothing(organisation: Organisation) -> None:
    """No statement but reading: a return leaves no trace."""
    filed = acts.file(organisation)
    with counting(organisation) as counted:
        unscripted.look(organisation.parts, str(filed.receipt))
    assert {one.split()[0] for one in counted.statements} == {"BEGIN", "SELECT"}


def test_unknown_and_erased_cost_the_same(organisation: Organisation) -> None:
    """The same statements and derivations, whichever it is."""
    gone = acts.file(organisation)
    acts.file(organisation)
    with organisation.parts.database.writing() as session:
        acts.case_row(session, gone).mailbox_id = None
    costs: list[Counted] = []
    for receipt in (gone.receipt, Receipt.generate(), Receipt(bytes(15))):
        with counting(organisation) as counted, pytest.raises(NotFoundError, match="unknown"):
            unscripted.look(organisation.parts, str(receipt))
        costs.append(counted)
    assert costs[0].hashes
    assert costs[0] == costs[1] == costs[2]


TAMPERED: dict[str, tuple[int, dict[str, Any], str, int]] = {
    "the report's bytes": (1, {"sealed": bytes(5000)}, "shape", 0),
    "the system line's bytes": (2, {"sealed": bytes(5000)}, "shape", 1),
    "a message passed off as feedback": (3, {"kind": "feedback"}, "clear_differs", 2),
    "a message passed off as a handler's": (3, {"handler_id": "anna"}, "clear_differs", 2),
    "a message moved to the end": (3, {"seq": 9}, "gap", 2),
    "the receipt date": (1, {"on": date(2026, 11, 23)}, "clear_differs", 1),
}


@pytest.mark.parametrize(("seq", "values", "fault", "left"), TAMPERED.values(), ids=TAMPERED)
def test_a_look_at_a_tampered_thread_shows_its_verified_beginning(
    organisation: Organisation, seq: int, values: dict[str, Any], fault: str, left: int
) -> None:
    """What verifies is shown, with why it ends there; nothing after it."""
    code = unscripted.new_code()
    send(organisation, code)
    for text in ("One", "Two"):
        unscripted.write_message(organisation.parts, code, text)
    tamper(organisation, seq, **values)
    seen = unscripted.look(organisation.parts, code)
    assert len(seen.entries) == left
    assert seen.fault == fault
    with pytest.raises(ThreadError):
        unscripted.write_message(organisation.parts, code, "Three")


def test_a_look_at_swapped_keys_is_a_fault(organisation: Organisation) -> None:
    """Keys that the code does not open show nothing, and say why."""
    code = unscripted.new_code()
    send(organisation, code)
    other = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        mine = session.scalars(
            select(Case).where(Case.mailbox_id == Receipt.parse(code).mailbox_id)
        ).one()
        mine.case_age = acts.case_row(session, other).case_age
    seen = unscripted.look(organisation.parts, code)
    assert (seen.entries, seen.fault) == ((), "no_match")
    with pytest.raises(ConflictError, match="already_sent"):
        send(organisation, code)


def test_an_entry_whose_body_cannot_be_read_is_a_fault(organisation: Organisation) -> None:
    """A writer who signs nonsense ends the thread there, and breaks no page."""
    filed = acts.file(organisation)
    token = filed.receipt.mailbox_token
    opened = read_mailbox(organisation.parts, token)
    entries, keys = acts.verified(organisation, opened, filed.receipt.private_key)
    entry = make_entry(
        next_place(entries),
        Author("reporter", "reporter", filed.receipt.signing_key, "browser"),
        "message",
        [],  # type: ignore[arg-type] # JSON, and no object
        keyring=acts.keyring(organisation),
        to=keys[0].public_key,
    )
    append_entry(organisation.parts, token, seq=3, kind="message", sealed=entry)
    seen = unscripted.look(organisation.parts, str(filed.receipt))
    assert len(seen.entries) == 2
    assert seen.fault == "json"


def test_finding_the_fault_of_a_long_thread_is_quick(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever fills a thread with rubbish cannot keep the server busy with looking at it."""
    code = unscripted.new_code()
    send(organisation, code)
    token = Receipt.parse(code).mailbox_token
    rubbish = acts.any_entry(organisation.people["anna"].private_key)
    for seq in range(3, 35):
        append_entry(organisation.parts, token, seq=seq, kind="message", sealed=rubbish)
    tries: list[int] = []
    real = verify_thread

    def counted(records: Any, *args: Any, **named: Any) -> Any:
        tries.append(len(records))
        return real(records, *args, **named)

    monkeypatch.setattr(unscripted, "verify_thread", counted)
    seen = unscripted.look(organisation.parts, code)
    assert (len(seen.entries), seen.fault) == (2, "cannot_open")
    assert len(tries) <= 8


def test_a_message_is_added(organisation: Organisation) -> None:
    """Sealed and signed by the server for this one visit, and marked so."""
    code = unscripted.new_code()
    send(organisation, code)
    unscripted.write_message(organisation.parts, code, "More.")
    last = unscripted.look(organisation.parts, code).entries[-1]
    assert (last["body"], last["made"], last["side"]) == ({"text": "More."}, "server", "reporter")


def test_a_message_over_the_limit_is_refused(organisation: Organisation) -> None:
    """20 000 code points."""
    code = unscripted.new_code()
    send(organisation, code)
    with pytest.raises(TooLargeError, match="text"):
        unscripted.write_message(organisation.parts, code, "x" * 20_001)


def test_a_message_that_something_came_before_is_refused(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reporter sees first what came in between."""
    code = unscripted.new_code()
    send(organisation, code)
    with organisation.parts.database.reading() as session:
        case = session.scalars(select(Case)).one().id.hex()
    real = mailbox.append_entry

    def answered_first(*args: Any, **named: Any) -> object:
        monkeypatch.setattr(mailbox, "append_entry", real)
        acts.act(organisation, "anna", case, "message")
        return real(*args, **named)

    monkeypatch.setattr(mailbox, "append_entry", answered_first)
    with pytest.raises(ConflictError, match="out_of_turn"):
        unscripted.write_message(organisation.parts, code, "More.")


def test_messages_at_once_leave_a_whole_thread(organisation: Organisation) -> None:
    """Each is added or refused; none replaces another."""
    code = unscripted.new_code()
    send(organisation, code)
    results = at_once(
        5, lambda number: unscripted.write_message(organisation.parts, code, f"{number}")
    )
    kept = [one for one in results if one is None]
    assert all(isinstance(one, ConflictError) for one in results if one is not None)
    seen = unscripted.look(organisation.parts, code)
    assert seen.fault is None
    assert len(seen.entries) == 2 + len(kept)


def test_the_days_limit_holds_here_too(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a browser with scripts."""
    monkeypatch.setattr(mailbox, "ENTRIES_A_DAY", 1)
    code = unscripted.new_code()
    send(organisation, code)
    unscripted.write_message(organisation.parts, code, "One")
    with pytest.raises(BusyError, match="enough_for_today"):
        unscripted.write_message(organisation.parts, code, "Two")


@pytest.mark.parametrize("act", [unscripted.look, lambda p, c: unscripted.write_message(p, c, "x")])
def test_a_code_that_is_none_opens_nothing(organisation: Organisation, act: Any) -> None:
    """Told apart from an unknown one: it cannot be any report's."""
    with pytest.raises(ReceiptError):
        act(organisation.parts, "not a code")
