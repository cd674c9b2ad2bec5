"""Erasing early takes two persons: nobody does it alone, or by two ids, or for another proposal."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation
from tests.services.handling import four_eyes
from tests.services.handling.four_eyes import approval, approve, post, propose
from tests.services.upkeep import clockwork as clock
from whistle.crypto.encoding import b64u
from whistle.errors import (
    CaseError,
    ConflictError,
    DeniedError,
    FilingError,
    NotFoundError,
)
from whistle.services import access
from whistle.services.handling import cases, writing
from whistle.services.handling.writing import Written
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Case, Entry, EntrySeal, LogEvent

Named = list[dict[str, Any]]


@pytest.fixture
def filed(organisation: Organisation) -> acts.Filed:
    """A report with a message that has nothing to do with it."""
    made = acts.file(organisation)
    clock.by_reporter(organisation, made, "message", text="Somebody's illness")
    return made


@pytest.fixture
def case(organisation: Organisation, filed: acts.Filed) -> str:
    """Its case."""
    return acts.case_id(organisation, filed)


@pytest.fixture
def message(organisation: Organisation, filed: acts.Filed) -> Named:
    """The message as a proposal names it."""
    return _named(organisation, filed, 3)


def _named(organisation: Organisation, filed: acts.Filed, seq: int) -> Named:
    entry = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["entries"][seq - 1]
    return [{"seq": seq, "sha256": entry["sha256"]}]


def _is_there(organisation: Organisation, seq: int = 3) -> bool:
    with organisation.parts.database.reading() as session:
        entry = session.scalars(select(Entry).where(Entry.chain == "case", Entry.seq == seq)).one()
        return session.get(EntrySeal, entry.id) is not None


def _refused(task: Callable[[], object]) -> str:
    with pytest.raises((ConflictError, FilingError, CaseError, DeniedError)) as caught:
        task()
    return caught.value.reason


def test_one_proposes_and_nothing_happens_another_approves_and_it_is_gone(
    organisation: Organisation, case: str, message: Named
) -> None:
    """At once."""
    proposed = propose(organisation, "anna", case, "entries", message)
    assert _is_there(organisation)
    approve(organisation, "bo", case, proposed, message)
    assert not _is_there(organisation)


@pytest.mark.parametrize(("chain", "kind"), [("case", "removed"), ("desk", "note_removed")])
def test_nobody_removes_alone(
    organisation: Organisation, case: str, message: Named, chain: str, kind: str
) -> None:
    """The entry by which it was once done alone is not taken."""
    sealed = acts.any_entry(organisation.people["anna"].private_key)
    written = Written(chain, 4 if chain == "case" else 1, kind, sealed, {"entries": message})
    anna = acts.handler(organisation, "anna")
    assert _refused(lambda: writing.write(organisation.parts, anna, case, written)) == "kind"
    assert _is_there(organisation)


def test_who_proposed_cannot_approve(organisation: Organisation, case: str, message: Named) -> None:
    """Nothing is kept of the try."""
    proposed = propose(organisation, "anna", case, "entries", message)
    assert _refused(lambda: approve(organisation, "anna", case, proposed, message)) == "same_person"
    assert _is_there(organisation)
    assert four_eyes.next_note(organisation, "anna", case) == 2


def test_the_same_person_under_two_ids_is_one(
    organisation: Organisation, case: str, message: Named
) -> None:
    """By the keyring of now, and by the one of then."""
    proposed = propose(organisation, "anna", case, "entries", message)
    acts.publish_keyring(organisation, change=_same_person, cosigner="anna")
    assert _refused(lambda: approve(organisation, "bo", case, proposed, message)) == "same_person"
    again = propose(organisation, "anna", case, "entries", message)
    acts.publish_keyring(organisation, change=_other_person, cosigner="anna")
    assert _refused(lambda: approve(organisation, "bo", case, again, message)) == "same_person"
    assert _is_there(organisation)


def _same_person(content: dict[str, Any]) -> None:
    content["handlers"][1]["person"] = content["handlers"][0]["person"]


def _other_person(content: dict[str, Any]) -> None:
    content["handlers"][0]["person"] = "somebody-new"


def test_two_people_racing_past_four_eyes(
    organisation: Organisation, filed: acts.Filed, case: str, message: Named
) -> None:
    """Both sealed their approval of each other's proposal at once: the second is out of turn."""
    clock.by_reporter(organisation, filed, "message", text="Another one")
    other = _named(organisation, filed, 4)
    by_anna = propose(organisation, "anna", case, "entries", message)
    by_bo = propose(organisation, "bo", case, "entries", other)
    bo_asks = approval(organisation, "bo", case, by_anna, message)
    anna_asks = approval(organisation, "anna", case, by_bo, other)
    post(organisation, "bo", case, bo_asks)
    assert _refused(lambda: post(organisation, "anna", case, anna_asks)) == "out_of_turn"
    assert (_is_there(organisation, 3), _is_there(organisation, 4)) == (False, True)


