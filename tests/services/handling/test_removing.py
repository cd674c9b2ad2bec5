"""What is manifestly irrelevant goes at once, and the thread can still be followed."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation
from tests.services.handling import four_eyes
from tests.services.upkeep import clockwork as clock
from whistle.case.events import Outcome
from whistle.crypto import age
from whistle.crypto.encoding import b64u
from whistle.errors import FilingError, ThreadError
from whistle.services.handling import cases
from whistle.services.reporting import unscripted
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Entry, EntrySeal, LogEvent

MARKED = "Somebody's illness, which has nothing to do with it."


def _entries(organisation: Organisation, filed: acts.Filed) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = read_mailbox(organisation.parts, filed.receipt.mailbox_token)[
        "entries"
    ]
    return entries


def _remove(
    organisation: Organisation, filed: acts.Filed, *seqs: int, handler_id: str = "anna"
) -> None:
    """Let a handler erase entries that a colleague has proposed to erase."""
    by_seq = {one["seq"]: one for one in _entries(organisation, filed)}
    named = [{"seq": seq, "sha256": by_seq[seq]["sha256"]} for seq in seqs]
    case = acts.case_id(organisation, filed)
    other = "bo" if handler_id == "anna" else "anna"
    proposed = four_eyes.propose(organisation, other, case, "entries", named)
    four_eyes.approve(organisation, handler_id, case, proposed, named)


def _kinds(organisation: Organisation, filed: acts.Filed) -> list[str]:
    return [one.kind for one in clock.thread_of(organisation, filed)]


def test_invariant_23_both_sides_read_on_over_the_gap(organisation: Organisation) -> None:
    """Reporter with scripts, without, and handler: all of them verify the thread without it."""
    filed = acts.file(organisation)
    clock.by_reporter(organisation, filed, "message", text=MARKED)
    clock.by_reporter(organisation, filed, "message")
    _remove(organisation, filed, 3)
    assert _kinds(organisation, filed) == ["report", "received", "message", "removed"]
    look = unscripted.look(organisation.parts, str(filed.receipt))
    assert (look.fault, [one["kind"] for one in look.entries][-1]) == (None, "removed")
    clock.by_reporter(organisation, filed, "message", text="Good.")
    acts.act(organisation, "bo", acts.case_id(organisation, filed), "message")
    assert _kinds(organisation, filed)[-2:] == ["message", "message"]


def test_the_bytes_are_gone_from_the_files_at_once(organisation: Organisation) -> None:
    """Not at the clock's next turn; the hash stays."""
    filed = acts.file(organisation)
    clock.by_reporter(organisation, filed, "message", text=MARKED)
    with organisation.parts.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.seq == 3)).one()
        seal = session.get_one(EntrySeal, entry.id).sealed
        kept = entry.sha256
    _remove(organisation, filed, 3)
    folder = organisation.parts.settings.data_dir
    files = b"".join(file.read_bytes() for file in sorted(folder.glob("whistle.sqlite*")))
    pieces = [seal[at : at + 24] for at in range(200, len(seal), 300)]
    assert [piece for piece in pieces if piece in files] == []
    assert kept in files


def test_the_log_says_that_and_not_what(organisation: Organisation) -> None:
    """One event by the handler, with its instant."""
    filed = acts.file(organisation)
    clock.by_reporter(organisation, filed, "message", text=MARKED)
    _remove(organisation, filed, 3)
    with organisation.parts.database.reading() as session:
        logged = [json.loads(one.payload or b"{}") for one in session.scalars(select(LogEvent))]
    by_event = {one["event"]: one for one in logged if "event" in one}
    assert by_event["ErasureProposed"]["who"] == "bo"
    said = by_event["Removed"]
    assert (said["event"], said["who"], "at" in said) == ("Removed", "anna", True)
    assert set(said) == {"event", "case", "who", "on", "rules", "at"}


