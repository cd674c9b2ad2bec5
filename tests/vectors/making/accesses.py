"""Vectors of changes of access, and of desk chains: allowed, and refused with their reason."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.vectors.making.fixed import Fixed
from tests.vectors.making.story import (
    CHAIN,
    OTHER_KEY,
    SERIAL_3,
    Row,
    Scene,
    Story,
    Wrong,
)
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u

NEW_KEY = PrivateKey.generate(Fixed("second generation"))
DESK_KEY = PrivateKey.generate(Fixed("desk key"))
NEW_DESK_KEY = PrivateKey.generate(Fixed("second desk key"))
MARKS = {"title": "Dubbla fakturor", "assignee": "anna", "labels": ["inköp"], "linked": []}


def access(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield changes of access, allowed and not."""
    same, fresh, leaving = _same(story), _fresh(story), _leaving(story)
    silent = {"desk_prev": None, "reason": "reporter_asked"}
    both = [NEW_KEY, story.case]

    def change(name: str, adds: dict[str, Any], by: str = "anna") -> list[Row]:
        row = story.write(name, start, by, "access", body={}, adds={**same, **adds})
        return [*start, row]

    def then(rows: Sequence[Row], name: str, by: str, **how: Any) -> list[Row]:
        return [*rows, story.write(name, rows, by, "message", **how)]

    let_in = change("lets dilan in", {"added": [_reader("dilan")]})
    new_key = change("new key", {**fresh, "removed": ["carin"]})
    undone = change("undone by the reporter", {**silent, "added": [_reader("bo")]}, "reporter")
    left = change("carin leaves", leaving, "carin")
    to_new = Wrong(to=[NEW_KEY.public_key])
    yield Scene(
        "a second key, and a message to it",
        then(new_key, "to the new key", "reporter", wrong=to_new),
        keys=both,
    )
    yield Scene("the reporter lets in whom they had left out", then(undone, "bo writes", "bo"))
    yield Scene(
        "somebody leaves by their own hand, and the others go on",
        then(left, "without carin", "anna", wrong=to_new),
        keys=both,
    )
    yield Scene(
        "somebody who read nothing of the case changes who may read it",
        change("by an investigator", {"added": [_reader("dilan")]}, "dilan"),
        "not_reader",
    )
    yield Scene(
        "a change of access is left out, and something follows it",
        [*start, then(let_in, "after the change", "anna")[-1]],
        "gap",
    )
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


