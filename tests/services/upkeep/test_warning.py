"""Handlers are warned, deputies called in, the outside told: each once, and nobody left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from tests import acts
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Settings
from whistle.services.handling.cases import list_cases

BOTH = {"anna", "bo"}
ALL = {"anna", "bo", "carin"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with an officer and an outside person."""
    return replace(settings, mail=clock.OFFICE_MAIL)


def _told(organisation: Organisation, day: str) -> Mapping[str, str | None]:
    """Who is told on a day, and by which date something needs them."""
    return {person: due_on for person, due_on, _ in clock.new_notices(organisation, day)}


def _sees(organisation: Organisation, handler_id: str) -> int:
    """How many cases a handler sees."""
    handler = acts.handler(organisation, handler_id)
    return len(list_cases(organisation.parts, handler)["cases"])


def test_the_handlers_are_told_that_a_report_has_come(organisation: Organisation) -> None:
    """With the first date; deputies and the office are not."""
    acts.file(organisation)
    assert _told(organisation, "2026-11-22") == dict.fromkeys(BOTH, "2026-11-29")
    assert _told(organisation, "2026-11-22") == {}


def test_warnings_before_the_acknowledgement_come_on_days_3_and_5(
    organisation: Organisation,
) -> None:
    """And on no other day before the standard text steps in."""
    acts.file(organisation)
    clock.turn(organisation)
    told = {day: _told(organisation, f"2026-11-{day}") for day in range(23, 28)}
    warned = dict.fromkeys(BOTH, "2026-11-29")
    assert told == {23: {}, 24: {}, 25: warned, 26: {}, 27: warned}


def test_warnings_before_feedback_come_30_14_7_and_1_days_ahead(
    organisation: Organisation,
) -> None:
    """Acknowledged on the day: due on 22 February; the deputy is called in on the last one."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation)
    told = {
        day: set(_told(organisation, day))
        for day in (
            "2027-01-22", "2027-01-23", "2027-01-24", "2027-02-08", "2027-02-15", "2027-02-16",
            "2027-02-20", "2027-02-21",
        )
    }  # fmt: skip
    assert told == {
        "2027-01-22": set(), "2027-01-23": BOTH, "2027-01-24": set(), "2027-02-08": BOTH,
        "2027-02-15": BOTH, "2027-02-16": set(), "2027-02-20": set(),
        "2027-02-21": ALL | {"officer"},
    }  # fmt: skip


def test_after_days_without_a_turn_only_the_newest_warning_is_told(
    organisation: Organisation,
) -> None:
    """No row of old mails."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2027-02-16")
    assert {one for one in clock.keys(organisation, filed) if one.startswith("warn")} == {
        "warn:feedback:7"
    }


def test_a_deputy_sees_the_case_from_the_day_she_is_called(organisation: Organisation) -> None:
    """The day before the strict date; she held a key all along."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2027-02-20")
    assert _sees(organisation, "carin") == 0
    clock.turn(organisation, "2027-02-21")
    assert _sees(organisation, "carin") == 1
    clock.go_to(organisation, "2027-02-22")
    clock.give_feedback(organisation, filed, handler_id="carin")
    assert clock.row(organisation, filed).late == ""


def test_who_was_left_out_is_never_called(organisation: Organisation) -> None:
    """The deputy left out: no row, no notice, no case, however late it gets."""
    acts.file(organisation, left_out=["carin"])
    for day in ("2026-11-22", "2026-11-28", "2027-02-27", "2027-03-01", "2027-03-20"):
        assert "carin" not in _told(organisation, day)
        assert _sees(organisation, "carin") == 0


def test_a_left_out_handler_who_is_also_officer_is_not_told_as_officer(
    organisation: Organisation,
) -> None:
    """One address in two offices: the mails about the case would tell that it exists."""
    clock.set_mail(organisation, bo="Officer@Example.org")
    acts.file(organisation, left_out=["bo"])
    clock.turn(organisation)
    assert "officer" not in _told(organisation, "2027-03-01")
    clock.set_mail(organisation, bo="bo@example.org")
    assert "officer" in _told(organisation, "2027-03-02")


def test_who_has_no_place_in_the_keyring_any_more_is_told_nothing(
    organisation: Organisation,
) -> None:
    """Bo has left since the report came."""
    acts.file(organisation)
    acts.publish_keyring(organisation, change=lambda file: file["handlers"].pop(1))
    assert set(_told(organisation, "2026-11-22")) == {"anna"}


def test_late_handlers_and_officer_are_told_daily_the_outside_person_weekly(
    organisation: Organisation,
) -> None:
    """Nobody can click it away; outside the circle goes a number of days and nothing else."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2027-02-22")
    outside = {}
    for day in range(23, 29):
        told = clock.new_notices(organisation, f"2027-02-{day}")
        assert ALL | {"officer"} <= {person for person, _, _ in told}
        outside[day] = [late for person, _, late in told if person == "outside"]
    assert outside == {23: [1], 24: [], 25: [], 26: [], 27: [], 28: []}
    assert ("outside", None, 8) in clock.new_notices(organisation, "2027-03-02")
    clock.give_feedback(organisation, filed)
    assert _told(organisation, "2027-03-03") == {}


