"""Vectors of filings: two whole ones with every key, and ways to post something else."""

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest

from tests.vectors.making import cast
from tests.vectors.making.fixed import Fixed
from tests.vectors.making.story import REPORT
from whistle.crypto import age, strictjson
from whistle.crypto.age import PrivateKey, armor
from whistle.crypto.chain import thread_id
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.filing import MAGIC, Filing, make_filing, open_case_keys
from whistle.crypto.keyring import SignedKeyring, parse
from whistle.crypto.receipt import Receipt
from whistle.errors import FilingError, NotForMeError


def vectors() -> dict[str, Any]:
    """Return all, each checked against our own verdict."""
    receipt = Receipt.generate(Fixed("filing receipt"))
    plain = _filing("one reader left out", cast.FIRST, receipt, ["bo"])
    good = Filing.parse(b64u_decode(plain["filing"]))
    return {
        "thread_ids": [_thread_id()],
        "filings": [
            plain,
            _filing("everybody, and the recovery key", cast.WITH_RECOVERY,
                    Receipt.generate(Fixed("second receipt")), []),
            _filing("a holder of a recovery share left out: recovery is left out too",
                    cast.WITH_RECOVERY, Receipt.generate(Fixed("third receipt")), ["anna"]),
        ],
        "refused": [_refused(*case) for case in _wrong(good)],
    }  # fmt: skip


def _made(signed: SignedKeyring, receipt: Receipt, left_out: Sequence[str]) -> Filing:
    return make_filing(
        receipt,
        parse(signed.file),
        cast.CHANNEL,
        REPORT,
        left_out,
        made="browser",
        on=cast.TODAY,
        random=Fixed(f"filing of {receipt}"),
    )


def _filing(
    comment: str, signed: SignedKeyring, receipt: Receipt, left_out: Sequence[str]
) -> dict[str, Any]:
    """Return a filing and all that its readers find in it."""
    filing = _made(signed, receipt, left_out)
    filing.check(parse(signed.file), cast.TODAY)
    opens = []
    everyone = {**cast.PEOPLE, "recovery": cast.RECOVERY, "reporter": receipt.private_key}
    for name, key in everyone.items():
        try:
            (case,) = open_case_keys(filing.case_age, [key])
        except NotForMeError:
            continue
        opens.append(name)
    return {
        "comment": comment,
        "keyrings": cast.as_json([signed]),
        "on": cast.TODAY.isoformat(),
        "receipt": str(receipt),
        "private_keys": {name: str(key) for name, key in everyone.items()},
        "filing": b64u(filing.to_bytes()),
        "channel": filing.channel,
        "keyring_serial": filing.keyring_serial,
        "mailbox_id": b64u(filing.mailbox_id),
        "thread": b64u(filing.thread),
        "waive_ack": filing.waive_ack,
        "left_out": list(filing.left_out),
        "sizes": [len(filing.case_age), len(filing.entry1)],
        "stanzas": len(age.shape(filing.case_age).stanza_types),
        "opens": opens,
        "case_key": str(case),
        "entry1_sha256": b64u(hashlib.sha256(filing.entry1).digest()),
        "body": REPORT,
    }


def _thread_id() -> dict[str, Any]:
    """Return a thread's id from its three keys."""
    receipt, case = Receipt(bytes(range(15))), PrivateKey(bytes(range(32)))
    keys = (receipt.private_key.public_key.raw, receipt.signing_key.public, case.public_key.raw)
    return {
        "reporter_age": b64u(keys[0]),
        "reporter_sign": b64u(keys[1]),
        "case_key": b64u(keys[2]),
        "thread": b64u(thread_id(*keys)),
    }


