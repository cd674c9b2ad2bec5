"""Goal 7: from the command to the first answer, and the memory of a server that waits."""

from pathlib import Path

from tests.benchmarks import house, servers
from tests.benchmarks.result import Aim, Result, middle, say

ROUNDS = 5


def starting(folder: Path) -> Result:
    """Measure goal 7 with one worker; the first start, which makes the database, is not counted."""
    say("Goal 7: starting …")
    made = house.build(folder / "starting", 3)
    path = "/en/"
    empty: list[float] = []
    ours: list[float] = []
    memory: list[float] = []
    empty_memory: list[float] = []
    with servers.running(servers.whistle(made.folder), path, workers=1):
        pass
    for _ in range(ROUNDS):
        with servers.running(servers.empty(), workers=1) as server:
            empty.append(server.started_in)
            empty_memory.append(server.memory_mib())
        with servers.running(servers.whistle(made.folder), path, workers=1) as server:
            ours.append(server.started_in)
            memory.append(server.memory_mib())
    ratio = middle([one / other for one, other in zip(ours, empty, strict=True)])
    return Result(
        7,
        "start of `whistle serve` to its first page; memory of both processes, one worker, idle",
        [
            Aim("time / time of an empty Flask app with SQLAlchemy imported", ratio, at_most=1.5),
            Aim("MiB", middle(memory), at_most=90),
        ],
        {
            "seconds": middle(ours),
            "empty_seconds": middle(empty),
            "empty_mib": middle(empty_memory),
        },
    )
