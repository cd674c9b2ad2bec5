"""Threads: each scene of the shared vectors, and what can be computed from a verified one."""

import dataclasses
import datetime as dt
import hashlib
from typing import Any

import pytest

from tests.crypto.vectors import comment, load
from tests.vectors.making import cast
from whistle.crypto import sshsig
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import (
    EntryRecord,
    Place,
    VerifiedEntry,
    desk_place,
    next_place,
    readers,
    thread_id,
    verify_thread,
)
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import KeyringChain, Link, SignedKeyring, parse, verify_chain
from whistle.crypto.strictjson import write
from whistle.errors import ThreadError

VECTORS = load("thread")
CHAIN = verify_chain(
    [
        SignedKeyring(b64u_decode(one["file"]), one["signature"], one["cosignature"])
        for one in VECTORS["keyrings"]
    ],
    sshsig.parse_public_line(VECTORS["root"]),
)
CASE_KEY = PrivateKey.parse(VECTORS["case_key"])
SCENES = {scene["comment"]: scene for scene in VECTORS["scenes"]}


def records(rows: list[dict[str, Any]]) -> list[EntryRecord]:
    """Return a scene's records."""
    return [
        EntryRecord(
            row["chain"],
            row["seq"],
            row["kind"],
            row["handler"],
            dt.date.fromisoformat(row["on"]),
            b64u_decode(VECTORS["sealed"][row["sealed"]]) if row["sealed"] else b"",
            b64u_decode(row["sha256"]) if "sha256" in row else None,
        )
        for row in rows
    ]


def verify(scene: dict[str, Any]) -> list[VerifiedEntry]:
    """Return a scene's entries."""
    case = []
    if scene["case"]:
        case = verify_thread(records(scene["case"]), [CASE_KEY], CHAIN, thread=None)
    return verify_thread(
        records(scene["records"]),
        [PrivateKey.parse(key) for key in scene["keys"]],
        CHAIN,
        thread=scene["thread"] and b64u_decode(scene["thread"]),
        reporter=scene["reporter"] and b64u_decode(scene["reporter"]),
        case=case,
    )


@pytest.mark.parametrize("scene", VECTORS["scenes"], ids=comment)
def test_scene(scene: dict[str, Any]) -> None:
    """Each thread is read as it was written, or refused for its reason."""
    if scene["reason"] is not None:
        with pytest.raises(ThreadError) as caught:
            verify(scene)
        assert caught.value.reason == scene["reason"]
        return
    seen = [
        {
            "seq": entry.seq,
            "kind": entry.kind,
            "side": entry.side,
            "author_id": entry.author_id,
            "author_name": entry.author_name,
            "author_role": entry.author_role,
            "body": entry.json(),
            "alarm": entry.alarm,
        }
        for entry in verify(scene)
    ]
    assert seen == scene["entries"]


@pytest.mark.parametrize("number", [1, 2])
def test_report_and_confirmation_are_never_erased_early(number: int) -> None:
    """What everything else is measured by cannot be replaced by its hash."""
    rows = records(SCENES["report to feedback, the keyring renewed on the way"]["records"])
    gone = rows[number - 1]
    sha256 = hashlib.sha256(gone.sealed).digest()
    rows[number - 1] = dataclasses.replace(gone, sealed=b"", sha256=sha256)
    with pytest.raises(ThreadError, match="gap"):
        verify_thread(rows, [CASE_KEY], CHAIN, thread=None)


def test_the_next_entry_follows_the_last() -> None:
    """Where to write next follows from what was verified."""
    found = verify(SCENES["report to feedback, the keyring renewed on the way"])
    place = next_place(found)
    assert place == Place(
        "main", b64u_decode(VECTORS["thread"]), "case", 7, found[-1].sealed_sha256
    )
    assert desk_place(found) == Place("main", place.thread, "desk", 1, place.thread)


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        ("a report alone", ["anna", "carin"]),
        ("an investigator is let in, and a handler goes on", ["anna", "carin", "dilan"]),
        ("a second key, and a message to it", ["anna"]),
        ("the reporter lets in whom they had left out", ["anna", "bo", "carin"]),
    ],
)
def test_who_is_sealed_to_follows_from_the_thread(scene: str, expected: list[str]) -> None:
    """Readers are computed from verified entries, never taken from a server's list."""
    found = verify(SCENES[scene])
    assert [h.id for h in readers(found, CHAIN, cast.TODAY)] == expected


def _issued(*contents: dict[str, object]) -> KeyringChain:
    """A chain of keyrings that count from today, except the last, which waits."""
    links = [Link(parse(write(one)), cast.TODAY, None) for one in contents]
    later = cast.TODAY + dt.timedelta(days=7)
    return KeyringChain((*links[:-1], dataclasses.replace(links[-1], effective_on=later)))


def test_who_is_no_longer_valid_is_not_sealed_to() -> None:
    """The newest keyring decides at once whose key no longer counts."""
    found = verify(SCENES["a report alone"])
    now = cast.content()
    without_anna = _issued(now, cast.content(handlers=list(cast.HANDLERS[1:])))
    ended = _issued(now, cast.content(handlers=[cast.handler("anna", to="2026-11-21")]))
    assert [h.id for h in readers(found, without_anna, cast.TODAY)] == ["carin"]
    assert readers(found, ended, cast.TODAY) == ()


def test_a_key_that_still_waits_is_not_sealed_to() -> None:
    """A swapped key counts only when the keyring that brings it does; until then the old one."""
    found = verify(SCENES["a report alone"])
    swapped = {**cast.handler("anna"), "age": cast.handler("dilan")["age"]}
    waiting = _issued(cast.content(), cast.content(handlers=[swapped]))
    assert [h.age for h in readers(found, waiting, cast.TODAY)] == [
        parse(write(cast.content())).handlers[0].age
    ]


@pytest.mark.parametrize("vector", load("filing")["thread_ids"], ids=lambda v: v["thread"])
def test_a_threads_id_follows_from_three_keys(vector: dict[str, str]) -> None:
    """The id binds the reporter's two keys and the case key."""
    keys = (b64u_decode(vector[name]) for name in ("reporter_age", "reporter_sign", "case_key"))
    assert thread_id(*keys) == b64u_decode(vector["thread"])
