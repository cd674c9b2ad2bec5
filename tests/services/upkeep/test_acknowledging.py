"""Receipt is acknowledged: at once, by a handler, or by standard text on the last safe day."""

import json

import pytest
from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.config import Acknowledge, Settings
from whistle.errors import CaseError, DeniedError
from whistle.services import acknowledging
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import LogEvent, LogWaiting


def test_at_once_the_report_itself_is_acknowledged_and_the_clock_adds_nothing(
    settings: Settings,
) -> None:
    """Where the channel's policy says so; the handlers are still told that it has come."""
    chosen = clock.with_channel(settings, acknowledge=Acknowledge.AT_ONCE)
    organisation = make_organisation(settings.data_dir.parent, chosen)
    filed = acts.file(organisation)
    assert clock.lines(organisation, filed) == [
        ("acknowledged", {"acknowledged_on": "2026-11-22"}, "2026-11-22")
    ]
    assert clock.turn(organisation).done == {"arrived": 1}
    assert clock.turn(organisation, "2026-11-29").done["acknowledge"] == 0
    assert len(clock.lines(organisation, filed)) == 1


def test_the_standard_text_steps_in_on_the_last_safe_day_at_eight(
    organisation: Organisation,
) -> None:
    """Received on Sunday 22 November: strict date 29, last safe day 28, not before 08:00."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-27", "23:59")
    clock.turn(organisation, "2026-11-28", "07:59")
    assert clock.lines(organisation, filed) == []
    assert clock.turn(organisation, "2026-11-28", "08:00").done == {"acknowledge": 1}
    clock.turn(organisation, "2026-11-28", "08:01")
    assert clock.lines(organisation, filed) == [
        ("acknowledged", {"acknowledged_on": "2026-11-28"}, "2026-11-28")
    ]
    case = clock.row(organisation, filed)
    assert (case.acknowledged_by, case.late, case.missed) == ("system", "", "")


def test_the_hour_is_that_of_the_channels_zone_in_summer_and_winter(settings: Settings) -> None:
    """08:00 in Helsinki is 06:00 UTC in November and 05:00 in summer."""
    chosen = clock.with_channel(settings, zone="Europe/Helsinki")
    organisation = make_organisation(settings.data_dir.parent, chosen)
    winter = acts.file(organisation)
    clock.turn(organisation, "2026-11-28", "07:59")
    assert clock.lines(organisation, winter) == []
    assert clock.turn(organisation, "2026-11-28", "08:00").done["acknowledge"] == 1
    clock.go_to(organisation, "2027-03-25")  # the clocks change on the 28th
    summer = acts.file(organisation)
    clock.turn(organisation, "2027-03-31", "07:59")
    assert clock.lines(organisation, summer) == []
    clock.turn(organisation, "2027-03-31", "08:00")
    assert clock.lines(organisation, summer)[0][0] == "acknowledged"


def test_a_handler_who_was_faster_leaves_nothing_to_the_clock(organisation: Organisation) -> None:
    """Her acknowledgement is the only one."""
    filed = acts.file(organisation)
    organisation.move(1)
    clock.acknowledge(organisation, filed)
    clock.turn(organisation, "2026-11-29")
    assert clock.lines(organisation, filed) == []
    assert clock.row(organisation, filed).acknowledged_by == "handler"


def test_who_asked_for_none_gets_none_until_they_take_it_back(organisation: Organisation) -> None:
    """The waiver is an entry of the reporter's; after the safe day its end is answered at once."""
    filed = acts.file(organisation, waive_ack=True)
    clock.turn(organisation, "2026-11-28")
    assert clock.lines(organisation, filed) == []
    clock.go_to(organisation, "2026-12-02")
    clock.by_reporter(organisation, filed, "waiver", adds={"waive_ack": False})
    clock.turn(organisation)
    assert [line[0] for line in clock.lines(organisation, filed)] == ["acknowledged"]
    case = clock.row(organisation, filed)
    assert (case.late, case.missed, case.waived) == ("", "", False)


def test_a_waiver_that_comes_later_stops_the_standard_text(organisation: Organisation) -> None:
    """Given, taken back, given again."""
    filed = acts.file(organisation)
    for wanted in (True, False, True):
        clock.by_reporter(organisation, filed, "waiver", adds={"waive_ack": wanted})
    clock.turn(organisation, "2026-11-29")
    assert clock.lines(organisation, filed) == []
    dates = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["dates"]
    assert (dates["waived"], dates["feedback_due_on"]) == (True, "2027-02-28")


