"""Erased on the day: keys and bytes, in tables and files; a trace without content stays."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select

from tests import acts, shut_cases
from tests.organisation import Organisation, make_organisation
from tests.services.upkeep import clockwork as clock
from whistle.case.events import Actor, Erased, EraseGround
from whistle.config import Settings
from whistle.errors import CaseError, NotFoundError
from whistle.services import erasing, facts, log
from whistle.services.handling import duties
from whistle.services.reporting.filing import file_report
from whistle.services.reporting.mailbox import read_mailbox
from whistle.storage.tables import Case, Entry, EntrySeal, LogEvent, Table, Task

OF_A_CASE = {"access", "cases", "case_keys", "case_access", "case_seen", "entries", "entry_seals"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings whose backups live for thirty days."""
    return clock.with_channel(settings, backup_life_days=30)


def _closed(organisation: Organisation) -> acts.Filed:
    """A case with all that a case can have, closed on 30 November 2026."""
    filed = acts.file(organisation)
    clock.at_desk_chain(organisation, "anna", filed, "note", 1)
    clock.by_reporter(organisation, filed, "message", text="A marked message.")
    clock.by_reporter(organisation, filed, "waiver", adds={"waive_ack": True})
    clock.by_reporter(organisation, filed, "meeting")
    clock.turn(organisation, "2026-11-25")
    clock.acknowledge(organisation, filed)
    acts.act(organisation, "bo", acts.case_id(organisation, filed), "meeting_offer")
    case = acts.case_id(organisation, filed)
    handler = acts.handler(organisation, "bo")
    duties.begin_task(
        organisation.parts, handler, kind="data_request", started_on="2026-11-25", case_id=case
    )
    clock.go_to(organisation, "2026-11-30")
    clock.give_feedback(organisation, filed)
    clock.close(organisation, filed)
    shut_cases.signs(organisation, "anna", case)
    return filed


def _marks(organisation: Organisation, filed: acts.Filed) -> dict[str, bytes]:
    """Bytes that are in the database because of this case, and must be gone."""
    with organisation.parts.database.reading() as session:
        case = acts.case_row(session, filed)
        seals = session.scalars(
            select(EntrySeal.sealed).join(Entry).where(Entry.case_id == case.id)
        ).all()
        hashes = session.scalars(select(Entry.sha256).where(Entry.case_id == case.id)).all()
        payloads = session.scalars(select(LogEvent.payload).where(LogEvent.case_id == case.id))
        salts = session.scalars(select(LogEvent.salt).where(LogEvent.case_id == case.id))
        marks = {
            "mailbox": case.mailbox_id, "filing": case.filing_sha256, "thread": case.thread,
            "number": (case.number or "").encode(), **_windows("case.age", case.case_age),
            **{f"salt {at}": salt for at, salt in enumerate(salts)},
            **{f"event {at}": payload for at, payload in enumerate(payloads)},
            **{f"hash {at}": one for at, one in enumerate(hashes)},
        }  # fmt: skip
        for at, seal in enumerate(seals):
            marks |= _windows(f"seal {at}", seal)
    return {name: mark for name, mark in marks.items() if mark}


def _windows(name: str, blob: bytes) -> dict[str, bytes]:
    """Short pieces from all over: one that lies across two pages is not found in one piece."""
    return {f"{name} from {at}": blob[at : at + 24] for at in range(100, len(blob), 400)}


def _found(organisation: Organisation, marks: dict[str, bytes]) -> set[str]:
    """Which marks are in any file of the database."""
    folder = organisation.parts.settings.data_dir
    everything = b"".join(file.read_bytes() for file in sorted(folder.glob("whistle.sqlite*")))
    return {name for name, mark in marks.items() if mark in everything}


def _rows_of(organisation: Organisation, case_id: bytes) -> dict[str, int]:
    """How many rows of each table name the case."""
    counted = {}
    with organisation.parts.database.reading() as session:
        for table in Table.metadata.sorted_tables:
            name = "id" if table.name == "cases" else "case_id"
            if name in inspect(table).columns:
                where = table.columns[name] == case_id
                counted[table.name] = session.scalar(
                    select(func.count()).select_from(table).where(where)
                )
    return {name: count for name, count in counted.items() if count}


