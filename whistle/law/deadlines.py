"""The dates of one case: dates in, dates out.

The rules (Directive (EU) 2019/1937 Art. 9(1)(b), (f) and 18(1); Lag (2021:890) 5 kap. 8 §,
7 kap. 8 §, 8 kap. 4 §):

* each duty has a strict date (`…_due_on`) by which everyone steers, and a latest date
  (`…_latest_on`), the legal last day after rolling over free days. Late is counted from
  the first, missed from the second;
* the strict feedback date is the earliest that any reading of the law gives: from the
  acknowledgement, and from the end of the time to acknowledge. So a late acknowledgement
  buys no time;
* the latest feedback date is the literal one: from the acknowledgement if there was one,
  else by the fallback. Whether a late acknowledgement really moves it is an open question;
* an acknowledgement that was waived or withheld changes no date. A ground that the law in
  force does not know is named in `not_recognised`. For a waiver under 5 kap. 8 § 3 p. the
  Swedish text is silent on where the three months begin (preparatory works unread, so
  unverified); the Directive's fallback, the strict reading, is used;
* that Lag (1930:173) 2 § may be used for 5 kap. 8 § is unverified too; since everyone
  steers by the strict date it decides only from when a date counts as missed;
* the time of keeping never rolls: it limits processing, it is no act to be done on a day. A
  channel may keep for a shorter time than its law, and must say how long where the law does not.

Not here: chips and what the clock does about a date (`chips`, `case.clock`), and the other
laws' clocks (`duties`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from whistle.errors import LawError
from whistle.law.calendar import checked
from whistle.law.limits import Certainty, Limits, Rule, Source, Start
from whistle.law.periods import Period, add, add_months

WAIVED = "waived"


@dataclass(frozen=True)
class Facts:
    """What has happened in a case, as far as its dates depend on it.

    `withheld` is the code of the ground for not acknowledging ("identity", …).
    `extended`: the handlers have used an extension that the law may know.
    `feedback_on` is the date of the final feedback.
    """

    received_on: date
    acknowledged_on: date | None = None
    waived: bool = False
    withheld: str | None = None
    extended: bool = False
    feedback_on: date | None = None
    closed_on: date | None = None


@dataclass(frozen=True)
class NotRecognised:
    """A fact that the law in force does not know, and the source that would have to."""

    code: str
    source: Source


@dataclass(frozen=True)
class Deadlines:
    """Every date of one case; None where the law has none, or none yet.

    `erase_by` is the law's last day for keeping; `erase_on` is that day, or an earlier one of
    the channel's own, less the life of the backups: the day on which Whistle erases. `basis`
    gives each date's source by the date's name.
    """

    acknowledge_due_on: date | None
    acknowledge_latest_on: date | None
    feedback_due_on: date | None
    feedback_latest_on: date | None
    erase_by: date | None
    erase_on: date | None
    basis: Mapping[str, Source]
    not_recognised: tuple[NotRecognised, ...]


def deadlines(limits: Limits, facts: Facts) -> Deadlines:
    """Compute every date of a case.

    Raises:
        LawError: `year` when a date is outside 2000 to 2099; `acknowledged_before_received`,
            `feedback_before_received`, `closed_before_received` when the facts contradict
            each other.
    """
    _check(facts)
    law, roll = limits.law, limits.calendar.roll
    acknowledge_due = _acknowledge(limits, facts)
    feedback = _feedback(limits, facts)
    strict, literal = feedback or (None, None)
    erase_by, kept = _erase_by(limits, facts)
    return Deadlines(
        acknowledge_due_on=acknowledge_due,
        acknowledge_latest_on=acknowledge_due and roll(acknowledge_due),
        feedback_due_on=strict.day if strict else None,
        feedback_latest_on=roll(literal.day) if literal else None,
        erase_by=erase_by,
        erase_on=_erase_on(limits, facts, erase_by),
        basis=MappingProxyType(
            {
                "acknowledge_due_on": law.acknowledge.source,
                "acknowledge_latest_on": _both(law.acknowledge.source, law.computing),
                "feedback_due_on": strict.source if strict else law.feedback.source,
                "feedback_latest_on": _both(
                    literal.source if literal else law.feedback.source, law.computing
                ),
                "erase_by": kept,
                "erase_on": kept,
            }
        ),
        not_recognised=_not_recognised(limits, facts),
    )


def _check(facts: Facts) -> None:
    checked(facts.received_on)
    later = {
        "acknowledged_before_received": facts.acknowledged_on,
        "feedback_before_received": facts.feedback_on,
        "closed_before_received": facts.closed_on,
    }
    for reason, day in later.items():
        if day is not None and checked(day) < facts.received_on:
            raise LawError(reason)


def _acknowledge(limits: Limits, facts: Facts) -> date | None:
    rule = limits.law.acknowledge.rule
    if rule is None:
        return None
    return add(facts.received_on, rule.period, limits.calendar.is_free)


@dataclass(frozen=True)
class Reading:
    """One date, not rolled, that a reading of the law gives for the feedback."""

    starts: Start
    start_on: date
    period: Period
    day: date
    source: Source


def feedback_readings(limits: Limits, facts: Facts) -> tuple[Reading, ...]:
    """The fallback first, then, once its start is known, the law's own reading.

    Empty where the law sets no limit.
    """
    feedback = limits.law.feedback
    if feedback.rule is None or feedback.fallback is None:
        return ()
    rule = Rule(feedback.fallback.period, _fallback_source(limits, facts))
    fallback = _reading(Start.RECEIVED, facts.received_on, rule, limits, facts)
    start = facts.received_on if feedback.starts is Start.RECEIVED else facts.acknowledged_on
    if start is None:
        return (fallback,)
    return fallback, _reading(feedback.starts, start, feedback.rule, limits, facts)


def _fallback_source(limits: Limits, facts: Facts) -> Source:
    """Where the fallback stands, and how surely for these facts.

    For who was acknowledged, that it binds beside the law's own reading is ours: it is written for
    reports that were not. For who waived, a law may be silent.
    """
    feedback, law = limits.law.feedback, limits.law
    own = feedback.source if feedback.fallback is None else feedback.fallback.source
    if facts.acknowledged_on is not None and feedback.starts is Start.ACKNOWLEDGED:
        return Source(own.citation, Certainty.OURS)
    if facts.waived and WAIVED in law.acknowledge.exceptions:
        return feedback.waived or own
    return own


def _reading(starts: Start, start: date, rule: Rule, limits: Limits, facts: Facts) -> Reading:
    extension = limits.law.feedback.extension if facts.extended else None
    period, source = rule.period, rule.source
    if extension is not None:
        period, source = period + extension.period, _both(source, extension.source)
    day = add(start, period, limits.calendar.is_free)
    return Reading(starts, start, period, day, source)


def _feedback(limits: Limits, facts: Facts) -> tuple[Reading, Reading] | None:
    """The strict and the literal reading; None where nothing is owed."""
    readings = feedback_readings(limits, facts)
    if not readings:
        return None
    strict = min(reversed(readings), key=lambda one: one.day)
    literal = readings[-1] if facts.acknowledged_on is not None else readings[0]
    return strict, literal


def _erase_by(limits: Limits, facts: Facts) -> tuple[date | None, Source]:
    """The last day for keeping, never rolled, and its source."""
    retention = limits.law.retention
    if limits.public_body and retention.public_body is not None:
        return None, retention.public_body
    closed_on = facts.closed_on
    start = {
        Start.RECEIVED: facts.received_on,
        Start.FEEDBACK: facts.feedback_on or closed_on,
        Start.CLOSED: closed_on,
        Start.END_OF_YEAR: closed_on and closed_on.replace(month=12, day=31),
    }.get(retention.starts)
    if retention.rule is None or start is None:
        return None, retention.source
    return add(start, retention.rule.period, limits.calendar.is_free), retention.source


def _erase_on(limits: Limits, facts: Facts, erase_by: date | None) -> date | None:
    """The earlier of the law's last day and the channel's own, less the life of the backups."""
    ends = [erase_by]
    if limits.keep_months and facts.closed_on and not limits.public_body:
        ends.append(add_months(facts.closed_on, limits.keep_months))
    day = min((one for one in ends if one is not None), default=None)
    return day and day - timedelta(days=limits.backup_life_days)


def _both(first: Source, second: Source) -> Source:
    """Two sources as one, as certain as the less certain of the two."""
    order = (Certainty.VERIFIED, Certainty.SECONDARY, Certainty.MEMORY, Certainty.OURS)
    weakest = max(first.certainty, second.certainty, key=order.index)
    return Source(f"{first.citation}; {second.citation}", weakest)


def _not_recognised(limits: Limits, facts: Facts) -> tuple[NotRecognised, ...]:
    law = limits.law
    said = ([WAIVED] if facts.waived else []) + ([facts.withheld] if facts.withheld else [])
    unknown = [
        NotRecognised(code, law.acknowledge.source)
        for code in said
        if code not in law.acknowledge.exceptions
    ]
    if facts.extended and law.feedback.extension is None:
        unknown.append(NotRecognised("extended", law.feedback.source))
    return tuple(unknown)
