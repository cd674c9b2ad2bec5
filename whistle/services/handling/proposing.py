"""Proposals to erase early: one handler signs what and why, and nothing happens yet.

A proposal stands until another person approves it (approving.py), anybody in the case ends it, or
the one who made it has left. What it names is kept as a hash: whoever approves names it again.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto.encoding import b64u_decode
from whistle.crypto.heads import ERASING_REASONS
from whistle.crypto.keyring import HandlerKey
from whistle.errors import CaseError, ConflictError, FilingError
from whistle.services.handling.removing import CASE, digest, named_entries
from whistle.services.thread import Appended
from whistle.storage.tables import Case, Entry, ErasureProposal


def follow(
    session: Session,
    case: Case,
    handler: HandlerKey,
    kind: str,
    facts: Mapping[str, object],
    appended: Appended,
) -> None:
    """Keep a proposal that was just appended, or end the one that an entry withdraws.

    Raises:
        FilingError: `entries`, `reason` or `proposal`.
        CaseError: `open`, a case is erased early only when it is closed.
        ConflictError: `proposal_over`, it does not stand any more.
    """
    if kind == "erasure_proposal":
        _keep(session, case, handler, facts, appended)
    elif kind == "erasure_withdrawal":
        standing(session, case, facts.get("proposal")).ended = True


def standing(session: Session, case: Case, named: object) -> ErasureProposal:
    """The proposal of this hash, if it stands.

    Raises:
        FilingError: `proposal`, there is none.
        ConflictError: `proposal_over`, it was withdrawn, or approved.
    """
    proposal = session.scalar(
        select(ErasureProposal)
        .join(Entry, Entry.id == ErasureProposal.entry_id)
        .where(Entry.case_id == case.id, Entry.sha256 == _hash(named))
    )
    if proposal is None:
        raise FilingError("proposal")
    if proposal.ended:
        raise ConflictError("proposal_over")
    return proposal


def _keep(
    session: Session,
    case: Case,
    handler: HandlerKey,
    facts: Mapping[str, object],
    appended: Appended,
) -> None:
    erases, reason = facts.get("erases"), facts.get("reason")
    entries = named_entries(session, case, erases, facts.get("entries"))
    if reason not in ERASING_REASONS or (erases != CASE and reason != "irrelevant"):
        raise FilingError("reason")
    if erases == CASE and case.closed_on is None:
        raise CaseError("open")
    entry = session.scalars(
        select(Entry).where(Entry.case_id == case.id, Entry.sha256 == appended.sha256)
    ).one()
    session.add(
        ErasureProposal(
            entry_id=entry.id,
            case_id=case.id,
            handler_id=handler.id,
            person=handler.person,
            erases=str(erases),
            named_sha256=digest(str(erases), entries),
            reason=str(reason),
        )
    )


def _hash(named: object) -> bytes:
    try:
        return b64u_decode(named) if isinstance(named, str) else b""
    except ValueError as error:
        raise FilingError("proposal") from error
