"""Two machines turn one clock and are killed again and again: each action happens exactly once."""

import random
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from tests import acts
from tests.cli.organised import organised
from tests.organisation import Organisation
from tests.services.upkeep import clockwork as clock
from tests.services.upkeep.many import copies
from tests.soak.machines import run, side_by_side
from whistle.crypto.chain import verify_thread
from whistle.crypto.filing import open_case_keys
from whistle.services import log, thread
from whistle.storage.tables import Case, ClockAction, Entry, LogEvent, Notice, Task

LATE = "2027-06-05"
"""A report of 22 November that nobody has touched: everything is due at once, and the channel's
yearly review begins."""
VERIFIED = 10


def _run_and_kill(toml: Path, instant: str, kills: int, seed: int) -> int:
    """Keep two machines turning, kill them at random, let the last two end; return the kills."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def machine() -> int:
        moments = [chance.uniform(0, 1) for _ in range(kills)]
        return sum(run(toml, instant, seconds=moment) for moment in [*moments, None])

    return side_by_side(machine)


def _marks(organisation: Organisation) -> Mapping[bytes, Mapping[str, Any]]:
    """What the clock has left of each case: its actions, its lines, its tasks, its events."""
    marks: dict[bytes, dict[str, Any]] = {}
    with organisation.parts.database.reading() as session:
        for case in session.scalars(select(Case)):
            marks[case.id] = {
                "keys": Counter(), "lines": Counter(), "tasks": Counter(), "events": 0,
                "wakes": case.wake_on,
            }  # fmt: skip
        for action in session.scalars(select(ClockAction)):
            marks[action.case_id]["keys"][action.key] += 1
        for entry in session.scalars(select(Entry)):
            marks[entry.case_id]["lines"][entry.kind] += 1
        for task in session.scalars(select(Task)):
            if task.case_id is not None:
                marks[task.case_id]["tasks"][task.kind] += 1
        events = select(LogEvent.case_id, func.count()).group_by(LogEvent.case_id)
        for case_id, count in session.execute(events):
            if case_id is not None:
                marks[case_id]["events"] = count
    return marks


def _notices(organisation: Organisation) -> Counter[tuple[str, object, int]]:
    with organisation.parts.database.reading() as session:
        return Counter(
            (one.person_id, one.due_on, one.days_late) for one in session.scalars(select(Notice))
        )


def _reviews(organisation: Organisation) -> int:
    """How many yearly reviews of the channel there are."""
    with organisation.parts.database.reading() as session:
        of_channel = Task.case_id.is_(None) & (Task.kind == "access_review")
        return session.scalar(select(func.count()).select_from(Task).where(of_channel)) or 0


def _verify(organisation: Organisation, filed: acts.Filed, case_id: bytes) -> list[str]:
    """Read a copy's thread with the first one's code; return the kinds of its entries."""
    with organisation.parts.database.reading() as session:
        case = session.get_one(Case, case_id)
        keys = open_case_keys(case.case_age, [filed.receipt.private_key])
        records = thread.sealed_entries(session, case_id, thread.CASE_CHAIN)
    chain = organisation.parts.keyrings.published().chain
    return [one.kind for one in verify_thread(records, keys, chain, thread=case.thread)]


def _exactly_once(folder: Path, cases: int, kills: int, seed: int) -> int:
    """Let the machines run over so many cases; compare each with one that nobody disturbed."""
    organisation, toml = organised(folder)
    filed = acts.file(organisation)
    with organisation.parts.database.writing() as session:
        first = acts.case_row(session, filed).id
    ids = copies(organisation.parts.database, first, cases)
    with organisation.parts.database.writing() as session:
        # Undisturbed: the first one alone, while the others sleep.
        for case in session.scalars(select(Case).where(Case.id != first)):
            case.wake_on = None
    clock.turn(organisation, LATE)
    example, told = _marks(organisation)[first], _notices(organisation)
    assert {"missed:feedback", "late:acknowledge", "reprisal_check_2"} <= set(example["keys"])
    with organisation.parts.database.writing() as session:
        for case in session.scalars(select(Case).where(Case.id != first)):
            case.wake_on = case.received_on
        # The machines begin the review themselves.
        session.execute(delete(Task).where(Task.case_id.is_(None)))
    killed = _run_and_kill(toml, organisation.now.isoformat(), kills, seed)
    marks = _marks(organisation)
    assert len(marks) == cases + 1
    # The report's own event waits in the log for the first one only: a copy was never filed.
    for case_id in ids:
        assert marks[case_id] == {**example, "events": example["events"] - 1}
    assert _notices(organisation) == told
    assert _reviews(organisation) == 1
    for case_id in random.Random(seed).sample(ids, min(VERIFIED, cases)):  # noqa: S311 - the same
        assert Counter(_verify(organisation, filed, case_id)) == example["lines"]
    with organisation.parts.database.reading() as session:
        assert log.verify(session).events == sum(one["events"] for one in marks.values())
    return killed


def test_each_action_happens_exactly_once_with_two_machines_killed_at_random(
    tmp_path: Path,
) -> None:
    """Actions, lines, tasks, events and notices of 120 cases, and the yearly review."""
    _exactly_once(tmp_path, cases=120, kills=2, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_and_with_ten_thousand_cases_and_a_hundred_kills(tmp_path: Path, seed: int) -> None:
    """The long form."""
    assert _exactly_once(tmp_path, cases=10_000, kills=50, seed=seed) >= 50
