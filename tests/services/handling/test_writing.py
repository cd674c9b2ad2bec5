"""What a handler writes, and what it does to the case: by the rules, once, or not at all."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import acts
from tests.organisation import Organisation
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.errors import CaseError, ConflictError, DeniedError, FilingError, NotFoundError
from whistle.services.handling import cases, writing
from whistle.services.handling.writing import Written
from whistle.storage.tables import Access, Case, Entry, EntrySeal, LogEvent

FINAL = {"final": True, "next_on": None}
INTERIM = {"final": False, "next_on": "2026-12-22"}


@pytest.fixture
def case(organisation: Organisation) -> str:
    """A fresh case."""
    return acts.case_id(organisation, acts.file(organisation))


@pytest.fixture
def acknowledged(organisation: Organisation, case: str) -> str:
    """A case whose receipt was acknowledged."""
    acts.act(organisation, "anna", case, "acknowledgement")
    return case


def row(organisation: Organisation, case: str) -> Case:
    """The case's row."""
    with organisation.parts.database.reading() as session:
        return session.get_one(Case, bytes.fromhex(case))


def size(organisation: Organisation) -> tuple[int, ...]:
    """How many entries and log events there are."""
    with organisation.parts.database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (EntrySeal, LogEvent)
        )


def post(
    organisation: Organisation,
    case: str,
    kind: object,
    facts: Mapping[str, object] | None = None,
    **place: Any,
) -> Any:
    """Post an entry of the right shape as Anna."""
    anna = organisation.people["anna"].private_key
    values = {"chain": "case", "seq": 3, "sealed": acts.any_entry(anna), **place}
    written = Written(kind=kind, facts=facts or {}, **values)
    return writing.write(organisation.parts, acts.handler(organisation, "anna"), case, written)


def refused(organisation: Organisation, case: str, kind: object, *args: Any, **place: Any) -> str:
    """The reason for which an entry is refused; nothing of it is kept."""
    before, state = size(organisation), vars(row(organisation, case)).copy()
    with pytest.raises((FilingError, ConflictError, CaseError, DeniedError)) as caught:
        post(organisation, case, kind, *args, **place)
    after = vars(row(organisation, case))
    assert size(organisation) == before
    assert {k: v for k, v in after.items() if k[0] != "_"} == {
        k: v for k, v in state.items() if k[0] != "_"
    }
    return caught.value.reason


def test_an_acknowledgement_stops_its_clock(organisation: Organisation, case: str) -> None:
    """On the day it is received here; then feedback is what is due next."""
    organisation.move(2)
    appended = acts.act(organisation, "anna", case, "acknowledgement")
    assert (appended.seq, appended.repeated) == (3, False)
    kept = row(organisation, case)
    assert kept.acknowledged_on == date(2026, 11, 24)
    assert kept.acknowledged_by == "handler"
    assert kept.due_on == date(2027, 2, 24)


def test_a_second_acknowledgement_is_refused(organisation: Organisation, acknowledged: str) -> None:
    """The first one stands."""
    assert refused(organisation, acknowledged, "acknowledgement", seq=4) == "already_acknowledged"


def test_two_handlers_cannot_both_acknowledge(organisation: Organisation, case: str) -> None:
    """The second is told that something came in between, before anything else."""
    seq, hers = acts.by_handler(organisation, "anna", case, "acknowledgement")
    _, his = acts.by_handler(organisation, "bo", case, "acknowledgement")
    acts.write(organisation, "anna", case, "acknowledgement", seq, hers)
    with pytest.raises(ConflictError, match="out_of_turn"):
        acts.write(organisation, "bo", case, "acknowledgement", seq, his)


def test_a_repeated_entry_changes_nothing(organisation: Organisation, case: str) -> None:
    """A request whose answer was lost is answered again, and acts once."""
    seq, entry = acts.by_handler(organisation, "anna", case, "acknowledgement")
    first = acts.write(organisation, "anna", case, "acknowledgement", seq, entry)
    organisation.move(1)
    before = size(organisation)
    again = acts.write(organisation, "anna", case, "acknowledgement", seq, entry)
    assert (again.sha256, again.repeated) == (first.sha256, True)
    assert size(organisation) == before
    assert row(organisation, case).acknowledged_on == date(2026, 11, 22)


