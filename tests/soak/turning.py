"""A machine whose clock turns until it is killed: `python tests/soak/turning.py TOML INSTANT`.

It prints a line when its clock begins to turn, and ends by itself once nothing is due any more.
"""

import sys
from datetime import datetime
from pathlib import Path

from whistle.config import load
from whistle.services.operating.start import start
from whistle.services.upkeep.sweeping import sweep


def main() -> None:
    """Turn until a turn looks at no case."""
    at = datetime.fromisoformat(sys.argv[2])
    parts = start(load(Path(sys.argv[1])), lambda: at)
    sys.stdout.write("turning\n")
    sys.stdout.flush()
    while sweep(parts).looked:
        pass


if __name__ == "__main__":
    main()
