"""A case that cannot be opened: handlers sign it, and when all have, the reporter is told.

Rules (protocol section 5):
* whoever sees the case and may write to the reporter signs for themselves, of the keys as they are
  sealed now; a new `case.age` makes what was signed before count for nothing;
* who is asked is counted when somebody signs: everybody who sees the case then, has a place in
  its channel, and holds the key that the keyring in force names;
* before the reporter is told, the deputies who wait are called in: what no handler opens one of
  them may, and if not they sign as well;
* the line is said once for a `case.age`, with the last signature or not at all;
* no clock stops: the dates go on as if nothing had been signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.case.permissions import Permission, Role, may
from whistle.crypto import unopened as signed
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import HandlerKey
from whistle.errors import ConflictError, DeniedError, FilingError, SignatureError
from whistle.services import able, access, log, thread
from whistle.services.handling.asked import case_key
from whistle.services.parts import Parts
from whistle.services.upkeep import telling
from whistle.storage.tables import Case, Unopened

CODE = "cannot_open"
"""The system line that tells the reporter."""


@dataclass(frozen=True)
class Standing:
    """Who has signed of a case's present keys, who still has to, and whether the reporter knows."""

    signed: tuple[str, ...]
    waiting: tuple[str, ...]
    told: bool
    repeated: bool = False

    def as_json(self) -> dict[str, Any]:
        """What the desk is told: ids, by the order of the alphabet."""
        return {"signed": list(self.signed), "waiting": list(self.waiting), "told": self.told}


def look(parts: Parts, handler: HandlerKey, case_id: str) -> Standing:
    """Tell who has signed that a case cannot be opened.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
        DeniedError: `investigator`.
    """
    parts.keyrings.published()
    with parts.database.reading() as session:
        return _standing(session, parts, _case(session, handler, case_id))


def sign(parts: Parts, handler: HandlerKey, case_id: str, posted: Mapping[str, object]) -> Standing:
    """Keep a handler's signature; with the last one the reporter and the officers are told.

    Raises:
        NotFoundError: `unknown`, for absent and foreign alike.
        DeniedError: `investigator`, who does not write to the reporter.
        FilingError: `base64`; `signature`, it is not this handler's, of what the case is now.
        ConflictError: `out_of_turn`, the case was sealed again, or has a newer entry.
    """
    signature, case_age, head = (
        _bytes(posted.get(name)) for name in ("signature", "case_age_sha256", "head_sha256")
    )
    parts.keyrings.published()  # anew, before the transaction
    with parts.database.writing() as session:
        case = _case(session, handler, case_id)
        session.refresh(case, with_for_update=True)  # of two last ones the second sees the first
        if case_age != sha256(case.case_age).digest():
            raise ConflictError("out_of_turn")
        before = session.get(Unopened, (case.id, handler.id, case_age))
        if before is None:
            _check(session, case, handler, signature, head)
            _keep(
                session,
                parts,
                handler,
                Unopened(
                    case_id=case.id,
                    handler_id=handler.id,
                    case_age_sha256=case_age,
                    signature=signature,
                ),
            )
        _tell_if_all(session, parts, case)
        found = _standing(session, parts, case)
        return Standing(found.signed, found.waiting, found.told, repeated=before is not None)


def _case(session: Session, handler: HandlerKey, case_id: str) -> Case:
    case = access.visible_case(session, handler, case_key(case_id))
    if not may(Role(handler.channels[case.channel]), Permission.WRITE_TO_REPORTER):
        raise DeniedError("investigator")
    return case


def _check(
    session: Session, case: Case, handler: HandlerKey, signature: bytes, head: bytes
) -> None:
    """Refuse a signature that is not this handler's, of the case as it is now."""
    last = thread.last_entry(session, case.id, thread.CASE_CHAIN)
    if last is None or head != last.sha256:
        raise ConflictError("out_of_turn")
    case_age = sha256(case.case_age).digest()
    try:
        signed.verify(handler.sign, signature, case.thread, case_age, last.sha256)
    except SignatureError as error:
        raise FilingError("signature") from error


def _keep(session: Session, parts: Parts, handler: HandlerKey, row: Unopened) -> None:
    session.add(row)
    session.flush()
    at = parts.clock()
    payload = {"event": "CannotOpenSigned", "case": row.case_id.hex(), "who": handler.id}
    log.record(session, payload, case_id=row.case_id, on=at.date(), at=at)


def _rows(session: Session, case: Case) -> list[Unopened]:
    """What was signed of the keys as they are now."""
    found = session.scalars(
        select(Unopened)
        .where(
            Unopened.case_id == case.id,
            Unopened.case_age_sha256 == sha256(case.case_age).digest(),
        )
        .order_by(Unopened.handler_id)
    )
    return list(found)


def _asked(session: Session, parts: Parts, case: Case) -> set[str]:
    """Who has to sign: who sees the case now, and is able to by the keyring in force."""
    today = parts.today(parts.channel(case.channel))
    keyring = parts.keyrings.published().chain.effective(today)
    return set(telling.circle(session, parts, case)) - able.lost(session, keyring)


def _standing(session: Session, parts: Parts, case: Case) -> Standing:
    rows = _rows(session, case)
    ids = tuple(row.handler_id for row in rows)
    waiting = _asked(session, parts, case) - set(ids)
    return Standing(ids, tuple(sorted(waiting)), any(row.told for row in rows))


def _tell_if_all(session: Session, parts: Parts, case: Case) -> None:
    """Tell the reporter, and the officers, once everybody has signed, deputies last."""
    found = _standing(session, parts, case)
    if found.told or found.waiting or not found.signed:
        return
    today = parts.today(parts.channel(case.channel))
    access.call_deputies(session, case, today)
    called = _standing(session, parts, case).waiting
    for who in called:
        telling.tell(session, parts, who, due_on=None)
    if called:
        return
    thread.append_system_line(session, parts, case, CODE, {}, today)
    for row in _rows(session, case):
        row.told = True
    session.flush()
    telling.tell_officers_of(session, parts, case)


def _bytes(value: object) -> bytes:
    try:
        return b64u_decode(value if isinstance(value, str) else "=")
    except ValueError as error:
        raise FilingError("base64") from error
