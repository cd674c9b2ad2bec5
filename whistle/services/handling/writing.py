"""What a handler writes: an entry sealed in the browser, and the facts that the clocks need.

Rules:
* the server cannot see whether feedback names measures and reasons: the handler's browser checks
  and signs that. It sees kind, final or interim, the next date and the outcome, and the case's
  own rules (case/machine.py) decide whether that may happen now;
* each act stops its clock on the day it is received here, in the same transaction as the entry;
* a repeated entry changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from whistle.case import Permission, Role, may
from whistle.case.events import Actor
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import HandlerKey
from whistle.errors import ConflictError, DeniedError, FilingError
from whistle.services import access, facts, pauses, shapes, thread
from whistle.services.handling import disclosing, proposing
from whistle.services.handling.asked import case_key
from whistle.services.handling.meaning import event_of
from whistle.services.parts import Parts
from whistle.storage.tables import Case

NEEDED: Mapping[str, Mapping[str, Permission]] = {
    thread.CASE_CHAIN: {
        "acknowledgement": Permission.ACKNOWLEDGE,
        "message": Permission.WRITE_TO_REPORTER,
        "feedback": Permission.GIVE_FEEDBACK,
        "closing": Permission.CLOSE_CASE,
        "reopening": Permission.REOPEN_CASE,
        "meeting_offer": Permission.OFFER_MEETING,
        "out_of_scope": Permission.FIND_OUT_OF_SCOPE,
        "consent_request": Permission.ASK_CONSENT,
        "disclosure_notice": Permission.DISCLOSE_IDENTITY,
        "disclosure": Permission.DISCLOSE_IDENTITY,
        "handover_preview": Permission.EXPORT_CASE,
    },
    thread.DESK_CHAIN: {
        "desk": Permission.WRITE_NOTE,
        "note": Permission.WRITE_NOTE,
        "marks": Permission.MARK_CASE,
        "withholding": Permission.WITHHOLD_ACKNOWLEDGEMENT,
        "handover": Permission.HAND_OVER,
        "untold_disclosure": Permission.DISCLOSE_IDENTITY,
        "person": Permission.EXPORT_CASE,
        "person_ground": Permission.EXPORT_CASE,
        "person_ended": Permission.EXPORT_CASE,
        "erasure_proposal": Permission.REMOVE_IRRELEVANT,
        "erasure_withdrawal": Permission.REMOVE_IRRELEVANT,
    },
}
"""The kinds that handlers write in each chain, and what it takes to write one."""
DESK_STANZAS_MAX = 64


@dataclass(frozen=True)
class Written:
    """One entry as posted: its place and kind, the sealed bytes, and the facts of its kind."""

    chain: object
    seq: object
    kind: object
    sealed: bytes
    facts: Mapping[str, object] = field(default_factory=dict)


def write(parts: Parts, handler: HandlerKey, case_id: str, written: Written) -> thread.Appended:
    """Append a handler's entry to a case and let it stop the clock that it stops.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
        FilingError: no sealed entry, not a kind of that chain, or its facts are missing.
        ConflictError: `out_of_turn`; `time_unsure`, see services/pauses.py.
        CaseError: the case's rules do not allow it now, such as closing without final feedback
            or a reason (`no_feedback`); nothing was kept.
        DeniedError: `investigator`, who does not write to the reporter and decides nothing.
    """
    chain, kind, seq = _place(written)
    with parts.database.writing() as session:
        case = access.visible_case(session, handler, case_key(case_id))
        channel = parts.channel(case.channel)
        today = parts.today(channel)
        if not may(Role(handler.channels[case.channel]), NEEDED[chain][kind]):
            raise DeniedError("investigator")
        draft = thread.Draft(chain, seq, kind, handler.id, written.sealed, today)
        appended = thread.append(session, case, draft)
        if not appended.repeated:
            _let_happen(session, parts, case, handler, kind, written.facts)
            proposing.follow(session, case, handler, kind, written.facts, appended)
    return appended


def _let_happen(
    session: Session,
    parts: Parts,
    case: Case,
    handler: HandlerKey,
    kind: str,
    posted: Mapping[str, object],
) -> None:
    channel = parts.channel(case.channel)
    base = {
        "on": parts.today(channel),
        "at": parts.clock(),
        "actor": Actor.handler(handler.id),
        "rules": facts.limits_of(channel).version,
    }
    if kind == "desk":
        _keep_desk_key(case, posted)
    event = event_of(kind, posted, base)
    disclosing.allow(session, case, channel, event)
    if event is not None:
        pauses.refuse(session, parts)
        facts.happen(session, case, event, channel)


def _keep_desk_key(case: Case, posted: Mapping[str, object]) -> None:
    """Keep the key that the desk chain's first entry names, both or neither.

    A key that was put before without its entry opens nothing yet, so it is replaced.
    """
    given = posted.get("desk_age")
    if given is None and case.desk_age is not None:
        return
    if not isinstance(given, str):
        raise FilingError("desk_age")
    try:
        sealed = b64u_decode(given)
    except ValueError as error:
        raise FilingError("desk_age") from error
    shapes.check_keys(sealed, stanzas_max=DESK_STANZAS_MAX)
    case.desk_age = sealed


def put_desk_key(parts: Parts, handler: HandlerKey, case_id: str, sealed: bytes) -> None:
    """Keep the case's desk key, sealed to its handlers, where there is none yet.

    Raises:
        NotFoundError: `unknown`.
        FilingError: it is no sealed key file.
        ConflictError: `desk_key`, a colleague was faster; read the case again.
    """
    shapes.check_keys(sealed, stanzas_max=DESK_STANZAS_MAX)
    with parts.database.writing() as session:
        case = access.visible_case(session, handler, case_key(case_id))
        if case.desk_age not in {None, sealed}:
            raise ConflictError("desk_key")
        case.desk_age = sealed


def _place(written: Written) -> tuple[str, str, int]:
    chain, kind, seq = written.chain, written.kind, written.seq
    if not isinstance(chain, str) or not isinstance(kind, str) or kind not in NEEDED.get(chain, ()):
        raise FilingError("kind")
    place = thread.number(seq)
    if kind == "desk" and place != 1:
        # It brings the desk key: a second one would take the notes from everybody.
        raise FilingError("kind")
    return chain, kind, place
