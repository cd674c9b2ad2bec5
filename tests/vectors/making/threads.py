"""Vectors of threads: some that hold, and each way of tampering with its reason code."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.vectors.making import accesses, beginnings, cast, consents, persons
from tests.vectors.making.fixed import Fixed
from tests.vectors.making.story import (
    CHAIN,
    KEYRINGS,
    OTHER_KEY,
    SERIAL_2,
    Row,
    Scene,
    Story,
    Wrong,
    begin,
)
from whistle.crypto import sshsig
from whistle.crypto.chain import VerifiedEntry, verify_thread
from whistle.crypto.encoding import b64u
from whistle.crypto.signing import SigningKey
from whistle.errors import ThreadError

LATER = dt.date(2026, 11, 26)


class Teller:
    """Tells the scenarios around one case, in which bo is left out."""

    def __init__(self) -> None:
        self.story = begin("threads", ["bo"])
        self.report = self.story.first()
        self.received = self.story.received(self.report)
        self.start = [self.report, self.received]
        self.ack = self.story.write("acknowledgement", self.start, "anna", "acknowledgement")
        self.message = self.story.write("message", [*self.start, self.ack], "reporter", "message")
        self.whole = [*self.start, self.ack, self.message]

    def next(self, name: str, by: str, kind: str = "message", **how: Any) -> Row:
        """Write a third entry."""
        return self.story.write(name, self.start, by, kind, **how)

    def good(self) -> Iterator[Scene]:
        """Yield threads that hold."""
        answer = self.story.write("answer", self.whole, "carin", "message")
        feedback = self.story.write(
            "feedback",
            [*self.whole, answer],
            "anna",
            "feedback",
            {"measures": "Avtalet är uppsagt.", "reasons": "Fakturorna var dubbla."},
            adds={"final": True, "next_on": None},
            keyring=SERIAL_2,
            on=LATER,
        )
        late = self.next(
            "late",
            "service",
            "late",
            body={"code": "late", "params": {"due_on": "2026-11-29", "days": 1}},
        )
        yield Scene("a report alone", [self.report])
        yield Scene(
            "report to feedback, the keyring renewed on the way", [*self.whole, answer, feedback]
        )
        yield Scene(
            "read by the reporter, who knows thread and own key",
            self.whole,
            thread=self.story.filing.thread,
            reporter=self.story.receipt.signing_key.public,
        )
        yield Scene(
            "a key in case.age that nothing names does no harm",
            self.whole,
            keys=[OTHER_KEY, self.story.case],
        )
        yield Scene("a system line: late", [*self.start, late])
        yield Scene("a report on the first keyring's first day", [self.story.first(cast.ISSUED)])
        yield Scene(
            "the report was sealed by a keyring no longer in force: alarm, but readable",
            [self.story.first(dt.date(2026, 12, 5))],
        )
        yield Scene(
            "the keyring was replaced the day before: no alarm",
            [self.story.first(dt.date(2026, 11, 25))],
        )

    def broken_order(self) -> Iterator[Scene]:
        """Yield entries dropped, doubled, replaced, moved."""
        other = begin("elsewhere", ["bo"])
        other_report = other.first()
        elsewhere = other.write(
            "elsewhere",
            [other_report, other.received(other_report)],
            "anna",
            "message",
            wrong=Wrong(to=[self.story.case.public_key]),
        )
        self.story.pool["elsewhere"] = elsewhere.record.sealed
        second = self.next("another acknowledgement", "carin", "acknowledgement")
        shown = replace(self.message, record=replace(self.message.record, seq=3))
        desk = replace(self.ack, record=replace(self.ack.record, chain="desk"))
        yield Scene("nothing at all", [], "gap")
        yield Scene("the report is missing", self.whole[1:], "gap")
        yield Scene("one in the middle is missing", [*self.start, self.message], "gap")
        yield Scene(
            "one in the middle is missing, the next renumbered in the clear",
            [*self.start, shown],
            "clear_differs",
        )
        yield Scene("one is shown twice", [*self.start, self.ack, self.ack], "fork")
        yield Scene("two stand in one place", [*self.start, self.ack, second], "fork")
        yield Scene(
            "one was replaced by another of the same author's choice of place",
            [*self.start, second, self.message],
            "fork",
        )
        yield Scene("two have changed places", [*self.start, self.message, self.ack], "gap")
        yield Scene(
            "one of another case, sealed to this case's key", [*self.start, elsewhere], "moved"
        )
        yield Scene("shown in the other chain", [*self.start, desk], "moved")
        note = self.next("a note as a message", "anna", "note", wrong=Wrong(head={"chain": "desk"}))
        yield Scene("a note, sealed to the case key", [*self.start, note], "moved")
        yield Scene(
            "the whole thread is another than the mailbox's",
            self.whole,
            "moved",
            thread=other.filing.thread,
        )
        yield Scene(
            "the whole thread is another reporter's",
            self.whole,
            "not_mine",
            reporter=other.receipt.signing_key.public,
        )

    def broken_columns(self) -> Iterator[Scene]:
        """Yield clear columns that are not what was signed."""

        def show(**changes: Any) -> list[Row]:
            return [*self.start, replace(self.ack, record=replace(self.ack.record, **changes))]

        moved_day = self.story.first(cast.TODAY + dt.timedelta(days=1))
        yield Scene("another kind in the clear", show(kind="message"), "clear_differs")
        yield Scene("another handler in the clear", show(handler_id="carin"), "clear_differs")
        yield Scene("a handler's shown as the reporter's", show(handler_id=None), "clear_differs")
        yield Scene(
            "the receipt date in the clear is not the one that was confirmed",
            [moved_day, self.received],
            "clear_differs",
        )

    def broken_seals(self) -> Iterator[Scene]:
        """Yield entries that do not open, or with a key that is not the case's."""
        case = self.story.case
        sealed = self.ack.record.sealed
        self.story.pool["damaged"] = sealed[:-1] + bytes([sealed[-1] ^ 1])
        self.story.pool["cut"] = sealed[:-1]
        damaged, cut = (
            Row(name, replace(self.ack.record, sealed=self.story.pool[name]))
            for name in ("damaged", "cut")
        )
        two = self.next(
            "two stanzas", "anna", wrong=Wrong(to=[case.public_key, OTHER_KEY.public_key])
        )
        foreign = self.next("to another key", "anna", wrong=Wrong(to=[OTHER_KEY.public_key]))
        self.story.pool["no age file"] = b"Dear Anna"
        nothing = Row("no age file", replace(self.ack.record, sealed=b"Dear Anna"))
        padded = self.next("padding", "anna", wrong=Wrong(padding=b"\1"))
        unknown = self.next("unknown key", "anna", wrong=Wrong(head={"colour": "red"}))
        yield Scene("one bit changed", [*self.start, damaged], "damaged")
        yield Scene("one byte cut off", [*self.start, cut], "shape")
        yield Scene("no sealed object at all", [*self.start, nothing], "shape")
        yield Scene("two stanzas: somebody else reads along", [*self.start, two], "shape")
        yield Scene("sealed to a key that nobody here has", [*self.start, foreign], "cannot_open")
        yield Scene(
            "sealed to a key that stands in case.age, but that no entry names",
            [*self.start, foreign],
            "case_key",
            keys=[case, OTHER_KEY],
        )
        yield Scene("padding that is not zero", [*self.start, padded], "padding")
        yield Scene("an unknown key in the head", [*self.start, unknown], "unknown_key")

    def broken_authors(self) -> Iterator[Scene]:
        """Yield entries by somebody who may not write them, or signed by another."""
        story = self.story
        anna, bo = story.author("anna"), story.author("bo")
        stranger = replace(story.author("service"), key=SigningKey.generate(Fixed("stranger")))
        older = self.next("by the new keyring", "anna", keyring=SERIAL_2, on=LATER)
        fallen = story.write(
            "by the old keyring", [*self.start, older], "anna", "message", on=LATER
        )
        nowhere = {"keyring": {"serial": 3, "sha256": b64u(bytes(32))}}
        yield Scene(
            "names a keyring that is not in the chain",
            [*self.start, self.next("no keyring", "anna", wrong=Wrong(head=nowhere))],
            "keyring_unknown",
        )
        yield Scene(
            "names an older keyring than before", [*self.start, older, fallen], "keyring_fell"
        )
        yield Scene(
            "signed by another handler",
            [*self.start, self.next("by bo for anna", "anna", wrong=Wrong(signer=bo))],
            "forged",
        )
        yield Scene(
            "the reporter's, signed by a handler",
            [
                *self.start,
                self.next("by anna for the reporter", "reporter", wrong=Wrong(signer=anna)),
            ],
            "forged",
        )
        yield Scene(
            "a system line, signed by a key that is not the service's",
            [
                *self.start,
                self.next(
                    "by a stranger",
                    "service",
                    "late",
                    body={"code": "late", "params": {}},
                    wrong=Wrong(signer=stranger),
                ),
            ],
            "forged",
        )

    def strangers(self) -> Iterator[Scene]:
        """Yield entries by somebody who may not write in this case."""
        early = dt.date(2026, 11, 1)
        yield Scene(
            "by somebody whom the keyring does not name",
            [*self.start, self.next("by mallory", "mallory")],
            "unknown_author",
        )
        yield Scene(
            "dated before the handler's key began",
            [*self.start, self.next("early", "anna", on=early)],
            "unknown_author",
        )
        on, eve = cast.TODAY + dt.timedelta(days=1), cast.TODAY + dt.timedelta(days=2)
        line = {"code": "late", "params": {}}
        yield Scene(
            "by a keyring that does not count yet on that day, nor on the next",
            [*self.start, self.next("ahead of the keyring", "anna", keyring=SERIAL_2, on=on)],
            "unknown_author",
        )
        yield Scene(
            "a system line by a keyring that does not count yet",
            [
                *self.start,
                self.next("a line ahead", "service", "late", body=line, keyring=SERIAL_2, on=on),
            ],
            "forged",
        )
        yield Scene(
            "by a keyring that counts on the next day: where it was written it is that day",
            [*self.start, self.next("on the eve", "anna", keyring=SERIAL_2, on=eve)],
        )
        yield Scene(
            "by a handler who was left out", [*self.start, self.next("by bo", "bo")], "not_reader"
        )
        yield Scene(
            "by an investigator whom nobody has let in",
            [*self.start, self.next("by dilan", "dilan")],
            "not_reader",
        )


