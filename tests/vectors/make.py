"""Make the test vectors that pytest and node both read: `python -m tests.vectors.make`.

Each vector is one scenario with a comment. All randomness is fixed, so the files come out the same
each time, and a test holds them to it. Nothing is written that our own code would judge otherwise;
whoever writes another client judges with these files.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.vectors.making import (
    containers,
    edges,
    filings,
    keyrings,
    passkeys,
    plain,
    puzzles,
    shares,
    threads,
)
from tests.vectors.making.fixed import fixed_encapsulation
from whistle.crypto.encoding import b64u_decode

FOLDER = Path(__file__).parent


def filing_vectors() -> dict[str, Any]:
    """Return the filings, the refused ones written as changes of the first."""
    found = filings.vectors()
    good = b64u_decode(found["filings"][0]["filing"])
    return {**found, "refused": filings.shorten(found["refused"], good)}


FILES: Mapping[str, tuple[str, Callable[[], Any]]] = {
    "receipt": ("Receipt codes: protocol section 1. Bytes in hex.", plain.receipts),
    "padding": ("Pad sizes of entries and attachments, in bytes.", plain.pads),
    "json": ("Strict JSON, limit 32 KiB: protocol section 3. Bytes in hex.", plain.json_texts),
    "handler": (
        "What follows from a handler's seed; sign-in; root phrases; a new key; `cannot_open`.",
        plain.handlers,
    ),
    "ed25519": ("Edges of Ed25519. Bytes in hex.", edges.vectors),
    "sshsig": ("OpenSSH signatures. The message in hex.", plain.ssh_signatures),
    "container": (
        "Containers: `content` in base64url, filled with zeros to `size`.",
        containers.vectors,
    ),
    "keyring": (
        "Keyring files as text; chains of them as numbers in `signed`: protocol section 2.",
        keyrings.vectors,
    ),
    "filing": (
        (
            "Filings with every key. A refused one is the first good one's first `begin` bytes, "
            "`middle`, `zeros` zero bytes, and the good one's last `end` bytes."
        ),
        filing_vectors,
    ),
    "passkey": (
        "Key files for passkeys: protocol section 6. Bytes in hex.",
        passkeys.vectors,
    ),
    "puzzle": ("Prices in work, for a try to sign in: protocol section 6.", puzzles.vectors),
    "shares": (
        "Shares of a recovery key: protocol section 10. Bytes in hex.",
        shares.vectors,
    ),
    "thread": (
        "Threads: `sealed` holds the entries by name; a scene's records name them.",
        threads.vectors,
    ),
}


def render(name: str) -> str:
    """Return the text of one file of vectors."""
    about, make = FILES[name]
    with fixed_encapsulation(name):
        value = {"about": about, "vectors": make()}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write all files."""
    for name in FILES:
        (FOLDER / f"{name}.json").write_text(render(name), "utf-8")


if __name__ == "__main__":
    main()
