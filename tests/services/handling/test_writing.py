"""What a handler writes, and what it does to the case: by the rules, once, or not at all."""

from datetime import date

import pytest

from tests import acts
from tests.organisation import Organisation
from tests.services.handling.posting import post, refused, row, size
from whistle.errors import ConflictError

FINAL = {"final": True, "next_on": None}
INTERIM = {"final": False, "next_on": "2026-12-22"}


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


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        ("settled", "no_route"),
        ("settled", "would_harm"),
        ("out_of_scope", "out_of_scope"),
        ("transferred", "transferred"),
    ],
)
def test_a_case_closes_without_feedback_for_a_listed_reason(
    organisation: Organisation, acknowledged: str, outcome: str, reason: str
) -> None:
    """The reason is kept; what the outcome says was done has been."""
    if outcome == "out_of_scope":
        acts.act(organisation, "anna", acknowledged, "out_of_scope")
    if outcome == "transferred":
        post(organisation, acknowledged, "handover", chain="desk", seq=1)
    acts.act(
        organisation, "anna", acknowledged, "closing", adds={"outcome": outcome}, reason=reason
    )
    assert row(organisation, acknowledged).no_feedback == reason


WRONG_CLOSING: dict[str, tuple[dict[str, object], str]] = {
    "no reason and no feedback": ({"outcome": "settled"}, "no_feedback"),
    "a reason of one's own": ({"outcome": "settled", "reason": "we are busy"}, "outcome"),
    "out of scope, and nothing told": (
        {"outcome": "out_of_scope", "reason": "out_of_scope"},
        "not_found_out_of_scope",
    ),
    "handed over, and nothing noted": (
        {"outcome": "transferred", "reason": "transferred"},
        "not_handed_over",
    ),
    "a reason of another outcome": ({"outcome": "partly", "reason": "transferred"}, "reason_unfit"),
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