def test_another_handlers_repeat_is_out_of_turn(organisation: Organisation, case: str) -> None:
    """The same bytes in another name are another entry."""
    seq, entry = acts.by_handler(organisation, "anna", case, "message")
    acts.write(organisation, "anna", case, "message", seq, entry)
    with pytest.raises(ConflictError, match="out_of_turn"):
        acts.write(organisation, "bo", case, "message", seq, entry)


def test_interim_feedback_names_the_next_date(
    organisation: Organisation, acknowledged: str
) -> None:
    """The clock of the law stops; the promise becomes the next clock."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=INTERIM)
    kept = row(organisation, acknowledged)
    assert kept.feedback_on == date(2026, 11, 22)
    assert kept.final_feedback_on is None
    assert kept.next_feedback_on == kept.due_on == date(2026, 12, 22)


def test_final_feedback_ends_the_promises(organisation: Organisation, acknowledged: str) -> None:
    """Nothing is due any more until the case is closed."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=INTERIM)
    acts.act(organisation, "bo", acknowledged, "feedback", adds=FINAL)
    kept = row(organisation, acknowledged)
    assert kept.final_feedback_on == date(2026, 11, 22)
    assert kept.due_on is None


WRONG_FEEDBACK: dict[str, tuple[dict[str, object], str]] = {
    "neither final nor not": ({}, "final"),
    "a word": ({"final": "true", "next_on": None}, "final"),
    "a number": ({"final": 1}, "final"),
    "interim without a date": ({"final": False}, "next_on"),
    "interim for today": ({"final": False, "next_on": "2026-11-22"}, "next_on"),
    "interim for yesterday": ({"final": False, "next_on": "2026-11-21"}, "next_on"),
    "interim for next year": ({"final": False, "next_on": "2027-11-22"}, "next_on_too_far"),
    "final with a date": ({"final": True, "next_on": "2026-12-22"}, "final_has_no_next"),
    "no date": ({"final": False, "next_on": "soon"}, "next_on"),
    "no such date": ({"final": False, "next_on": "2026-12-32"}, "next_on"),
    "a date without lines": ({"final": False, "next_on": "20261222"}, "next_on"),
    "a week": ({"final": False, "next_on": "2026-W52-1"}, "next_on"),
    "a number for a date": ({"final": False, "next_on": 20261222}, "next_on"),
    "a list for a date": ({"final": False, "next_on": []}, "next_on"),
}


@pytest.mark.parametrize(("facts", "reason"), WRONG_FEEDBACK.values(), ids=WRONG_FEEDBACK)
def test_feedback_with_wrong_facts_is_refused(
    organisation: Organisation, case: str, facts: dict[str, object], reason: str
) -> None:
    """Nothing is guessed, and nothing is kept."""
    assert refused(organisation, case, "feedback", facts) == reason


