"""What was late or missed is told to the reporter at once, once, in lines that verify."""

import pytest

from tests import acts
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.services import pauses
from whistle.services.reporting.mailbox import read_mailbox
from whistle.web.reporter.status import alarm_of


def _dates(organisation: Organisation, filed: acts.Filed) -> dict[str, object]:
    told: dict[str, object] = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["dates"]
    return told


def _said(organisation: Organisation, filed: acts.Filed) -> list[tuple[str, object, object]]:
    return [
        (code, said.get("clock"), said.get("since"))
        for code, said, _ in clock.lines(organisation, filed)
        if code in {"late", "missed"}
    ]


def test_late_and_missed_feedback_are_told_on_their_first_day_and_once(
    organisation: Organisation,
) -> None:
    """Strict date Sunday 28 February 2027; the last day in law is Monday 1 March."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-28")
    clock.turn(organisation, "2027-02-28", "23:59")
    assert _said(organisation, filed) == []
    clock.turn(organisation, "2027-03-01", "00:00")
    assert _said(organisation, filed) == [("late", 2, "2027-03-01")]
    assert _dates(organisation, filed)["missed"] == []
    for day in ("2027-03-02", "2027-03-03", "2027-04-01"):
        clock.turn(organisation, day)
    assert _said(organisation, filed) == [("late", 2, "2027-03-01"), ("missed", 2, "2027-03-02")]
    assert _dates(organisation, filed)["missed"] == ["feedback"]


def test_feedback_afterwards_undoes_nothing(organisation: Organisation) -> None:
    """Both stay counted, and are shown as late for good."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-28")
    clock.turn(organisation, "2027-03-05")
    clock.give_feedback(organisation, filed)
    clock.turn(organisation, "2027-03-06")
    dates = _dates(organisation, filed)
    assert (dates["late"], dates["missed"]) == (["feedback"], ["feedback"])


def test_what_was_done_late_while_no_clock_turned_is_told_all_the_same(
    organisation: Organisation,
) -> None:
    """Days without a turn hide nothing; the first act after them comes before the first turn."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-28")
    clock.go_to(organisation, "2027-03-05")
    pauses.end(organisation.parts, "olle", organisation.now)
    clock.give_feedback(organisation, filed)
    clock.turn(organisation)
    assert _said(organisation, filed) == [("late", 2, "2027-03-01"), ("missed", 2, "2027-03-02")]


def test_a_missed_acknowledgement_is_told_and_opens_nothing(
    organisation: Organisation,
) -> None:
    """No clock turned for ten days: told by its own number, and never as missed feedback.

    The confirmation of the same day comes last: the other way round the lines would not be true.
    """
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-12-02")
    told = clock.lines(organisation, filed)
    assert [(code, said.get("clock")) for code, said, _ in told] == [
        ("late", 1), ("missed", 1), ("acknowledged", None),
    ]  # fmt: skip
    dates = _dates(organisation, filed)
    assert dates["missed"] == ["acknowledge"]
    assert alarm_of(dates).missed is False


def test_params_are_numbers_and_dates_only(organisation: Organisation) -> None:
    """So that the server can never put words to a reporter."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2027-03-05")
    for code, said, _ in clock.lines(organisation, filed):
        for name, value in said.items():
            assert isinstance(value, int) or clock.day(value).year > 2000, (code, name)


def test_a_promised_date_is_on_the_clock(organisation: Organisation) -> None:
    """Interim feedback names the next date; its passing is late, never missed, and told."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2026-12-10")
    clock.give_feedback(organisation, filed, next_on="2027-01-20")
    assert clock.row(organisation, filed).due_on == clock.day("2027-01-20")
    clock.turn(organisation, "2027-01-20")
    assert _said(organisation, filed) == []
    for day in ("2027-01-21", "2027-02-25", "2027-03-10"):
        clock.turn(organisation, day)
    assert _said(organisation, filed) == [("late", 3, "2027-01-21")]
    clock.give_feedback(organisation, filed, next_on="2027-04-01")
    clock.turn(organisation, "2027-04-02")
    assert _said(organisation, filed)[1:] == [("late", 3, "2027-04-02")]


def test_nothing_is_told_of_a_case_that_kept_its_dates(organisation: Organisation) -> None:
    """Acknowledged, answered, closed: no line but the question about reprisals."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.go_to(organisation, "2027-01-10")
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    for day in ("2027-02-28", "2027-03-02", "2027-08-01"):
        clock.turn(organisation, day)
    assert {code for code, _, _ in clock.lines(organisation, filed)} == {"reprisal_check"}


@pytest.mark.parametrize("law", ["SE", "EU"])
def test_a_reopened_case_is_late_by_its_promise_only(settings: Settings, law: str) -> None:
    """Reopening moves none of the law's dates and promises a new one."""
    chosen = clock.with_channel(settings, law=law, keep_months=24)
    organisation = make_organisation(settings.data_dir.parent, chosen)
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    clock.turn(organisation, "2027-03-10")
    case = acts.case_id(organisation, filed)
    # Only what is said beside the entry reaches the clock.
    seq, entry = acts.by_handler(organisation, "anna", case, "reopening")
    acts.write(organisation, "anna", case, "reopening", seq, entry, next_on="2027-04-01")
    clock.turn(organisation, "2027-04-02")
    assert _said(organisation, filed) == [("late", 3, "2027-04-02")]


@pytest.mark.parametrize("final", [True, False])
def test_a_promise_that_was_kept_late_is_told_once_before_any_turn_saw_it(
    organisation: Organisation, *, final: bool
) -> None:
    """Feedback just after midnight, before the clock's turn, hides no broken promise."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    case = acts.case_id(organisation, filed)
    interim = {"final": False, "next_on": "2026-12-10"}
    acts.act(organisation, "anna", case, "feedback", adds=interim)
    clock.turn(organisation, "2026-12-10")
    assert _said(organisation, filed) == []
    clock.go_to(organisation, "2026-12-11", "00:00")
    adds = {"final": final, "next_on": None if final else "2026-12-20"}
    acts.act(organisation, "anna", case, "feedback", adds=adds)
    clock.turn(organisation, "2026-12-11")
    clock.turn(organisation, "2026-12-12")
    assert _said(organisation, filed) == [("late", 3, "2026-12-11")]


def test_a_promise_that_was_told_late_is_not_told_again_when_it_is_kept(
    organisation: Organisation,
) -> None:
    """The turn of the day told it; the late feedback adds nothing."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    case = acts.case_id(organisation, filed)
    interim = {"final": False, "next_on": "2026-12-10"}
    acts.act(organisation, "anna", case, "feedback", adds=interim)
    clock.turn(organisation, "2026-12-11")
    acts.act(organisation, "anna", case, "feedback", adds={**interim, "next_on": "2026-12-20"})
    clock.turn(organisation, "2026-12-11")
    assert _said(organisation, filed) == [("late", 3, "2026-12-11")]
