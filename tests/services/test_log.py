"""The event log: a chain in which every change shows, and no reporter's hour."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from whistle.errors import LogError
from whistle.services import log
from whistle.storage.engine import Database
from whistle.storage.tables import LogEvent, LogWaiting

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 11, 0, 5, 999_999, tzinfo=UTC)
CASE = bytes(range(16))
OTHER = bytes(reversed(CASE))


@pytest.fixture
def database(organisation: Organisation) -> Database:
    """An empty log."""
    return organisation.parts.database


def _enter(session: Session, count: int, case_id: bytes | None = CASE) -> None:
    for at in range(count):
        said = {"event": "Acknowledged", "number": at}
        if case_id is not None:
            said["case"] = case_id.hex()
        log.record(session, said, case_id=case_id, on=TODAY, at=NOW)


def _said(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        events = session.scalars(select(LogEvent).order_by(LogEvent.position))
        return [json.loads(one.payload) if one.payload else {} for one in events]


def test_an_empty_log_is_whole(database: Database) -> None:
    """No events, and a head of zeros."""
    with database.reading() as session:
        assert log.verify(session) == log.Verified(0, 0, bytes(32))
        assert log.last_head(session) == (0, bytes(32))


def test_an_event_of_a_handlers_has_its_instant_to_the_second(database: Database) -> None:
    """And is entered at once."""
    with database.writing() as session:
        _enter(session, 2)
    assert [one["at"] for one in _said(database)] == ["2026-11-22T11:00:05+00:00"] * 2
    with database.reading() as session:
        assert log.verify(session).events == 2
        assert log.last_head(session) == (2, log.verify(session).head)


def test_the_chain_is_as_the_protocol_writes_it(database: Database) -> None:
    """Computed anew from section 9."""
    with database.writing() as session:
        _enter(session, 3)
    head = bytes(32)
    with database.reading() as session:
        for event in session.scalars(select(LogEvent).order_by(LogEvent.position)):
            assert event.salt is not None
            assert event.payload is not None
            assert len(event.salt) == 16
            c = sha256(b"whistle/log-event/v1\0" + event.salt + event.payload).digest()
            head = sha256(b"whistle/log/v1\0" + head + c).digest()
            assert (event.commitment, event.head) == (c, head)


def _set(position: int, /, **values: Any) -> Callable[[Session], object]:
    """Change columns of one event."""
    where = LogEvent.position == position
    return lambda session: session.execute(update(LogEvent).where(where).values(**values))


def _drop(*positions: int) -> Callable[[Session], object]:
    where = LogEvent.position.in_(positions)
    return lambda session: session.execute(delete(LogEvent).where(where))


def _swap(session: Session) -> None:
    """Exchange the places of the second and the third event."""
    for old, new in ((2, 99), (3, 2), (99, 3)):
        _set(old, position=new)(session)


TAMPERED = {
    "a payload changed": (_set(2, payload=b'{"event":"Closed"}'), "commitment"),
    "a salt changed": (_set(2, salt=bytes(16)), "commitment"),
    "a payload taken without its salt": (_set(2, payload=None), "commitment"),
    "a salt taken without its payload": (_set(2, salt=None), "commitment"),
    "a commitment changed": (_set(2, commitment=bytes(32)), "commitment"),
    "a head changed": (_set(2, head=bytes(32)), "head"),
    "one removed in the middle": (_drop(2), "gap"),
    "the first one removed": (_drop(1), "gap"),
    "two exchanged": (_swap, "head"),
    "one put to another case": (_set(2, case_id=OTHER), "case"),
    "one taken from its case, so that erasing would miss it": (_set(2, case_id=None), "case"),
    "one emptied without a trace": (_set(2, salt=None, payload=None, case_id=None), "emptied"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_every_change_shows(database: Database, name: str) -> None:
    """Whoever can write in the database cannot do so unseen."""
    change, reason = TAMPERED[name]
    with database.writing() as session:
        _enter(session, 4)
    with database.writing() as session:
        change(session)
    with database.reading() as session, pytest.raises(LogError, match=reason):
        log.verify(session)


@pytest.mark.parametrize("dropped", [(4,), (3, 4), (1, 2, 3, 4)])
def test_what_is_cut_off_at_the_end_shows_against_an_anchor(
    database: Database, dropped: tuple[int, ...]
) -> None:
    """The length and the head that somebody else has kept."""
    with database.writing() as session:
        _enter(session, 4)
        anchor = log.last_head(session)
    with database.writing() as session:
        _drop(*dropped)(session)
        log.verify(session)  # alone it is whole
        with pytest.raises(LogError, match="anchor"):
            log.verify(session, anchor)


def test_a_log_written_anew_shows_against_an_anchor(database: Database) -> None:
    """As long as before, and another; a log that has grown still fits."""
    with database.writing() as session:
        _enter(session, 3)
        anchor = log.last_head(session)
        _enter(session, 3)
        assert log.verify(session, anchor).events == 6
        session.execute(delete(LogEvent))
        _enter(session, 6)
        with pytest.raises(LogError, match="anchor"):
            log.verify(session, anchor)


def test_erasing_leaves_the_chain_whole(database: Database) -> None:
    """Payload and salt of one case go, its hashes stay, and other cases' events are as before."""
    with database.writing() as session:
        _enter(session, 2)
        _enter(session, 2, OTHER)
        log.record(session, {"event": "x"}, case_id=CASE, on=TODAY, at=None)
        before = log.verify(session)
        emptied = log.erase_events(session, CASE)
        trace = {"event": log.TRACE, "case": CASE.hex(), "events": emptied}
        log.record(session, trace, case_id=None, on=TODAY, at=NOW)
    with database.reading() as session:
        after = log.verify(session, (before.events, before.head))
        assert (after.events, after.emptied) == (5, 2)
        assert session.scalars(select(LogWaiting)).all() == []
    assert [one.get("case") for one in _said(database)] == [
        None,
        None,
        OTHER.hex(),
        OTHER.hex(),
        CASE.hex(),
    ]


