"""Vectors of keyring files and of their chains."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from tests.vectors.making import cast
from tests.vectors.making.edges import encode, torsion
from tests.vectors.making.fixed import Fixed
from whistle.crypto import sshsig, strictjson
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import SignedKeyring, verify_chain
from whistle.crypto.signing import SigningKey
from whistle.errors import KeyringError

DAY = dt.timedelta(days=1)


def files() -> list[dict[str, Any]]:
    """Return single keyring files, good and refused."""
    anna, bo = cast.handler("anna"), cast.handler("bo")
    service = cast.content()["service"][0]
    small = b64u(encode(torsion()))
    mallory = cast.handler("mallory")
    cases: list[tuple[str, dict[str, Any], str | None]] = [
        ("serial 1 with four handlers", cast.content(), None),
        ("with a recovery key", cast.content(recovery=cast.RECOVERY_ENTRY), None),
        ("nobody yet", cast.content(handlers=[], service=[]), None),
        ("a life of 401 days", cast.content(expires_on="2027-12-08"), "dates"),
        ("ends before it begins", cast.content(expires_on="2026-11-01"), "dates"),
        ("a date that does not exist", cast.content(issued_on="2026-02-29"), "value"),
        ("a date written as a week", cast.content(issued_on="2026-W45-1"), "value"),
        ("version 2", cast.content(v=2), "version"),
        ("serial 0", cast.content(serial=0), "value"),
        ("an unknown key", cast.content(colour="red"), "unknown_key"),
        ("an unknown key within a handler",
         cast.content(handlers=[{**anna, "colour": "red"}]), "unknown_key"),
        ("no channels for a handler",
         cast.content(handlers=[{k: v for k, v in anna.items() if k != "channels"}]),
         "missing_key"),
        ("an unknown role",
         cast.content(handlers=[{**anna, "channels": {"main": "boss"}}]), "value"),
        ("an id in capitals", cast.content(handlers=[{**anna, "id": "Anna"}]), "value"),
        ("the reporter's id", cast.content(handlers=[{**anna, "id": "reporter"}]), "value"),
        ("a name with a line end", cast.content(handlers=[{**anna, "name": "A\nB"}]), "value"),
        ("a name of 201 characters", cast.content(handlers=[{**anna, "name": "å" * 201}]), "value"),
        ("two handlers of one id",
         cast.content(handlers=[anna, {**bo, "id": "anna"}]), "duplicate"),
        ("two handlers of one age key",
         cast.content(handlers=[anna, {**bo, "age": anna["age"]}]), "duplicate"),
        ("two handlers of one signing key",
         cast.content(handlers=[anna, {**bo, "sign": anna["sign"]}]), "duplicate"),
        ("a handler and the service with one signing key",
         cast.content(handlers=[{**anna, "sign": service["sign"]}]), "duplicate"),
        ("the recovery key is a handler's",
         cast.content(recovery={**cast.RECOVERY_ENTRY, "age": anna["age"]}), "duplicate"),
        ("more shares needed than there are",
         cast.content(recovery={**cast.RECOVERY_ENTRY, "k": 4}), "value"),
        ("a validity that ends before it begins",
         cast.content(handlers=[{**anna, "to": "2026-11-01"}]), "dates"),
        ("a signing key of small order",
         cast.content(handlers=[{**anna, "sign": small}]), "key"),
        ("the next root's key of small order", cast.content(next_root=small), "key"),
        ("a classic age key",
         cast.content(handlers=[{**anna, "age": "age1" + "q" * 58}]), "public_key"),
        ("an age key with one letter changed",
         cast.content(handlers=[{**mallory, "age": _mistype(mallory["age"])}]), "public_key"),
    ]  # fmt: skip
    return [
        {"comment": c, "file": strictjson.write(value).decode(), "reason": reason}
        for c, value, reason in cases
    ]


def vectors() -> dict[str, Any]:
    """Return single files, and chains whose `keyrings` are numbers in the list `signed`."""
    signed: list[SignedKeyring] = []
    found = [*_good_chains(), *_refused_chains()]
    for chain in found:
        for one in chain["keyrings"]:
            if one not in signed:
                signed.append(one)
        chain["keyrings"] = [signed.index(one) for one in chain["keyrings"]]
    return {
        "files": files(),
        "signed": [
            {
                "file": one.file.decode(),
                "signature": one.signature,
                "cosignature": one.cosignature,
            }
            for one in signed
        ],
        "chains": found,
    }


def _good_chains() -> list[dict[str, Any]]:
    """Return chains that hold, with the serial in force on the days around each change."""
    first = cast.FIRST
    plus = [*cast.HANDLERS, cast.handler("mallory")]
    fewer = list(cast.HANDLERS[:1])
    ended = [{**cast.HANDLERS[0], "to": "2026-12-31"}, *cast.HANDLERS[1:]]
    longer = [{**cast.HANDLERS[0], "channels": {"main": "handler", "b": "handler"}}]
    renamed = [{**cast.HANDLERS[0], "name": "Anna Ö."}, *cast.HANDLERS[1:]]
    second_service = SigningKey.generate(Fixed("second service")).public
    new_service = {"sign": b64u(second_service), "from": "2026-11-03", "to": None}
    waiting = cast.follow(first, handlers=plus)
    announced = cast.follow(first, next_root=b64u(cast.NEXT_ROOT.public))
    return [
        _good("serial 1 alone counts at once", [first], 2),
        _good("somebody is added, cosigned: at once",
              [first, cast.follow(first, "anna", handlers=plus)], 3),
        _good("somebody is added, not cosigned: after seven days", [first, waiting], 10),
        _good("somebody is removed: at once", [first, cast.follow(first, handlers=fewer)], 3),
        _good("a validity is ended: at once", [first, cast.follow(first, handlers=ended)], 3),
        _good("a channel is added for a handler: after seven days",
              [first, cast.follow(first, handlers=longer)], 10),
        _good("a handler's name changes: after seven days",
              [first, cast.follow(first, handlers=renamed)], 10),
        _good("a service key is added: after seven days",
              [first, cast.follow(first, service=[*cast.content()["service"], new_service])], 10),
        _good("a recovery key is added: after seven days",
              [first, cast.follow(first, recovery=cast.RECOVERY_ENTRY)], 10),
        _good("the recovery key is taken away: at once",
              [cast.WITH_RECOVERY, cast.follow(cast.WITH_RECOVERY, recovery=None)], 3),
        _good("serials may leave numbers out", [first, cast.follow(first, serial=7)], 3),
        _good("while an addition waits, a removal that drops it too: at once",
              [first, waiting, cast.follow(waiting, handlers=fewer)], 4),
        _good("while an addition waits, a removal that keeps it: with the addition",
              [first, waiting, cast.follow(waiting, handlers=plus[1:])], 10),
        _good("who is still waiting cannot vouch: with the addition, not before",
              [first, waiting, cast.follow(waiting, "mallory")], 10),
        _good("who is still waiting cannot vouch for more: seven days of its own",
              [first, waiting, cast.follow(waiting, "mallory", recovery=cast.RECOVERY_ENTRY)], 11),
        _good("a handler in force vouches for what waits: at once",
              [first, waiting, cast.follow(waiting, "bo")], 4),
        _good("the next root signs what follows",
              [first, announced, cast.follow(announced, key=cast.NEXT_ROOT)], 4),
    ]  # fmt: skip


def _refused_chains() -> list[dict[str, Any]]:
    """Return chains that break one rule each."""
    first = cast.FIRST
    second = cast.follow(first)
    late = cast.follow(first, issued_on="2026-11-20")
    plus = [*cast.HANDLERS, cast.handler("mallory")]
    by_herself = cast.follow(first, "mallory", handlers=plus)
    announced = cast.follow(first, next_root=b64u(cast.NEXT_ROOT.public))
    tampered = SignedKeyring(first.file.replace(b"Anna", b"Anja"), first.signature)
    elsewhere = SignedKeyring(first.file, sshsig.sign(cast.ROOT, "file", first.file))
    ended = cast.follow(first, handlers=[{**cast.HANDLERS[0], "to": "2026-11-02"}])
    not_first = cast.sign(strictjson.write(cast.content(previous=b64u(bytes(32)))))
    return [
        _refused("no keyring at all", [], "empty"),
        _refused("another root", [cast.sign(first.file, cast.NEXT_ROOT)], "signature"),
        _refused("one letter changed after signing", [tampered], "signature"),
        _refused("signed in another namespace", [elsewhere], "signature"),
        _refused("the first names one before it", [not_first], "previous"),
        _refused("the same file twice", [first, first], "serial"),
        _refused("a serial that falls", [first, second, first], "serial"),
        _refused("two files with one serial: alarm",
                 [first, second, cast.follow(first, expires_on="2027-10-01")], "serial_twice"),
        _refused("a link is missing", [first, cast.follow(second)], "previous"),
        _refused("another organisation", [first, cast.follow(first, org="Other AB")], "org"),
        _refused("issued before the one before",
                 [first, late, cast.follow(late, issued_on="2026-11-19")], "dates"),
        _refused("cosigned by the one who is added", [first, by_herself], "cosignature"),
        _refused("cosigned by a key that is over",
                 [first, ended, cast.follow(ended, "anna", recovery=cast.RECOVERY_ENTRY)],
                 "cosignature"),
        _refused("serial 1 cosigned by one of its own",
                 [cast.sign(first.file, cosigner=cast.signing("anna"))], "cosignature"),
        _refused("the old root signs on after the next was named",
                 [first, announced, cast.follow(announced)], "signature"),
        _refused("the next root signs before it was named",
                 [first, cast.follow(first, key=cast.NEXT_ROOT)], "signature"),
    ]  # fmt: skip


def _good(comment: str, chain: Sequence[SignedKeyring], last_counts_on: int) -> dict[str, Any]:
    """Return a vector whose newest keyring counts from that day of November on."""
    verified = verify_chain(chain, cast.ROOT.public)
    counts_on = dt.date(2026, 11, last_counts_on)
    assert verified.links[-1].effective_on == counts_on, (comment, verified.links[-1].effective_on)
    days = sorted({link.effective_on for link in verified.links} | {counts_on - DAY, counts_on})
    before_all = verified.links[0].effective_on
    return {
        "comment": comment,
        "root": sshsig.public_line(cast.ROOT.public),
        "keyrings": list(chain),
        "reason": None,
        "in_force": [
            {"on": day.isoformat(), "serial": verified.effective(day).serial}
            for day in days
            if day >= before_all
        ],
        "states": [
            {"on": day.isoformat(), "state": verified.newest.state(day)}
            for day in (
                verified.newest.expires_on - 60 * DAY,
                verified.newest.expires_on - 59 * DAY,
                verified.newest.expires_on,
                verified.newest.expires_on + DAY,
                verified.newest.expires_on + 60 * DAY,
                verified.newest.expires_on + 61 * DAY,
            )
        ],
        "readers": [h.id for h in verified.effective(counts_on).readers(cast.CHANNEL, cast.TODAY)],
    }


def _refused(comment: str, chain: Sequence[SignedKeyring], reason: str) -> dict[str, Any]:
    """Return a vector that is refused, after checking that it is, for that reason."""
    with pytest.raises(KeyringError, match=f"^{reason}$"):
        verify_chain(chain, cast.ROOT.public)
    return {
        "comment": comment,
        "root": sshsig.public_line(cast.ROOT.public),
        "keyrings": list(chain),
        "reason": reason,
    }


def _mistype(text: str) -> str:
    """Return a text with its twentieth letter changed."""
    return text[:20] + ("q" if text[20] != "q" else "p") + text[21:]
