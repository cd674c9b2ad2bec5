"""The other clocks of a channel: data protection, meetings, reprisals, access.

The rules:

* a data subject's request is answered within one month of its receipt, or three when it was
  extended with notice inside the first (GDPR Art. 12(3));
* a person concerned is told within one month (GDPR Art. 14(3)(a)), unless postponed with a
  recorded reason, which is no date and so is not decided here;
* a breach is notified within 72 hours of becoming aware (GDPR Art. 33(1)): hours do not
  roll. A proposal to make them 96 was not agreed when this was last checked;
* the record of a conversation, its minutes or a transcript, is offered to the reporter to check,
  correct and sign (Directive Art. 18(2) to (4)); no text says by when, the figure is ours;
* a meeting that the reporter asks for is offered within the law's limit or, where the law
  only says "reasonable", within the default that the law's file names;
* before the reporter's identity is disclosed by a legal duty the reporter is told and has time to
  answer (Directive Art. 16(3)); the text sets no time, so it is our choice;
* reprisals are asked about at 3, 6 and 12 months, and access is gone through yearly: good
  practice, written in no text.

Periods of Union law roll by Regulation 1182/71 with the channel's country; the date before
rolling is the one to steer by.
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources

from whistle.errors import LawError
from whistle.law.calendar import Calendar, checked
from whistle.law.limits import Limits, Rule, Source
from whistle.law.periods import add
from whistle.law.reading import Table, read_rule

_REPRISAL_CHECKS = ("reprisal_check_1", "reprisal_check_2", "reprisal_check_3")


@dataclass(frozen=True)
class Duty:
    """One dated duty: the strict date, the date after rolling, and where it stands."""

    code: str
    due_on: date
    latest_on: date
    source: Source


@cache
def _file() -> dict[str, object]:
    text = resources.files("whistle.law").joinpath("duties.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _known(code: str) -> Rule:
    rule = read_rule(Table(_file()), code)
    if rule is None:
        raise LawError("duty")
    return rule


def _dated(code: str, start: date, rule: Rule, calendar: Calendar) -> Duty:
    due_on = add(checked(start), rule.period, calendar.is_free)
    return Duty(code, due_on, calendar.roll(due_on), rule.source)


def _union(limits: Limits) -> Calendar:
    """The channel's country under Regulation 1182/71, in which the eves are working days."""
    return Calendar(limits.calendar.country)


def data_request(limits: Limits, received_on: date, *, extended: bool = False) -> Duty:
    """When a data subject's request must be answered (GDPR Art. 12(3))."""
    code = "data_request_extended" if extended else "data_request"
    return _dated(code, received_on, _known(code), _union(limits))


def person_concerned_notice(limits: Limits, obtained_on: date) -> Duty:
    """When a person concerned must have been told (GDPR Art. 14(3)(a))."""
    code = "person_concerned_notice"
    return _dated(code, obtained_on, _known(code), _union(limits))


def transcript_offer(limits: Limits, made_on: date) -> Duty:
    """When the reporter must have been offered the record of a conversation to check and sign."""
    return _dated("transcript_offer", made_on, _known("transcript_offer"), _union(limits))


def breach_due_at(aware_at: datetime, own_hours: int = 0) -> datetime:
    """The instant, in UTC, by which a breach is notified (GDPR Art. 33(1)).

    `own_hours` of the channel's own shorten the time and never lengthen it; 0: the law's.

    Raises:
        LawError: `naive` when the instant has no offset.
    """
    if aware_at.utcoffset() is None:
        raise LawError("naive")
    hours = Table(_file()).table("breach").take("hours", int)
    return aware_at.astimezone(UTC) + timedelta(hours=min(own_hours or hours, hours))


def meeting_offer(limits: Limits, asked_on: date) -> Duty:
    """When a time for a meeting must have been offered; never rolled to a later day."""
    rule = limits.law.meeting
    due_on = add(checked(asked_on), rule.period, limits.calendar.is_free)
    return Duty("meeting", due_on, due_on, rule.source)


def archive_handover(limits: Limits, closed_on: date) -> Duty | None:
    """When a public body's closed case must have gone to the archive; None for others.

    It erases nothing, yet stops using what it keeps when the time of keeping ends (Lag (2021:890)
    7 kap. 8 §). The time never rolls.
    """
    rule, source = limits.law.retention.rule, limits.law.retention.public_body
    if not limits.public_body or rule is None or source is None:
        return None
    due_on = add(checked(closed_on), rule.period, limits.calendar.is_free)
    return Duty("archive", due_on, due_on, source)


def reprisal_checks(received_on: date, erase_on: date | None) -> tuple[Duty, ...]:
    """The days on which the reporter is asked about reprisals, up to the erasure."""
    checks = []
    for code in _REPRISAL_CHECKS:
        rule = _known(code)
        due_on = add(checked(received_on), rule.period, lambda _: False)
        if erase_on is None or due_on < erase_on:
            checks.append(Duty(code, due_on, due_on, rule.source))
    return tuple(checks)


def access_review(last_on: date) -> Duty:
    """When the appointments and the access of everyone are gone through next."""
    rule = _known("access_review")
    due_on = add(checked(last_on), rule.period, lambda _: False)
    return Duty("access_review", due_on, due_on, rule.source)


def disclosure(noticed_on: date) -> Duty:
    """When who the reporter is may be disclosed by duty, once that was announced; never earlier."""
    rule = _known("disclosure")
    due_on = add(checked(noticed_on), rule.period, lambda _: False)
    return Duty("disclosure", due_on, due_on, rule.source)


def recovery_roll(begun_on: date) -> Duty:
    """When a recovery key that counts since a day is renewed."""
    rule = _known("recovery_roll")
    due_on = add(checked(begun_on), rule.period, lambda _: False)
    return Duty("recovery_roll", due_on, due_on, rule.source)


def recovery_roll_told_on(begun_on: date) -> date:
    """From when the renewal stands among the tasks: time to bring the holders together."""
    days = Table(_file()).table("recovery_roll_told").take("days", int)
    return recovery_roll(begun_on).due_on - timedelta(days=days)


def further_feedback(limits: Limits, given_on: date) -> Duty | None:
    """When feedback is owed again after `given_on` if the reporter asks; None if never."""
    rule = limits.law.feedback.further
    if rule is None:
        return None
    return _dated("further_feedback", given_on, rule, limits.calendar)
