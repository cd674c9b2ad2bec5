"""The time limits of each law, as frozen data with their citations.

The figures stand in `states/*.toml` and nowhere else. Another state's law is another file:
how its acknowledgement is counted (calendar or working days, or none), from what its
feedback runs and what holds when nobody acknowledged, whether it may be extended or must be
repeated, from what the time of keeping runs, which exceptions it knows, and how surely each
was read.

`Limits` is what one channel goes by: a law, the country whose public holidays count, the
zone whose dates count, how long its backups live, and whether it is a public body.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from whistle.law.calendar import Calendar, Eve
from whistle.law.periods import Period


class Certainty(StrEnum):
    """How surely a figure is known."""

    VERIFIED = "v"
    SECONDARY = "s"
    MEMORY = "m"
    OURS = "i"


class Start(StrEnum):
    """The event from which a period runs."""

    ACKNOWLEDGED = "acknowledged"
    RECEIVED = "received"
    FEEDBACK = "feedback"
    CLOSED = "closed"
    END_OF_YEAR = "end_of_year"
    NONE = "none"


class Task(StrEnum):
    """A task of the appointed persons (Lag (2021:890) 5 kap. 5 §)."""

    RECEIVE = "receive"
    INVESTIGATE = "investigate"
    CONTACT = "contact"


@dataclass(frozen=True)
class Source:
    """Where a figure stands, and how surely it was read there."""

    citation: str
    certainty: Certainty


@dataclass(frozen=True)
class Rule:
    """A period and its source."""

    period: Period
    source: Source


@dataclass(frozen=True)
class Acknowledge:
    """The duty to acknowledge receipt; `rule` is None where a law sets no limit.

    `exceptions` maps each ground the law knows ("waived", "identity", …) to its source.
    """

    rule: Rule | None
    source: Source
    exceptions: Mapping[str, Source]


@dataclass(frozen=True)
class Feedback:
    """The duty to give feedback; `rule` is None where a law sets no limit.

    `starts` is acknowledged or received. `fallback` is counted from the receipt date and
    holds when nobody acknowledged. `extension` may be added once in the cases the law
    names; `further` is how often feedback is repeated when the reporter asks for it. `waived` is
    the source for using the fallback where the reporter waived the acknowledgement, where it is
    another one than the fallback's own.
    """

    starts: Start
    rule: Rule | None
    source: Source
    fallback: Rule | None
    extension: Rule | None
    further: Rule | None
    waived: Source | None


@dataclass(frozen=True)
class Retention:
    """How long a case may be kept; `rule` is None where the law has no figure.

    `public_body` is the source that takes a public body out of it, if there is one.
    """

    starts: Start
    rule: Rule | None
    source: Source
    public_body: Source | None


@dataclass(frozen=True)
class Sharing:
    """What entities below a number of workers may share: `tasks`, and nothing else."""

    workers_below: int
    tasks: frozenset[Task]
    source: Source


@dataclass(frozen=True)
class Law:
    """One law's time limits. `version` names exactly these figures in every event."""

    code: str
    name: str
    version: str
    country: str
    fixed_country: bool
    rolls: bool
    eves: frozenset[Eve]
    computing: Source
    acknowledge: Acknowledge
    feedback: Feedback
    retention: Retention
    meeting: Rule
    anonymous_must_be_accepted: bool
    anonymous: Source
    sharing: Sharing | None


@dataclass(frozen=True)
class Limits:
    """The law as it binds one channel.

    `backup_life_days`: how many days a deleted thing lives on in backups; erasure is
    planned that much earlier. `keep_months`: how long the channel itself keeps a closed case, 0
    for as long as the law lets it. `breach_hours`: in how many hours it notifies a breach, 0 for
    the law's. Both only ever shorten.
    """

    law: Law
    calendar: Calendar
    zone: ZoneInfo
    backup_life_days: int = 0
    public_body: bool = False
    keep_months: int = 0
    breach_hours: int = 0

    @property
    def version(self) -> str:
        """The rules' version, for the event log."""
        return self.law.version
