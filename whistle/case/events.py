"""What can happen to a case, as far as its dates and its access depend on it.

The rules:

* every event has an actor, a date in the channel's zone and the version of the rules that
  were in force, so that the log can say by which figures a date was computed;
* a handler's or the system's event may carry its instant in UTC; what the reporter did has
  a date and never a clock time;
* no event holds content: grounds, outcomes and reasons are codes from the closed lists
  here, and their words stand sealed in the thread.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from whistle.law.chips import Clock


class Side(StrEnum):
    """Who acts."""

    REPORTER = "reporter"
    HANDLER = "handler"
    SYSTEM = "system"


class Outcome(StrEnum):
    """How a case was closed."""

    SUBSTANTIATED = "substantiated"
    PARTLY = "partly"
    UNSUBSTANTIATED = "unsubstantiated"
    OUT_OF_SCOPE = "out_of_scope"
    TRANSFERRED = "transferred"
    SETTLED = "settled"


class NoFeedback(StrEnum):
    """Why a case is closed without final feedback; its words stand sealed in the closing."""

    NO_ROUTE = "no_route"
    WOULD_HARM = "would_harm"
    OUT_OF_SCOPE = "out_of_scope"
    TRANSFERRED = "transferred"


class EraseGround(StrEnum):
    """Why a case is erased: its day has come, or before that it is not needed, or never was."""

    DUE = "due"
    NO_LONGER_NEEDED = "no_longer_needed"
    IRRELEVANT = "irrelevant"


class Ground(StrEnum):
    """What a disclosure of the reporter's identity rests on."""

    CONSENT = "consent"
    DUTY = "duty"
    URGENT = "urgent"
    WOULD_JEOPARDISE = "would_jeopardise"


class Recipient(StrEnum):
    """To whom material of a case goes: the kind, never who."""

    AUTHORITY = "authority"
    POLICE = "police"
    COURT = "court"
    COUNSEL = "counsel"
    OTHER = "other"


@dataclass(frozen=True)
class Actor:
    """Who did it: the side, and the handler's id, or the side's own name."""

    side: Side
    id: str

    @classmethod
    def reporter(cls) -> "Actor":
        """The reporter, who has no id."""
        return cls(Side.REPORTER, "reporter")

    @classmethod
    def system(cls) -> "Actor":
        """The system's own clock."""
        return cls(Side.SYSTEM, "service")

    @classmethod
    def handler(cls, handler_id: str) -> "Actor":
        """One handler."""
        return cls(Side.HANDLER, handler_id)


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event has; `rules` is `Limits.version`, `at` an aware instant or nothing."""

    on: date
    actor: Actor
    rules: str
    at: datetime | None = None

    @property
    def codes(self) -> dict[str, str]:
        """The listed codes of the event that the log keeps beside its kind."""
        return {}


@dataclass(frozen=True, kw_only=True)
class Received(Event):
    """The system accepted the report. The only event that begins a case."""

    waived: bool = False


@dataclass(frozen=True, kw_only=True)
class Acknowledged(Event):
    """Receipt was acknowledged, by a handler or by the system's standard text."""


@dataclass(frozen=True, kw_only=True)
class Waived(Event):
    """The reporter asked for no acknowledgement."""


@dataclass(frozen=True, kw_only=True)
class WaiverRevoked(Event):
    """The reporter wants an acknowledgement after all."""


@dataclass(frozen=True, kw_only=True)
class Withheld(Event):
    """A handler decided, on a ground that the law knows, not to acknowledge."""

    ground: str


@dataclass(frozen=True, kw_only=True)
class MessageWritten(Event):
    """The reporter or a handler wrote."""


@dataclass(frozen=True, kw_only=True)
class MeetingAsked(Event):
    """The reporter asked for a meeting."""


@dataclass(frozen=True, kw_only=True)
class MeetingOffered(Event):
    """A handler offered a time for a meeting."""


@dataclass(frozen=True, kw_only=True)
class FeedbackGiven(Event):
    """Measures and reasons went to the reporter.

    Interim feedback names the date of the next in `next_on`; final feedback names none.
    """

    final: bool
    next_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Extended(Event):
    """A handler used an extension that the law knows; its reasons are in the thread."""


@dataclass(frozen=True, kw_only=True)
class Late(Event):
    """The system told the reporter that a strict date has passed."""

    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Missed(Event):
    """The system told the reporter that a latest date has passed."""

    clock: Clock


@dataclass(frozen=True, kw_only=True)
class FoundOutOfScope(Event):
    """A handler found that the law does not cover the report; confidentiality stays."""


@dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """What a dispute needs was handed to another process under its own legal basis.

    This is all that a legal hold does: the case is not kept a day longer for it.
    """


@dataclass(frozen=True, kw_only=True)
class Exported(HandedOver):
    """A package of the case was made for somebody outside."""

    to: Recipient

    @property
    def codes(self) -> dict[str, str]:
        """To what kind of recipient."""
        return {"to": self.to.value}


@dataclass(frozen=True, kw_only=True)
class ConsentAsked(Event):
    """A handler asked the reporter whether somebody may be told who they are."""


@dataclass(frozen=True, kw_only=True)
class ConsentAnswered(Event):
    """The reporter answered, or changed the answer. Which way stands sealed in the thread."""


@dataclass(frozen=True, kw_only=True)
class DisclosureNoticed(Event):
    """The reporter was told of a legal duty to disclose who they are, and has time to answer."""


@dataclass(frozen=True, kw_only=True)
class Disclosed(Event):
    """Who the reporter is was told to somebody outside, on one of the grounds."""

    ground: Ground

    @property
    def codes(self) -> dict[str, str]:
        """On which ground."""
        return {"ground": self.ground.value}


@dataclass(frozen=True, kw_only=True)
class ErasureProposed(Event):
    """A handler proposed to erase something early; nothing happens until another person agrees."""


@dataclass(frozen=True, kw_only=True)
class ErasureWithdrawn(Event):
    """A handler ended such a proposal, their own or a colleague's."""


@dataclass(frozen=True, kw_only=True)
class Removed(Event):
    """Two handlers erased single entries at once: what they held was manifestly irrelevant."""


@dataclass(frozen=True, kw_only=True)
class Closed(Event):
    """A handler closed the case; without final feedback it says why there is none."""

    outcome: Outcome
    no_feedback: NoFeedback | None = None


@dataclass(frozen=True, kw_only=True)
class Reopened(Event):
    """A handler opened a closed case again and told the reporter when to expect feedback.

    `reason` is a short code of the organisation's own, for the log.
    """

    reason: str
    next_on: date


@dataclass(frozen=True, kw_only=True)
class Erased(Event):
    """Everything but the tombstone is gone."""

    ground: EraseGround