def test_invariant_28_everything_goes_on_the_day_and_not_before(
    organisation: Organisation,
) -> None:
    """Two years after closing, less the life of the backups: 31 October 2028."""
    filed = _closed(organisation)
    clock.turn(organisation, "2028-10-30", "23:59")
    case = clock.row(organisation, filed)
    assert set(_rows_of(organisation, case.id)) > {"entries", "tasks", "clock_actions"}
    swept = clock.turn(organisation, "2028-10-31", "00:00")
    assert swept.done["erase"] == 1
    assert _rows_of(organisation, case.id) == {"cases": 1}
    with pytest.raises(NotFoundError):
        read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    assert clock.turn(organisation, "2028-11-01").looked == 0


def test_nothing_of_it_is_left_in_the_files(organisation: Organisation) -> None:
    """Neither in the pages of SQLite nor in its write-ahead log; other cases are untouched."""
    other = acts.file(organisation)
    filed = _closed(organisation)
    clock.turn(organisation, "2026-12-01")
    marks, others = _marks(organisation, filed), _marks(organisation, other)
    there, others_there = _found(organisation, marks), _found(organisation, others)
    assert len(there) > 0.9 * len(marks) > 60
    assert {"mailbox", "filing", "thread", "number", "salt 0", "event 0", "hash 0"} <= there
    clock.turn(organisation, "2028-10-31")
    assert _found(organisation, marks) == set()
    assert _found(organisation, others) == others_there


def test_what_a_reader_held_on_to_goes_at_the_next_turn(organisation: Organisation) -> None:
    """Somebody reads while it is erased: the write-ahead log is emptied once they are done."""
    filed = _closed(organisation)
    clock.turn(organisation, "2026-12-01")
    marks = _marks(organisation, filed)
    with organisation.parts.database.reading() as session:
        session.scalars(select(Case.id)).all()
        clock.turn(organisation, "2028-10-31")
        assert organisation.parts.database.forget() is False
    clock.turn(organisation, "2028-10-31")
    assert _found(organisation, marks) == set()


def test_the_tombstone_holds_dates_and_codes_of_what_the_organisation_did(
    organisation: Organisation,
) -> None:
    """Enough for the yearly figures, nothing of what the reporter wished."""
    filed = _closed(organisation)
    case_id = clock.row(organisation, filed).id
    clock.turn(organisation, "2028-10-31")
    with organisation.parts.database.reading() as session:
        left = session.get_one(Case, case_id)
        values = {
            column.name: getattr(left, column.name)
            for column in Case.__table__.columns
            if getattr(left, column.name) not in (None, b"", "", False, bytes(32))
        }
    assert set(values) == {
        "id", "channel", "received_on", "last_on", "active_on", "acknowledged_on",
        "acknowledged_by", "feedback_on", "final_feedback_on", "closed_on", "outcome", "erased_on",
    }  # fmt: skip


def test_invariant_33_the_log_keeps_a_trace_and_its_chain(organisation: Organisation) -> None:
    """Dates and counts; what was said of the case before is gone, and that shows too."""
    filed = _closed(organisation)
    clock.turn(organisation, "2026-12-01")
    case_id = clock.row(organisation, filed).id
    with organisation.parts.database.reading() as session:
        before = log.verify(session)
        of_case = session.scalars(select(LogEvent).where(LogEvent.case_id == case_id)).all()
    clock.turn(organisation, "2028-10-31")
    with organisation.parts.database.reading() as session:
        after = log.verify(session, (before.events, before.head))
        said = [one.payload for one in session.scalars(select(LogEvent)) if one.payload]
    (trace,) = [json.loads(one) for one in said if case_id.hex().encode() in one]
    assert trace.pop("at").startswith("2028-10-31T")
    assert trace == {
        "event": "Erased", "case": case_id.hex(), "who": "service", "ground": "due",
        "received_on": "2026-11-22", "closed_on": "2026-11-30", "on": "2028-10-31",
        "entries": trace["entries"], "events": after.emptied, "rules": trace["rules"],
    }  # fmt: skip
    assert after.emptied > len(of_case) - 1 > 5


def test_an_erased_report_is_not_taken_again_as_the_same(organisation: Organisation) -> None:
    """Nothing remembers the code; the keyring has long ended, so the form is closed."""
    filed = _closed(organisation)
    clock.turn(organisation, "2028-10-31")
    with pytest.raises(Exception, match="closed"):
        file_report(organisation.parts, filed.posted)


