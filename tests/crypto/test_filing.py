"""Filings: what is built, who opens it, and what is not taken for one."""

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from tests.crypto.vectors import comment, load
from tests.vectors.making import cast
from tests.vectors.making.story import REPORT
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import EntryRecord, verify_thread
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.filing import Filing, make_filing, open_case_keys, seal_case_keys
from whistle.crypto.keyring import SignedKeyring, parse, verify_chain
from whistle.crypto.receipt import Receipt
from whistle.errors import FilingError, NotForMeError, SealError, TooLargeError

VECTORS = load("filing")
GOOD = b64u_decode(VECTORS["filings"][0]["filing"])
KEYRING = parse(cast.FIRST.file)
WITH_RECOVERY = parse(cast.WITH_RECOVERY.file)


def make(keyring: Any = KEYRING, left_out: tuple[str, ...] = (), **how: Any) -> Filing:
    """Return a new filing of today."""
    receipt = how.pop("receipt", None) or Receipt.generate()
    return make_filing(
        receipt, keyring, "main", REPORT, left_out, **{"made": "cli", "on": cast.TODAY, **how}
    )


@pytest.mark.parametrize("vector", VECTORS["filings"], ids=comment)
def test_published_filing(vector: dict[str, Any]) -> None:
    """A filing says what it may say in the clear, and opens for exactly those who may read it."""
    filing = Filing.parse(b64u_decode(vector["filing"]))
    (signed,) = vector["keyrings"]
    chain = verify_chain(
        [SignedKeyring(b64u_decode(signed["file"]), signed["signature"])], cast.ROOT.public
    )
    on = dt.date.fromisoformat(vector["on"])
    filing.check(chain.newest, on)
    assert filing.to_bytes() == b64u_decode(vector["filing"])
    receipt = Receipt.parse(vector["receipt"])
    assert b64u(filing.mailbox_id) == vector["mailbox_id"] == b64u(receipt.mailbox_id)
    assert filing.left_out == tuple(vector["left_out"])
    assert len(age.shape(filing.case_age).stanza_types) == vector["stanzas"]
    for name, text in vector["private_keys"].items():
        key = PrivateKey.parse(text)
        if name in vector["opens"]:
            (case,) = open_case_keys(filing.case_age, [key])
            assert str(case) == vector["case_key"]
        else:
            with pytest.raises(NotForMeError):
                open_case_keys(filing.case_age, [key])
    record = EntryRecord("case", 1, "report", None, on, filing.entry1)
    (entry,) = verify_thread([record], [case], chain, thread=filing.thread)
    assert entry.json() == vector["body"]
    assert hashlib.sha256(filing.entry1).digest() == b64u_decode(vector["entry1_sha256"])


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=comment)
def test_what_is_no_filing_is_refused(vector: dict[str, Any]) -> None:
    """Each is refused for its reason, without any key."""
    end = GOOD[len(GOOD) - vector["end"] :]
    data = GOOD[: vector["begin"]] + b64u_decode(vector["middle"]) + bytes(vector["zeros"]) + end
    with pytest.raises(FilingError) as caught:
        Filing.parse(data)
    assert caught.value.reason == vector["reason"]


def test_no_count_tells_who_was_left_out() -> None:
    """With and without somebody left out, the filing's parts have the same sizes."""
    one, two = make(), make(left_out=("bo",))
    assert len(one.case_age) == len(two.case_age)
    assert len(one.entry1) == len(two.entry1)


def test_recovery_can_be_left_out_and_leaves_no_trace() -> None:
    """The reporter may leave the recovery key out; a key that nobody holds stands in."""
    filing = make(WITH_RECOVERY, leave_out_recovery=True)
    assert len(age.shape(filing.case_age).stanza_types) == 5
    with pytest.raises(NotForMeError):
        open_case_keys(filing.case_age, [cast.RECOVERY])


