"""A handler's cases: the list by due date, one case whole, and nothing of anybody else's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import acts
from tests.counting import counting
from tests.organisation import NOON, Organisation, make_organisation, make_settings
from whistle.errors import NotFoundError
from whistle.services.handling import cases
from whistle.services.handling.asked import case_key
from whistle.storage.tables import Access, Notice, Seen


def listed(organisation: Organisation, handler_id: str) -> list[str]:
    """The ids of a handler's list, in its order."""
    answer = cases.list_cases(organisation.parts, acts.handler(organisation, handler_id))
    return [one["id"] for one in answer["cases"]]


def test_the_nearest_due_date_comes_first(organisation: Organisation) -> None:
    """Then those with nothing due, the newest first."""
    organisation.now = NOON - timedelta(days=40)
    oldest, second, third = (_file_on_the_next_day(organisation) for _ in range(3))
    closed, newer = (_file_on_the_next_day(organisation) for _ in range(2))
    for done in (closed, newer):
        acts.act(organisation, "anna", done, "acknowledgement")
        acts.act(organisation, "anna", done, "feedback", adds={"final": True, "next_on": None})
        acts.act(organisation, "anna", done, "closing", adds={"outcome": "settled"})
    acts.act(organisation, "anna", oldest, "acknowledgement")
    assert listed(organisation, "anna") == [second, third, oldest, newer, closed]


def _file_on_the_next_day(organisation: Organisation) -> str:
    organisation.move(1)
    return acts.case_id(organisation, acts.file(organisation))


def test_the_list_holds_what_needs_no_key(organisation: Organisation) -> None:
    """Number, dates, chips and state; nothing sealed and nothing of the mailbox."""
    filed = acts.file(organisation)
    answer = cases.list_cases(organisation.parts, acts.handler(organisation, "anna"))
    assert answer["today"] == "2026-11-22"
    (one,) = answer["cases"]
    assert set(one) == {
        "id",
        "number",
        "channel",
        "received_on",
        "state",
        "outcome",
        "out_of_scope",
        "handed_over",
        "withheld",
        "dates",
        "chips",
        "unread",
        "marks",
    }
    assert one["dates"]["due_on"] == "2026-11-29"
    assert filed.receipt.mailbox_id.hex() not in str(one)


def test_who_is_left_out_has_no_such_case(organisation: Organisation) -> None:
    """Not in the list, and not by its id."""
    filed = acts.file(organisation, left_out=("bo",))
    case = acts.case_id(organisation, filed)
    assert listed(organisation, "anna") == [case]
    assert listed(organisation, "bo") == []
    with pytest.raises(NotFoundError, match="unknown"):
        cases.open_case(organisation.parts, acts.handler(organisation, "bo"), case)


def test_a_deputy_waits_while_there_is_a_handler(organisation: Organisation) -> None:
    """The key is there from the start; the case is seen from the day that the row says."""
    case = acts.case_id(organisation, acts.file(organisation))
    carin = acts.handler(organisation, "carin")
    assert listed(organisation, "carin") == []
    with pytest.raises(NotFoundError, match="unknown"):
        cases.open_case(organisation.parts, carin, case)
    with organisation.parts.database.writing() as session:
        row = session.get_one(Access, (bytes.fromhex(case), "carin"))
        row.from_on = acts.today(organisation)
    assert listed(organisation, "carin") == [case]
    opened = cases.open_case(organisation.parts, carin, case)
    entries, _ = acts.verified(organisation, opened, organisation.people["carin"].private_key)
    assert entries[0].json() == acts.body()


def test_a_deputy_who_is_the_only_reader_sees_the_case_at_once(
    organisation: Organisation,
) -> None:
    """Otherwise nobody would, until a date had been missed."""
    filed = acts.file(organisation, left_out=("anna", "bo"))
    assert listed(organisation, "carin") == [acts.case_id(organisation, filed)]


def test_who_lost_the_channel_sees_none_of_its_cases(organisation: Organisation) -> None:
    """An entry of theirs would break the thread for everybody, so the case is not there."""
    case = acts.case_id(organisation, acts.file(organisation))
    acts.publish_keyring(organisation, change=_bo_elsewhere, cosigner="anna")
    assert listed(organisation, "bo") == []
    with pytest.raises(NotFoundError, match="unknown"):
        cases.open_case(organisation.parts, acts.handler(organisation, "bo"), case)


def _bo_elsewhere(content: dict[str, list[dict[str, object]]]) -> None:
    content["handlers"][1]["channels"] = {"other": "handler"}


