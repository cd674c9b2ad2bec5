"""`python -m tests.benchmarks`: measure, and print one JSON object."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from tests.benchmarks.goals import browser, filing, inbox, returning, starting, surviving, sweeping
from tests.benchmarks.result import Result

GOALS: Mapping[int, Callable[[Path, bool], Result]] = MappingProxyType(
    {
        1: lambda folder, _: filing.sealed(folder),
        2: lambda folder, _: filing.unscripted(folder),
        3: lambda folder, full: returning.returning(folder, 1_000_000 if full else 100_000),
        6: lambda folder, full: sweeping.sweeping(folder, 1_000_000 if full else 100_000),
        7: lambda folder, _: starting.starting(folder),
        8: lambda folder, _: browser.browser(folder),
        10: lambda folder, _: inbox.inbox(folder / "inbox"),
        9: lambda folder, full: surviving.surviving(folder, 200 if full else 10),
    }
)
"""By number (performance goals); `full` asks for the long form."""


def main() -> int:
    """Measure the goals that were asked for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", type=int, nargs="*", choices=sorted(GOALS), help="these goals")
    parser.add_argument("--full", action="store_true", help="a million cases, 200 kills")
    asked = parser.parse_args()
    chosen = asked.only or sorted(GOALS)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="whistle-bench-") as folder:
        results = [_measured(number, Path(folder), full=asked.full) for number in chosen]
    errors = sum(result.errors for result in results)
    found = {
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "load_15_min": round(os.getloadavg()[2], 2),
        },
        "seconds": round(time.monotonic() - begun),
        "errors": errors,
        "goals": [result.as_json() for result in results],
    }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return 1 if errors else 0


def _measured(number: int, folder: Path, *, full: bool) -> Result:
    """Measure one goal; one that breaks is an error, and the others are still measured."""
    try:
        return GOALS[number](folder, full)
    except Exception as error:  # noqa: BLE001 - the other goals are still measured
        traceback.print_exc()
        return Result(number, "not measured", [], {"broke": repr(error)}, errors=1)


if __name__ == "__main__":
    sys.exit(main())
