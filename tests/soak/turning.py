"""A machine whose clock turns until it is killed: `turning.py TOML INSTANT [mail|earnest]`.

It prints a line when its clock begins to turn, and ends by itself once nothing is due any more.
With `mail` it sends what people are to be told and nothing else. With `earnest` it turns a few
times as a server does, which asks first whether its time can be right.
"""

import sys
from datetime import datetime
from pathlib import Path

from whistle.config import load
from whistle.notify.mail import Server
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.upkeep.mailing import deliver
from whistle.services.upkeep.sweeping import sweep
from whistle.services.upkeep.turning import turn

TURNS = 20


def main() -> None:
    """Turn until a turn looks at no case, or send until nothing is to be sent."""
    at = datetime.fromisoformat(sys.argv[2])
    parts = start(load(Path(sys.argv[1])), lambda: at)
    sys.stdout.write("turning\n")
    sys.stdout.flush()
    if "earnest" in sys.argv:
        for _ in range(TURNS):
            turn(parts)
        return
    while _sent(parts) if "mail" in sys.argv else sweep(parts).looked:
        pass


def _sent(parts: Parts) -> bool:
    assert parts.settings.mail is not None
    return bool(deliver(parts, Server(parts.settings.mail).send))


if __name__ == "__main__":
    main()
