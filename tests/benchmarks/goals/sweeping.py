"""Goal 6: one turn of the clock with 1 000 cases due, among few cases and many."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path

from sqlalchemy import event, select, update

from tests.benchmarks import house
from tests.benchmarks.result import Aim, Result, middle, say
from tests.benchmarks.standins import fill
from tests.services.upkeep.many import copies
from whistle.config import load
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.reporting.filing import file_report
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Case

HANDLERS = 3
FEW = 10_000
DUE = 1_000
ROUNDS = 5
DAYS_LATER = 6
"""The last safe day: each case that is due is acknowledged, its handlers are told and warned."""


def sweeping(folder: Path, many: int) -> Result:
    """Measure goal 6, with `many` cases beside 10 000."""
    say(f"Goal 6: a turn of the clock with {DUE} due, among {FEW} and {many} cases …")
    few = _Clock(folder / "sweep-few", FEW)
    more = _Clock(folder / "sweep-many", many)
    times: list[tuple[float, float]] = []
    asked: set[int] = set()
    errors = 0
    for _ in range(ROUNDS):
        pair = []
        for clock in (few, more):
            clock.make_due()
            seconds, statements, wrong = clock.turn()
            pair.append(seconds)
            asked.add(statements)
            errors += wrong
        times.append((pair[0], pair[1]))
    return Result(
        6,
        f"one turn of the clock with {DUE} due, each acknowledged by a sealed and signed line",
        [
            Aim(
                f"time with {many} cases / time with {FEW}",
                middle([slow / quick for quick, slow in times]),
                at_most=1.5,
            ),
            Aim("statements, most / least", max(asked) / min(asked), at_most=1.01),
        ],
        {
            "seconds_few": middle([quick for quick, _ in times]),
            "seconds_many": middle([slow for _, slow in times]),
            "ms_a_case": middle([slow for _, slow in times]) / DUE * 1000,
            "statements_a_case": max(asked) / DUE,
        },
        errors=errors,
    )


class _Clock:
    """An organisation with so many sleeping cases, some days from now."""

    def __init__(self, folder: Path, cases: int) -> None:
        made = house.build(folder, HANDLERS)
        fill(made, cases - DUE)
        today = datetime.combine(made.today, wall_time(12), UTC)
        config = load(folder / "whistle.toml")
        (_, post), *_ = house.filings(made, 1)
        now = start(config, lambda: today)
        file_report(now, post)
        self.parts: Parts = start(config, lambda: today + timedelta(days=DAYS_LATER))
        with now.database.writing() as session:
            case = session.scalars(select(Case).where(Case.wake_on.is_not(None))).one()
            case.wake_on = None
            self._example = case.id
        now.database.close()

    def make_due(self) -> None:
        """Let 1 000 more cases wait for the clock."""
        ids = copies(self.parts.database, self._example, DUE)
        with self.parts.database.writing() as session:
            where = Case.id.in_(ids)
            session.execute(update(Case).where(where).values(wake_on=Case.received_on))
        self.parts.database.forget()

    def turn(self) -> tuple[float, int, int]:
        """Let it turn once: seconds, statements, and how many cases went wrong."""
        with _counting(self.parts) as asked:
            begun = time.perf_counter()
            swept = sweep(self.parts)
            seconds = time.perf_counter() - begun
        return seconds, len(asked), DUE - swept.done["acknowledge"] + swept.failed


@contextmanager
def _counting(parts: Parts) -> Iterator[list[None]]:
    """Count the statements that the database is asked meanwhile."""
    asked: list[None] = []

    def note(*_: object) -> None:
        asked.append(None)

    event.listen(parts.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(parts.database.engine, "before_cursor_execute", note)
