"""Machines of one organisation that run side by side and are killed."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

TURNING = Path(__file__).with_name("turning.py")
MACHINES = 2


def run(toml: Path, instant: str, *more: str, seconds: float | None) -> bool:
    """Let one machine run to its end, or kill it after some seconds; return whether it was."""
    process = subprocess.Popen(
        [sys.executable, str(TURNING), str(toml), instant, *more], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "turning\n"
    killed = False
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        killed = True
    process.stdout.close()
    assert process.wait() in {0, -9}
    return killed


def side_by_side(machine: Callable[[], int]) -> int:
    """Run a machine's life on each machine at once; return the sum of what they count."""
    counted: list[int] = []
    threads = [threading.Thread(target=lambda: counted.append(machine())) for _ in range(MACHINES)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(counted) == MACHINES
    return sum(counted)
