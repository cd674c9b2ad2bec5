"""What two handlers may erase before its time: which entries, and how they go.

(Directive Art. 17; Lag (2021:890) 7 kap. 7 §.) The sealed bytes go, the 32-byte hash stays so that
the chain can be followed, and the second handler's signed entry says that something was removed,
not what. Who may agree to it, and when, is in proposing.py and approving.py.
"""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.crypto import strictjson
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.kinds import ERASABLE
from whistle.errors import FilingError
from whistle.services import thread
from whistle.storage.tables import Case, Entry, EntrySeal

CASE = "case"
CHAIN_OF = {"entries": thread.CASE_CHAIN, "notes": thread.DESK_CHAIN, CASE: thread.CASE_CHAIN}
"""By what a proposal erases: the chain in which it names entries."""
KIND_OF = {"entries": "removed", "notes": "note_removed"}
"""The entry that says of them that they went."""


def named_entries(session: Session, case: Case, erases: object, named: object) -> list[Entry]:
    """The entries that a proposal names, each by number and hash.

    A whole case is named by its report.

    Raises:
        FilingError: `entries`, one is not there, is another, may not be removed, or stands there
            twice; `seq`.
    """
    if not isinstance(erases, str) or erases not in CHAIN_OF:
        raise FilingError("entries")
    if not isinstance(named, list) or not named:
        raise FilingError("entries")
    entries = [_entry(session, case, CHAIN_OF[erases], one) for one in named]
    if len({entry.id for entry in entries}) != len(entries):
        raise FilingError("entries")
    if erases == CASE:
        right = [entry.seq for entry in entries] == [1]
    else:
        right = all(entry.kind in ERASABLE for entry in entries)
    if not right:
        raise FilingError("entries")
    return entries


def digest(erases: str, entries: Iterable[Entry]) -> bytes:
    """A hash of what is named: two lists are the same if it is."""
    named = sorted([entry.seq, entry.sha256.hex()] for entry in entries)
    return sha256(strictjson.write({"erases": erases, "entries": named})).digest()


def remove(session: Session, entries: Iterable[Entry]) -> None:
    """Erase the sealed bytes of entries."""
    for entry in entries:
        session.execute(delete(EntrySeal).where(EntrySeal.entry_id == entry.id))


def _entry(session: Session, case: Case, chain: str, named: object) -> Entry:
    if not isinstance(named, dict):
        raise FilingError("entries")
    seq = thread.number(named.get("seq"))
    entry = session.scalar(
        select(Entry).where(Entry.case_id == case.id, Entry.chain == chain, Entry.seq == seq)
    )
    try:
        digest = b64u_decode(str(named.get("sha256")))
    except ValueError as error:
        raise FilingError("entries") from error
    if entry is None or entry.sha256 != digest:
        raise FilingError("entries")
    return entry
