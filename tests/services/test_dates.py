"""The dates and chips of a case, for whoever shows them."""

from dataclasses import replace
from datetime import date

import pytest

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Channel
from whistle.errors import FilingError
from whistle.services import dates

SWEDISH = Channel(id="main", name="Example Works")


def _told(
    organisation: Organisation, filed: acts.Filed, *, handler: bool = False
) -> dict[str, object]:
    case = clock.row(organisation, filed)
    now = dates.due_in(case, SWEDISH, acts.today(organisation))
    return dates.told_handler(case, now) if handler else dates.told_reporter(case, now)


def _chips(organisation: Organisation, filed: acts.Filed) -> list[tuple[str, str, int]]:
    case = clock.row(organisation, filed)
    shown = dates.chips(dates.due_in(case, SWEDISH, acts.today(organisation)))
    return [(one["clock"], one["state"], one["days"]) for one in shown]


def test_invariant_10_the_reporter_is_told_strict_dates_and_what_was_not_kept(
    organisation: Organisation,
) -> None:
    """Never a date after rolling: on Sunday 28 February feedback is due, on Monday it is late."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-28")
    for day, late, missed in (
        ("2027-02-28", [], []),
        ("2027-03-01", ["feedback"], []),
        ("2027-03-02", ["feedback"], ["feedback"]),
    ):
        clock.turn(organisation, day)
        told = _told(organisation, filed)
        assert told["acknowledge_due_on"] == date(2026, 11, 29)
        assert told["feedback_due_on"] == date(2027, 2, 28)
        assert (told["late"], told["missed"]) == (late, missed)
        assert not [name for name in told if "latest" in name]


def test_who_waits_is_told_when_somebody_outside_hears_of_it_again(
    organisation: Organisation,
) -> None:
    """Where the settings name such a person, and only while something is late."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-28")
    for day, told in (
        ("2027-02-28", None),
        ("2027-03-01", date(2027, 3, 8)),
        ("2027-03-07", date(2027, 3, 8)),
        ("2027-03-08", date(2027, 3, 15)),
    ):
        clock.go_to(organisation, day)
        case = clock.row(organisation, filed)
        now = dates.due_in(case, SWEDISH, acts.today(organisation))
        assert dates.told_reporter(case, now, clock.OFFICE_MAIL)["told_again_on"] == told
        nobody = replace(clock.OFFICE_MAIL, outside="")
        for mail in (None, nobody):
            assert dates.told_reporter(case, now, mail)["told_again_on"] is None


def test_handlers_see_the_legal_last_days_beside(organisation: Organisation) -> None:
    """The Sunday rolls to Monday."""
    filed = acts.file(organisation)
    told = _told(organisation, filed, handler=True)
    assert told["acknowledge_latest_on"] == date(2026, 11, 30)
    assert told["feedback_latest_on"] == date(2027, 3, 1)
    assert told["due_on"] == date(2026, 11, 29)
    reporter = _told(organisation, filed)
    assert {name: told[name] for name in reporter} == reporter


def test_the_two_clocks_of_the_law_always_have_a_chip_the_others_while_they_matter(
    organisation: Organisation,
) -> None:
    """Asked, promised, closed."""
    filed = acts.file(organisation)
    assert _chips(organisation, filed) == [
        ("acknowledge", "in_time", 7),
        ("feedback", "in_time", 98),
    ]
    clock.by_reporter(organisation, filed, "meeting")
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed, next_on="2026-11-30")
    assert _chips(organisation, filed) == [
        ("acknowledge", "done", 0), ("feedback", "done", 0), ("next_feedback", "in_time", 8),
        ("meeting", "in_time", 7),
    ]  # fmt: skip
    acts.act(organisation, "bo", acts.case_id(organisation, filed), "meeting_offer")
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    shown = [one[0] for one in _chips(organisation, filed)]
    assert shown == ["acknowledge", "feedback", "meeting", "erase"]


@pytest.mark.parametrize(("law", "known"), [("SE", True), ("EU", False)])
def test_a_waiver_is_known_to_the_act_only(law: str, *, known: bool) -> None:
    """The Directive's internal channels have no such exception."""
    assert dates.knows_waiver(Channel(id="x", name="X", law=law)) is known


def test_the_ready_text_names_the_date_as_it_will_stand(organisation: Organisation) -> None:
    """Acknowledged today, feedback is due three months from today; later it cannot move later."""
    filed = acts.file(organisation)
    for day, due in (
        ("2026-11-22", "2027-02-22"),
        ("2026-11-25", "2027-02-25"),
        ("2026-12-20", "2027-02-28"),
    ):
        case = clock.row(organisation, filed)
        ready = dates.feedback_due_if_acknowledged(case, SWEDISH, clock.day(day))
        assert ready == clock.day(due)


def test_a_date_is_read() -> None:
    """Year, month and day with lines between."""
    assert dates.day("2026-11-22", "x") == date(2026, 11, 22)


WRONG = [
    None,
    20261122,
    "",
    "20261122",
    "2026-W47-7",
    "2026-11-31",
    "2026-13-01",
    "0000-01-01",
    " 2026-11-22",
    "2026-11-22\n",
    "2026-11-22T00:00",
    "\uff12\uff10\uff12\uff16-11-22",
    ["2026-11-22"],
    date(2026, 11, 22),
]


@pytest.mark.parametrize("text", WRONG)
def test_any_other_form_is_refused_by_the_fields_name(text: object) -> None:
    """Two programs must not read two dates."""
    with pytest.raises(FilingError, match="started_on"):
        dates.day(text, "started_on")


def test_every_date_in_an_answer_is_a_text() -> None:
    """At whatever depth; the rest stays as it is."""
    value = {"a": date(2026, 1, 2), "b": [date(2026, 1, 3), 4, None], "c": {"d": "x"}}
    assert dates.as_json(value) == {
        "a": "2026-01-02", "b": ["2026-01-03", 4, None], "c": {"d": "x"},
    }  # fmt: skip
