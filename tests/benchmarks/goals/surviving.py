"""Goal 9: no error under load, and no answered report lost when every process is killed."""

import http.client
import random
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import house, servers
from tests.benchmarks.load import Asked, drive
from tests.benchmarks.result import Aim, Result, say
from whistle.crypto.receipt import mailbox_id

HANDLERS = 3
CLIENTS = 32
REPORTS = 480
KILL_CLIENTS = 8
REPORTS_A_TRIAL = 160
KILLED_WITHIN_SECONDS = 0.8
HALF_THERE = """
SELECT count(*) FROM cases WHERE
  (SELECT count(*) FROM entries WHERE case_id = cases.id) < 2
  OR (SELECT count(*) FROM case_keys WHERE case_id = cases.id) <> 1
  OR (SELECT count(*) FROM case_access WHERE case_id = cases.id) <> ?
  OR EXISTS (SELECT 1 FROM entries LEFT JOIN entry_seals ON entry_id = entries.id
             WHERE case_id = cases.id AND sealed IS NULL)
"""
"""Cases that lack one of the rows that filing writes."""


def surviving(folder: Path, kills: int) -> Result:
    """Measure goal 9 with so many kills."""
    say(f"Goal 9: 32 clients at once, then {kills} kills …")
    made = house.build(folder / "surviving", HANDLERS)
    path = "/api/v1/keyring"
    with servers.running(servers.whistle(made.folder), path) as server:
        posts = [post for _, post in house.filings(made, REPORTS)]
        filed = drive(server.port, house.as_requests(posts), CLIENTS)
    errors = sum(filed.errors.values())
    answered = lost = half = 0
    for at in range(kills):
        kept = _killed(made, seed=at)
        answered += len(kept)
        lost += _missing(made, kept)
        half += _half_there(made)
    return Result(
        9,
        "32 clients file at once; the server is killed (SIGKILL) while 8 file, again and again",
        [
            Aim("errors among 32 clients", errors, at_most=0),
            Aim("answered reports that were lost", lost, at_most=0),
            Aim("reports half there", half, at_most=0),
        ],
        {
            "reports": REPORTS,
            "p99_ms": filed.quantile_ms(99),
            "error_kinds": filed.errors,
            "kills": kills,
            "answered_before_a_kill": answered,
        },
        errors=errors + lost + half,
    )


def _killed(made: house.House, seed: int) -> list[bytes]:
    """File reports, kill the server at a random moment; return the mailboxes it had answered."""
    prepared = list(house.filings(made, REPORTS_A_TRIAL))
    asked = house.as_requests([post for _, post in prepared])
    answered: list[int] = []
    server = servers.start(servers.whistle(made.folder), "/api/v1/keyring", workers=2)
    threads = [
        threading.Thread(
            target=_file, args=(server.port, asked, range(at, len(asked), KILL_CLIENTS), answered)
        )
        for at in range(KILL_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(random.Random(seed).uniform(0.05, KILLED_WITHIN_SECONDS))  # noqa: S311 - no secret
    server.kill()
    for thread in threads:
        thread.join()
    return [mailbox_id(prepared[at][0].mailbox_token) for at in answered]


def _file(port: int, asked: Sequence[Asked], indices: Sequence[int], answered: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for index in indices:
            one = asked[index]
            connection.request(one.method, one.path, one.body, dict(one.headers))
            response = connection.getresponse()
            response.read()
            if response.status == one.right:
                answered.append(index)
    except (OSError, http.client.HTTPException):
        return  # the server is gone, as it should be
    finally:
        connection.close()


def _missing(made: house.House, mailboxes: Sequence[bytes]) -> int:
    with sqlite3.connect(made.database) as connection:
        kept = {row[0] for row in connection.execute("SELECT mailbox_id FROM cases")}
    connection.close()
    return len(set(mailboxes) - kept)


def _half_there(made: house.House) -> int:
    with sqlite3.connect(made.database) as connection:
        count: int = connection.execute(HALF_THERE, (HANDLERS,)).fetchone()[0]
    connection.close()
    return count