def test_the_minute_of_a_waiver_taken_back_is_in_no_log(organisation: Organisation) -> None:
    """The standard text follows within a minute, so it is logged by its day as well."""
    filed = acts.file(organisation, waive_ack=True)
    clock.go_to(organisation, "2026-12-02", "14:37")
    clock.by_reporter(organisation, filed, "waiver", adds={"waive_ack": False})
    clock.turn(organisation, "2026-12-02", "14:38")
    clock.turn(organisation, "2026-12-03", "00:01")
    with organisation.parts.database.reading() as session:
        assert session.scalars(select(LogWaiting)).all() == []
        said = [json.loads(one.payload or b"{}") for one in session.scalars(select(LogEvent))]
    assert {"Received", "WaiverRevoked", "Acknowledged"} == {one["event"] for one in said}
    assert all("at" not in one for one in said)


def test_the_directive_knows_no_waiver(settings: Settings) -> None:
    """It changes nothing there: the standard text goes out."""
    organisation = make_organisation(
        settings.data_dir.parent, clock.with_channel(settings, law="EU", keep_months=24)
    )
    filed = acts.file(organisation, waive_ack=True)
    clock.turn(organisation, "2026-11-28")
    assert [line[0] for line in clock.lines(organisation, filed)] == ["acknowledged"]


def test_a_handler_withholds_it_on_the_ground_of_the_law(organisation: Organisation) -> None:
    """In the notes, where the reporter does not see it; the feedback date stays where it was."""
    filed = acts.file(organisation)
    clock.at_desk_chain(organisation, "anna", filed, "withholding", 1, ground="identity")
    clock.turn(organisation, "2026-12-10")
    assert clock.lines(organisation, filed) == []
    dates = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["dates"]
    assert (dates["feedback_due_on"], dates["late"]) == ("2027-02-28", [])


@pytest.mark.parametrize("ground", ["waived", "busy", "", None])
def test_no_other_ground_withholds_it(organisation: Organisation, ground: str | None) -> None:
    """The law's list is the list."""
    filed = acts.file(organisation)
    with pytest.raises(CaseError, match="unknown_ground"):
        clock.at_desk_chain(organisation, "anna", filed, "withholding", 1, ground=ground)
    assert clock.row(organisation, filed).withheld is None


def test_the_directive_knows_no_ground(settings: Settings) -> None:
    """Article 9(1)(b) has no exception for internal channels."""
    organisation = make_organisation(
        settings.data_dir.parent, clock.with_channel(settings, law="EU", keep_months=24)
    )
    filed = acts.file(organisation)
    with pytest.raises(CaseError, match="unknown_ground"):
        clock.at_desk_chain(organisation, "anna", filed, "withholding", 1, ground="identity")


def test_an_investigator_withholds_nothing_and_hands_nothing_over(
    organisation: Organisation,
) -> None:
    """The decisions are the handlers', in the notes as well."""
    filed = acts.file(organisation)
    acts.publish_keyring(
        organisation,
        change=lambda file: file["handlers"][0].update(channels={"main": "investigator"}),
        cosigner="bo",
    )
    for kind in ("withholding", "handover", "erasure_proposal"):
        with pytest.raises(DeniedError, match="investigator"):
            clock.at_desk_chain(organisation, "anna", filed, kind, 1, ground="identity")
    assert clock.at_desk_chain(organisation, "anna", filed, "note", 1).seq == 1


def test_it_is_dated_no_earlier_than_the_report(organisation: Organisation) -> None:
    """Of two machines it is tomorrow at one: the reporter reads one date, and the log has both."""
    filed = acts.file(organisation)
    received = acts.today(organisation)
    organisation.move(-1)
    channel = organisation.parts.settings.channels[0]
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, filed)
        acknowledging.acknowledge(session, organisation.parts, channel, case, at=organisation.now)
    assert clock.row(organisation, filed).acknowledged_on == received
    said = [params for code, params, _ in clock.lines(organisation, filed)]
    assert said == [{"acknowledged_on": received.isoformat()}]
    with organisation.parts.database.reading() as session:
        payloads = [one for one in session.scalars(select(LogEvent.payload)) if one]
    logged = next(one for one in payloads if b'"Acknowledged"' in one)
    assert received.isoformat().encode() in logged
    assert organisation.now.isoformat(timespec="seconds").encode() in logged
