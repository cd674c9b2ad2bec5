"""What a handler's entry means to the case: the facts that came with it, read strictly.

A kind that stops no clock and changes no date means that somebody wrote. What the reporter's own
kinds mean is in reporting/mailbox.py.
"""

from collections.abc import Callable, Mapping
from typing import Any

from whistle.case import events as ev
from whistle.errors import FilingError
from whistle.services import dates

Facts = Mapping[str, object]
"""The facts of an entry's kind, as posted."""


def event_of(kind: str, facts: Facts, base: dict[str, Any]) -> ev.Event | None:
    """The event that an entry of this kind is; None for a note, which the case does not feel.

    Args:
        kind: one that handlers write.
        facts: what was posted beside the sealed bytes.
        base: actor, date, instant and rules' version, as every event has.

    Raises:
        FilingError: a fact is missing or not of its form; the reason names it.
    """
    if kind in _QUIET:
        return None
    return _EVENTS.get(kind, _plain(ev.MessageWritten))(facts, base)


def _plain(event: type[ev.Event]) -> Callable[[Facts, dict[str, Any]], ev.Event]:
    return lambda _facts, base: event(**base)


def _feedback(facts: Facts, base: dict[str, Any]) -> ev.Event:
    final = facts.get("final")
    if not isinstance(final, bool):
        raise FilingError("final")
    next_on = facts.get("next_on")
    return ev.FeedbackGiven(
        **base, final=final, next_on=None if next_on is None else dates.day(next_on, "next_on")
    )


def _closing(facts: Facts, base: dict[str, Any]) -> ev.Event:
    reason = facts.get("reason")
    try:
        outcome = ev.Outcome(str(facts.get("outcome")))
        no_feedback = None if reason is None else ev.NoFeedback(str(reason))
    except ValueError as error:
        raise FilingError("outcome") from error
    return ev.Closed(**base, outcome=outcome, no_feedback=no_feedback)


def _reopening(facts: Facts, base: dict[str, Any]) -> ev.Event:
    return ev.Reopened(
        **base, reason="reopened", next_on=dates.day(facts.get("next_on"), "next_on")
    )


def _withholding(facts: Facts, base: dict[str, Any]) -> ev.Event:
    return ev.Withheld(**base, ground=str(facts.get("ground") or ""))


def _handover(facts: Facts, base: dict[str, Any]) -> ev.Event:
    to = facts.get("to")
    if to is None:
        return ev.HandedOver(**base)
    try:
        return ev.Exported(**base, to=ev.Recipient(str(to)))
    except ValueError as error:
        raise FilingError("to") from error


def _disclosure(facts: Facts, base: dict[str, Any]) -> ev.Event:
    try:
        return ev.Disclosed(**base, ground=ev.Ground(str(facts.get("ground"))))
    except ValueError as error:
        raise FilingError("ground") from error


_QUIET = frozenset({"desk", "note", "marks", "person", "person_ground", "person_ended"})
_EVENTS: Mapping[str, Callable[[Facts, dict[str, Any]], ev.Event]] = {
    "acknowledgement": _plain(ev.Acknowledged),
    "feedback": _feedback,
    "closing": _closing,
    "reopening": _reopening,
    "withholding": _withholding,
    "meeting_offer": _plain(ev.MeetingOffered),
    "out_of_scope": _plain(ev.FoundOutOfScope),
    "handover": _handover,
    "consent_request": _plain(ev.ConsentAsked),
    "disclosure_notice": _plain(ev.DisclosureNoticed),
    "disclosure": _disclosure,
    "untold_disclosure": _disclosure,
    "erasure_proposal": _plain(ev.ErasureProposed),
    "erasure_withdrawal": _plain(ev.ErasureWithdrawn),
}
