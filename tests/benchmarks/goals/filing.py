"""Goal 1: file a sealed report. Goal 2: the same without scripts, sealed by the server."""

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.benchmarks import house, servers
from tests.benchmarks.floors import durable_writes
from tests.benchmarks.load import Answers, Asked, drive
from tests.benchmarks.result import Aim, Result, middle, say
from whistle.crypto.receipt import Receipt

HANDLERS = 3
CLIENTS = 8
ROUNDS = 3
REPORTS_A_ROUND = 240
EMPTY_A_ROUND = 4_000


def sealed(folder: Path) -> Result:
    """Measure goal 1: sealed beforehand, durable before the answer."""
    say("Goal 1: filing sealed reports …")
    made = house.build(folder / "sealed", HANDLERS)
    posts = [post for _, post in house.filings(made, ROUNDS * REPORTS_A_ROUND)]
    floor = durable_writes(folder, posts)
    empty, filed, cpu = _in_turns(made, house.as_requests(posts))
    ratio = middle([one.rate / other.rate for one, other in zip(filed, empty, strict=True)])
    return Result(
        1,
        "file a sealed report, 3 handlers, durable before the answer, 8 clients",
        [
            Aim("rate / rate of the empty view", ratio, at_least=1 / 3),
            Aim("CPU ms a report", middle(cpu), at_most=3),
        ],
        {**_shown(empty, filed), "durable_writes_per_second": floor, "bytes": len(posts[0])},
        errors=_errors(filed),
    )


def unscripted(folder: Path) -> Result:
    """Measure goal 2: the last button of the form, the server seals."""
    say("Goal 2: filing without scripts …")
    made = house.build(folder / "unscripted", HANDLERS)
    asked = [_form(made) for _ in range(ROUNDS * REPORTS_A_ROUND)]
    empty, filed, cpu = _in_turns(made, asked)
    ratio = middle([one.rate / other.rate for one, other in zip(filed, empty, strict=True)])
    return Result(
        2,
        "file a report without scripts, the server seals, 3 handlers, 8 clients",
        [Aim("rate / rate of the empty view", ratio, at_least=1 / 5)],
        {**_shown(empty, filed), "cpu_ms_a_report": middle(cpu)},
        errors=_errors(filed),
    )


def _in_turns(
    made: house.House, asked: Sequence[Asked]
) -> tuple[list[Answers], list[Answers], list[float]]:
    """Ask the empty server and ours in turns; return the answers and our CPU, ms a report."""
    empty, filed, cpu = [], [], []
    nothing = [Asked("GET", "/")] * EMPTY_A_ROUND
    with (
        servers.running(servers.empty()) as floor,
        servers.running(servers.whistle(made.folder), "/api/v1/keyring") as ours,
    ):
        drive(floor.port, nothing[:200], CLIENTS)
        for at in range(ROUNDS):
            part = asked[at * REPORTS_A_ROUND : (at + 1) * REPORTS_A_ROUND]
            empty.append(drive(floor.port, nothing, CLIENTS))
            before = ours.cpu_seconds()
            filed.append(drive(ours.port, part, CLIENTS))
            cpu.append((ours.cpu_seconds() - before) * 1000 / len(part))
    return empty, filed, cpu


def _form(made: house.House) -> Asked:
    """Return what a browser without scripts posts from the check page."""
    fields = {
        "channel": house.CHANNEL,
        "answer_in": "en",
        "what": house.TEXT,
        "ongoing": "yes",
        "topic": "other",
        "code": str(Receipt.generate()),
        "seen": " ".join(one.appointed.id for one in made.people),
    }
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Asked("POST", "/en/report/send", kind, urlencode(fields).encode())


def _shown(empty: Sequence[Answers], filed: Sequence[Answers]) -> dict[str, float]:
    figures: dict[str, Callable[[Answers], float]] = {
        "per_second": lambda one: one.rate,
        "p50_ms": lambda one: one.quantile_ms(50),
        "p99_ms": lambda one: one.quantile_ms(99),
    }
    shown = {name: middle([figure(one) for one in filed]) for name, figure in figures.items()}
    return {**shown, "empty_view_per_second": middle([one.rate for one in empty])}


def _errors(answers: Sequence[Answers]) -> int:
    for one in answers:
        if one.errors:
            say(f"  errors: {one.errors}")
    return sum(sum(one.errors.values()) for one in answers)
