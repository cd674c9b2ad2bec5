"""Erasing early: the second person's hand. What was proposed goes, at once, or nothing does.

Rules:
* it takes two persons, not two ids: who has both is one person by the keyring;
* the approval names the hash of exactly one proposal, and again what that proposal names;
* whoever proposed must still have a part in the case: who left stands behind nothing here;
* a proposal is approved once: of two who press at once, the second is out of turn;
* a case is erased early only when it is closed, so that the reporter was told how it ended; its own
  day, which the clock keeps, needs nobody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from whistle.case import Permission, Role, may
from whistle.case import events as ev
from whistle.config import Channel
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import HandlerKey
from whistle.errors import ConflictError, DeniedError, FilingError
from whistle.services import access, erasing, facts, pauses, thread
from whistle.services.handling.asked import case_key
from whistle.services.handling.proposing import standing
from whistle.services.handling.removing import CASE, KIND_OF, digest, named_entries, remove
from whistle.services.parts import Parts
from whistle.storage.tables import Case, ErasureProposal

_GROUNDS = {
    "irrelevant": ev.EraseGround.IRRELEVANT,
    "not_needed": ev.EraseGround.NO_LONGER_NEEDED,
}


@dataclass(frozen=True)
class _Acting:
    """Who approves, where, and with what every event has."""

    parts: Parts
    handler: HandlerKey
    case: Case
    channel: Channel
    base: Mapping[str, Any]


def approve(
    parts: Parts, handler: HandlerKey, case_id: str, asked: Mapping[str, object]
) -> thread.Appended:
    """Append a signed approval, and erase what the proposal names.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
        DeniedError: `investigator`.
        FilingError: `proposal`, `entries`, `entry`, `seq` or `base64`.
        ConflictError: `out_of_turn`, `proposal_over`; `same_person`, who proposed cannot approve;
            `proposer_left`, who proposed has no part in the case any more; `time_unsure`.
        CaseError: `open` or `public_body`, the whole case may not be erased now.
    """
    with parts.database.writing() as session:
        case = access.visible_case(session, handler, case_key(case_id))
        channel = parts.channel(case.channel)
        if not may(Role(handler.channels[case.channel]), Permission.REMOVE_IRRELEVANT):
            raise DeniedError("investigator")
        base = {
            "on": parts.today(channel),
            "at": parts.clock(),
            "actor": ev.Actor.handler(handler.id),
            "rules": facts.limits_of(channel).version,
        }
        pauses.refuse(session, parts)
        acting = _Acting(parts, handler, case, channel, base)
        approval = _append(session, acting, thread.DESK_CHAIN, "erasure_approval", asked)
        if not approval.repeated:
            _carry_out(session, acting, asked)
    parts.database.forget()
    return approval


def _carry_out(session: Session, acting: _Acting, asked: Mapping[str, object]) -> None:
    proposal = standing(session, acting.case, asked.get("proposal"))
    _refuse_alone(session, acting, proposal)
    entries = named_entries(session, acting.case, proposal.erases, asked.get("entries"))
    if digest(proposal.erases, entries) != proposal.named_sha256:
        raise FilingError("entries")
    proposal.ended = True
    if proposal.erases == CASE:
        erased = ev.Erased(**acting.base, ground=_GROUNDS[proposal.reason])
        session.flush()
        erasing.erase(session, acting.case, erased, acting.channel, proposer=proposal.handler_id)
        return
    removed = asked.get("removed")
    if not isinstance(removed, dict):
        raise FilingError("entries")
    chain = thread.CASE_CHAIN if proposal.erases == "entries" else thread.DESK_CHAIN
    kind = KIND_OF[proposal.erases]
    if _append(session, acting, chain, kind, removed).repeated:
        raise ConflictError("out_of_turn")
    facts.happen(session, acting.case, ev.Removed(**acting.base), acting.channel)
    remove(session, entries)


def _refuse_alone(session: Session, acting: _Acting, proposal: ErasureProposal) -> None:
    """Refuse unless a second person, who is still in the case, has proposed it."""
    on = acting.base["on"]
    keyring = acting.parts.keyrings.published().chain.effective(on)
    proposer = keyring.handler(proposal.handler_id)
    persons = {proposal.person} | ({proposer.person} if proposer else set())
    if acting.handler.id == proposal.handler_id or acting.handler.person in persons:
        raise ConflictError("same_person")
    row = access.rows(session, acting.case.id).get(proposal.handler_id)
    here = row is not None and row.until_on is None
    if (
        not here
        or proposer is None
        or not proposer.valid_on(on)
        or acting.case.channel not in proposer.channels
    ):
        raise ConflictError("proposer_left")


def _append(
    session: Session, acting: _Acting, chain: str, kind: str, posted: Mapping[str, object]
) -> thread.Appended:
    try:
        sealed = b64u_decode(str(posted.get("sealed")))
    except ValueError as error:
        raise FilingError("base64") from error
    seq = thread.number(posted.get("seq"))
    draft = thread.Draft(chain, seq, kind, acting.handler.id, sealed, acting.base["on"])
    return thread.append(session, acting.case, draft)
