"""Who sees a case is no question of dates: a machine's time may have been wrong."""

import pytest

from tests import acts, sealing_again
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.errors import NotFoundError
from whistle.services.handling import cases
from whistle.services.upkeep.sweeping import sweep


def seen(organisation: Organisation, handler_id: str) -> list[str]:
    """The ids of the cases in somebody's list."""
    handler = acts.handler(organisation, handler_id)
    return [one["id"] for one in cases.list_cases(organisation.parts, handler)["cases"]]


@pytest.mark.parametrize("back", [1, 9])
def test_who_was_taken_out_stays_out_when_the_time_goes_back(
    organisation: Organisation, back: int
) -> None:
    """In the list, under the address, and in the mails about what the reporter writes then."""
    clock.set_mail(organisation, anna="anna@example.org", bo="bo@example.org")
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    sweep(organisation.parts)
    organisation.move(12)
    sealing_again.change(organisation, "anna", case, "conflict", remove=("bo",))
    organisation.move(-back)
    clock.by_reporter(organisation, filed, "message")
    sweep(organisation.parts)
    assert seen(organisation, "bo") == []
    with pytest.raises(NotFoundError):
        cases.open_case(organisation.parts, acts.handler(organisation, "bo"), case)
    today = acts.today(organisation).isoformat()
    assert [one for one, day in clock.kept_for(organisation) if day == today] == ["anna"]


def test_deputies_who_were_called_at_a_wrong_time_are_not_blind(
    organisation: Organisation,
) -> None:
    """They cannot be called twice."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2027-02-25")
    assert seen(organisation, "carin") == [case]
    clock.turn(organisation, "2026-11-23")
    assert seen(organisation, "carin") == [case]


def test_a_report_that_came_at_a_wrong_time_is_seen(organisation: Organisation) -> None:
    """By the handlers, not by the deputies, who wait as always."""
    organisation.move(21)
    case = acts.case_id(organisation, acts.file(organisation))
    organisation.move(-21)
    assert [seen(organisation, one) for one in ("anna", "bo", "carin")] == [[case], [case], []]
