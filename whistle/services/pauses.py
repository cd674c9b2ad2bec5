"""Days that no turn of the clock has seen: the server was away, or a machine's time is wrong.

Nobody inside can tell the two apart, and what the clock does at a wrong time is done for good:
cases are erased, reporters are told of dates that have not passed. Rules:

* when more than `LONGEST` has passed since the last turn, no turn does anything until somebody who
  looks at a calendar has said that the time is right: an officer, or the operator;
* what they say holds for the time that they saw, not for any that comes after it;
* a mark that lies ahead of the present was made under a wrong time and counts for nothing;
* meanwhile handlers' dated acts wait, because a wrong date would make them late for ever; what a
  reporter writes is taken, and puts no date among the late and the missed; reporters read their
  dates as they were at the last turn, so that nobody believes a date missed that is not;
* the first turn ever has nothing to be compared with, and goes;
* while one machine of several says a wrong time the others go on, and the pause stays shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from whistle.errors import ConflictError, FilingError
from whistle.services import log, marks
from whistle.services.parts import Parts

LONGEST = timedelta(days=31)
"""A server that was off for a month is seldom; a wrong time is off by years, or by a whole zone."""
SLACK = timedelta(days=1)
"""So far may two machines be from each other, and a page be left open before it is answered."""
SHOWN = timedelta(minutes=10)
"""So long after the turn before it a pause that another machine has met stays noted."""


@dataclass(frozen=True)
class Pause:
    """The last turn of the clock, and the present as a machine says it."""

    last_turn: datetime
    now: datetime


def met(session: Session, now: datetime) -> Pause | None:
    """The pause that lies between the last turn and `now`, if it is too long to go on."""
    return between(marks.get(session, marks.SWEEP), marks.get(session, marks.PAUSE_OVER), now)


def between(last: datetime | None, over: datetime | None, now: datetime) -> Pause | None:
    """The same, from when the clock turned last and what time somebody has said to be right."""
    if last is None:
        return None
    since = last if over is None or is_ahead(over, now) else max(last, over)
    return Pause(last, now) if now - since > LONGEST else None


def lasts(session: Session, parts: Parts) -> bool:
    """Whether this machine's time is suspected now; the demo's, moved by hand, never is."""
    return not parts.settings.demo and met(session, parts.clock()) is not None


def refuse(session: Session, parts: Parts) -> None:
    """Let nothing happen that its date would make late.

    Raises:
        ConflictError: `time_unsure`.
    """
    if lasts(session, parts):
        raise ConflictError("time_unsure")


def is_ahead(at: datetime | None, now: datetime) -> bool:
    """Whether an instant that was noted lies further ahead than two machines may differ."""
    return at is not None and at - now > SLACK


def noted(session: Session) -> Pause | None:
    """The pause that some machine has met, if it is not over."""
    said, since = marks.get(session, marks.PAUSE), marks.get(session, marks.PAUSE_SINCE)
    return None if said is None or since is None else Pause(since, said)


def keep(session: Session, found: Pause) -> None:
    """Note a pause, so that every machine can show it."""
    marks.put(session, marks.PAUSE, found.now)
    marks.put(session, marks.PAUSE_SINCE, found.last_turn)


def is_over(session: Session, now: datetime) -> bool:
    """Whether a noted pause can be forgotten: no machine has met it for a while."""
    since = marks.get(session, marks.PAUSE_SINCE)
    return since is not None and not timedelta() <= now - since <= SHOWN


def forget(session: Session) -> None:
    """Forget a noted pause."""
    for key in (marks.PAUSE, marks.PAUSE_SINCE, marks.PAUSE_TOLD):
        marks.drop(session, key)


def end(parts: Parts, by: str, seen: datetime) -> None:
    """Note that somebody has said that `seen` is the right time, and what it was after.

    Raises:
        FilingError: `no_pause`, there is none here; `seen`, it is another time by now.
    """
    now = parts.clock()
    with parts.database.writing() as session:
        found = met(session, now)
        if found is None:
            raise FilingError("no_pause")
        if abs(now - seen) > SLACK:
            raise FilingError("seen")
        marks.put(session, marks.PAUSE_OVER, seen, by)
        forget(session)
        about, on = found.last_turn.date().isoformat(), now.date()
        payload = {"event": "PauseEnded", "case": None, "who": by, "about": about}
        log.record(session, {**payload, "on": on.isoformat()}, case_id=None, on=on, at=now)
