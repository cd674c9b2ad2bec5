"""One case as it goes, entry by entry, and the ways to write its entries wrongly."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.vectors.making import cast
from tests.vectors.making.fixed import Fixed
from whistle.crypto import age, container, strictjson
from whistle.crypto.age import PrivateKey, PublicKey
from whistle.crypto.chain import EntryRecord, Place
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author
from whistle.crypto.filing import Filing, make_filing, open_case_keys
from whistle.crypto.keyring import Keyring, KeyringChain, verify_chain
from whistle.crypto.receipt import Receipt

_SECOND = cast.follow(cast.FIRST, issued_on="2026-11-25")
_BO_AGAIN = cast.handler("bo-two", "investigator", person="bo")
_THIRD = cast.follow(_SECOND, "anna", handlers=[*cast.HANDLERS, _BO_AGAIN])
KEYRINGS = (cast.FIRST, _SECOND, _THIRD)
CHAIN: KeyringChain = verify_chain(KEYRINGS, cast.ROOT.public)
SERIAL_1, SERIAL_2, SERIAL_3 = (link.keyring for link in CHAIN.links)
OTHER_KEY = PrivateKey.generate(Fixed("another case key"))
REPORT = {
    "language": "sv",
    "answers": {
        "what": "Fakturor betalas två gånger. Ägaren är chefens bror. 🔑",
        "when_where": "Sedan i våras, på kontoret i Luleå.",
        "ongoing": "yes",
        "topic": "procurement",
        "how_known": "Jag har sett dem.",
    },
    "reporter": None,
    "wishes": {"meeting": False},
}


@dataclass(frozen=True)
class Wrong:
    """What to write wrongly: other head keys, another signer, other keys to seal to, padding."""

    head: Mapping[str, Any] = field(default_factory=dict)
    signer: Author | None = None
    to: Sequence[PublicKey] | None = None
    padding: bytes = b""


RIGHT = Wrong()


@dataclass
class Story:
    """A case while it grows. `pool` holds every sealed entry by name."""

    label: str
    receipt: Receipt
    filing: Filing
    case: PrivateKey
    pool: dict[str, bytes] = field(default_factory=dict)

    def author(self, name: str) -> Author:
        """Return somebody by name."""
        if name == "reporter":
            return Author("reporter", "reporter", self.receipt.signing_key, "browser")
        if name == "service":
            return Author("system", "service", cast.SERVICE, "server")
        return Author("handler", name, cast.signing(name), "browser")

    def write(
        self,
        name: str,
        after: Sequence["Row"],
        by: str,
        kind: str,
        body: Mapping[str, Any] | None = None,
        *,
        adds: Mapping[str, Any] | None = None,
        keyring: Keyring = SERIAL_1,
        on: dt.date = cast.TODAY,
        chain: str = "case",
        wrong: Wrong = RIGHT,
    ) -> "Row":
        """Seal one more entry after some rows, right or wrong, and return its row."""
        author = self.author(by)
        place = self.place(after, chain)
        written = strictjson.write({"text": f"{name}, åäö"} if body is None else body)
        head = {
            "v": 1,
            "channel": place.channel,
            "thread": b64u(place.thread),
            "chain": place.chain,
            "seq": place.seq,
            "prev": b64u(place.prev),
            "kind": kind,
            "author": {"side": author.side, "id": author.id},
            "keyring": {"serial": keyring.serial, "sha256": b64u(keyring.sha256)},
            "made": author.made,
            "body_type": "application/json",
            "body_len": len(written),
            **(adds or {}),
            **wrong.head,
        }
        signer = (wrong.signer or author).key
        plaintext = container.pack_bytes(strictjson.write(head), written, signer)
        plaintext = plaintext[: len(plaintext) - len(wrong.padding)] + wrong.padding
        to = wrong.to or [self.case.public_key]
        self.pool[name] = age.seal(plaintext, to, random=Fixed(f"{self.label} {name}"))
        handler = author.id if author.side == "handler" else None
        return Row(name, EntryRecord(chain, place.seq, kind, handler, on, self.pool[name]))

    def place(self, after: Sequence["Row"], chain: str) -> Place:
        """Return the place after some rows."""
        prev = hashlib.sha256(after[-1].record.sealed).digest() if after else self.filing.thread
        seq = after[-1].record.seq + 1 if after else 1
        return Place(cast.CHANNEL, self.filing.thread, chain, seq, prev)

    def first(self, on: dt.date = cast.TODAY) -> "Row":
        """Return the report's row."""
        return Row("report", EntryRecord("case", 1, "report", None, on, self.pool["report"]))

    def received(
        self, report: "Row", name: str = "received", wrong: Wrong = RIGHT, **params: Any
    ) -> "Row":
        """Return the row of entry 2, with other params if they are given."""
        said = {
            "received_on": report.record.on.isoformat(),
            "entry1_sha256": b64u(hashlib.sha256(report.record.sealed).digest()),
            **params,
        }
        body = {"code": "received", "params": said}
        return self.write(
            name, [report], "service", "received", body, on=report.record.on, wrong=wrong
        )


@dataclass(frozen=True)
class Row:
    """A record and the name of its sealed bytes in the pool."""

    name: str
    record: EntryRecord

    def as_json(self) -> dict[str, Any]:
        """Return the record as vectors write it: as the API does, `sealed` by its name."""
        sha256 = self.record.sha256
        return {
            "chain": self.record.chain,
            "seq": self.record.seq,
            "kind": self.record.kind,
            "handler": self.record.handler_id,
            "on": self.record.on.isoformat(),
            "sealed": self.name if self.record.sealed else None,
            **({} if sha256 is None else {"sha256": b64u(sha256)}),
        }


@dataclass(frozen=True)
class Scene:
    """One scenario: the rows as a server shows them, and what a reader must make of them."""

    comment: str
    rows: Sequence[Row]
    reason: str | None = None
    keys: Sequence[PrivateKey] = ()
    case: Sequence[Row] = ()
    thread: bytes | None = None
    reporter: bytes | None = None


def begin(label: str, left_out: Sequence[str] = (), keyring: Keyring = SERIAL_1) -> Story:
    """Return a case that has just been filed; same label, same bytes."""
    receipt = Receipt.generate(Fixed(f"{label} receipt"))
    filing = make_filing(
        receipt,
        keyring,
        cast.CHANNEL,
        REPORT,
        left_out,
        made="browser",
        on=cast.TODAY,
        random=Fixed(f"{label} filing"),
    )
    (case,) = open_case_keys(filing.case_age, [receipt.private_key])
    return Story(label, receipt, filing, case, {"report": filing.entry1})