def test_one_proposal_is_approved_once(
    organisation: Organisation, case: str, message: Named
) -> None:
    """The same approval again has the same answer; another one of the same is refused."""
    proposed = propose(organisation, "anna", case, "entries", message)
    asked = approval(organisation, "bo", case, proposed, message)
    first = post(organisation, "bo", case, asked)
    again = post(organisation, "bo", case, asked)
    assert (again.sha256, again.repeated) == (first.sha256, True)
    assert _refused(lambda: approve(organisation, "bo", case, proposed, message)) == "proposal_over"


def test_an_approval_of_another_proposal_erases_nothing(
    organisation: Organisation, filed: acts.Filed, case: str, message: Named
) -> None:
    """It names one hash, and what that proposal named; anything else is refused."""
    clock.by_reporter(organisation, filed, "message", text="Another one")
    other = _named(organisation, filed, 4)
    proposed = propose(organisation, "anna", case, "entries", message)
    assert _refused(lambda: approve(organisation, "bo", case, proposed, other)) == "entries"
    both = message + other
    assert _refused(lambda: approve(organisation, "bo", case, proposed, both)) == "entries"
    assert _refused(lambda: approve(organisation, "bo", case, bytes(32), message)) == "proposal"
    elsewhere = acts.case_id(organisation, acts.file(organisation))
    assert _refused(lambda: approve(organisation, "bo", elsewhere, proposed, message)) == "proposal"
    for proposal in (None, 5, "x", "!"):
        asked = approval(organisation, "bo", case, proposed, message) | {"proposal": proposal}
        assert _refused(partial(post, organisation, "bo", case, asked)) == "proposal"
    assert _is_there(organisation)


@pytest.mark.parametrize("who", ["anna", "bo"])
def test_a_withdrawn_proposal_is_over(
    organisation: Organisation, case: str, message: Named, who: str
) -> None:
    """By whoever made it, or by the colleague who does not agree."""
    proposed = propose(organisation, "anna", case, "entries", message)
    named = b64u(proposed)
    four_eyes.at_desk(organisation, who, case, "erasure_withdrawal", proposal=named)
    assert _refused(lambda: approve(organisation, "bo", case, proposed, message)) == "proposal_over"
    twice = lambda: four_eyes.at_desk(  # noqa: E731 - asked below
        organisation, who, case, "erasure_withdrawal", proposal=named
    )
    assert _refused(twice) == "proposal_over"
    assert _is_there(organisation)


def test_a_proposer_who_left_in_between_stands_behind_nothing(
    organisation: Organisation, case: str, message: Named
) -> None:
    """Taken out of the case, or gone from the keyring."""
    proposed = propose(organisation, "anna", case, "entries", message)
    asked = approval(organisation, "bo", case, proposed, message)
    with organisation.parts.database.writing() as session:
        row = session.get_one(Case, bytes.fromhex(case))
        access.take_out(session, row, "anna", acts.today(organisation))
    assert _refused(lambda: post(organisation, "bo", case, asked)) == "proposer_left"
    assert _is_there(organisation)


