"""What the browser's code seals and signs, the Python code opens and verifies.

The other way round is in the shared vectors, which Python makes and node reads.
"""

import datetime as dt
import hashlib
import json
import subprocess
from typing import Any

import pytest

from tests.js.node import CHECKOUT, NODE
from whistle.crypto import sshsig
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import EntryRecord, verify_thread
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.filing import Filing, open_case_keys
from whistle.crypto.keyring import KeyringChain, SignedKeyring, verify_chain
from whistle.crypto.receipt import Receipt
from whistle.crypto.signing import handler_signing_key, verify
from whistle.errors import NotForMeError

TODAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def spoken() -> dict[str, Any]:
    """A whole case, made by the browser's code in node."""
    done = subprocess.run(
        [NODE, CHECKOUT / "tests/js/support/speak.mjs"], check=True, capture_output=True, text=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(scope="module")
def keyrings(spoken: dict[str, Any]) -> KeyringChain:
    """Its verified keyrings."""
    signed = [
        SignedKeyring(b64u_decode(one["file"]), one["signature"], one["cosignature"])
        for one in spoken["keyrings"]
    ]
    return verify_chain(signed, sshsig.parse_public_line(spoken["root"]))


def records(rows: list[dict[str, Any]]) -> list[EntryRecord]:
    """Return entries as the server would give them."""
    return [
        EntryRecord(
            chain=row["chain"],
            seq=row["seq"],
            kind=row["kind"],
            handler_id=row["handler"],
            on=dt.date.fromisoformat(row["on"]),
            sealed=b64u_decode(row["sealed"]),
        )
        for row in rows
    ]


def key(spoken: dict[str, Any], handler: str) -> PrivateKey:
    """Return a handler's private key."""
    return PrivateKey.parse(spoken["handlers"][handler])


def test_a_filing_is_of_the_one_shape_and_opens_for_whom_was_chosen(
    spoken: dict[str, Any], keyrings: KeyringChain
) -> None:
    """The server takes it, the chosen readers and the reporter open it, the left out do not."""
    filing = Filing.parse(b64u_decode(spoken["filing"]))
    filing.check(keyrings.effective(TODAY), TODAY)
    receipt = Receipt.parse(spoken["receipt"])
    assert filing.mailbox_id == receipt.mailbox_id
    assert filing.left_out == ("bo",)
    (case_key,) = open_case_keys(filing.case_age, [receipt.private_key])
    for handler in ("anna", "cia", "dan", "eva"):
        (found,) = open_case_keys(filing.case_age, [key(spoken, handler)])
        assert found.seed == case_key.seed
    with pytest.raises(NotForMeError):
        open_case_keys(filing.case_age, [key(spoken, "bo")])


def test_a_thread_verifies_with_its_words(spoken: dict[str, Any], keyrings: KeyringChain) -> None:
    """Every kind of entry that a browser makes is read as it was written."""
    receipt = Receipt.parse(spoken["receipt"])
    filing = Filing.parse(b64u_decode(spoken["filing"]))
    found = verify_thread(
        records(spoken["entries"]),
        open_case_keys(filing.case_age, [receipt.private_key]),
        keyrings,
        thread=filing.thread,
        reporter=receipt.signing_key.public,
    )
    assert [entry.kind for entry in found] == [
        "report",
        "received",
        "acknowledgement",
        "feedback",
        "closing",
        "message",
    ]
    assert found[2].json() == {"text": "Tack 🔑"}
    assert found[5].json() == {"text": "Å\u2028Ä"}
    assert (found[3].head["final"], found[3].head["next_on"]) == (False, "2027-01-01")
    assert {entry.alarm for entry in found} == {None}


def test_a_desk_chain_verifies_for_its_handlers(
    spoken: dict[str, Any], keyrings: KeyringChain
) -> None:
    """The desk key is the handlers' alone, and notes follow it."""
    filing = Filing.parse(b64u_decode(spoken["filing"]))
    receipt = Receipt.parse(spoken["receipt"])
    case = verify_thread(
        records(spoken["entries"]),
        open_case_keys(filing.case_age, [receipt.private_key]),
        keyrings,
        thread=filing.thread,
    )
    desk_age = b64u_decode(spoken["desk_age"])
    keys = open_case_keys(desk_age, [key(spoken, "dan")])
    notes = verify_thread(records(spoken["notes"]), keys, keyrings, thread=None, case=case)
    assert [entry.kind for entry in notes] == ["desk", "note"]
    assert notes[1].json() == {"text": "a note"}
    for stranger in (key(spoken, "bo"), receipt.private_key):
        with pytest.raises(NotForMeError):
            open_case_keys(desk_age, [stranger])


def test_a_sign_in_verifies(spoken: dict[str, Any]) -> None:
    """The signature is over the protocol's own bytes (protocol section 6)."""
    signed = (
        b"whistle/sign-in/v1\0"
        + hashlib.sha256(b"https://desk.example").digest()
        + b"\x04anna"
        + bytes([9]) * 32
    )
    public = handler_signing_key(key(spoken, "anna").seed).public
    verify(public, b64u_decode(spoken["sign_in"]), signed)
