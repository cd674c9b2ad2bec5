"""A server as a process of its own: started, asked how much it costs, stopped or killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WHISTLE = str(Path(sys.executable).with_name("whistle"))
START_SECONDS_MAX = 60
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: the first process and the workers that it started."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float
    """Seconds from the start of the process to its first answer."""

    def pids(self) -> list[int]:
        """Return the first process and its children."""
        first = self.process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def cpu_seconds(self) -> float:
        """Return the processor time that the server has used so far."""
        used = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / _TICKS

    def memory_mib(self) -> float:
        """Return the memory of all its processes; what they share is counted once."""
        total = 0
        for pid in self.pids():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
        return total / 1024

    def kill(self) -> None:
        """End every process at once, without a chance to put anything in order."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as an operator does."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def start(command: Sequence[str], path: str, *, workers: int) -> Server:
    """Start `command` with a free address and a number of workers; return at its first answer."""
    port = free_port()
    filled = [part.format(bind=f"127.0.0.1:{port}", workers=workers) for part in command]
    begun = time.perf_counter()
    process = subprocess.Popen(filled, stdout=subprocess.DEVNULL, stderr=sys.stderr)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    while time.perf_counter() - begun < START_SECONDS_MAX:
        if process.poll() is not None:
            break
        if _answers(port, request):
            return Server(process, port, time.perf_counter() - begun)
        time.sleep(0.005)
    process.kill()
    raise RuntimeError(f"{command[0]} did not answer on {path}")


@contextmanager
def running(command: Sequence[str], path: str = "/", *, workers: int = 2) -> Iterator[Server]:
    """Start a server and stop it at the end of the block."""
    server = start(command, path, workers=workers)
    try:
        yield server
    finally:
        server.stop()


def empty() -> list[str]:
    """Return the command of the empty server."""
    return [sys.executable, "-m", "tests.benchmarks.empty_server", "{bind}", "{workers}"]


def whistle(folder: Path) -> list[str]:
    """Return the command that serves reporters of the organisation in a folder."""
    config = str(folder / "whistle.toml")
    options = ["--config", config, "--bind", "{bind}", "--workers", "{workers}"]
    return [WHISTLE, "serve", *options, "--face", "reporter"]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _answers(port: int, request: bytes) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request)
            return connection.recv(12).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
