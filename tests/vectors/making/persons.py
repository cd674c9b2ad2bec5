"""Vectors of persons who are named: grounds that count or not (an alarm), and refused heads."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.vectors.making.accesses import DESK_KEY
from tests.vectors.making.story import Row, Scene, Story, Wrong
from whistle.crypto.encoding import b64u

NAME = {"name": "Kalle Berg"}
TOLD = {"recipient": "Polisen", "why": "De vill höra honom."}
ENDED = {"why": "Han tog tillbaka det."}
NO_GROUND = {"given": None, "given_on": None, "duty": None}
CONSENT = {**NO_GROUND, "given": "in_writing", "given_on": "2026-11-21"}
DUTY = {**NO_GROUND, "duty": "court"}
UNFOUNDED = "person_unfounded"


@dataclass(frozen=True)
class Told:
    """A scene, and the alarms of its entries behind the first."""

    scene: Scene
    alarms: tuple[str | None, ...]


def scenes(story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield all of them for the vectors."""
    write = Desk(story, start)
    yield from (told.scene for told in named(write))
    yield from _refused(write, story, start)


def named(write: "Desk") -> Iterator[Told]:
    """Yield desk chains that say something of persons who are named."""
    first = write.first
    kalle = write("kalle is listed", [first], "person", NAME, {"role": "concerned"})
    listed = [first, kalle]
    of_kalle = {"person": _hash(kalle)}
    ways: tuple[tuple[str, dict[str, Any], str | None], ...] = (
        ("by consent", {**of_kalle, **CONSENT}, None),
        ("by spoken consent of the same day", {**of_kalle, **CONSENT, "given": "spoken",
         "given_on": "2026-11-22"}, None),
        ("by a duty", {**of_kalle, **DUTY}, None),
        ("by nothing", {**of_kalle, **NO_GROUND}, UNFOUNDED),
        ("by consent and duty at once", {**of_kalle, **CONSENT, "duty": "court"}, UNFOUNDED),
        ("by a consent without a day", {**of_kalle, **CONSENT, "given_on": None}, UNFOUNDED),
        ("by a day without a consent", {**of_kalle, **CONSENT, "given": None}, UNFOUNDED),
        ("by a duty with a day of consent", {**of_kalle, **DUTY, "given_on": "2026-11-21"},
         UNFOUNDED),
        ("by a consent that is yet to come", {**of_kalle, **CONSENT, "given_on": "2026-11-23"},
         UNFOUNDED),
        ("although nobody listed him", {"person": b64u(bytes(32)), **CONSENT}, UNFOUNDED),
        ("of an entry that lists nobody", {"person": _hash(first), **CONSENT}, UNFOUNDED),
    )  # fmt: skip
    for name, adds, alarm in ways:
        row = write(f"name told {name}", listed, "person_ground", TOLD, adds)
        yield Told(write.scene(f"a name may be told: {name}", [*listed, row]), (None, alarm))
    ground = write("consent of kalle", listed, "person_ground", TOLD, {**of_kalle, **CONSENT})
    told = [*listed, ground]
    back = write("consent ended", told, "person_ended", ENDED, {"ended": _hash(ground)})
    gone = write("kalle is off the list", told, "person_ended", ENDED, {"ended": _hash(kalle)})
    yield Told(write.scene("a ground is ended", [*told, back]), (None, None, None))
    twice = write("ended twice", [*told, back], "person_ended", ENDED, {"ended": _hash(ground)})
    yield Told(
        write.scene("a ground is ended twice", [*told, back, twice]), (None, None, None, UNFOUNDED)
    )
    late = write("of one off the list", [*told, gone], "person_ground", TOLD, {**of_kalle, **DUTY})
    yield Told(
        write.scene("of somebody who was taken off the list", [*told, gone, late]),
        (None, None, None, UNFOUNDED),
    )


def _refused(write: "Desk", story: Story, start: Sequence[Row]) -> Iterator[Scene]:
    """Yield entries whose heads say what they may not, or stand in the other chain."""
    of = {"person": b64u(bytes(32))}
    wrong: tuple[tuple[str, str, dict[str, Any], str], ...] = (
        ("as what no list says", "person", {"role": "boss"}, "value"),
        ("a consent by hearsay", "person_ground", {**of, **CONSENT, "given": "hearsay"}, "value"),
        ("a duty that no law lists", "person_ground", {**of, **DUTY, "duty": "curiosity"}, "value"),
        ("a consent on no day", "person_ground", {**of, **CONSENT, "given_on": "soon"}, "value"),
        ("an end of nothing", "person_ended", {"ended": "x"}, "value"),
    )
    for name, kind, adds, reason in wrong:
        row = write(f"refused {name}", [write.first], kind, NAME, adds)
        yield write.scene(f"refused: {name}", [write.first, row], reason)
    shown = story.write(
        "a name for the reporter to read", start, "anna", "person", NAME, adds={"role": "witness"}
    )
    yield Scene("a name in the chain that the reporter reads", [*start, shown], "kind")


class Desk:
    """Writes the desk chain of one case, by Anna."""

    def __init__(self, story: Story, start: Sequence[Row]) -> None:
        self._story, self._start = story, start
        key = {"desk_key": b64u(DESK_KEY.public_key.raw)}
        self.first = self("desk of persons", [], "desk", {}, key)

    def __call__(
        self,
        name: str,
        after: Sequence[Row],
        kind: str,
        body: dict[str, Any],
        adds: dict[str, Any],
    ) -> Row:
        """Write one more entry."""
        to_desk = Wrong(to=[DESK_KEY.public_key])
        return self._story.write(
            name, after, "anna", kind, body, adds=adds, chain="desk", wrong=to_desk
        )

    def scene(self, comment: str, rows: Sequence[Row], reason: str | None = None) -> Scene:
        """Return the desk chain as a scene."""
        return Scene(comment, rows, reason, case=self._start, keys=[DESK_KEY])


def _hash(row: Row) -> str:
    return b64u(hashlib.sha256(row.record.sealed).digest())