def vectors() -> dict[str, Any]:
    """Return all scenes, each checked against our own verdict, and the sealed entries by name."""
    teller = Teller()
    tellers = (
        teller.good,
        teller.broken_order,
        teller.broken_columns,
        teller.broken_seals,
        teller.broken_authors,
        teller.strangers,
        lambda: beginnings.lines(teller.story, teller.start),
        lambda: beginnings.reports(teller.story),
        lambda: accesses.access(teller.story, teller.start),
        lambda: accesses.investigators(teller.story, teller.start),
        lambda: accesses.refused(teller.story, teller.start),
        lambda: accesses.under_another_id(teller.story, teller.start),
        lambda: accesses.desk(teller.story, teller.start),
        lambda: accesses.desk_again(teller.story, teller.start),
        lambda: accesses.erased(teller.story, teller.start),
        lambda: accesses.desk_kinds(teller.story, teller.start),
        lambda: consents.scenes(teller.story, teller.start),
        lambda: persons.scenes(teller.story, teller.start),
    )
    scenes = [_scene(teller.story, scene) for tell in tellers for scene in tell()]
    return {
        "root": sshsig.public_line(cast.ROOT.public),
        "keyrings": cast.as_json(KEYRINGS),
        "thread": b64u(teller.story.filing.thread),
        "case_key": str(teller.story.case),
        "sealed": {name: b64u(sealed) for name, sealed in teller.story.pool.items()},
        "scenes": scenes,
    }


