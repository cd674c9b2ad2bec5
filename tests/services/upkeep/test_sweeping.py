"""One turn of the clock: its cost follows what is due, and one bad case stops no other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text, update

from tests import acts
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from tests.services.upkeep.many import copies
from whistle.case import ActionKind
from whistle.services.upkeep import doing, sweeping
from whistle.services.upkeep.sweeping import foresee
from whistle.storage.tables import Case


@contextmanager
def _counted(organisation: Organisation) -> Iterator[list[str]]:
    """Every statement that the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    engine = organisation.parts.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_turn_asks_as_much_of_a_thousand_cases_as_of_ten(organisation: Organisation) -> None:
    """Three are due; the others sleep and are not looked at."""
    due = [acts.file(organisation) for _ in range(3)]
    sleeping = acts.file(organisation)
    clock.turn(organisation)
    with _counted(organisation) as few:
        looked = clock.turn(organisation, "2026-11-25")
    assert (looked.looked, looked.done) == (4, {"warn": 4})
    with organisation.parts.database.writing() as session:
        case = acts.case_row(session, sleeping)
        session.execute(
            update(Case).where(Case.id == case.id).values(wake_on=clock.day("2099-01-01"))
        )
    copies(organisation.parts.database, clock.row(organisation, sleeping).id, 1_000)
    with _counted(organisation) as many:
        looked = clock.turn(organisation, "2026-11-27")
    assert (looked.looked, looked.done) == (3, {"warn": 3})
    assert len(due) == looked.looked
    assert 0 < len(many) <= len(few)


def test_what_is_due_is_found_by_an_index(organisation: Organisation) -> None:
    """Not by reading every case."""
    query = sweeping._due_query(clock.day("2026-11-22")).limit(50)
    with organisation.parts.database.reading() as session:
        compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {compiled}")).all()
    assert "cases_by_waking" in str(plan)
    assert "SCAN" not in str(plan)


def test_a_turn_with_nothing_due_changes_nothing(organisation: Organisation) -> None:
    """Twice on one day is as once."""
    filed = acts.file(organisation)
    clock.turn(organisation)
    before = (clock.keys(organisation, filed), clock.notices(organisation))
    assert clock.turn(organisation).looked == 0
    assert (clock.keys(organisation, filed), clock.notices(organisation)) == before


def test_a_case_that_fails_stops_no_other(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is left as it was, looked at once a turn, and named to nobody; then it is made good."""
    filed = [acts.file(organisation) for _ in range(5)]
    bad = clock.row(organisation, filed[2]).id
    tell = doing.tell_handlers

    def fail(session: object, parts: object, case: Case, *rest: object) -> None:
        tell(session, parts, case, *rest)  # type: ignore[arg-type] # handed on as it came
        if case.id == bad:
            raise ZeroDivisionError(case.number)

    with monkeypatch.context() as poisoned:
        poisoned.setitem(sweeping._DOING, ActionKind.ARRIVED, fail)
        for _ in range(2):
            swept = clock.turn(organisation)
            assert (swept.failed, swept.looked) in {(1, 5), (1, 1)}
    done = [clock.keys(organisation, one) for one in filed]
    assert done == [{"arrived"}, {"arrived"}, set(), {"arrived"}, {"arrived"}]
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == [
        "The clock failed in a case: ZeroDivisionError"
    ] * 2
    assert clock.turn(organisation).done == {"arrived": 1}


def test_a_case_of_a_channel_that_is_gone_stops_no_other(organisation: Organisation) -> None:
    """Taken out of the settings by mistake: its cases wait until it is back."""
    filed = [acts.file(organisation) for _ in range(3)]
    with organisation.parts.database.writing() as session:
        acts.case_row(session, filed[1]).channel = "gone"
    swept = clock.turn(organisation)
    assert (swept.failed, swept.done) == (1, {"arrived": 2})


def test_what_a_failed_case_had_done_is_taken_back(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line was already in the thread when what followed failed."""
    filed = acts.file(organisation)
    clock.turn(organisation, "2026-11-25")
    with monkeypatch.context() as poisoned:
        poisoned.setitem(sweeping._DOING, ActionKind.MISSED, lambda *_: 1 / 0)
        assert clock.turn(organisation, "2027-03-05").failed == 1
    assert clock.lines(organisation, filed) == []
    clock.turn(organisation, "2027-03-05")
    assert {code for code, _, _ in clock.lines(organisation, filed)} >= {"late", "missed"}


def test_a_folder_of_keys_that_does_not_verify_does_not_stop_the_clock(
    organisation: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    """It goes on with the chain that did."""
    filed = acts.file(organisation)
    folder = organisation.parts.settings.keys_dir
    (folder / "keyring-0001.json.sig").write_text("no signature")
    assert clock.turn(organisation, "2026-11-28").done["acknowledge"] == 1
    assert "keyrings do not verify" in caplog.text
    assert clock.row(organisation, filed).acknowledged_by == "system"


def test_what_a_turn_would_do_is_told_and_not_done(organisation: Organisation) -> None:
    """Only what its hour has come for."""
    filed = acts.file(organisation)
    number = clock.row(organisation, filed).number
    clock.turn(organisation)
    clock.go_to(organisation, "2026-11-28", "07:59")
    assert [(one, action.kind.value) for one, action in foresee(organisation.parts)] == [
        (number, "warn"), (number, "escalate"),
    ]  # fmt: skip
    clock.go_to(organisation, "2026-11-28", "08:00")
    assert (number, ActionKind.ACKNOWLEDGE) in [
        (one, action.kind) for one, action in foresee(organisation.parts)
    ]
    assert clock.keys(organisation, filed) == {"arrived"}


def test_a_case_that_waits_for_its_hour_is_looked_at_until_it_comes(
    organisation: Organisation,
) -> None:
    """And then sleeps."""
    acts.file(organisation)
    clock.turn(organisation, "2026-11-28", "00:01")
    for at, looked in (("04:00", 1), ("07:59", 1), ("08:00", 1), ("08:01", 0)):
        assert clock.turn(organisation, "2026-11-28", at).looked == looked