def investigators(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield what an investigator of the case may do, and may not."""
    adds = {**_same(story), "added": [_reader("dilan")]}
    let_in = [*start, story.write("dilan is let in first", start, "anna", "access", {}, adds=adds)]

    def then(name: str, by: str) -> list[Row]:
        return [*let_in, story.write(name, let_in, by, "message")]

    yield Scene(
        "an investigator is let in, and writes to the reporter",
        then("dilan writes", "dilan"),
        "role",
    )
    going_on = then("anna goes on", "anna")
    yield Scene("an investigator is let in, and a handler goes on", going_on)
    out = {**_leaving(story), "removed": ["dilan"]}
    goes = story.write("dilan leaves", let_in, "dilan", "access", {}, adds=out)
    keys = [NEW_KEY, story.case]
    yield Scene("an investigator is let in, and leaves", [*let_in, goes], keys=keys)


def refused(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield changes of access that may not be made."""
    same, fresh, leaving = _same(story), _fresh(story), _leaving(story)
    nobody = {"sha256": b64u(bytes(32))}

    def change(name: str, adds: dict[str, Any], by: str = "anna") -> list[Row]:
        row = story.write(name, start, by, "access", body={}, adds={**same, **adds})
        return [*start, row]

    wrong: list[tuple[str, dict[str, Any]]] = [
        ("a handler lets in who was left out", {"added": [_reader("bo")]}),
        ("the added key is not the keyring's", {"added": [{**nobody, "id": "dilan"}]}),
        ("somebody unknown is added", {"added": [{**nobody, "id": "mallory"}]}),
        ("somebody is removed who is no reader", {"removed": ["bo"]}),
        ("a generation is left out", {**fresh, "gen": 3}),
        ("another key in the same generation", {**fresh, "gen": 1}),
        ("a new generation with the old key", {"gen": 2}),
        ("somebody is removed and the key stays", {"removed": ["carin"]}),
        ("somebody is taken out as recused by another", {**leaving}),
        (
            "somebody is let in and taken out at once",
            {**fresh, "added": [_reader("dilan")], "removed": ["dilan"]},
        ),
        ("nobody would be left", {**fresh, "removed": ["anna", "carin"]}),
        ("a handler says nothing of the desk chain", {"desk_prev": None}),
        ("a desk key for no notes", {**fresh, "desk_key": b64u(OTHER_KEY.public_key.raw)}),
        ("no new desk key although there are notes", {**fresh, "desk_prev": b64u(bytes(32))}),
    ]
    unlisted = change("an unlisted reason", {"reason": "appointed"})
    yield Scene("an unlisted reason", unlisted, "value")
    about_desk = change("the reporter and the desk", {"reason": "reporter_asked"}, "reporter")
    yield Scene("the reporter says something of the desk chain", about_desk, "access")
    for name, adds in wrong:
        yield Scene(name, change(name, adds), "access", keys=[NEW_KEY, story.case])


def under_another_id(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield what a second id of somebody who was left out changes: nothing."""
    same = {**_same(story), "added": [_reader("bo-two")]}
    silent = {**same, "desk_prev": None, "reason": "reporter_asked"}
    on = dt.date(2026, 11, 26)

    def change(name: str, by: str, adds: dict[str, Any]) -> list[Row]:
        row = story.write(name, start, by, "access", {}, adds=adds, keyring=SERIAL_3, on=on)
        return [*start, row]

    yield Scene(
        "a handler lets in who was left out, under another id",
        change("bo under another id", "anna", same),
        "access",
    )
    yield Scene(
        "the reporter lets in another id of whom they had left out",
        change("bo again by the reporter", "reporter", silent),
    )


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


def desk_again(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield desk chains whose case has changed its readers meanwhile."""
    notes = _Notes(story)
    first = notes.write("first of two desk keys", [], "anna", "desk", key=DESK_KEY)
    before = notes.write("carin's note before", [first], "carin", "note")
    old = [first, before]
    case = [*start, _raised(story, start, "a new desk key", old)]
    by_anna = notes.write("a note to the new desk key", old, "anna", "note", to=NEW_DESK_KEY)
    to_old = notes.write("a note to the old desk key", old, "anna", "note")
    by_carin = notes.write("carin's note after", old, "carin", "note", to=NEW_DESK_KEY)
    early = notes.write("the first desk, by carin", [], "carin", "desk", key=DESK_KEY)
    empty = [*start, _raised(story, start, "a new key before any note", [])]
    keys = [DESK_KEY, NEW_DESK_KEY]

    def scene(
        comment: str, rows: Sequence[Row], reason: str | None = None, of: Sequence[Row] = case
    ) -> Scene:
        return Scene(comment, rows, reason, case=of, keys=keys)

    yield scene("who was taken out has written before, the others go on", [*old, by_anna])
    yield scene("nobody has written since", old)
    yield scene("who was taken out writes on", [*old, by_carin], "not_reader")
    yield scene("sealed to the desk key before", [*old, to_old], "case_key")
    yield scene("the last note before the change is hidden", [first], "gap")
    yield scene("all notes are hidden", [], "gap")
    yield scene("the desk is opened by who was taken out before", [early], "not_reader", empty)


@dataclass(frozen=True)
class _Notes:
    """Writes entries of a desk chain."""

    story: Story

    def write(
        self,
        name: str,
        after: Sequence[Row],
        by: str,
        kind: str,
        *,
        key: PrivateKey | None = None,
        to: PrivateKey = DESK_KEY,
    ) -> Row:
        """Write one more entry; *key* is the desk key that the first one names."""
        adds = {} if key is None else {"desk_key": b64u(key.public_key.raw)}
        wrong = Wrong(to=[to.public_key])
        body: dict[str, Any] | None = {} if key else None
        return self.story.write(name, after, by, kind, body, adds=adds, chain="desk", wrong=wrong)


def _same(story: Story) -> dict[str, Any]:
    """Return a change that keeps the key."""
    return {
        "gen": 1,
        "case_key": b64u(story.case.public_key.raw),
        "desk_key": None,
        "desk_prev": b64u(story.filing.thread),
        "added": [],
        "removed": [],
        "reason": "colleague",
    }


def _fresh(story: Story) -> dict[str, Any]:
    """Return a change that takes a new key."""
    key = b64u(NEW_KEY.public_key.raw)
    return {**_same(story), "gen": 2, "case_key": key, "reason": "conflict"}


def _leaving(story: Story) -> dict[str, Any]:
    """Return carin's own leaving."""
    return {**_fresh(story), "removed": ["carin"], "reason": "recused"}


def _raised(story: Story, start: Sequence[Row], name: str, notes: Sequence[Row]) -> Row:
    """Return the change that takes carin out after some notes."""
    digest = hashlib.sha256(notes[-1].record.sealed).digest() if notes else story.filing.thread
    adds = {
        "gen": 2,
        "case_key": b64u(NEW_KEY.public_key.raw),
        "desk_key": b64u(NEW_DESK_KEY.public_key.raw) if notes else None,
        "desk_prev": b64u(digest),
        "added": [],
        "removed": ["carin"],
        "reason": "conflict",
    }
    return story.write(name, start, "anna", "access", {}, adds=adds)


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
    adds = {**_same(story), "added": [_reader("dilan")]}
    let_in = story.write("lets dilan in, once", start, "anna", "access", body={}, adds=adds)
    hidden = hashlib.sha256(let_in.record.sealed).digest()
    erased_access = replace(let_in, record=replace(let_in.record, sealed=b"", sha256=hidden))
    says_so = removal("removal of a change of access", [*start, let_in], 3, hidden)
    yield Scene(
        "a change of access was erased, although a handler signs for it",
        [*start, erased_access, says_so],
        "gap",
    )


def desk_kinds(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield marks and proposals to erase, in the desk chain of a case that dilan was let into."""
    let_in = {**_same(story), "added": [_reader("dilan")]}
    case = [*start, story.write("dilan is let in", start, "anna", "access", {}, adds=let_in)]
    notes = _Notes(story)
    first = notes.write("desk of three", [], "anna", "desk", key=DESK_KEY)
    named = [{"seq": 3, "sha256": b64u(bytes(32))}]
    entry, report = named, [{"seq": 1, "sha256": b64u(bytes(32))}]

    def proposal(
        erases: str, entries: list[dict[str, Any]], reason: str = "irrelevant"
    ) -> dict[str, Any]:
        return {"erases": erases, "entries": entries, "reason": reason}

    def write(name: str, by: str, kind: str, adds: dict[str, Any] | None = None) -> Row:
        body = MARKS if kind == "marks" else {}
        wrong = Wrong(to=[DESK_KEY.public_key])
        return story.write(name, [first], by, kind, body, adds=adds, chain="desk", wrong=wrong)

    def scene(row: Row, comment: str, reason: str | None = None) -> Scene:
        return Scene(comment, [first, row], reason, case=case, keys=[DESK_KEY])

    of = {"proposal": b64u(bytes(32))}
    yield scene(write("marks", "carin", "marks"), "marks")
    yield scene(
        write("proposal", "anna", "erasure_proposal", proposal("entries", entry)),
        "one proposes to erase an entry early",
    )
    yield scene(
        write("whole", "anna", "erasure_proposal", proposal("case", report, "not_needed")),
        "one proposes to erase the whole case early",
    )
    yield scene(write("approval", "carin", "erasure_approval", of), "one approves a proposal")
    yield scene(write("withdrawal", "anna", "erasure_withdrawal", of), "one withdraws a proposal")
    yield scene(write("dilan's note", "dilan", "note"), "an investigator writes a note")
    for kind, adds in (
        ("marks", None),
        ("erasure_proposal", proposal("notes", entry)),
        ("erasure_approval", of),
        ("withholding", {"ground": "identity"}),
    ):
        row = write(f"dilan's {kind}", "dilan", kind, adds)
        yield scene(row, f"an investigator decides: {kind}", "role")
    for comment, adds in (
        ("nothing is named", proposal("entries", [])),
        ("the report alone", proposal("entries", report)),
        ("the whole case by another entry", proposal("case", entry)),
        ("one is named twice", proposal("notes", entry * 2)),
        ("an unlisted reason", proposal("case", report, "conflict")),
        ("an unlisted extent", proposal("report", report)),
    ):
        row = write(f"proposed: {comment}", "anna", "erasure_proposal", adds)
        yield scene(row, f"a proposal to erase: {comment}", "value")


def _reader(name: str) -> dict[str, str]:
    """Return a reader as heads name one."""
    handler = CHAIN.newest.handler(name)
    assert handler is not None
    return {"id": name, "sha256": b64u(handler.age_sha256)}