def test_a_case_closes_with_final_feedback(organisation: Organisation, acknowledged: str) -> None:
    """And an outcome from the list."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=FINAL)
    acts.act(organisation, "anna", acknowledged, "closing", adds={"outcome": "partly"})
    kept = row(organisation, acknowledged)
    assert (kept.closed_on, kept.outcome) == (date(2026, 11, 22), "partly")
    assert (kept.no_feedback, kept.due_on) == (None, None)


@pytest.mark.parametrize("reason", ["no_route", "would_harm", "out_of_scope", "transferred"])
def test_a_case_closes_without_feedback_for_a_listed_reason(
    organisation: Organisation, acknowledged: str, reason: str
) -> None:
    """The reason is kept."""
    acts.act(
        organisation, "anna", acknowledged, "closing", adds={"outcome": "settled"}, reason=reason
    )
    assert row(organisation, acknowledged).no_feedback == reason


WRONG_CLOSING: dict[str, tuple[dict[str, object], str]] = {
    "no reason and no feedback": ({"outcome": "settled"}, "no_feedback"),
    "a reason of one's own": ({"outcome": "settled", "reason": "we are busy"}, "outcome"),
    "an empty reason": ({"outcome": "settled", "reason": ""}, "outcome"),
    "a list for a reason": ({"outcome": "settled", "reason": []}, "outcome"),
    "no outcome": ({"reason": "no_route"}, "outcome"),
    "an outcome of one's own": ({"outcome": "fine", "reason": "no_route"}, "outcome"),
    "a list for an outcome": ({"outcome": ["settled"], "reason": "no_route"}, "outcome"),
    "a table for an outcome": ({"outcome": {}, "reason": "no_route"}, "outcome"),
}


@pytest.mark.parametrize(("facts", "reason"), WRONG_CLOSING.values(), ids=WRONG_CLOSING)
def test_closing_with_wrong_facts_is_refused(
    organisation: Organisation, acknowledged: str, facts: dict[str, object], reason: str
) -> None:
    """Nobody is left without feedback for a reason that is none."""
    assert refused(organisation, acknowledged, "closing", facts, seq=4) == reason


def test_interim_feedback_is_not_enough_to_close(
    organisation: Organisation, acknowledged: str
) -> None:
    """What was promised is still owed."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=INTERIM)
    assert refused(organisation, acknowledged, "closing", {"outcome": "settled"}, seq=5) == (
        "no_feedback"
    )


@pytest.mark.parametrize(
    ("kind", "facts"), [("acknowledgement", {}), ("feedback", FINAL), ("closing", {})]
)
def test_a_closed_case_takes_no_act(
    organisation: Organisation, acknowledged: str, kind: str, facts: dict[str, object]
) -> None:
    """It is reopened first."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=FINAL)
    acts.act(organisation, "anna", acknowledged, "closing", adds={"outcome": "settled"})
    facts = {"outcome": "settled", **facts} if kind == "closing" else facts
    assert refused(organisation, acknowledged, kind, facts, seq=6) == "closed"


def test_a_closed_case_takes_messages(organisation: Organisation, acknowledged: str) -> None:
    """The conversation may go on."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=FINAL)
    acts.act(organisation, "anna", acknowledged, "closing", adds={"outcome": "settled"})
    assert acts.act(organisation, "bo", acknowledged, "message").seq == 6


def test_a_case_is_reopened_with_a_date(organisation: Organisation, acknowledged: str) -> None:
    """The reporter is told when to hear again."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=FINAL)
    acts.act(organisation, "anna", acknowledged, "closing", adds={"outcome": "settled"})
    seq, entry = acts.by_handler(organisation, "anna", acknowledged, "reopening")
    acts.write(organisation, "anna", acknowledged, "reopening", seq, entry, next_on="2026-12-22")
    kept = row(organisation, acknowledged)
    assert (kept.closed_on, kept.outcome) == (None, None)
    assert kept.due_on == date(2026, 12, 22)


@pytest.mark.parametrize("next_on", [None, "", "2026-11-22"])
def test_a_case_is_not_reopened_without_a_date(
    organisation: Organisation, acknowledged: str, next_on: object
) -> None:
    """An open case without any clock would sleep."""
    acts.act(organisation, "anna", acknowledged, "feedback", adds=FINAL)
    acts.act(organisation, "anna", acknowledged, "closing", adds={"outcome": "settled"})
    facts = {"next_on": next_on}
    assert refused(organisation, acknowledged, "reopening", facts, seq=6) == "next_on"


def test_withholding_needs_a_ground_that_the_law_knows(
    organisation: Organisation, case: str
) -> None:
    """It stands in the handlers' chain: the reporter is not told by an entry."""
    wrong = {"ground": "we would rather not"}
    place = {"chain": "desk", "seq": 1}
    assert refused(organisation, case, "withholding", wrong, **place) == "unknown_ground"
    assert refused(organisation, case, "withholding", {}, **place) == "unknown_ground"
    post(organisation, case, "withholding", {"ground": "identity"}, **place)
    assert row(organisation, case).withheld == "identity"


