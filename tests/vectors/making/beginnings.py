"""Vectors of first entries, confirmations and system lines that say what they may not."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.vectors.making import cast
from tests.vectors.making.story import CHAIN, OTHER_KEY, SERIAL_2, Row, Scene, Story
from whistle.crypto.chain import verify_thread
from whistle.crypto.encoding import b64u

_OWN = (
    "reporter_age",
    "reporter_sign",
    "case_key",
    "readers",
    "left_out",
    "recovery",
    "waive_ack",
    "code_made_by",
)


def lines(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield first entries and system lines that say what they may not."""
    report = start[0]
    head = story.write("entry 1 again", [], "reporter", "message")
    free_text = {"code": "late", "params": {"why": "because you are a bad person"}}
    another = {"code": "missed", "params": {}}
    yield Scene("the first is no report", [head], "kind")
    yield Scene("a report further on", [*start, _again(story, start)], "kind")
    yield Scene(
        "entry 2 confirms another report",
        [report, story.received(report, "another's", entry1_sha256=b64u(bytes(32)))],
        "received",
    )
    yield Scene(
        "entry 2 is something else",
        [report, story.write("at once", [report], "anna", "acknowledgement")],
        "received",
    )
    yield Scene(
        "a second confirmation",
        [
            *start,
            story.write("again", start, "service", "received", {"code": "received", "params": {}}),
        ],
        "received",
    )
    yield Scene(
        "a system line with words of its own",
        [*start, story.write("words", start, "service", "late", body=free_text)],
        "system_params",
    )
    yield Scene(
        "a system line whose code is not its kind",
        [*start, story.write("other code", start, "service", "late", body=another)],
        "system_params",
    )


def reports(story: Story) -> Iterator[Scene]:
    """Yield reports whose own head does not fit."""
    own = _own(story)
    swapped = [{**own["readers"][0], "sha256": b64u(bytes(32))}, *own["readers"][1:]]
    for name, adds, reason in (
        ("a reader's key is not the keyring's", {"readers": swapped}, "readers"),
        ("a reader is left out too", {"left_out": ["anna"]}, "readers"),
        (
            "a recovery key that the keyring does not name",
            {"recovery": b64u(bytes(32))},
            "readers",
        ),
        ("names another case key", {"case_key": b64u(OTHER_KEY.public_key.raw)}, "case_key"),
        (
            "names another reporter: the thread's id does not follow",
            {"reporter_age": b64u(OTHER_KEY.public_key.raw)},
            "moved",
        ),
    ):
        row = story.write(name, [], "reporter", "report", {}, adds={**own, **adds})
        yield Scene(f"the report: {name}", [row], reason)
    ahead = story.write(
        "ahead of time", [], "reporter", "report", {}, adds=own, keyring=SERIAL_2, on=cast.ISSUED
    )
    yield Scene("the report: by a keyring not yet in force: alarm, but readable", [ahead])


def _own(story: Story) -> dict[str, Any]:
    """Return what the story's own report adds to its head."""
    (entry,) = verify_thread([story.first().record], [story.case], CHAIN, thread=None)
    return {key: entry.head[key] for key in _OWN}


def _again(story: Story, start: Sequence[Row]) -> Row:
    """Return a second report in the same thread."""
    return story.write("second report", start, "reporter", "report", {}, adds=_own(story))
