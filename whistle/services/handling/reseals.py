"""What a change of the keyring leaves to do, and what a lost key could have read.

Rules:
* a case waits to be sealed again while somebody has a part in it who has no place in its channel
  by the newest keyring (`left`), while somebody's key, or the recovery key, is another than when it
  was sealed last (`rollover`), or while somebody who has left made its newest key (`recused`);
* every case that is not erased counts, closed ones too: they keep their keys until their day;
* each handler is shown the cases that they see and whose keys their key opens, and no other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from whistle.crypto.keyring import HandlerKey, Keyring, KeyringChain
from whistle.services import access, dates, key_changes, thread
from whistle.services.parts import Parts
from whistle.storage.tables import Access, Case, Entry


def list_reseals(parts: Parts, handler: HandlerKey) -> dict[str, Any]:
    """The cases this handler sees that are to be sealed again, and why, by their number."""
    with parts.database.reading() as session:
        listed = waiting(session, parts, handler, _seen(session, handler))
    return {"today": _today(parts).isoformat(), "cases": listed}


def waiting(
    session: Session, parts: Parts, handler: HandlerKey, cases: Sequence[Case]
) -> list[dict[str, Any]]:
    """Those of the given cases that this handler can seal again and should."""
    chain = parts.keyrings.published().chain
    ids = [case.id for case in cases]
    inside, makers = _inside(session, ids), _makers(session, ids)
    keys = {handler.age_sha256, key_changes.old_hashes(session).get(handler.id)}
    listed = []
    for case in cases:
        today = parts.today(parts.channel(case.channel))
        state = _State(case, chain, today, frozenset(inside[case.id]), makers.get(case.id))
        why = list(state.why())
        if why and state.opens(handler.id, keys):
            listed.append({**_named(case), "state": dates.phase(case), "why": why})
    return listed


def reach(parts: Parts, handler: HandlerKey, other_id: str) -> dict[str, Any]:
    """What somebody's key opens, or opened, of the cases that the asking handler sees.

    Deputies who wait are counted: they hold a key. `until_on` is the day on which they were taken
    out; what came before it they could have read.
    """
    links = parts.keyrings.published().chain.links
    known = any(link.keyring.handler(other_id) for link in links)
    listed = []
    with parts.database.reading() as session:
        for case in _seen(session, handler) if known else ():
            row = session.get(Access, (case.id, other_id))
            if row is not None:
                until = row.until_on.isoformat() if row.until_on else None
                listed.append({**_named(case), "until_on": until})
    return {"today": _today(parts).isoformat(), "cases": listed}


@dataclass(frozen=True)
class _State:
    """A case's sealing: who is inside, and who made the last change of access."""

    case: Case
    chain: KeyringChain
    today: date
    inside: frozenset[str]
    maker: str | None

    def why(self) -> Iterator[str]:
        """Why it is to be sealed again; nothing if it is not."""
        newest = self.chain.newest.appointed(self.case.channel, self.today)
        still = {one.id for one in newest}
        if self.inside - still:
            yield "left"
        if self.maker is not None and self.maker not in self.inside:
            yield "recused"
        if self._has_other_keys(self.inside & still):
            yield "rollover"

    def opens(self, handler_id: str, keys: Collection[bytes | None]) -> bool:
        """Whether the case is sealed to a key that this handler has, new or old."""
        sealed_by = self._sealed_by()
        found = None if sealed_by is None else _age(sealed_by, handler_id)
        return found is not None and found in keys

    def _has_other_keys(self, ids: frozenset[str]) -> bool:
        """Whether a key that the case is sealed to has been replaced since."""
        sealed_by, in_force = self._sealed_by(), self.chain.effective(self.today)
        if sealed_by is None or sealed_by == in_force:
            return False
        return _recovery(sealed_by) != _recovery(in_force) or any(
            _age(sealed_by, one) != _age(in_force, one) for one in ids if in_force.handler(one)
        )

    def _sealed_by(self) -> Keyring | None:
        serial = self.case.keyring_serial
        found = (one.keyring for one in self.chain.links if one.keyring.serial == serial)
        return next(found, None)


def _seen(session: Session, handler: HandlerKey) -> list[Case]:
    query = access.visible_cases(handler).order_by(Case.number)
    return list(session.scalars(query))


def _inside(session: Session, case_ids: Sequence[bytes]) -> Mapping[bytes, set[str]]:
    """Who has a part in each case."""
    found: dict[bytes, set[str]] = defaultdict(set)
    rows = session.execute(
        select(Access.case_id, Access.handler_id).where(
            Access.case_id.in_(case_ids), Access.until_on.is_(None)
        )
    )
    for case_id, handler_id in rows:
        found[case_id].add(handler_id)
    return found


def _makers(session: Session, case_ids: Sequence[bytes]) -> Mapping[bytes, str | None]:
    """Who made the last change of access in each case that has one; they made its newest key."""
    changes = select(Entry.case_id, func.max(Entry.seq).label("seq")).where(
        Entry.case_id.in_(case_ids), Entry.chain == thread.CASE_CHAIN, Entry.kind == "access"
    )
    last = changes.group_by(Entry.case_id).subquery("last")
    rows = session.execute(
        select(Entry.case_id, Entry.handler_id)
        .join(last, (Entry.case_id == last.c.case_id) & (Entry.seq == last.c.seq))
        .where(Entry.chain == thread.CASE_CHAIN)
    )
    return {case_id: handler_id for case_id, handler_id in rows}  # noqa: C416 - a row is no pair of its types


def _recovery(keyring: Keyring) -> bytes | None:
    return None if keyring.recovery is None else keyring.recovery.age_sha256


def _age(keyring: Keyring, handler_id: str) -> bytes | None:
    handler = keyring.handler(handler_id)
    return None if handler is None else handler.age_sha256


def _named(case: Case) -> dict[str, Any]:
    return {"id": case.id.hex(), "number": case.number, "channel": case.channel}


def _today(parts: Parts) -> date:
    return max(parts.today(channel) for channel in parts.settings.channels)
