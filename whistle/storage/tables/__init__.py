"""The tables.

Each column says what it is for, and whether it could point to the reporter;
docs/threat-model.md lists the same answers.

Primary keys are 128 random bits: no row number, order or time can be read from them
(protocol section 8). On SQLite the tables are stored by that key, without a rowid.
"""

from whistle.storage.tables.base import Table, new_id
from whistle.storage.tables.cases import Access, Case, CaseKey, OldSeal, Seen, Unopened
from whistle.storage.tables.clock import ClockAction, Mailed, Notice, Task
from whistle.storage.tables.entries import Entry, EntrySeal, ErasureProposal
from whistle.storage.tables.keyrings import KeyringFile
from whistle.storage.tables.log import LogEvent, LogWaiting
from whistle.storage.tables.office import Invitation, KeyringDraft, Mark
from whistle.storage.tables.people import KeyChange, Passkey, Person, SignedIn, Tries

__all__ = [
    "Access",
    "Case",
    "CaseKey",
    "ClockAction",
    "Entry",
    "EntrySeal",
    "ErasureProposal",
    "Invitation",
    "KeyChange",
    "KeyringDraft",
    "KeyringFile",
    "LogEvent",
    "LogWaiting",
    "Mailed",
    "Mark",
    "Notice",
    "OldSeal",
    "Passkey",
    "Person",
    "Seen",
    "SignedIn",
    "Table",
    "Task",
    "Tries",
    "Unopened",
    "new_id",
]
