"""Why the dates are as they are: the reasoning, step by step, in plain words.

Each step says which date it leads to, a code and its values for programs, and one sentence
for people. The sentences restate what `deadlines` computed and compute nothing of their own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from babel.dates import format_date

from whistle.errors import LawError
from whistle.law.deadlines import WAIVED, Deadlines, Facts, Reading, deadlines, feedback_readings
from whistle.law.limits import Certainty, Limits, Start
from whistle.law.periods import Period, Unit
from whistle.law.sentences import SENTENCES, WORDS

LANGUAGES = tuple(SENTENCES)

_DAY = {"en": "EEEE d MMMM y", "sv": "EEEE 'den' d MMMM y"}


@dataclass(frozen=True)
class Step:
    """One step of the reasoning: the date it is about, its code and values, its sentence."""

    about: str
    code: str
    values: Mapping[str, str]
    sentence: str


def explain(limits: Limits, facts: Facts, language: str = "en") -> tuple[Step, ...]:
    """How each date of a case came about, in the order in which they are computed.

    Raises:
        LawError: `language`, or what `deadlines` raises.
    """
    if language not in SENTENCES:
        raise LawError("language")
    dates = deadlines(limits, facts)
    words = _Words(language)
    return (
        *_received(limits, facts, words),
        *_acknowledge(limits, facts, dates, words),
        *_exceptions(facts, dates, words),
        *_feedback(limits, facts, dates, words),
        *_erase(limits, facts, dates, words),
        *_certainty(dates, words),
    )


class _Words:
    """Steps, days and periods in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def step(self, about: str, code: str, **values: str) -> Step:
        sentence = SENTENCES[self.language][code].format(**values)
        sentence = sentence[0].upper() + sentence[1:]
        return Step(about, code, MappingProxyType(values), sentence)

    def word(self, code: str) -> str:
        return WORDS[self.language][code]

    def day(self, day: date) -> str:
        return format_date(day, _DAY[self.language], locale=self.language)

    def count(self, count: int, unit: Unit) -> str:
        return f"{count} {self.word(f'{unit}.one' if count == 1 else unit)}"

    def period(self, period: Period) -> str:
        return self.word("then").join(self.count(part.count, part.unit) for part in period)


def _received(limits: Limits, facts: Facts, words: _Words) -> Iterator[Step]:
    yield words.step(
        "received_on", "received", day=words.day(facts.received_on), zone=limits.zone.key
    )


def _acknowledge(limits: Limits, facts: Facts, dates: Deadlines, words: _Words) -> Iterator[Step]:
    rule, due_on = limits.law.acknowledge.rule, dates.acknowledge_due_on
    if rule is None or due_on is None:
        yield words.step("acknowledge_due_on", "acknowledge_none")
        return
    yield words.step(
        "acknowledge_due_on",
        "acknowledge_due",
        period=words.period(rule.period),
        day=words.day(due_on),
    )
    yield _rolled(limits, "acknowledge_latest_on", due_on, words)
    given_on = facts.acknowledged_on
    if given_on is None:
        return
    if given_on <= due_on:
        yield words.step("feedback_due_on", "acknowledged", day=words.day(given_on))
        return
    days = words.count((given_on - due_on).days, Unit.DAYS)
    yield words.step("feedback_due_on", "acknowledged_late", day=words.day(given_on), days=days)


def _rolled(limits: Limits, about: str, day: date, words: _Words) -> Step:
    """What rolling made of `day`."""
    why = limits.calendar.why_free(day)
    if not limits.calendar.rolls:
        return words.step(about, "never_rolled", day=words.day(day))
    if why is None:
        return words.step(about, "not_rolled", day=words.day(day))
    moved = words.day(limits.calendar.roll(day))
    return words.step(about, "rolled", from_day=words.day(day), why=words.word(why), day=moved)


def _exceptions(facts: Facts, dates: Deadlines, words: _Words) -> Iterator[Step]:
    unknown = {one.code for one in dates.not_recognised}
    if facts.waived and WAIVED not in unknown:
        yield words.step("feedback_due_on", "waived")
    if facts.withheld is not None and facts.withheld not in unknown:
        yield words.step("feedback_due_on", "withheld", ground=facts.withheld)
    for one in dates.not_recognised:
        yield words.step("feedback_due_on", "not_recognised", ground=one.code)


def _feedback(limits: Limits, facts: Facts, dates: Deadlines, words: _Words) -> Iterator[Step]:
    readings = feedback_readings(limits, facts)
    if not readings or dates.feedback_due_on is None:
        yield words.step("feedback_due_on", "feedback_none")
        return
    if facts.extended and limits.law.feedback.extension is not None:
        yield words.step("feedback_due_on", "extended")
    for index, reading in enumerate(readings):
        yield from _reading("fallback" if index == 0 else reading.starts.value, reading, words)
    code = "strict_is_earliest" if len(readings) > 1 else "strict_is_only"
    yield words.step("feedback_due_on", code, day=words.day(dates.feedback_due_on))
    literal = readings[-1] if facts.acknowledged_on is not None else readings[0]
    yield _rolled(limits, "feedback_latest_on", literal.day, words)


def _reading(name: str, reading: Reading, words: _Words) -> Iterator[Step]:
    yield words.step(
        "feedback_due_on",
        f"reading_{name}",
        period=words.period(reading.period),
        day=words.day(reading.day),
    )


def _erase(limits: Limits, facts: Facts, dates: Deadlines, words: _Words) -> Iterator[Step]:
    retention = limits.law.retention
    if dates.erase_by is None or dates.erase_on is None or retention.rule is None:
        if limits.keep_months and dates.erase_on is not None:
            yield words.step("erase_on", "erase_own", day=words.day(dates.erase_on))
            return
        code = "erase_not_yet"
        if retention.rule is None:
            code = "erase_none"
        elif limits.public_body and retention.public_body is not None:
            code = "erase_public_body"
        yield words.step("erase_by", code)
        return
    starts = retention.starts
    if starts is Start.FEEDBACK and facts.feedback_on is None:
        starts = Start.CLOSED
    yield words.step(
        "erase_by",
        "erase",
        period=words.period(retention.rule.period),
        start=words.word(starts),
        day=words.day(dates.erase_by),
    )
    if limits.keep_months:
        yield words.step("erase_on", "erase_own", day=words.day(dates.erase_on))
    elif limits.backup_life_days:
        days = words.count(limits.backup_life_days, Unit.DAYS)
        yield words.step("erase_on", "erase_backups", days=days, day=words.day(dates.erase_on))


def _certainty(dates: Deadlines, words: _Words) -> Iterator[Step]:
    """A warning for each source that was not read in the law's own text."""
    seen = set()
    for about, source in dates.basis.items():
        if source.certainty is not Certainty.VERIFIED and source not in seen:
            seen.add(source)
            code = f"certainty_{source.certainty}"
            yield words.step(about, code, citation=source.citation)
