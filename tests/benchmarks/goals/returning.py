"""Goal 3: come back with a receipt code to a thread of ten entries, among few cases and many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import house, servers
from tests.benchmarks.load import Answers, Asked, drive
from tests.benchmarks.result import Aim, Result, middle, say
from tests.benchmarks.standins import fill
from whistle.config import load
from whistle.crypto.receipt import Receipt
from whistle.services.operating.start import start
from whistle.services.reporting import unscripted

HANDLERS = 3
CLIENTS = 8
ROUNDS = 5
FEW = 10_000
THREADS = 10
ENTRIES = 10
REQUESTS_A_ROUND = 400
EMPTY_A_ROUND = 4_000


def returning(folder: Path, many: int) -> Result:
    """Measure goal 3, with `many` cases beside 10 000."""
    say(f"Goal 3: returning, among {FEW} and {many} cases …")
    few_asked = _prepared(folder / "few", FEW)
    many_asked = _prepared(folder / "many", many)
    path = "/api/v1/keyring"
    empty: list[Answers] = []
    read: list[Answers] = []
    growth: list[float] = []
    errors = 0
    with (
        servers.running(servers.empty()) as floor,
        servers.running(servers.whistle(folder / "few"), path) as few,
        servers.running(servers.whistle(folder / "many"), path) as more,
    ):
        drive(few.port, few_asked, 1)  # now both databases are in the machine's memory
        drive(more.port, many_asked, 1)
        for _ in range(ROUNDS):
            empty.append(drive(floor.port, [Asked("GET", "/")] * EMPTY_A_ROUND, CLIENTS))
            read.append(drive(few.port, few_asked, CLIENTS))
            alone = [drive(few.port, few_asked, 1), drive(more.port, many_asked, 1)]
            growth.append(alone[1].quantile_ms(50) / alone[0].quantile_ms(50))
            errors += sum(sum(one.errors.values()) for one in alone)
        before = few.cpu_seconds()
        drive(few.port, few_asked, CLIENTS)
        cpu = (few.cpu_seconds() - before) * 1000 / len(few_asked)
    ratio = middle([one.rate / other.rate for one, other in zip(read, empty, strict=True)])
    return Result(
        3,
        f"return with a code, thread of {ENTRIES} entries, 8 clients; growth with 1 client",
        [
            Aim("rate / rate of the empty view", ratio, at_least=1 / 2),
            Aim(f"time with {many} cases / time with {FEW}", middle(growth), at_most=1.2),
        ],
        {
            "per_second": middle([one.rate for one in read]),
            "p50_ms": middle([one.quantile_ms(50) for one in read]),
            "p99_ms": middle([one.quantile_ms(99) for one in read]),
            "cpu_ms_a_return": cpu,
            "empty_view_per_second": middle([one.rate for one in empty]),
            "growth_by_round": growth,
        },
        errors=errors + sum(sum(one.errors.values()) for one in read),
    )


def _prepared(folder: Path, cases: int) -> Sequence[Asked]:
    """Make an organisation with so many cases and some real threads; return what reads these."""
    made = house.build(folder, HANDLERS)
    fill(made, cases)
    receipts = threads(made, THREADS)
    return [house.mailbox_request(one) for one in receipts] * (REQUESTS_A_ROUND // THREADS)


def threads(made: house.House, count: int) -> list[Receipt]:
    """File reports and write messages until each thread has ten entries; return the codes."""
    parts = start(load(made.folder / "whistle.toml"), lambda: datetime.now(UTC))
    receipts = [Receipt.generate() for _ in range(count)]
    for receipt in receipts:
        body = house.answers_of("The guard on press 7 was taken off.")
        unscripted.file_for(
            parts, str(receipt), channel=house.CHANNEL, body=body, one_reader_confirmed=True
        )
        entries = len(unscripted.look(parts, str(receipt)).entries)
        for at in range(entries, ENTRIES):
            unscripted.write_message(parts, str(receipt), f"Message {at}.")
    parts.database.close()
    return receipts
