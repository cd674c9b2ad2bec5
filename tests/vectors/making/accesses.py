"""Vectors of changes of access, and of desk chains: allowed, and refused with their reason."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tests.vectors.making.fixed import Fixed
from tests.vectors.making.story import CHAIN, OTHER_KEY, Row, Scene, Story, Wrong
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u

NEW_KEY = PrivateKey.generate(Fixed("second generation"))
DESK_KEY = PrivateKey.generate(Fixed("desk key"))


def access(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield changes of access, allowed and not."""
    same = {
        "gen": 1,
        "case_key": b64u(story.case.public_key.raw),
        "added": [],
        "removed": [],
        "reason": "appointed",
    }
    fresh = {**same, "gen": 2, "case_key": b64u(NEW_KEY.public_key.raw), "reason": "conflict"}
    both = [NEW_KEY, story.case]
    nobody = {"sha256": b64u(bytes(32))}

    def change(name: str, adds: dict[str, Any], by: str = "anna") -> list[Row]:
        row = story.write(name, start, by, "access", body={}, adds={**same, **adds})
        return [*start, row]

    def then(rows: Sequence[Row], name: str, by: str, **how: Any) -> list[Row]:
        return [*rows, story.write(name, rows, by, "message", **how)]

    let_in = change("lets dilan in", {"added": [_reader("dilan")]})
    new_key = change("new key", {**fresh, "removed": ["carin"]})
    undone = change("undone by the reporter", {"added": [_reader("bo")]}, "reporter")
    to_new = Wrong(to=[NEW_KEY.public_key])
    yield Scene("an investigator is let in, and writes", then(let_in, "dilan writes", "dilan"))
    yield Scene(
        "a second key, and a message to it",
        then(new_key, "to the new key", "reporter", wrong=to_new),
        keys=both,
    )
    yield Scene("the reporter lets in whom they had left out", then(undone, "bo writes", "bo"))
    yield Scene(
        "after a second key, sealed to the first",
        then(new_key, "to the old key", "reporter"),
        "case_key",
        keys=both,
    )
    yield Scene(
        "who was removed writes on",
        then(new_key, "carin writes", "carin", wrong=to_new),
        "not_reader",
        keys=both,
    )
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("a handler lets in who was left out", {"added": [_reader("bo")]}),
        ("the added key is not the keyring's", {"added": [{**nobody, "id": "dilan"}]}),
        ("somebody unknown is added", {"added": [{**nobody, "id": "mallory"}]}),
        ("somebody is removed who is no reader", {"removed": ["bo"]}),
        ("a generation is left out", {**fresh, "gen": 3}),
        ("another key in the same generation", {**fresh, "gen": 1}),
        ("a new generation with the old key", {"gen": 2}),
    ]
    for name, adds in wrong:
        yield Scene(name, change(name, adds), "access", keys=both)


def desk(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield desk chains."""
    to_desk = Wrong(to=[DESK_KEY.public_key])
    named = {"desk_key": b64u(DESK_KEY.public_key.raw)}

    def write(name: str, after: Sequence[Row], by: str, kind: str, **how: Any) -> Row:
        how = {"wrong": to_desk, **how}
        return story.write(name, after, by, kind, chain="desk", **how)

    first = write("desk", [], "anna", "desk", body={}, adds=named)
    note = write("note", [first], "carin", "note")
    other = write(
        "another desk key",
        [],
        "anna",
        "desk",
        body={},
        adds={"desk_key": b64u(OTHER_KEY.public_key.raw)},
    )
    to_case = Wrong(to=[story.case.public_key])

    def scene(comment: str, rows: Sequence[Row], reason: str | None = None) -> Scene:
        return Scene(comment, rows, reason, case=start, keys=[DESK_KEY])

    yield scene("a desk key and a note", [first, note])
    yield scene("no desk chain yet", [])
    yield Scene("a note shown in the case chain", [*start, note], "moved")
    yield scene("the desk chain names another key", [other], "case_key")
    yield Scene(
        "a note sealed to the case key, so that the reporter reads it",
        [first, write("leak", [first], "anna", "note", wrong=to_case)],
        "case_key",
        case=start,
        keys=[DESK_KEY, story.case],
    )
    yield scene(
        "a note by a handler who was left out",
        [first, write("bo's note", [first], "bo", "note")],
        "not_reader",
    )
    yield scene("the first is a note", [write("note first", [], "anna", "note")], "kind")


def erased(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield threads of which an entry was erased early, and only its hash is left."""
    leak = story.write("leak of a secret", start, "reporter", "message")
    digest = hashlib.sha256(leak.record.sealed).digest()
    gone = replace(leak, record=replace(leak.record, sealed=b"", sha256=digest))
    other = replace(gone, record=replace(gone.record, sha256=bytes(32)))

    def removal(name: str, after: Sequence[Row], number: int, sha256: bytes) -> Row:
        named = {"entries": [{"seq": number, "sha256": b64u(sha256)}]}
        return story.write(name, after, "anna", "removed", {}, adds=named)

    named = removal("removal", [*start, leak], 3, digest)
    another = removal("removal of another", [*start, leak], 4, digest)
    ahead = removal("removal of what comes next", start, 4, digest)
    yield Scene("one was erased, as a signed entry says", [*start, gone, named])
    yield Scene("one was erased, and nobody says so", [*start, gone], "gap")
    yield Scene("one was erased, and another number is named", [*start, gone, another], "gap")
    yield Scene("another hash stands for the one that was erased", [*start, other, named], "fork")
    yield Scene(
        "one was erased that had been named before it was written",
        [*start, ahead, replace(gone, record=replace(gone.record, seq=4))],
        "gap",
    )


def _reader(name: str) -> dict[str, str]:
    """Return a reader as heads name one."""
    handler = CHAIN.newest.handler(name)
    assert handler is not None
    return {"id": name, "sha256": b64u(handler.age_sha256)}
