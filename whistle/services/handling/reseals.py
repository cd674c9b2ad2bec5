"""What a change of the keyring leaves to do, and what a lost key could have read.

Rules:
* a case waits to be sealed again while somebody has a part in it who has no place in its channel
  by the newest keyring (`left`), while somebody's key, or the recovery key, is another than when it
  was sealed last (`rollover`), or while somebody who has left made its newest key (`recused`);
* every case that is not erased counts, closed ones too: they keep their keys until their day;
* each handler is shown the cases that they see, and no other.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain
from whistle.services import access, dates, thread
from whistle.services.parts import Parts
from whistle.storage.tables import Access, Case, Entry


def list_reseals(parts: Parts, handler: HandlerKey) -> dict[str, Any]:
    """The cases this handler sees that are to be sealed again, and why, by their number."""
    chain = parts.keyrings.published().chain
    listed = []
    with parts.database.reading() as session:
        for case in _seen(session, parts, handler):
            why = list(_why(session, parts, case, chain))
            if why:
                listed.append({**_named(case), "state": dates.phase(case), "why": why})
    return {"today": _today(parts).isoformat(), "cases": listed}


def reach(parts: Parts, handler: HandlerKey, other_id: str) -> dict[str, Any]:
    """What somebody's key opens, or opened, of the cases that the asking handler sees.

    Deputies who wait are counted: they hold a key. `until_on` is the day on which they were taken
    out; what came before it they could have read.
    """
    links = parts.keyrings.published().chain.links
    known = any(link.keyring.handler(other_id) for link in links)
    listed = []
    with parts.database.reading() as session:
        for case in _seen(session, parts, handler) if known else ():
            row = session.get(Access, (case.id, other_id))
            if row is not None:
                until = row.until_on.isoformat() if row.until_on else None
                listed.append({**_named(case), "until_on": until})
    return {"today": _today(parts).isoformat(), "cases": listed}


def _seen(session: Session, parts: Parts, handler: HandlerKey) -> list[Case]:
    query = access.visible_cases(handler, _today(parts)).order_by(Case.number)
    return list(session.scalars(query))


def _why(session: Session, parts: Parts, case: Case, chain: KeyringChain) -> Iterator[str]:
    today = parts.today(parts.channel(case.channel))
    rows = access.rows(session, case.id)
    inside = {name for name, row in rows.items() if row.until_on is None}
    still = {one.id for one in chain.newest.appointed(case.channel, today)}
    if inside - still:
        yield "left"
    if _maker_has_left(session, case, inside):
        yield "recused"
    if _has_other_keys(chain, case, inside & still, today):
        yield "rollover"


def _maker_has_left(session: Session, case: Case, inside: set[str]) -> bool:
    """Whether the last change of access was made by somebody who is inside no more."""
    maker = session.scalar(
        select(Entry.handler_id)
        .where(Entry.case_id == case.id, Entry.chain == thread.CASE_CHAIN, Entry.kind == "access")
        .order_by(Entry.seq.desc())
        .limit(1)
    )
    return maker is not None and maker not in inside


def _has_other_keys(chain: KeyringChain, case: Case, ids: set[str], today: date) -> bool:
    """Whether a key that the case is sealed to has been replaced since."""
    sealed_by = next(
        (one.keyring for one in chain.links if one.keyring.serial == case.keyring_serial), None
    )
    in_force = chain.effective(today)
    if sealed_by is None:
        return True
    return _recovery(sealed_by) != _recovery(in_force) or any(
        _age(sealed_by, one) != _age(in_force, one) for one in ids if in_force.handler(one)
    )


def _recovery(keyring: Keyring) -> bytes | None:
    return None if keyring.recovery is None else keyring.recovery.age_sha256


def _age(keyring: Keyring, handler_id: str) -> bytes | None:
    handler = keyring.handler(handler_id)
    return None if handler is None else handler.age_sha256


def _named(case: Case) -> dict[str, Any]:
    return {"id": case.id.hex(), "number": case.number, "channel": case.channel}


def _today(parts: Parts) -> date:
    return max(parts.today(channel) for channel in parts.settings.channels)