def test_a_report_may_be_found_out_of_scope(organisation: Organisation, case: str) -> None:
    """The row keeps it."""
    post(organisation, case, "out_of_scope")
    assert row(organisation, case).out_of_scope


def test_a_meeting_is_offered_only_when_one_was_asked_for(
    organisation: Organisation, case: str
) -> None:
    """Its clock begins with the reporter's wish."""
    assert refused(organisation, case, "meeting_offer") == "not_asked"


def test_a_handover_is_an_event_of_the_log(organisation: Organisation, case: str) -> None:
    """It moves no date."""
    before = row(organisation, case)
    post(organisation, case, "handover", chain="desk", seq=1)
    assert row(organisation, case).due_on == before.due_on


WRONG_PLACES: dict[str, dict[str, object]] = {
    "a report": {"kind": "report"},
    "a system line": {"kind": "received"},
    "a note in the reporter's chain": {"kind": "note"},
    "a message in the handlers' chain": {"kind": "message", "chain": "desk", "seq": 1},
    "another chain": {"kind": "message", "chain": "other"},
    "no chain": {"kind": "message", "chain": None},
    "a list for a chain": {"kind": "message", "chain": []},
    "a list for a kind": {"kind": []},
    "no kind": {"kind": None},
}


@pytest.mark.parametrize("place", WRONG_PLACES.values(), ids=WRONG_PLACES)
def test_a_kind_stands_in_its_own_chain(
    organisation: Organisation, case: str, place: dict[str, object]
) -> None:
    """And only kinds that handlers write are taken."""
    assert refused(organisation, case, **place) == "kind"


@pytest.mark.parametrize("seq", [None, "3", True, 3.0, 0, -1, 10**30, []])
def test_what_is_no_number_is_refused(organisation: Organisation, case: str, seq: object) -> None:
    """Whatever its type and size."""
    assert refused(organisation, case, "message", seq=seq) == "seq"


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_an_entry_out_of_turn_is_refused(organisation: Organisation, case: str, seq: int) -> None:
    """Its writer has not seen the newest one."""
    assert refused(organisation, case, "message", seq=seq) == "out_of_turn"


def test_what_is_not_sealed_is_refused(organisation: Organisation, case: str) -> None:
    """The server keeps no plaintext."""
    assert refused(organisation, case, "message", sealed=b"Hello") == "entry"


@pytest.mark.parametrize("kind", ["message", "acknowledgement", "feedback", "closing"])
def test_an_investigator_does_not_write_to_the_reporter(
    organisation: Organisation, case: str, kind: str
) -> None:
    """The Act lets them investigate, not follow up in the organisation's name."""
    _make_investigator(organisation, case)
    assert refused(organisation, case, kind, FINAL) == "investigator"


def test_an_investigator_writes_notes(organisation: Organisation, case: str) -> None:
    """In the handlers' own chain."""
    _make_investigator(organisation, case)
    assert post(organisation, case, "note", chain="desk", seq=1).seq == 1


def _make_investigator(organisation: Organisation, case: str) -> None:
    def change(content: dict[str, list[dict[str, object]]]) -> None:
        content["handlers"][0]["channels"] = {"main": "investigator"}

    acts.publish_keyring(organisation, change=change, cosigner="bo")
    with organisation.parts.database.writing() as session:
        session.get_one(Access, (bytes.fromhex(case), "anna")).role = "investigator"


@pytest.mark.parametrize("handler_id", ["bo", "carin"])
def test_who_does_not_see_a_case_does_not_write_in_it(
    organisation: Organisation, handler_id: str
) -> None:
    """Left out or still waiting: the case is not there."""
    case = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    entry = acts.any_entry(organisation.people["bo"].private_key)
    with pytest.raises(NotFoundError, match="unknown"):
        acts.write(organisation, handler_id, case, "message", 3, entry)
    with pytest.raises(NotFoundError, match="unknown"):
        writing.put_desk_key(
            organisation.parts, acts.handler(organisation, handler_id), case, _desk_key()
        )


