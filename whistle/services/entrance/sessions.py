"""One's own sessions: where one is signed in, and ending that. Nobody sees anybody else's.

A session is told by a hash of what the table has: with it nobody signs in.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.errors import NotFoundError
from whistle.services.entrance import sign_in
from whistle.services.entrance.who import Entered
from whistle.services.parts import Parts
from whistle.storage.tables import SignedIn

_LABEL = b"whistle/session-id/v1\0"


def listed(parts: Parts, person: Entered, token: bytes) -> list[Mapping[str, Any]]:
    """One's own sessions that have not ended, the one that asks first, then the newest."""
    this = sha256(token).digest()
    with parts.database.reading() as session:
        rows = [
            {
                "id": id_of(one),
                "started_at": sign_in.utc(one.started_at).isoformat(timespec="seconds"),
                "seen_at": sign_in.utc(one.seen_at).isoformat(timespec="seconds"),
                "this": one.token_sha256 == this,
            }
            for one in _open(session, parts, person.id)
        ]
    return sorted(rows, key=lambda one: (one["this"], one["started_at"]), reverse=True)


def end(parts: Parts, person: Entered, session_id: str) -> None:
    """End one of one's own sessions.

    Raises:
        NotFoundError: `unknown`, there is none of one's own under this id.
    """
    with parts.database.writing() as session:
        for one in _open(session, parts, person.id):
            if id_of(one) == session_id:
                session.delete(one)
                return
    raise NotFoundError("unknown")


def end_others(parts: Parts, person: Entered, token: bytes) -> None:
    """End all of one's own sessions but the one that asks, and sign-ins under way."""
    with parts.database.writing() as session:
        end_others_in(session, person.id, token)


def end_others_in(session: Session, person_id: str, token: bytes) -> None:
    """As `end_others`, as part of something else."""
    session.execute(
        delete(SignedIn).where(
            SignedIn.person_id == person_id, SignedIn.token_sha256 != sha256(token).digest()
        )
    )


def id_of(row: SignedIn) -> str:
    """What a session is called on the person's own page."""
    return sha256(_LABEL + row.token_sha256).hexdigest()[:32]


def _open(session: Session, parts: Parts, person_id: str) -> Sequence[SignedIn]:
    now = parts.clock()
    rows = session.scalars(
        select(SignedIn).where(SignedIn.person_id == person_id, SignedIn.nonce.is_(None))
    )
    return [one for one in rows if not sign_in.ended(one, now)]