def test_one_case_opens_whole(organisation: Organisation) -> None:
    """Thread, keys, notes, and the keyrings that verify all of it."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    opened = cases.open_case(organisation.parts, acts.handler(organisation, "anna"), case)
    entries, _ = acts.verified(organisation, opened, organisation.people["anna"].private_key)
    assert [one.kind for one in entries] == ["report", "received"]
    assert (opened["desk_age"], opened["notes"]) == (None, [])
    assert len(opened["keyrings"]) == 1


@pytest.mark.parametrize("case_id", ["", "x", "00", "0" * 31, "0" * 34, "ä" * 32, None, 5, []])
def test_what_is_no_id_is_not_there(case_id: object) -> None:
    """One answer, whatever was typed in the address."""
    with pytest.raises(NotFoundError, match="unknown"):
        case_key(case_id)


def test_absent_and_foreign_cost_the_same(organisation: Organisation) -> None:
    """The same statements: nothing to tell them apart by."""
    foreign = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    bo = acts.handler(organisation, "bo")
    costs = []
    for case in (foreign, "00" * 16):
        with counting(organisation) as counted, pytest.raises(NotFoundError):
            cases.open_case(organisation.parts, bo, case)
        costs.append(counted)
    assert costs[0] == costs[1]


def unread(organisation: Organisation, handler_id: str) -> list[bool]:
    """Which cases of a handler's list are unread."""
    answer = cases.list_cases(organisation.parts, acts.handler(organisation, handler_id))
    return [one["unread"] for one in answer["cases"]]


def test_a_case_is_unread_until_it_is_opened(organisation: Organisation) -> None:
    """For each handler by himself."""
    case = acts.case_id(organisation, acts.file(organisation))
    assert (unread(organisation, "anna"), unread(organisation, "bo")) == ([True], [True])
    cases.open_case(organisation.parts, acts.handler(organisation, "anna"), case)
    assert (unread(organisation, "anna"), unread(organisation, "bo")) == ([False], [True])


def test_a_colleagues_entry_is_unread_and_ones_own_is_not(organisation: Organisation) -> None:
    """What I wrote I have read."""
    case = acts.case_id(organisation, acts.file(organisation))
    for handler_id in ("anna", "bo"):
        cases.open_case(organisation.parts, acts.handler(organisation, handler_id), case)
    acts.act(organisation, "anna", case, "message")
    assert (unread(organisation, "anna"), unread(organisation, "bo")) == ([False], [True])


def test_reading_again_writes_a_line_in_the_log_and_nothing_else(
    organisation: Organisation,
) -> None:
    """Who opened what and when; how far somebody has read only where that is news."""
    case = acts.case_id(organisation, acts.file(organisation))
    anna = acts.handler(organisation, "anna")
    cases.open_case(organisation.parts, anna, case)
    with counting(organisation) as counted:
        cases.open_case(organisation.parts, anna, case)
    written = [one for one in counted.statements if one.split()[0] not in {"BEGIN", "SELECT"}]
    assert [one.split()[:3] for one in written] == [["INSERT", "INTO", "log_events"]]
    acts.act(organisation, "bo", case, "message")
    cases.open_case(organisation.parts, anna, case)
    with organisation.parts.database.reading() as session:
        assert session.get_one(Seen, (bytes.fromhex(case), "anna")).seq == 3


def test_two_tabs_of_one_handler_note_the_furthest(organisation: Organisation) -> None:
    """A slower one never takes it back."""
    case = bytes.fromhex(acts.case_id(organisation, acts.file(organisation)))
    for seq, note_seq in ((5, 1), (3, 2)):
        now = Seen(case_id=case, handler_id="anna", seq=seq, note_seq=note_seq)
        cases._note_opened(organisation.parts, now)
    with organisation.parts.database.reading() as session:
        row = session.get_one(Seen, (case, "anna"))
        assert (row.seq, row.note_seq) == (5, 2)


def test_a_handler_is_told_of_own_mails_that_failed_only(organisation: Organisation) -> None:
    """A count of all would let whoever is left out subtract."""
    with organisation.parts.database.writing() as session:
        for number, person in enumerate(("anna", "bo", "bo")):
            session.add(
                Notice(
                    id=bytes([number]) * 16,
                    person_id=person,
                    due_on=None,
                    created_on=NOON.date(),
                    send_after=datetime(2026, 11, 22, tzinfo=UTC),
                    fault="refused",
                )
            )
    anna = cases.list_cases(organisation.parts, acts.handler(organisation, "anna"))
    assert anna["mail_faults"] == {"refused": 1}
    carin = cases.list_cases(organisation.parts, acts.handler(organisation, "carin"))
    assert carin["mail_faults"] == {}


def test_the_day_is_the_latest_of_all_channels(tmp_path: Path) -> None:
    """With channels in two zones nobody sees a case a day late."""
    settings = make_settings(tmp_path)
    far = replace(settings.channels[0], id="far", zone="Pacific/Auckland")
    organisation = make_organisation(tmp_path, replace(settings, channels=(far,)))
    acts.publish_keyring(organisation, change=_read_far, cosigner="anna")
    organisation.now = NOON + timedelta(hours=2)
    case = acts.case_id(organisation, acts.file(organisation, channel="far"))
    assert listed(organisation, "anna") == [case]
    with organisation.parts.database.reading() as session:
        assert session.scalars(select(Access.from_on)).first() == date(2026, 11, 23)


def _read_far(content: dict[str, list[dict[str, object]]]) -> None:
    for one in content["handlers"]:
        one["channels"] = {"far": "handler"}
