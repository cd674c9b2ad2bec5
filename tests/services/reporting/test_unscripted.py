"""A reporter without scripts: the server seals, opens, answers and forgets."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests import acts
from tests.counting import Counted, counting
from tests.organisation import NOON, Organisation, make_organisation, make_settings
from whistle.crypto.chain import next_place, verify_thread
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import make_filing
from whistle.crypto.receipt import Receipt
from whistle.errors import (
    BusyError,
    ConflictError,
    FilingError,
    KeyringError,
    NotFoundError,
    ReceiptError,
    ThreadError,
    TooLargeError,
)
from whistle.services.reporting import mailbox, unscripted
from whistle.services.reporting.filing import Receipted
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.storage.tables import Case, Entry, EntrySeal

TEXT = "The emergency exit is locked."


def send(organisation: Organisation, code: str, *, what: str = TEXT, **choices: Any) -> Receipted:
    """Press the button of the page without scripts."""
    chosen = {"channel": "main", "body": acts.body(what), **choices}
    return unscripted.file_for(organisation.parts, code, **chosen)


def count_cases(organisation: Organisation) -> int:
    """How many cases there are."""
    with organisation.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


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


def test_a_new_code_is_one() -> None:
    """Properly written, and another each time."""
    code = unscripted.new_code()
    assert unscripted.check_code(code.lower().replace("-", " ")) == code
    assert unscripted.new_code() != code


def test_a_code_that_is_none_is_refused() -> None:
    """With the reason that the page words."""
    with pytest.raises(ReceiptError, match="length"):
        unscripted.check_code("XXXXX")


def test_a_report_is_sealed_and_kept(organisation: Organisation) -> None:
    """Handlers open it, and see for ever that the server sealed it."""
    code = unscripted.new_code()
    told = send(organisation, code)
    assert (told.next_seq, told.repeated) == (3, False)
    opened = read_mailbox(organisation.parts, Receipt.parse(code).mailbox_token)
    entries, _ = acts.verified(organisation, opened, organisation.people["bo"].private_key)
    assert entries[0].json() == acts.body()
    assert entries[0].head["made"] == "server"


def test_pressing_twice_is_one_report(organisation: Organisation) -> None:
    """Same code, same answers: the same answer and one case."""
    code = unscripted.new_code()
    first = send(organisation, code)
    assert send(organisation, code) == replace(first, repeated=True)
    assert count_cases(organisation) == 1


OTHERS: dict[str, dict[str, Any]] = {
    "another text": {"what": "Another text"},
    "somebody left out": {"left_out": ["bo"]},
    "no acknowledgement": {"waive_ack": True},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_other_answers_under_the_same_code_are_not_sent(
    organisation: Organisation, other: dict[str, Any]
) -> None:
    """Whoever left somebody out the second time must not be told that it counted."""
    code = unscripted.new_code()
    send(organisation, code)
    with pytest.raises(ConflictError, match="already_sent"):
        send(organisation, code, **other)
    assert count_cases(organisation) == 1


def test_another_channel_under_the_same_code_is_not_sent(tmp_path: Path) -> None:
    """The first channel's people read it, not the second's."""
    organisation = two_channels(tmp_path)
    code = unscripted.new_code()
    send(organisation, code)
    with pytest.raises(ConflictError, match="already_sent"):
        send(organisation, code, channel="second")


def two_channels(folder: Path) -> Organisation:
    """An organisation in which the same people read two channels."""
    settings = make_settings(folder)
    second = replace(settings.channels[0], id="second", name="Second Works")
    organisation = make_organisation(
        folder, replace(settings, channels=(*settings.channels, second))
    )
    acts.publish_keyring(organisation, change=_read_both, cosigner="anna")
    return organisation


def _read_both(content: dict[str, list[dict[str, dict[str, str]]]]) -> None:
    for one in content["handlers"]:
        one["channels"]["second"] = one["channels"]["main"]


def test_leaving_the_same_persons_out_in_another_order_is_the_same(
    organisation: Organisation,
) -> None:
    """The order in which boxes come says nothing."""
    code = unscripted.new_code()
    send(organisation, code, left_out=["anna", "bo"], one_reader_confirmed=True)
    again = send(organisation, code, left_out=["bo", "anna"], one_reader_confirmed=True)
    assert again.repeated


def test_pressing_again_after_days_gets_the_first_answer(organisation: Organisation) -> None:
    """A report that was acknowledged since is still the same report."""
    code = unscripted.new_code()
    first = send(organisation, code)
    organisation.move(2)
    with organisation.parts.database.reading() as session:
        case = session.scalars(select(Case)).one().id.hex()
    acts.act(organisation, "anna", case, "acknowledgement")
    assert send(organisation, code) == replace(first, repeated=True)


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """What `act` gives or raises when threads begin it together."""
    results: list[object] = [None] * count
    start = Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            results[number] = act(number)
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[number] = error

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def test_two_presses_at_once_are_one_report(organisation: Organisation) -> None:
    """One is kept, all get its answer."""
    code = unscripted.new_code()
    answers = at_once(6, lambda _: send(organisation, code))
    assert count_cases(organisation) == 1
    kept = [one for one in answers if isinstance(one, Receipted)]
    assert len(kept) == 6
    assert len({replace(one, repeated=False) for one in kept}) == 1
    assert [one.repeated for one in kept].count(False) == 1


def test_two_texts_at_once_under_one_code_are_one_report(organisation: Organisation) -> None:
    """One is kept, the other is told that it was not."""
    code = unscripted.new_code()
    answers = at_once(2, lambda number: send(organisation, code, what=f"Text {number}"))
    assert count_cases(organisation) == 1
    assert {type(one) for one in answers} == {Receipted, ConflictError}


def test_one_reader_must_be_confirmed(organisation: Organisation) -> None:
    """The reporter says so, or nothing is sent."""
    with pytest.raises(FilingError, match="one_reader"):
        send(organisation, unscripted.new_code(), left_out=["anna", "bo"])
    assert count_cases(organisation) == 0
    told = send(
        organisation,
        unscripted.new_code(),
        left_out=["anna", "bo"],
        one_reader_confirmed=True,
    )
    assert told.next_seq == 3


def test_one_person_with_two_keys_is_one_reader(organisation: Organisation) -> None:
    """Readers are counted as persons."""
    acts.publish_keyring(organisation, change=_carin_is_bo, cosigner="bo")
    with pytest.raises(FilingError, match="one_reader"):
        send(organisation, unscripted.new_code(), left_out=["anna"])


def _carin_is_bo(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][2]["person"] = "bo"


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ({"left_out": ["anna", "bo", "carin"]}, "no_readers"),
        ({"left_out": ["david"]}, "left_out"),
        ({"channel": "other"}, "unknown_channel"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    organisation: Organisation, choices: dict[str, Any], reason: str
) -> None:
    """Nobody to read it, nobody of that name, no such channel."""
    with pytest.raises(FilingError, match=reason):
        send(organisation, unscripted.new_code(), **choices)
    assert count_cases(organisation) == 0


def test_a_text_over_the_limit_is_refused(organisation: Organisation) -> None:
    """20 000 code points together."""
    with pytest.raises(TooLargeError, match="text"):
        send(organisation, unscripted.new_code(), what="x" * 20_001)


def test_nothing_is_sealed_for_a_keyring_that_expired_long_ago(organisation: Organisation) -> None:
    """The page shows the other ways."""
    organisation.now = NOON.replace(year=2029)
    with pytest.raises(KeyringError, match="closed"):
        send(organisation, unscripted.new_code())


def test_a_keyring_that_changes_meanwhile_is_told(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown on the form is not what would read it."""
    real = make_filing

    def change_first(*args: Any, **named: Any) -> object:
        made = real(*args, **named)
        acts.publish_keyring(organisation)
        return made

    monkeypatch.setattr(unscripted, "make_filing", change_first)
    with pytest.raises(ConflictError, match="keyring_changed"):
        send(organisation, unscripted.new_code())


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