def _scene(story: Story, scene: Scene) -> dict[str, Any]:
    """Return a scene as JSON, after checking that it ends as it says."""
    keys = list(scene.keys) or [story.case]
    case = (
        []
        if not scene.case
        else verify_thread([row.record for row in scene.case], [story.case], CHAIN, thread=None)
    )
    thread = scene.thread if scene.thread or scene.case else None
    found, reason = list[VerifiedEntry](), None
    try:
        found = verify_thread(
            [row.record for row in scene.rows],
            keys,
            CHAIN,
            thread=thread,
            reporter=scene.reporter,
            case=case,
        )
    except ThreadError as error:
        reason = error.reason
    assert reason == scene.reason, (scene.comment, reason)
    return {
        "comment": scene.comment,
        "chain": "desk" if scene.case else "case",
        "keys": [str(key) for key in keys],
        "thread": None if thread is None else b64u(thread),
        "reporter": None if scene.reporter is None else b64u(scene.reporter),
        "case": [row.as_json() for row in scene.case],
        "records": [row.as_json() for row in scene.rows],
        "reason": reason,
        "entries": [_seen(entry) for entry in found],
    }


def _seen(entry: VerifiedEntry) -> dict[str, Any]:
    """Return what a reader must see of an entry."""
    return {
        "seq": entry.seq,
        "kind": entry.kind,
        "side": entry.side,
        "author_id": entry.author_id,
        "author_name": entry.author_name,
        "author_role": entry.author_role,
        "body": entry.json(),
        "alarm": entry.alarm,
    }
