"""The log as officer and auditor read it: who did what and when, and no membership in a case.

Rules (protocol section 9):
* a case has no name here. What one person did in one case has the same short mark on each line, so
  that one sees whether somebody opened one case ten times or ten cases; two persons' marks for the
  same case are different, so that nobody can be seen to be missing from it;
* a reporter's acts have their day, never an instant: the log has none;
* who handles cases themselves is shown the office's own acts only, numbered among themselves: from
  the others, from their places and from the chain's length they could tell that there is a case
  which they do not see.
"""

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.errors import LogError
from whistle.services import log
from whistle.services.parts import Parts
from whistle.storage.tables import LogEvent

PAGE = 50
CSV_MAX = 50_000
BATCH = 500
_LABEL = b"whistle/log-mark/v1\0"
_SYMBOLS = "BCDFGHJKLMNPQRSTVWXZ"
MARK_SYMBOLS = 5


@dataclass(frozen=True)
class Asked:
    """What is looked for; empty fields look for everything."""

    event: str = ""
    person: str = ""
    first_on: date | None = None
    last_on: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class Line:
    """One event. `at` is None for a reporter's, and for what the clock did at the filing.

    `position` is the place in the chain; for who handles cases, among the lines that they see.
    """

    position: int
    event: str
    who: str
    about: str
    on: date
    at: datetime | None
    mark: str


@dataclass(frozen=True)
class Page:
    """Lines, the newest first, and the position before which the next page begins."""

    lines: list[Line]
    before: int | None


def page(parts: Parts, asked: Asked, *, handles: bool) -> Page:
    """One page of the log. `handles`: the reader has a place at the desk as well."""
    found: list[Line] = []
    with parts.database.reading() as session:
        for line in _lines(session, parts, asked, handles=handles):
            if len(found) == PAGE:
                return Page(found, found[-1].position)
            found.append(line)
    return Page(found, None)


def everything(parts: Parts, asked: Asked, *, handles: bool) -> list[Line]:
    """All lines that are looked for, at most 50 000, for a file."""
    with parts.database.reading() as session:
        lines = _lines(session, parts, asked, handles=handles)
        return [line for line, _ in zip(lines, range(CSV_MAX), strict=False)]


@dataclass(frozen=True)
class Anchor:
    """Length and head of the chain on a day, as one line to keep; `by_mail`: it is mailed too."""

    on: date
    line: str
    by_mail: bool


def anchor_today(parts: Parts) -> Anchor:
    """What to keep somewhere else, so that nobody can cut off the end of the log unseen.

    Not for who handles cases: the length grows with a case that they were left out of.
    """
    with parts.database.reading() as session:
        count, head = log.last_head(session)
    whole = head if log.is_whole(head) else log.FIRST_HEAD
    today = parts.today(parts.settings.channels[0])
    return Anchor(today, f"{count}:{whole.hex()}", parts.settings.mail is not None)


def verified(parts: Parts, anchor: str) -> tuple[log.Verified, str]:
    """Check the whole chain, against an anchor if one is given; return it, and what is wrong.

    Raises:
        LogError: `anchor_form`, what was given is no anchor.
    """
    known = _anchor(anchor) if anchor else None
    with parts.database.reading() as session:
        count, head = log.last_head(session)
        try:
            return log.verify(session, known), ""
        except LogError as error:
            kept = head if log.is_whole(head) else log.FIRST_HEAD
            return log.Verified(count, 0, kept), error.reason


def _anchor(text: str) -> tuple[int, bytes]:
    length, _, head = text.strip().partition(":")
    try:
        found = int(length), bytes.fromhex(head)
    except ValueError as error:
        raise LogError("anchor_form") from error
    if found[0] < 0 or len(found[1]) != len(log.FIRST_HEAD):
        raise LogError("anchor_form")
    return found


def _lines(session: Session, parts: Parts, asked: Asked, *, handles: bool) -> Iterator[Line]:
    every = _numbered(session, parts) if handles else _of_all(session, parts, asked.before)
    before = asked.before
    return (
        line
        for line in every
        if _wanted(line, asked) and (before is None or line.position < before)
    )


def _numbered(session: Session, parts: Parts) -> Iterator[Line]:
    """What tells of no case, the newest first, numbered as if nothing else stood in the log."""
    own = select(LogEvent).where(LogEvent.case_id.is_(None), LogEvent.payload.is_not(None))
    lines = [
        _line(parts, event, json.loads(event.payload or b""))
        for event in session.scalars(own.order_by(LogEvent.position))
    ]
    lines = [line for line in lines if line.event != log.TRACE]
    for number in range(len(lines), 0, -1):
        yield replace(lines[number - 1], position=number)


def _of_all(session: Session, parts: Parts, before: int | None) -> Iterator[Line]:
    while True:
        query = select(LogEvent).order_by(LogEvent.position.desc()).limit(BATCH)
        if before is not None:
            query = query.where(LogEvent.position < before)
        events = session.scalars(query).all()
        for event in events:
            if event.payload is not None:
                yield _line(parts, event, json.loads(event.payload))
        if len(events) < BATCH:
            return
        before = events[-1].position


def _line(parts: Parts, event: LogEvent, said: dict[str, Any]) -> Line:
    who = str(said.get("who", ""))
    at = said.get("at")
    instant = datetime.fromisoformat(at) if at else None
    on = date.fromisoformat(said["on"]) if "on" in said else instant.date() if instant else date.min
    mark = _mark(parts, who, event.case_id) if event.case_id and instant else ""
    about = "" if event.case_id else str(said.get("about", ""))
    return Line(event.position, str(said.get("event", "")), who, about, on, instant, mark)


def _wanted(line: Line, asked: Asked) -> bool:
    return (
        asked.event in {"", line.event}
        and asked.person in {"", line.who, line.about}
        and (asked.first_on is None or line.on >= asked.first_on)
        and (asked.last_on is None or line.on <= asked.last_on)
    )


def _mark(parts: Parts, who: str, case_id: bytes) -> str:
    """Five letters for one person's work in one case; another person's are others."""
    key = parts.service_key.seed
    drawn = int.from_bytes(hmac.digest(key, _LABEL + who.encode() + b"\0" + case_id, "sha256"))
    letters = []
    for _ in range(MARK_SYMBOLS):
        drawn, at = divmod(drawn, len(_SYMBOLS))
        letters.append(_SYMBOLS[at])
    return "".join(letters)