def test_a_fault_in_the_middle_leaves_the_case_whole(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are not gone without bytes, or bytes without keys; the next turn finishes it."""
    filed = _closed(organisation)
    clock.turn(organisation, "2026-12-01")
    before = _rows_of(organisation, clock.row(organisation, filed).id)
    with monkeypatch.context() as broken:
        broken.setattr(log, "erase_events", lambda *_: 1 / 0)
        assert clock.turn(organisation, "2028-10-31").failed == 1
    after = _rows_of(organisation, clock.row(organisation, filed).id)
    assert after == before
    assert clock.turn(organisation, "2028-10-31").done["erase"] == 1


def test_a_hand_over_keeps_nothing_a_day_longer(organisation: Organisation) -> None:
    """What a dispute needs goes to its own process; the case goes on its day."""
    filed = _closed(organisation)
    clock.turn(organisation, "2028-10-30")
    clock.at_desk_chain(organisation, "anna", filed, "handover", 2)
    assert clock.turn(organisation, "2028-10-31").done["erase"] == 1


def test_reopening_begins_the_time_of_keeping_anew_at_the_next_closing(
    organisation: Organisation,
) -> None:
    """And an open case is never erased."""
    filed = _closed(organisation)
    case = acts.case_id(organisation, filed)
    clock.go_to(organisation, "2026-12-20")
    seq, entry = acts.by_handler(organisation, "anna", case, "reopening")
    acts.write(organisation, "anna", case, "reopening", seq, entry, next_on="2027-03-01")
    assert clock.turn(organisation, "2028-10-31").done["erase"] == 0


def test_invariant_32_a_public_bodys_case_is_an_alarm_and_not_erased(settings: Settings) -> None:
    """Handlers and officer are told, a task says to archive it, and every byte is still there."""
    public = clock.with_channel(settings, public_body=True)
    organisation = make_organisation(settings.data_dir.parent, public)
    filed = _closed(organisation)
    marks = _marks(organisation, filed)
    clock.turn(organisation, "2028-11-29")
    clock.finish_tasks(organisation)
    assert clock.new_notices(organisation, "2028-11-29") == set()
    told = clock.new_notices(organisation, "2028-11-30")
    assert {person for person, _, _ in told} == {"anna", "bo"}
    with organisation.parts.database.reading() as session:
        (task,) = session.scalars(select(Task).where(Task.kind == "archive"))
        assert (task.due_on, task.done_on) == (clock.day("2028-11-30"), None)
    clock.turn(organisation, "2030-01-01")
    assert len(_found(organisation, marks)) > 0.9 * len(marks)
    with organisation.parts.database.writing() as session:
        case, channel = acts.case_row(session, filed), public.channels[0]
        event = Erased(
            on=organisation.parts.today(channel), actor=Actor.system(),
            rules=facts.limits_of(channel).version, ground=EraseGround.DUE,
        )  # fmt: skip
        with pytest.raises(CaseError, match="public_body"):
            erasing.erase(session, case, event, channel)


def test_the_folder_of_the_database_is_where_the_test_looks(organisation: Organisation) -> None:
    """A search that looks in the wrong place finds nothing either."""
    folder = Path(organisation.parts.settings.data_dir)
    assert (folder / "whistle.sqlite").exists()


@pytest.mark.parametrize("law", ["SE", "EU"])
def test_a_channel_that_keeps_for_a_shorter_time_erases_on_its_own_day(
    settings: Settings, law: str
) -> None:
    """Six months after closing less thirty days, also where the law names no time at all."""
    shorter = clock.with_channel(settings, keep_months=6, law=law)
    organisation = make_organisation(settings.data_dir.parent, shorter)
    filed = acts.file(organisation)
    clock.acknowledge(organisation, filed)
    clock.give_feedback(organisation, filed)
    clock.go_to(organisation, "2026-11-30")
    clock.close(organisation, filed)
    told = read_mailbox(organisation.parts, filed.receipt.mailbox_token)["dates"]
    assert told["erase_on"] == "2027-04-30"
    assert clock.turn(organisation, "2027-04-29").done["erase"] == 0
    assert clock.turn(organisation, "2027-04-30").done["erase"] == 1
