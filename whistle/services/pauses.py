"""Times that may be wrong: too far after the last turn of the clock, or before it.

Nobody inside can tell a server that was off, or a machine beside it that is wrong, from a wrong
time of its own; and what the clock does at a wrong time is done for good: cases are erased,
reporters are told of dates that have not passed. Rules:

* when a machine's time is more than `LONGEST` after the last turn or more than `SLACK` before it,
  no turn of that machine does anything until its time is right again, or somebody who looks at a
  calendar has said that it is right: an officer, or the operator;
* of machines that differ by more, those that agree with the last turn go on, and the pause of the
  others stays shown: of two that differ by less than `LONGEST`, the one behind holds;
* who says that a time is right sets the mark of the last turn to it. So that holds for the time
  that they saw, not for any that comes after it. If the last turn lay ahead, every case is looked
  at again: each may sleep until a day that was never there (mending.py has the rest);
* in a pause handlers' dated acts wait, because a wrong date would make them late for ever; what a
  reporter writes is taken, and puts no date among the late and the missed; reporters read their
  dates as they were at the last turn, or earlier where the machine's time is, so that nobody
  believes a date missed that is not. Who sees a case may be changed: that never waits;
* the first turn ever has nothing to be compared with, and goes. Nor is a time suspected that is
  wrong by less: what is due at it is done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from whistle.errors import ConflictError, FilingError
from whistle.services import log, marks
from whistle.services.parts import Parts
from whistle.storage.tables import Case

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

    @property
    def is_behind(self) -> bool:
        """Whether the last turn lies ahead of what the machine says."""
        return self.now < self.last_turn


def met(session: Session, now: datetime) -> Pause | None:
    """The pause between the last turn and `now`, if they are too far apart to go on."""
    return between(marks.get(session, marks.SWEEP), now)


def between(last: datetime | None, now: datetime) -> Pause | None:
    """The same, from when the clock turned last."""
    if last is None or -SLACK <= now - last <= LONGEST:
        return None
    return Pause(last, now)


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
    """Go on from now: somebody has said that `seen` is the right time.

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
        if found.is_behind:
            today = parts.today(parts.settings.channels[0])
            session.execute(update(Case).where(Case.erased_on.is_(None)).values(wake_on=today))
        marks.put(session, marks.SWEEP, now)
        forget(session)
        about, on = found.last_turn.date().isoformat(), now.date()
        payload = {"event": "PauseEnded", "case": None, "who": by, "about": about}
        log.record(session, {**payload, "on": on.isoformat()}, case_id=None, on=on, at=now)
