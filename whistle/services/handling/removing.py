"""Erasing single entries before their time: what is manifestly irrelevant goes at once.

(Directive Art. 17; Lag (2021:890) 7 kap. 7 §.) The sealed bytes go, the 32-byte hash stays so that
the chain can be followed, and the handler's signed entry that asked for it says that something was
removed, not what.
"""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.crypto.encoding import b64u_decode
from whistle.crypto.kinds import ERASABLE
from whistle.errors import FilingError
from whistle.services import thread
from whistle.storage.tables import Case, Entry, EntrySeal

CHAIN_OF = {"removed": thread.CASE_CHAIN, "note_removed": thread.DESK_CHAIN}


def remove(session: Session, case: Case, kind: str, facts: Mapping[str, object]) -> int:
    """Erase the entries that are named, each by number and hash; return how many.

    Raises:
        FilingError: `entries`, one is not there, is another, or may not be removed; `seq`.
    """
    named = facts.get("entries")
    if not isinstance(named, list) or not named:
        raise FilingError("entries")
    for one in named:
        entry = _entry(session, case, CHAIN_OF[kind], one)
        session.execute(delete(EntrySeal).where(EntrySeal.entry_id == entry.id))
    return len(named)


def _entry(session: Session, case: Case, chain: str, named: object) -> Entry:
    if not isinstance(named, dict):
        raise FilingError("entries")
    seq = thread.number(named.get("seq"))
    entry = session.scalar(
        select(Entry).where(Entry.case_id == case.id, Entry.chain == chain, Entry.seq == seq)
    )
    try:
        sha256 = b64u_decode(str(named.get("sha256")))
    except ValueError as error:
        raise FilingError("entries") from error
    if entry is None or entry.sha256 != sha256 or entry.kind not in ERASABLE:
        raise FilingError("entries")
    return entry