def _wrong(good: Filing) -> list[tuple[str, bytes, str]]:
    """Return what is not a filing, each wrong in one way."""
    data = good.to_bytes()
    start = len(MAGIC) + 4
    length = int.from_bytes(data[len(MAGIC) : start], "big")
    head = strictjson.parse(data[start : start + length], 32768, FilingError)
    parts = data[start + length :]
    case_size = len(good.case_age)

    def post(text: bytes, rest: bytes = parts) -> bytes:
        return MAGIC + len(text).to_bytes(4, "big") + text + rest

    def with_head(**changes: Any) -> bytes:
        return post(strictjson.write({**head, **changes}))

    def with_parts(case: bytes, entry: bytes) -> bytes:
        sizes = [len(case), len(entry)]
        return post(strictjson.write({**head, "sizes": sizes}), case + entry)

    swapped = dict(reversed(head.items()))
    text = strictjson.write(head)
    to = good.case_public_key
    two = age.seal(bytes(4096), [to, cast.PEOPLE["anna"].public_key], random=Fixed("two"))
    odd = age.seal(bytes(5000), [to], random=Fixed("odd"))
    much = age.seal(bytes(2049), [to], random=Fixed("much"))
    phrase = age.seal_with_passphrase(b"x", "x", log_n=1, random=Fixed("phrase"))
    return [
        ("an age file of one's own", good.entry1, "age_file"),
        ("an armoured age file of one's own", armor.encode(good.entry1), "age_file"),
        ("nothing", b"", "magic"),
        ("some text", b"Hello, I want to report something.", "magic"),
        ("over 512 KiB", data + bytes(512 * 1024), "too_large"),
        ("something after the end", data + b"\0", "sizes"),
        ("one byte short", data[:-1], "sizes"),
        ("three sizes", with_head(sizes=[*head["sizes"], 0]), "sizes"),
        ("sizes that are no numbers", with_head(sizes=["1", "2"]), "sizes"),
        ("JSON over 32 KiB", post(text + bytes(32768)), "json_size"),
        ("white space in the JSON", post(text.replace(b":", b": ", 1)), "not_canonical"),
        ("keys in another order", post(strictjson.write(swapped)), "not_canonical"),
        ("an unknown key", with_head(subject="Fraud"), "unknown_key"),
        ("no waiver said", post(strictjson.write(
            {k: v for k, v in head.items() if k != "waive_ack"})), "missing_key"),
        ("a mailbox id of 31 bytes", with_head(mailbox_id=b64u(bytes(31))), "value"),
        ("a thread of 33 bytes", with_head(thread=b64u(bytes(33))), "value"),
        ("a case key that is none", with_head(
            case_public_key=b64u(b"\xff" * 1216)), "public_key"),
        ("somebody left out twice", with_head(left_out=["bo", "bo"]), "value"),
        ("case.age is no age file", with_parts(b"x" * case_size, good.entry1), "case_age"),
        ("case.age holds too much", with_parts(much, good.entry1), "case_age"),
        ("case.age under a passphrase", with_parts(phrase, good.entry1), "case_age"),
        ("entry 1 is plain text", with_parts(good.case_age, b"I saw it all."), "entry"),
        ("entry 1 sealed to two", with_parts(good.case_age, two), "entry"),
        ("entry 1 of no pad size", with_parts(good.case_age, odd), "entry"),
        ("entry 1 under a passphrase", with_parts(good.case_age, phrase), "entry"),
    ]  # fmt: skip


def _refused(comment: str, data: bytes, reason: str) -> dict[str, Any]:
    """Return a refused filing; one that is long is written as a change of the first good one."""
    with pytest.raises(FilingError, match=f"^{reason}$"):
        Filing.parse(data)
    return {"comment": comment, "filing": data, "reason": reason}


def shorten(refused: list[dict[str, Any]], good: bytes) -> list[dict[str, Any]]:
    """Return refused filings as the bytes to put between a beginning and an end of the good one."""
    short = []
    for one in refused:
        data = one["filing"]
        begin = _common(data, good)
        end = _common(data[begin:][::-1], good[begin:][::-1])
        middle = data[begin : len(data) - end]
        zeros = len(middle) - len(middle.rstrip(b"\0"))
        short.append(
            {
                "comment": one["comment"],
                "begin": begin,
                "middle": b64u(middle[: len(middle) - zeros]),
                "zeros": zeros,
                "end": end,
                "reason": one["reason"],
            }
        )
    return short


def _common(one: bytes, two: bytes) -> int:
    """Return how many bytes two texts have in common at their beginning."""
    for count, (a, b) in enumerate(zip(one, two, strict=False)):
        if a != b:
            return count
    return min(len(one), len(two))
