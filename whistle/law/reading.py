"""Reading a law's file (`states/*.toml`) into a frozen `Law`, and a law into `Limits`.

A file is refused whole when a key is unknown or missing or a value is not of its kind, so
that a misspelt limit is never silently no limit. The version of a law is its code, the day
its file was last checked and the beginning of the file's hash: two files never share one.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypeVar

from whistle.errors import LawError
from whistle.law.calendar import FIRST_YEAR, Calendar, Eve, public_holidays, time_zone
from whistle.law.limits import (
    Acknowledge,
    Certainty,
    Feedback,
    Law,
    Limits,
    Retention,
    Rule,
    Sharing,
    Source,
    Start,
    Task,
)
from whistle.law.periods import parse_period

CODES = ("EU", "SE")
DEFAULT_ZONE = "Europe/Stockholm"

_KIND = TypeVar("_KIND", str, bool, int, date)


class Table:
    """One table of a file; every key must be asked for, or the file is refused.

    Each method raises LawError `states_file` when what it takes is missing or another kind.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._left = dict(values)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, kind: type[_KIND]) -> _KIND:
        """The value under `key`, which must be of exactly this kind."""
        value = self._left.pop(key, None)
        if type(value) is not kind:
            raise LawError("states_file")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        """The list of strings under `key`."""
        values = self._left.pop(key, None)
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise LawError("states_file")
        return tuple(values)

    def table(self, key: str) -> "Table":
        """The table under `key`."""
        value = self._left.pop(key, None)
        if not isinstance(value, dict):
            raise LawError("states_file")
        return Table(value)

    def tables(self, key: str) -> "list[Table]":
        """The tables in the list under `key`; none if the key is absent."""
        values = self._left.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            raise LawError("states_file")
        return [Table(one) for one in values]

    def source(self) -> Source:
        """The citation and the certainty of this table."""
        citation = self.take("citation", str)
        if not citation:
            raise LawError("states_file")
        return Source(citation, Certainty(self.take("certainty", str)))

    def done(self) -> None:
        """Refuse the file if a key was never asked for."""
        if self._left:
            raise LawError("states_file")


def read_rule(parent: Table, key: str) -> Rule | None:
    """The period under `key` with its source; None if the key is absent."""
    if key not in parent:
        return None
    table = parent.table(key)
    rule = Rule(parse_period(table.strings("period")), table.source())
    table.done()
    return rule


def _period_and_source(table: Table) -> tuple[Rule | None, Source]:
    """A table's own period, which may be absent, and its source, which may not."""
    period = parse_period(table.strings("period")) if "period" in table else None
    source = table.source()
    return (Rule(period, source) if period else None), source


def _read_source(parent: Table, key: str) -> Source | None:
    """The source under `key`, which has no period of its own; None if the key is absent."""
    if key not in parent:
        return None
    table = parent.table(key)
    source = table.source()
    table.done()
    return source


def _acknowledge(table: Table) -> Acknowledge:
    exceptions = {}
    for row in table.tables("exceptions"):
        exceptions[row.take("code", str)] = row.source()
        row.done()
    rule, source = _period_and_source(table)
    table.done()
    return Acknowledge(rule, source, MappingProxyType(exceptions))


def _feedback(table: Table) -> Feedback:
    starts = Start(table.take("from", str))
    fallback, extension, further = (
        read_rule(table, key) for key in ("fallback", "extension", "further")
    )
    waived = _read_source(table, "waived")
    rule, source = _period_and_source(table)
    table.done()
    allowed = (Start.ACKNOWLEDGED, Start.RECEIVED) if rule else (Start.NONE,)
    if starts not in allowed or (rule and not fallback):
        raise LawError("states_file")
    return Feedback(starts, rule, source, fallback, extension, further, waived)


def _retention(table: Table) -> Retention:
    starts = Start(table.take("from", str))
    public_body = _read_source(table, "public_body")
    rule, source = _period_and_source(table)
    table.done()
    if (rule is None) != (starts is Start.NONE) or starts is Start.ACKNOWLEDGED:
        raise LawError("states_file")
    return Retention(starts, rule, source, public_body)


def _sharing(parent: Table) -> Sharing | None:
    if "sharing" not in parent:
        return None
    table = parent.table("sharing")
    sharing = Sharing(
        table.take("workers_below", int),
        frozenset(Task(task) for task in table.strings("tasks")),
        table.source(),
    )
    table.done()
    return sharing


def _law(top: Table, digest: str) -> Law:
    code = top.take("code", str)
    computing, anonymous = top.table("computing"), top.table("anonymous")
    meeting = read_rule(top, "meeting")
    if meeting is None:
        raise LawError("states_file")
    law = Law(
        code=code,
        name=top.take("name", str),
        version=f"{code}/{top.take('checked_on', date)}/{digest[:8]}",
        country=top.take("country", str),
        fixed_country=top.take("fixed_country", bool),
        rolls=computing.take("roll", bool),
        eves=frozenset(Eve(eve) for eve in computing.strings("eves")),
        computing=computing.source(),
        acknowledge=_acknowledge(top.table("acknowledge")),
        feedback=_feedback(top.table("feedback")),
        retention=_retention(top.table("retention")),
        meeting=meeting,
        anonymous_must_be_accepted=anonymous.take("must_accept", bool),
        anonymous=anonymous.source(),
        sharing=_sharing(top),
    )
    for table in (top, computing, anonymous):
        table.done()
    return law


def parse_law(file: bytes) -> Law:
    """Read one law's file.

    Raises:
        LawError: `states_file` when it breaks a rule of this module, `period` when a
            period is not written as one.
    """
    try:
        top = Table(tomllib.loads(file.decode()))
        return _law(top, hashlib.sha256(file).hexdigest())
    except ValueError:
        raise LawError("states_file") from None


@cache
def law(code: str) -> Law:
    """The law called `code`: "EU" (the Directive) or "SE" (the Swedish Act).

    Raises:
        LawError: `law` when there is no such law here.
    """
    if code not in CODES:
        raise LawError("law")
    return parse_law(resources.files("whistle.law").joinpath(f"states/{code}.toml").read_bytes())


def limits_under(
    which: Law,
    *,
    country: str | None = None,
    zone: str = DEFAULT_ZONE,
    backup_life_days: int = 0,
    public_body: bool = False,
) -> Limits:
    """The limits of one channel under a law that was already read.

    `country` (ISO 3166, "SE" or "DE-BY") is whose public holidays count; a national law
    is computed with its own and takes no other.

    Raises:
        LawError: `country`, `other_country`, `zone` or `backup_life`.
    """
    if backup_life_days < 0:
        raise LawError("backup_life")
    chosen = which.country if country is None else country
    public_holidays(chosen, FIRST_YEAR)  # an unknown country is refused here, not later
    if which.fixed_country and chosen.partition("-")[0] != which.country:
        raise LawError("other_country")
    return Limits(
        law=which,
        calendar=Calendar(chosen, which.eves, which.rolls),
        zone=time_zone(zone),
        backup_life_days=backup_life_days,
        public_body=public_body,
    )


def limits_for(
    code: str,
    *,
    country: str | None = None,
    zone: str = DEFAULT_ZONE,
    backup_life_days: int = 0,
    public_body: bool = False,
) -> Limits:
    """The limits of one channel under the law called `code`; see `limits_under`.

    Raises:
        LawError: `law`, and what `limits_under` raises.
    """
    return limits_under(
        law(code),
        country=country,
        zone=zone,
        backup_life_days=backup_life_days,
        public_body=public_body,
    )
