"""Clients that ask as fast as they are answered, each over one connection that stays open."""

import http.client
import multiprocessing
import statistics
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue

PROCESSES_MAX = 4
TIMEOUT_SECONDS = 30
_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Asked:
    """One request, and the status that is right for it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    right: int = 200


@dataclass
class Answers:
    """What came back. `seconds` of each right answer; `errors` says what went wrong, how often."""

    seconds: list[float] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)
    elapsed: float = 0.0

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def quantile_ms(self, percent: int) -> float:
        """Return the time within which so many percent of the right answers came."""
        return statistics.quantiles(self.seconds, n=100)[percent - 1] * 1000

    def note(self, error: str) -> None:
        """Count an error."""
        self.errors[error] = self.errors.get(error, 0) + 1


def drive(port: int, asked: Sequence[Asked], clients: int) -> Answers:
    """Send every request once, shared among so many clients at once."""
    processes = min(clients, PROCESSES_MAX)
    queue: Queue[tuple[float, float, Answers]] = _FORK.Queue()
    barrier = _FORK.Barrier(processes)
    workers = [
        _FORK.Process(target=_process, args=(port, asked, clients, at, processes, barrier, queue))
        for at in range(processes)
    ]
    for worker in workers:
        worker.start()
    found = [queue.get() for _ in workers]
    for worker in workers:
        worker.join()
    total = Answers(elapsed=max(end for _, end, _ in found) - min(begun for begun, _, _ in found))
    for _, _, part in found:
        total.seconds += part.seconds
        total.right += part.right
        for error, times in part.errors.items():
            total.errors[error] = total.errors.get(error, 0) + times
    return total


def _process(
    port: int,
    asked: Sequence[Asked],
    clients: int,
    at: int,
    processes: int,
    barrier: "threading.Barrier",
    queue: "Queue[tuple[float, float, Answers]]",
) -> None:
    parts = [Answers() for _ in range(at, clients, processes)]
    threads = [
        threading.Thread(target=client, args=(port, asked, range(first, len(asked), clients), part))
        for first, part in zip(range(at, clients, processes), parts, strict=True)
    ]
    barrier.wait()
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    end = time.monotonic()
    whole = Answers()
    for part in parts:
        whole.seconds += part.seconds
        whole.right += part.right
        for error, times in part.errors.items():
            whole.errors[error] = whole.errors.get(error, 0) + times
    queue.put((begun, end, whole))


def client(port: int, asked: Sequence[Asked], indices: Sequence[int], answers: Answers) -> None:
    """Send some of the requests, one after the other; put down what came back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    for index in indices:
        one = asked[index]
        begun = time.perf_counter()
        try:
            connection.request(one.method, one.path, one.body, dict(one.headers))
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            answers.note(type(error).__name__)
            connection.close()
            continue
        if response.status == one.right:
            answers.seconds.append(time.perf_counter() - begun)
            answers.right.append(index)
        else:
            answers.note(str(response.status))
    connection.close()