def test_a_proposer_without_a_key_any_more_stands_behind_nothing(
    organisation: Organisation, case: str, message: Named
) -> None:
    """The keyring in effect names two, and one has gone from it."""
    proposed = propose(organisation, "anna", case, "entries", message)
    asked = approval(organisation, "bo", case, proposed, message)
    acts.publish_keyring(organisation, change=lambda file: file["handlers"].pop(0))
    assert _refused(lambda: post(organisation, "bo", case, asked)) == "proposer_left"
    assert _is_there(organisation)


def test_an_investigator_and_a_stranger_have_no_hand_in_it(
    organisation: Organisation, case: str, message: Named
) -> None:
    """Nor a deputy who waits: for them the case is not there."""
    proposed = propose(organisation, "anna", case, "entries", message)
    asked = approval(organisation, "bo", case, proposed, message)
    with pytest.raises(NotFoundError):
        post(organisation, "carin", case, asked)
    acts.publish_keyring(organisation, change=_bo_investigates, cosigner="anna")
    assert _refused(lambda: post(organisation, "bo", case, asked)) == "investigator"
    assert _is_there(organisation)


def _bo_investigates(content: dict[str, Any]) -> None:
    content["handlers"][1]["channels"] = {"main": "investigator"}


@pytest.mark.parametrize(
    ("erases", "reason", "expected"),
    [
        ("entries", "not_needed", "reason"), ("entries", "x", "reason"),
        ("x", "irrelevant", "entries"),
        (None, "irrelevant", "entries"), ("notes", "irrelevant", "entries"),
        ("case", "irrelevant", "entries"),
    ],
)  # fmt: skip
def test_a_proposal_that_is_not_of_its_form_is_refused(
    organisation: Organisation, case: str, message: Named, erases: Any, reason: str, expected: str
) -> None:
    """And nothing of it is kept."""
    task = lambda: propose(organisation, "anna", case, erases, message, reason)  # noqa: E731 - asked below
    assert _refused(task) == expected
    assert four_eyes.next_note(organisation, "anna", case) == 1


def _closed(organisation: Organisation, filed: acts.Filed) -> Named:
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    return _named(organisation, filed, 1)


def test_a_whole_case_goes_early_by_two_hands(
    organisation: Organisation, filed: acts.Filed, case: str
) -> None:
    """Only when it is closed; the log keeps both names, and nothing of the case."""
    report = _named(organisation, filed, 1)
    assert _refused(lambda: propose(organisation, "anna", case, "case", report)) == "open"
    report = _closed(organisation, filed)
    proposed = propose(organisation, "anna", case, "case", report)
    assert _refused(lambda: approve(organisation, "anna", case, proposed, report)) == "same_person"
    approve(organisation, "bo", case, proposed, report)
    with pytest.raises(NotFoundError):
        cases.open_case(organisation.parts, acts.handler(organisation, "bo"), case)
    with pytest.raises(NotFoundError):
        read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    with organisation.parts.database.reading() as session:
        logged = [json.loads(one.payload or b"{}") for one in session.scalars(select(LogEvent))]
        (trace,) = [one for one in logged if one.get("event") == "Erased"]
        assert session.scalars(select(Entry)).all() == []
    assert (trace["who"], trace["proposer"], trace["ground"]) == ("bo", "anna", "irrelevant")


def test_a_case_that_was_opened_again_is_not_erased_by_an_old_proposal(
    organisation: Organisation, filed: acts.Filed, case: str
) -> None:
    """Nothing open is erased."""
    report = _closed(organisation, filed)
    proposed = propose(organisation, "anna", case, "case", report, "not_needed")
    seq, entry = acts.by_handler(organisation, "anna", case, "reopening")
    acts.write(organisation, "anna", case, "reopening", seq, entry, next_on="2026-12-01")
    assert _refused(lambda: approve(organisation, "bo", case, proposed, report)) == "open"
    assert _is_there(organisation, 1)
