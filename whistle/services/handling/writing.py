"""What a handler writes: an entry sealed in the browser, and the facts that the clocks need.

Rules:
* the server cannot see whether feedback names measures and reasons: the handler's browser checks
  and signs that. It sees kind, final or interim, the next date and the outcome, and refuses what
  contradicts the case;
* each act stops its clock on the day it is received here, in the same transaction as the entry;
* a repeated entry changes nothing.
"""

from dataclasses import dataclass
from datetime import date

from whistle.crypto.keyring import HandlerKey
from whistle.errors import ConflictError, DeniedError, FilingError
from whistle.services import access, dates, shapes, thread
from whistle.services.handling.cases import case_key
from whistle.services.parts import Parts
from whistle.storage.tables import Case

CASE_KINDS = frozenset({"acknowledgement", "message", "feedback", "closing", "cannot_open"})
DESK_KINDS = frozenset({"desk", "note"})
INVESTIGATOR = "investigator"
DESK_STANZAS_MAX = 64
OUTCOMES = frozenset(
    {"substantiated", "partly", "unsubstantiated", "out_of_scope", "transferred", "settled"}
)
REASONS_WITHOUT_FEEDBACK = frozenset({"no_route", "would_harm", "out_of_scope", "transferred"})


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
        ConflictError: `out_of_turn`, or the act is already done (`acknowledged`, `closed`).
        DeniedError: an investigator does not write to the reporter; a case is not closed without
            final feedback or a reason (`no_feedback`).
    """
    chain, kind, seq = _place(written)
    with parts.database.writing() as session:
        today = max(parts.today(channel) for channel in parts.settings.channels)
        case = access.visible_case(session, handler.id, case_key(case_id), today)
        channel = parts.channel(case.channel)
        today = parts.today(channel)
        if chain == thread.CASE_CHAIN and handler.channels.get(case.channel) == INVESTIGATOR:
            raise DeniedError("investigator")
        draft = thread.Draft(chain, seq, kind, handler.id, written.sealed, today)
        appended = thread.append(session, case, draft)
        if not appended.repeated:
            _act(case, kind, written, today)
            case.due_on = dates.next_due_on(case, channel, today)
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
        case = access.visible_case(session, handler.id, case_key(case_id), today)
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


def _act(case: Case, kind: str, written: Written, today: date) -> None:
    acts = {"acknowledgement": _acknowledge, "feedback": _feedback, "closing": _close}
    if kind in acts:
        acts[kind](case, written, today)


def _acknowledge(case: Case, _written: Written, today: date) -> None:
    if case.acknowledged_on is not None:
        raise ConflictError("acknowledged")
    case.acknowledged_on = today
    if case.state == "received":
        case.state = "acknowledged"


def _feedback(case: Case, written: Written, today: date) -> None:
    if case.closed_on is not None:
        raise ConflictError("closed")
    if not isinstance(written.final, bool):
        raise FilingError("final")
    next_on = _next_date(written, today)
    case.feedback_on = case.feedback_on or today
    if written.final:
        case.final_feedback_on = case.final_feedback_on or today
    else:
        case.next_feedback_on = next_on
    case.state = "feedback"


def _next_date(written: Written, today: date) -> date | None:
    """The date that interim feedback must name (reference: the Directive's recital 58)."""
    if written.final:
        return None
    try:
        next_on = date.fromisoformat(str(written.next_on))
    except ValueError as error:
        raise FilingError("next_on") from error
    if next_on <= today:
        raise FilingError("next_on")
    return next_on


def _close(case: Case, written: Written, today: date) -> None:
    if case.closed_on is not None:
        raise ConflictError("closed")
    if written.outcome not in OUTCOMES:
        raise FilingError("outcome")
    if case.final_feedback_on is None and written.reason not in REASONS_WITHOUT_FEEDBACK:
        raise DeniedError("no_feedback")
    case.closed_on = today
    case.outcome = str(written.outcome)
    case.state = "closed"