def test_a_holder_of_a_share_who_is_left_out_takes_recovery_along() -> None:
    """Whoever must not read it must not help to restore the key either."""
    for left_out, reads in ((("anna",), False), (("bo",), True)):
        filing = make(WITH_RECOVERY, left_out)
        assert len(age.shape(filing.case_age).stanza_types) == 5
        try:
            open_case_keys(filing.case_age, [cast.RECOVERY])
            opened = True
        except NotForMeError:
            opened = False
        assert opened is reads


def test_the_order_of_stanzas_tells_nothing() -> None:
    """The reporter's stanza does not always stand in the same place."""
    places = set()
    for number in range(40):
        receipt = Receipt.generate()
        case_age = make(receipt=receipt).case_age
        places.add(_place(case_age, receipt.private_key))
        if len(places) > 1:
            return
        assert number < 39


def _place(case_age: bytes, key: PrivateKey) -> int:
    """Return which stanza opens with a key."""
    lines = case_age.split(b"\n-> mlkem768x25519 ")
    for number in range(1, len(lines)):
        head = lines[0] + b"\n-> mlkem768x25519 " + lines[number].split(b"\n---")[0] + b"\n---"
        rest = case_age[case_age.index(b"\n---") + 4 :]
        try:
            age.open_sealed(head + rest, [key])
        except NotForMeError:
            continue
        except SealError:  # the code covers all stanzas; this one gave the file key
            return number
    raise AssertionError


@pytest.mark.parametrize(
    ("channel", "left_out", "reason"),
    [
        ("nowhere", (), "channel"),
        ("main", ("mallory",), "left_out"),
        ("main", ("dilan",), "left_out"),
        ("main", ("bo", "bo"), "left_out"),
        ("main", ("anna", "bo", "carin"), "no_readers"),
    ],
)
def test_impossible_wishes_are_refused(
    channel: str, left_out: tuple[str, ...], reason: str
) -> None:
    """A report is never sealed so that nobody would read it, or by an unknown name."""
    with pytest.raises(FilingError, match=reason):
        make_filing(
            Receipt.generate(), KEYRING, channel, REPORT, left_out, made="cli", on=cast.TODAY
        )


def test_a_filing_is_checked_against_the_keyring() -> None:
    """The server refuses another count of stanzas, and nobody left to read."""
    filing = make()
    with pytest.raises(FilingError, match="stanzas"):
        filing.check(WITH_RECOVERY, cast.TODAY)
    nobody = replace(filing, left_out=("anna", "bo", "carin"))
    with pytest.raises(FilingError, match="no_readers"):
        nobody.check(KEYRING, cast.TODAY)


def test_too_much_text_is_not_sealed() -> None:
    """Over 20 000 characters are refused before anything is sealed."""
    body = {**REPORT, "answers": {"what": "å" * 20_001}}
    with pytest.raises(TooLargeError, match="text"):
        make_filing(Receipt.generate(), KEYRING, "main", body, made="cli", on=cast.TODAY)
    many = {"list": ["å" * 10_000, "å" * 10_000, "å"], "n": 1}
    with pytest.raises(TooLargeError, match="text"):
        make_filing(Receipt.generate(), KEYRING, "main", many, made="cli", on=cast.TODAY)


def test_case_keys_come_back_newest_first() -> None:
    """All generations travel in one file, in their order."""
    keys = [PrivateKey.generate() for _ in range(3)]
    reader = PrivateKey.generate()
    sealed = seal_case_keys(keys, [reader.public_key], count=4)
    assert open_case_keys(sealed, [reader]) == keys
    with pytest.raises(FilingError, match="stanzas"):
        seal_case_keys(keys, [reader.public_key] * 2, count=1)
    with pytest.raises(FilingError, match="case_age"):
        seal_case_keys(keys * 10, [reader.public_key], count=1)


@pytest.mark.parametrize("plaintext", [b"AGE-SECRET-KEY-PQ-1X\n", b"\xff\n"])
def test_lines_that_are_no_keys_are_refused(plaintext: bytes) -> None:
    """A `case.age` holds keys and nothing else."""
    reader = PrivateKey.generate()
    with pytest.raises(SealError, match="private_key"):
        open_case_keys(age.seal(plaintext, [reader.public_key]), [reader])