def _desk_key(stanzas: int = 3, size: int = 77) -> bytes:
    to = [PrivateKey.generate().public_key for _ in range(stanzas)]
    return age.seal(bytes(size), to)


def test_the_first_desk_key_is_kept(organisation: Organisation, case: str) -> None:
    """The same one again is no fault; another is refused, and a colleague reads the first."""
    anna, bo = (acts.handler(organisation, one) for one in ("anna", "bo"))
    first = _desk_key()
    writing.put_desk_key(organisation.parts, anna, case, first)
    writing.put_desk_key(organisation.parts, anna, case, first)
    with pytest.raises(ConflictError, match="desk_key"):
        writing.put_desk_key(organisation.parts, bo, case, _desk_key())
    assert cases.open_case(organisation.parts, bo, case)["desk_age"] == b64u(first)


@pytest.mark.parametrize("sealed", [b"", b"x", _desk_key(65), _desk_key(3, 2049)])
def test_what_is_no_desk_key_is_refused(
    organisation: Organisation, case: str, sealed: bytes
) -> None:
    """No age file, too many readers, or too much inside."""
    anna = acts.handler(organisation, "anna")
    with pytest.raises(FilingError, match="case_age"):
        writing.put_desk_key(organisation.parts, anna, case, sealed)


def test_notes_have_their_own_numbers(organisation: Organisation, case: str) -> None:
    """The reporter cannot count them by gaps."""
    for seq in (1, 2):
        post(organisation, case, "note", chain="desk", seq=seq)
    assert post(organisation, case, "message").seq == 3


def test_a_note_moves_no_date(organisation: Organisation, case: str) -> None:
    """It is nobody's follow-up."""
    organisation.move(1)
    post(organisation, case, "note", chain="desk", seq=1)
    assert row(organisation, case).last_on == date(2026, 11, 22)


def test_a_message_is_removed_and_its_hash_stays(organisation: Organisation, case: str) -> None:
    """The chain can still be followed, and the signed entry says that something is gone."""
    appended = post(organisation, case, "message")
    named = {"entries": [{"seq": 3, "sha256": b64u(appended.sha256)}]}
    post(organisation, case, "removed", named, seq=4)
    with organisation.parts.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.seq == 3)).one()
        assert entry.sha256 == appended.sha256
        assert session.get(EntrySeal, entry.id) is None


WRONG_REMOVALS: dict[str, object] = {
    "nothing": None,
    "an empty list": [],
    "a text": "3",
    "no table": [3],
    "another hash": [{"seq": 3, "sha256": b64u(bytes(32))}],
    "no hash": [{"seq": 3}],
    "a hash that is none": [{"seq": 3, "sha256": "ä"}],
    "another number": [{"seq": 9, "sha256": "HASH"}],
    "a number out of all size": [{"seq": 10**30, "sha256": "HASH"}],
    "a list for a number": [{"seq": [3], "sha256": "HASH"}],
    "the report": [{"seq": 1, "sha256": "REPORT"}],
}


@pytest.mark.parametrize("named", WRONG_REMOVALS.values(), ids=WRONG_REMOVALS)
def test_a_removal_names_exactly_what_may_go(
    organisation: Organisation, case: str, named: object
) -> None:
    """Never the report, and never by mistake."""
    appended = post(organisation, case, "message")
    with organisation.parts.database.reading() as session:
        report = session.scalars(select(Entry.sha256).where(Entry.seq == 1)).one()
    hashes = {"HASH": b64u(appended.sha256), "REPORT": b64u(report)}
    if isinstance(named, list) and named and isinstance(named[0], dict):
        one = named[0]
        named = [{**one, "sha256": hashes.get(str(one.get("sha256")), one.get("sha256"))}]
    reason = refused(organisation, case, "removed", {"entries": named}, seq=4)
    assert reason in {"entries", "seq"}