def test_an_open_case_that_nobody_touches_is_an_alarm(organisation: Organisation) -> None:
    """Answered and left lying: after three months handlers and officer are told, and again."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.turn(organisation, "2027-02-21")
    clock.finish_tasks(organisation)
    assert set(_told(organisation, "2027-02-22")) == BOTH | {"officer"}
    clock.finish_tasks(organisation)
    assert _told(organisation, "2027-02-23") == {}
    assert set(_told(organisation, "2027-05-22")) == BOTH | {"officer"}
    clock.close(organisation, filed)
    clock.finish_tasks(organisation)
    assert not BOTH & set(_told(organisation, "2027-08-22"))


def test_a_meeting_that_is_asked_for_and_not_offered_escalates(
    organisation: Organisation,
) -> None:
    """Within seven days by default; an offer stops it, the next wish is another clock."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.by_reporter(organisation, filed, "meeting")
    assert set(_told(organisation, "2026-11-22")) == BOTH
    assert set(_told(organisation, "2026-11-27")) == set()
    assert set(_told(organisation, "2026-11-28")) == ALL | {"officer"}
    acts.act(organisation, "anna", acts.case_id(organisation, filed), "meeting_offer")
    assert _told(organisation, "2026-11-30") == {}
    clock.by_reporter(organisation, filed, "meeting")
    assert "officer" in _told(organisation, "2026-12-08")
    assert [(code, said["clock"]) for code, said, _ in clock.lines(organisation, filed)] == [
        ("late", 4)
    ]


def test_what_the_reporter_writes_is_told_to_the_handlers_once(
    organisation: Organisation,
) -> None:
    """A reply that nobody hears of would lie there for months."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation)
    clock.by_reporter(organisation, filed, "message")
    clock.by_reporter(organisation, filed, "message")
    assert _told(organisation, "2026-11-22") == dict.fromkeys(BOTH, "2027-02-22")
    acts.act(organisation, "anna", acts.case_id(organisation, filed), "message")
    assert _told(organisation, "2026-11-23") == {}
    clock.by_reporter(organisation, filed, "message")
    assert set(_told(organisation, "2026-11-23")) == BOTH


def test_an_answered_case_that_is_kept_awake_is_named_until_it_is_closed(
    organisation: Organisation,
) -> None:
    """The reporter goes on writing, so it never sleeps: each month the handlers are reminded."""
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.turn(organisation)
    reminded = []
    for days in range(1, 75):
        on = (clock.day("2026-11-22") + timedelta(days=days)).isoformat()
        if days % 19 == 0:
            clock.go_to(organisation, on)
            clock.by_reporter(organisation, filed, "message")
            _told(organisation, on)
        elif set(_told(organisation, on)) >= BOTH:
            reminded.append(on)
    assert reminded == ["2026-12-22", "2027-01-21"]
    clock.close(organisation, filed)
    assert BOTH.isdisjoint(_told(organisation, "2027-02-20"))


def test_without_an_office_no_notice_waits_for_one(settings: Settings) -> None:
    """An organisation that names no officer and no outside person."""
    bare = replace(settings, mail=None)
    organisation = make_organisation(settings.data_dir.parent, bare)
    acts.file(organisation)
    assert set(_told(organisation, "2027-03-01")) == ALL
