"""Vectors of consents and disclosures: founded, unfounded (an alarm), and refused heads."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.vectors.making.story import Row, Scene, Story
from whistle.crypto.encoding import b64u

ASKED = {"recipient": "Polisen", "why": "De vill höra dig."}
NOBODY = {"consent": None, "notice": None, "duty": None, "cannot_wait": None}
UNFOUNDED = "disclosure_unfounded"


@dataclass(frozen=True)
class Told:
    """A scene that ends with a disclosure, and the alarm that it must carry."""

    scene: Scene
    alarm: str | None


def scenes(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield all of them for the vectors."""
    yield from (told.scene for told in disclosures(story, start))
    yield from _refused(story, start)


def disclosures(story: Story, start: Sequence[Row]) -> Iterator[Told]:
    """Yield threads that end with a disclosure."""
    asked = [
        *start,
        story.write(
            "consent asked", start, "anna", "consent_request", ASKED, adds={"scope": ["name"]}
        ),
    ]
    yes = [*asked, _answer(story, asked, "consent given", asked[-1])]
    no = [*asked, _answer(story, asked, "consent refused", asked[-1], given=False)]
    back = [*yes, _answer(story, yes, "consent taken back", asked[-1], given=False)]
    other = [*asked, _answer(story, asked, "consent to nothing asked", start[0])]
    noticed = [
        *start,
        story.write(
            "disclosure announced",
            start,
            "anna",
            "disclosure_notice",
            ASKED,
            adds={"scope": ["name"], "duty": "court", "earliest_on": "2026-11-29"},
        ),
    ]
    came = [*start, _notice_that_has_waited(story, start)]
    by_consent = {"consent": _hash(yes[-1]), "scope": ["name"]}
    by_notice = {"notice": _hash(noticed[-1]), "duty": "court", "scope": ["name"]}
    waited = {"notice": _hash(came[-1]), "duty": "court", "scope": ["name"]}
    at_once = {"duty": "investigation", "cannot_wait": "would_jeopardise", "scope": ["facts"]}
    told: tuple[tuple[str, list[Row], dict[str, Any], str | None], ...] = (
        ("told by consent", yes, by_consent, None),
        ("told more than was agreed", yes, {**by_consent, "scope": ["name", "contact"]}, UNFOUNDED),
        ("told after consent was taken back", back, by_consent, UNFOUNDED),
        ("told although it was refused", no, {**by_consent, "consent": _hash(no[-1])}, UNFOUNDED),
        ("told by an answer to no request", other, {**by_consent, "consent": _hash(other[-1])},
         UNFOUNDED),
        ("told by another entry than a consent", yes, {**by_consent, "consent": _hash(start[1])},
         UNFOUNDED),
        ("told by consent and duty at once", yes, {**by_consent, "duty": "court"}, UNFOUNDED),
        ("told by nothing", list(start), {"scope": ["name"]}, UNFOUNDED),
        ("told by duty after its time", came, waited, None),
        ("told by duty before its time", noticed, by_notice, UNFOUNDED),
        ("told by duty before its time, urgent", noticed, {**by_notice, "cannot_wait": "urgent"},
         None),
        ("told by another duty than announced", came, {**waited, "duty": "defence"}, UNFOUNDED),
        ("told more than was announced", came, {**waited, "scope": ["facts"]}, UNFOUNDED),
        ("told by duty without a word before", list(start), at_once, None),
        ("told by duty without a reason", list(start), {**at_once, "cannot_wait": None}, UNFOUNDED),
    )  # fmt: skip
    for name, rows, adds, alarm in told:
        row = story.write(name, rows, "anna", "disclosure", ASKED, adds={**NOBODY, **adds})
        yield Told(Scene(f"a disclosure: {name}", [*rows, row]), alarm)
    elsewhere: tuple[tuple[str, list[Row], dict[str, Any]], ...] = (
        ("told to another than was agreed", yes, by_consent),
        ("told to another than was announced", came, waited),
    )
    for name, rows, adds in elsewhere:
        body = {**ASKED, "recipient": "Tidningen"}
        row = story.write(name, rows, "anna", "disclosure", body, adds={**NOBODY, **adds})
        yield Told(Scene(f"a disclosure: {name}", [*rows, row]), UNFOUNDED)


def _refused(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield entries whose heads say what they may not."""
    wrong: tuple[tuple[str, str, str, dict[str, Any], str], ...] = (
        ("a request for nothing", "anna", "consent_request", {"scope": []}, "value"),
        ("a request for more than is listed", "anna", "consent_request", {"scope": ["all"]},
         "value"),
        ("a consent by a handler", "anna", "consent",
         {"request": b64u(bytes(32)), "given": True}, "kind"),
        ("a disclosure by the reporter", "reporter", "disclosure", {"scope": ["name"], **NOBODY},
         "kind"),
        ("a duty that no law lists", "anna", "disclosure",
         {"scope": ["name"], **NOBODY, "duty": "curiosity"}, "value"),
        ("a notice without a day", "anna", "disclosure_notice",
         {"scope": ["name"], "duty": "court", "earliest_on": None}, "value"),
    )  # fmt: skip
    for name, by, kind, adds, reason in wrong:
        row = story.write(name, start, by, kind, ASKED, adds=adds)
        yield Scene(f"refused: {name}", [*start, row], reason)


def _answer(story: Story, after: list[Row], name: str, to: Row, *, given: bool = True) -> Row:
    adds = {"request": _hash(to), "given": given}
    return story.write(name, after, "reporter", "consent", {}, adds=adds)


def _notice_that_has_waited(story: Story, start: Sequence[Row]) -> Row:
    """A notice whose day has come when the next entry comes."""
    adds = {"scope": ["name"], "duty": "court", "earliest_on": "2026-11-22"}
    return story.write(
        "disclosure announced long ago", start, "anna", "disclosure_notice", ASKED, adds=adds
    )


def _hash(row: Row) -> str:
    return b64u(hashlib.sha256(row.record.sealed).digest())