def test_neither_report_nor_an_act_of_the_law_nor_a_line_of_the_system_may_go(
    organisation: Organisation,
) -> None:
    """What proves how the dates were kept stays, and so does the trace of removing."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed, next_on="2026-12-22")
    acts.act(organisation, "anna", acts.case_id(organisation, filed), "out_of_scope")
    clock.by_reporter(organisation, filed, "message")
    _remove(organisation, filed, 6)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    clock.turn(organisation, "2027-02-22")
    here = {one["kind"]: one["seq"] for one in _entries(organisation, filed)}
    assert set(here) == {
        "report", "received", "acknowledgement", "feedback", "message", "removed", "closing",
        "out_of_scope", "reprisal_check",
    }  # fmt: skip
    before = _kinds(organisation, filed)
    for kind in set(here) - {"message"}:
        with pytest.raises((FilingError, ThreadError)):
            _remove(organisation, filed, here[kind])
    assert _kinds(organisation, filed) == before


def test_one_that_may_not_go_keeps_all_that_are_named(organisation: Organisation) -> None:
    """All of them, or none."""
    filed = acts.file(organisation)
    clock.by_reporter(organisation, filed, "message")
    with pytest.raises(FilingError, match="entries"):
        _remove(organisation, filed, 3, 2)
    assert _kinds(organisation, filed) == ["report", "received", "message"]


def test_it_may_be_done_in_a_closed_case(organisation: Organisation) -> None:
    """What is irrelevant is so whenever it is seen; and twice is as once."""
    filed = acts.file(organisation)
    clock.by_reporter(organisation, filed, "message", text=MARKED)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    for _ in range(2):
        _remove(organisation, filed, 3)
    assert _kinds(organisation, filed)[-2:] == ["removed", "removed"]
    assert clock.row(organisation, filed).outcome == Outcome.SUBSTANTIATED


def test_notes_go_by_an_entry_of_their_own_chain(organisation: Organisation) -> None:
    """And an entry of the thread cannot be removed there."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    message = clock.by_reporter(organisation, filed, "message")
    note = clock.at_desk_chain(organisation, "anna", filed, "note", 1)
    named = [{"seq": 1, "sha256": b64u(note.sha256)}]
    other = [{"seq": message.seq, "sha256": b64u(message.sha256)}]
    with pytest.raises(FilingError, match="entries"):
        four_eyes.propose(organisation, "bo", case, "notes", other)
    proposed = four_eyes.propose(organisation, "bo", case, "notes", named)
    four_eyes.approve(organisation, "anna", case, proposed, named, "notes")
    anna = acts.handler(organisation, "anna")
    opened = cases.open_case(organisation.parts, anna, case)
    assert [(one["kind"], one["sealed"] == "") for one in opened["notes"]] == [
        ("note", True), ("erasure_proposal", False), ("erasure_approval", False),
        ("note_removed", False),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["withholding", "handover"])
def test_a_decision_in_the_notes_stays(organisation: Organisation, kind: str) -> None:
    """That receipt was withheld, and why, must be there to be shown."""
    filed = acts.file(organisation)
    decided = clock.at_desk_chain(organisation, "anna", filed, kind, 1, ground="identity")
    named = [{"seq": 1, "sha256": b64u(decided.sha256)}]
    with pytest.raises(FilingError, match="entries"):
        four_eyes.propose(organisation, "anna", acts.case_id(organisation, filed), "notes", named)


def test_the_desk_s_own_first_entry_stays(organisation: Organisation) -> None:
    """It names the key of all notes."""
    filed = acts.file(organisation)
    anna = organisation.people["anna"].private_key
    keys = b64u(age.seal(f"{anna}\n".encode(), [anna.public_key]))
    first = clock.at_desk_chain(organisation, "anna", filed, "desk", 1, desk_age=keys)
    named = [{"seq": 1, "sha256": b64u(first.sha256)}]
    with pytest.raises(FilingError, match="entries"):
        four_eyes.propose(organisation, "anna", acts.case_id(organisation, filed), "notes", named)
