"""Marked texts and codes, and every spelling in which they could be written down somewhere."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from secrets import token_hex
from urllib.parse import quote, quote_plus

from whistle.crypto.receipt import Receipt


def mark(what: str) -> str:
    """A word that stands nowhere else."""
    return f"kanarie-{what.replace(' ', '-')}-{token_hex(8)}"


@dataclass
class Marks:
    """Everything that must not be found, by what it is."""

    found_nowhere: dict[str, str | bytes] = field(default_factory=dict)

    def new(self, what: str) -> str:
        """A fresh mark that is searched for."""
        self.found_nowhere[what] = mark(what)
        return str(self.found_nowhere[what])

    def code(self, what: str, code: str) -> str:
        """A receipt code, and all that follows from it, are searched for."""
        receipt = Receipt.parse(code)
        self.found_nowhere |= {
            f"{what}: code": code,
            f"{what}: code without lines": code.replace("-", ""),
            f"{what}: code's bytes": receipt.raw,
            f"{what}: token": receipt.mailbox_token,
            f"{what}: age seed": receipt.private_key.seed,
            f"{what}: signing seed": receipt.signing_key.seed,
        }
        return code

    def spellings(self) -> Iterator[tuple[str, bytes]]:
        """Each mark as it could be written down somewhere."""
        for what, one in self.found_nowhere.items():
            plain = one.encode() if isinstance(one, str) else one
            yield what, plain
            yield f"{what} in hex", plain.hex().encode()
            if isinstance(one, str):
                yield f"{what} as UTF-16", one.encode("utf-16-le")
                yield f"{what} quoted", quote(one, safe="").encode()
                yield f"{what} as a form", quote_plus(one).encode()
            for lead in range(3):
                # What base64 makes of it wherever it begins; its ends depend on the neighbours.
                whole = base64.b64encode(bytes(lead) + plain)[4 if lead else 0 : -4]
                yield f"{what} in base64", whole
                yield f"{what} in base64url", whole.translate(bytes.maketrans(b"+/", b"-_"))

    def found_in(self, data: bytes) -> set[str]:
        """The names of the marks that stand in some bytes, in whatever spelling."""
        return {what for what, spelling in self.spellings() if spelling in data}

    def found_plain(self, data: bytes) -> set[str]:
        """The same for memory, of which there is much: as they came, and as UTF-16."""
        return {
            what
            for what, one in self.found_nowhere.items()
            for spelling in (
                [one] if isinstance(one, bytes) else [one.encode(), one.encode("utf-16-le")]
            )
            if spelling in data
        }
