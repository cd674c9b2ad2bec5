"""The reporter's acts for pages without scripts: the server seals, opens, answers and forgets.

Rules (protocol section 6):
* the code comes with the request and leaves with the answer; nothing of it, and nothing opened,
  is kept, logged or put on a disk;
* every entry made here says `made: "server"`, so that both sides can see it for ever;
* sending the same report twice is one report: the server opens the first and compares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.crypto import age
from whistle.crypto.chain import EntryRecord, VerifiedThread, verify_thread
from whistle.crypto.filing import EntryPlace, Exclusion, make_entry, make_filing
from whistle.crypto.receipt import Receipt
from whistle.errors import ConflictError, FilingError, NotFoundError
from whistle.services import dates, thread
from whistle.services.parts import Parts
from whistle.services.reporting import mailbox
from whistle.services.reporting.filing import Receipted, file_report, receipted
from whistle.storage.tables import Case, Entry
