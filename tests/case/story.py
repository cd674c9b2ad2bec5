"""A case told as a story: a fixed cast, and events that need only their day and what they say.

case = Story(SE, "2026-12-01").acknowledged("2026-12-03").feedback("2027-01-10").state
"""

from datetime import date
from typing import Any, Self

import pytest

from whistle.case import CaseState, Due, apply, due
from whistle.case import events as ev
from whistle.errors import CaseError
from whistle.law import Limits, limits_for

SE = limits_for("SE")
EU = limits_for("EU")

ANNA = ev.Actor.handler("anna")
REPORTER = ev.Actor.reporter()
SYSTEM = ev.Actor.system()


def day(text: str) -> date:
    """`2026-12-01` as a date."""
    return date.fromisoformat(text)


class Story:
    """A case that grows by one event a line."""

    def __init__(self, limits: Limits, received: str, *, waived: bool = False) -> None:
        self.limits = limits
        event = ev.Received(on=day(received), actor=SYSTEM, rules=limits.version, waived=waived)
        self.state: CaseState = apply(None, event, limits)

    def then(self, kind: type[ev.Event], on: str, actor: ev.Actor = ANNA, **said: Any) -> Self:
        """Apply one event of any kind."""
        event = kind(on=day(on), actor=actor, rules=self.limits.version, **said)
        self.state = apply(self.state, event, self.limits)
        return self

    def acknowledged(self, on: str, actor: ev.Actor = ANNA) -> Self:
        """Receipt is acknowledged."""
        return self.then(ev.Acknowledged, on, actor)

    def feedback(self, on: str, next_on: str | None = None) -> Self:
        """Feedback is given; interim if it names the next date."""
        promised = day(next_on) if next_on else None
        return self.then(ev.FeedbackGiven, on, final=next_on is None, next_on=promised)

    def closed(self, on: str, no_feedback: ev.NoFeedback | None = None) -> Self:
        """The case is closed."""
        return self.then(ev.Closed, on, outcome=ev.Outcome.SUBSTANTIATED, no_feedback=no_feedback)

    def reopened(self, on: str, next_on: str) -> Self:
        """The case is opened again."""
        return self.then(ev.Reopened, on, reason="new_facts", next_on=day(next_on))

    def due(self, on: str) -> Due:
        """What is due on a day."""
        return due(self.state, self.limits, day(on))


def refused(story: Story, kind: type[ev.Event], on: str, actor: ev.Actor, **said: Any) -> str:
    """The reason why an event is refused; the case must be as before."""
    before = story.state
    with pytest.raises(CaseError) as error:
        story.then(kind, on, actor, **said)
    assert story.state == before
    return error.value.reason
