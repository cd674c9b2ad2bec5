"""What a handler writes: an entry sealed in the browser, and the facts that the clocks need.

Rules:
* the server cannot see whether feedback names measures and reasons: the handler's browser checks
  and signs that. It sees kind, final or interim, the next date and the outcome, and the case's
  own rules (case/machine.py) decide whether that may happen now;
* each act stops its clock on the day it is received here, in the same transaction as the entry;
* a repeated entry changes nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.case.events import (
    Acknowledged,
    Actor,
    Closed,
    Event,
    FeedbackGiven,
    MessageWritten,
    NoFeedback,
    Outcome,
    Reopened,
)
from whistle.crypto.keyring import HandlerKey
from whistle.errors import ConflictError, DeniedError, FilingError
from whistle.services import access, facts, shapes, thread
from whistle.services.handling.cases import case_key
from whistle.services.parts import Parts

CASE_KINDS = frozenset({"acknowledgement", "message", "feedback", "closing", "reopening"})
DESK_KINDS = frozenset({"desk", "note"})
INVESTIGATOR = "investigator"
DESK_STANZAS_MAX = 64


@dataclass(frozen=True)
class Written:
    """One entry as posted: its place and kind, the sealed bytes, and the facts of its kind."""

    chain: object
    seq: object
    kind: object
    sealed: bytes
    final: object = None
    next_on: object = None
    outcome: object = None
    reason: object = None


def write(parts: Parts, handler: HandlerKey, case_id: str, written: Written) -> thread.Appended:
    """Append a handler's entry to a case and let it stop the clock that it stops.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
        FilingError: no sealed entry, not a kind of that chain, or its facts are missing.
        ConflictError: `out_of_turn`.
        CaseError: the case's rules do not allow it now, such as closing without final feedback
            or a reason (`no_feedback`); nothing was kept.
        DeniedError: `investigator`, who does not write to the reporter.
    """
    chain, kind, seq = _place(written)
    with parts.database.writing() as session:
        today = max(parts.today(channel) for channel in parts.settings.channels)
        case = access.visible_case(session, handler, case_key(case_id), today)
        channel = parts.channel(case.channel)
        today = parts.today(channel)
        if chain == thread.CASE_CHAIN and handler.channels.get(case.channel) == INVESTIGATOR:
            raise DeniedError("investigator")
        draft = thread.Draft(chain, seq, kind, handler.id, written.sealed, today)
        appended = thread.append(session, case, draft)
        if chain == thread.CASE_CHAIN and not appended.repeated:
            base = {
                "on": today,
                "at": parts.clock(),
                "actor": Actor.handler(handler.id),
                "rules": facts.limits_of(channel).version,
            }
            facts.happen(session, case, _event(kind, written, base), channel)
        return appended


def put_desk_key(parts: Parts, handler: HandlerKey, case_id: str, sealed: bytes) -> None:
    """Keep the case's desk key, sealed to its handlers, where there is none yet.

    Raises:
        NotFoundError: `unknown`.
        FilingError: it is no sealed key file.
        ConflictError: `desk_key`, a colleague was faster; read the case again.
    """
    shapes.check_keys(sealed, stanzas_max=DESK_STANZAS_MAX)
    with parts.database.writing() as session:
        today = max(parts.today(channel) for channel in parts.settings.channels)
        case = access.visible_case(session, handler, case_key(case_id), today)
        if case.desk_age not in {None, sealed}:
            raise ConflictError("desk_key")
        case.desk_age = sealed


def _place(written: Written) -> tuple[str, str, int]:
    chain, kind, seq = written.chain, written.kind, written.seq
    allowed = {thread.CASE_CHAIN: CASE_KINDS, thread.DESK_CHAIN: DESK_KINDS}
    if (
        not isinstance(chain, str)
        or not isinstance(kind, str)
        or kind not in allowed.get(chain, ())
    ):
        raise FilingError("kind")
    if not isinstance(seq, int) or isinstance(seq, bool):
        raise FilingError("seq")
    return chain, kind, seq


def _event(kind: str, written: Written, base: dict[str, Any]) -> Event:
    """What the entry means to the case: the facts in the clear, read strictly."""
    if kind == "acknowledgement":
        return Acknowledged(**base)
    if kind == "feedback":
        return _feedback(written, base)
    if kind == "closing":
        return _closing(written, base)
    if kind == "reopening":
        return _reopening(written, base)
    return MessageWritten(**base)


def _feedback(written: Written, base: dict[str, Any]) -> Event:
    if not isinstance(written.final, bool):
        raise FilingError("final")
    next_on = None if written.next_on is None else _date(written.next_on)
    return FeedbackGiven(**base, final=written.final, next_on=next_on)


def _closing(written: Written, base: dict[str, Any]) -> Event:
    try:
        outcome = Outcome(str(written.outcome))
        reason = None if written.reason is None else NoFeedback(str(written.reason))
    except ValueError as error:
        raise FilingError("outcome") from error
    return Closed(**base, outcome=outcome, no_feedback=reason)


def _reopening(written: Written, base: dict[str, Any]) -> Event:
    if written.next_on is None:
        raise FilingError("next_on")
    return Reopened(**base, reason="reopened", next_on=_date(written.next_on))


def _date(text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise FilingError("next_on") from error