def test_what_a_reporter_did_waits_for_the_night_and_has_no_time(
    organisation: Organisation,
) -> None:
    """Filing, writing, waiving: entered when their day is over, without an hour."""
    filed = acts.file(organisation)
    clock.by_reporter(organisation, filed, "message")
    clock.by_reporter(organisation, filed, "waiver", adds={"waive_ack": True})
    clock.by_reporter(organisation, filed, "meeting")
    clock.turn(organisation, "2026-11-22", "23:59")
    assert _said(organisation.parts.database) == []
    clock.turn(organisation, "2026-11-23", "00:00")
    said = _said(organisation.parts.database)
    assert Counter(one["event"] for one in said) == Counter(
        ["Received", "MessageWritten", "Waived", "MeetingAsked"]
    )
    assert all(one["on"] == "2026-11-22" and "at" not in one for one in said)
    assert all(one["who"] in {"reporter", "service"} and one["rules"] for one in said)


def test_the_order_of_the_day_is_not_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve events a day for some days: not even where the database gives them as they came."""
    ids = count(2**64)
    monkeypatch.setattr(log, "new_id", lambda: next(ids).to_bytes(16))
    orders = []
    for day in range(1, 6):
        on = date(2026, 11, day)
        with database.writing() as session:
            for at in range(12):
                log.record(session, {"event": "x", "at": at}, case_id=None, on=on, at=None)
        with database.writing() as session:
            assert log.enter_waiting(session, date(2026, 11, day + 1)) == 12
        orders.append([one["at"] for one in _said(database)][-12:])
    assert all(sorted(order) == list(range(12)) for order in orders)
    assert all(order != list(range(12)) for order in orders)
    assert len({tuple(order) for order in orders}) == 5


def test_where_they_wait_nothing_tells_their_order(database: Database) -> None:
    """Stored by a random key, without a number of the row."""
    with database.writing() as session:
        for at in range(12):
            log.record(session, {"event": "x", "at": at}, case_id=None, on=TODAY, at=None)
    with database.reading() as session:
        raw = session.connection().exec_driver_sql("SELECT payload FROM log_waiting").all()
        assert [json.loads(one[0])["at"] for one in raw] != list(range(12))
        with pytest.raises(Exception, match="no such column"):
            session.connection().exec_driver_sql("SELECT rowid FROM log_waiting")


def test_a_day_that_is_not_over_in_every_channel_waits(database: Database) -> None:
    """The caller names the earliest of the channels' days."""
    with database.writing() as session:
        log.record(session, {"event": "x"}, case_id=None, on=TODAY, at=None)
        assert log.enter_waiting(session, TODAY) == 0
        assert log.enter_waiting(session, date(2026, 11, 23)) == 1
        assert log.enter_waiting(session, date(2026, 11, 23)) == 0


def test_on_postgresql_one_writer_at_a_time_takes_a_place(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer anyway; there a lock is asked for that ends with the transaction."""
    asked: list[int] = []
    with database.writing() as session:
        raw = session.connection().connection.dbapi_connection
        assert raw is not None
        raw.create_function("pg_advisory_xact_lock", 1, asked.append)
        _enter(session, 1)
        assert asked == []
        monkeypatch.setattr(session.get_bind().dialect, "name", "postgresql")
        _enter(session, 2)
        monkeypatch.undo()
        assert len(asked) == 2
        assert len(set(asked)) == 1
        assert log.verify(session).events == 3
