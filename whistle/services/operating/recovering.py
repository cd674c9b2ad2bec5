"""Cases out of a database and their keys back into it, for the recovery key: all of it sealed.

Rules (protocol section 10):
* what is taken out is what the server has anyway, and nothing of it opens here;
* keys are put back only over the very ones that were taken out; if a case has changed its keys
  meanwhile, nothing is replaced;
* each replacement is an event of the log, and a system line of the thread: the reporter, who was
  told that the recovery key exists, is told that it has been used, and so are the handlers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from whistle.crypto.encoding import b64u
from whistle.errors import ConflictError, NotFoundError, SignatureError
from whistle.services import log, shapes, thread
from whistle.services.thread import Voice
from whistle.storage.engine import Database
from whistle.storage.tables import Case

_STANZAS_MAX = 80


@dataclass(frozen=True)
class SealedCase:
    """One case as the server has it.

    `facts` are the thread, its entries and the handlers' notes, written as the API writes them.
    """

    number: str
    case_age: bytes
    desk_age: bytes | None
    facts: dict[str, Any]


def sealed_cases(database: Database) -> Iterator[SealedCase]:
    """Yield every case that is not erased, by its number."""
    with database.reading() as session:
        rows = session.scalars(select(Case).where(Case.number.is_not(None)).order_by(Case.number))
        for case in rows.all():
            chains = (
                thread.sealed_entries(session, case.id, chain)
                for chain in (thread.CASE_CHAIN, thread.DESK_CHAIN)
            )
            entries, notes = ([thread.entry_json(one) for one in found] for found in chains)
            facts = {
                "number": case.number,
                "channel": case.channel,
                "thread": b64u(case.thread),
                "entries": entries,
                "notes": notes,
            }
            yield SealedCase(str(case.number), case.case_age, case.desk_age, facts)


def put_keys(
    database: Database, old: SealedCase, new: SealedCase, voice: Voice, at: datetime
) -> None:
    """Replace a case's sealed keys, if they are still the *old* ones, and say so in its thread.

    Raises:
        SignatureError: `service_key`, the keyring in force does not name the system's key, so that
            nobody could read on in a thread in which it had spoken.
        NotFoundError: `unknown`, there is no such case.
        ConflictError: `keys_changed`; take the case out again.
        FilingError: `case_age`, the new ones are not a case's keys.
    """
    if voice.key.public not in {
        one.sign for one in voice.keyring.service if one.valid_on(at.date())
    }:
        raise SignatureError("service_key")
    for sealed in (new.case_age, new.desk_age):
        if sealed is not None:
            shapes.check_keys(sealed, stanzas_max=_STANZAS_MAX)
    with database.writing() as session:
        case = session.scalar(select(Case).where(Case.number == old.number))
        if case is None:
            raise NotFoundError("unknown")
        if (case.case_age, case.desk_age) != (old.case_age, old.desk_age):
            raise ConflictError("keys_changed")
        case.case_age = new.case_age
        if new.desk_age is not None:
            case.desk_age = new.desk_age
        on = at.date()
        thread.append_line(session, voice, case, "recovered", {"recovered_on": on.isoformat()}, on)
        payload = {"event": "Recovered", "case": case.id.hex(), "on": on.isoformat()}
        log.record(session, payload, case_id=case.id, on=on, at=at)
