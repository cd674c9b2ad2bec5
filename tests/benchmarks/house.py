"""Organisations to measure with: their folder, their settings, their people, their reports."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from tests.benchmarks.load import Asked
from whistle.crypto.encoding import b64u
from whistle.crypto.filing import Filing, make_filing
from whistle.crypto.keyring import Keyring
from whistle.crypto.keyring import parse as parse_keyring
from whistle.crypto.receipt import Receipt
from whistle.crypto.signing import SigningKey
from whistle.services.operating.ceremony import (
    Appointed,
    Enrolled,
    admit,
    enrol,
    first_keyring,
    publish,
)
from whistle.services.operating.start import SERVICE_KEY_FILE
from whistle.storage.engine import Database
from whistle.storage.secret_file import read_or_make

CHANNEL = "main"
TEXT = "Overtime at the foundry is not written down. " * 40  # fills a container of 4 KiB
SETTINGS = """\
organisation = "Example Works"
site_name = "Forms"
free_reports_a_minute = 1000000
data_dir = "data"
keys_dir = "keys"
languages = ["en", "sv"]

[[channels]]
id = "main"
name = "Example Works"
acknowledge = "by_handler"
"""


@dataclass(frozen=True)
class House:
    """An organisation in a folder, ready for `whistle serve`."""

    folder: Path
    keyring: Keyring
    people: tuple[Enrolled, ...]
    today: date

    @property
    def database(self) -> Path:
        """Where its database lies."""
        return self.folder / "data" / "whistle.sqlite"


def build(folder: Path, handlers: int) -> House:
    """Make an organisation with so many case handlers, its keyring in force since today."""
    today = datetime.now(UTC).date()
    (folder / "data").mkdir(parents=True)
    (folder / "whistle.toml").write_text(SETTINGS)
    people = tuple(
        enrol(Appointed(f"handler{at}", f"Handler {at}", "Lawyer", {CHANNEL: "handler"}), log_n=10)
        for at in range(1, handlers + 1)
    )
    root = SigningKey.generate()
    service = SigningKey.from_seed(read_or_make(folder / "data" / SERVICE_KEY_FILE))
    signed = first_keyring("Example Works", people, service.public, root, today)
    publish(folder / "keys", root, signed)
    database = Database(f"sqlite:///{folder / 'data' / 'whistle.sqlite'}")
    database.prepare()
    admit(database, people)
    database.close()
    return House(folder, parse_keyring(signed.file), people, today)


def answers_of(text: str) -> dict[str, object]:
    """Return a report's body as the form makes it."""
    answers = {"what": text, "when_where": "", "ongoing": "yes", "topic": "other", "how_known": ""}
    wishes = {"meeting": False}
    return {"language": "en", "answers": answers, "reporter": None, "wishes": wishes}


def filing(house: House, receipt: Receipt) -> Filing:
    """Return a sealed report, as a browser makes it."""
    body = answers_of(TEXT)
    return make_filing(receipt, house.keyring, CHANNEL, body, made="browser", on=house.today)


def filings(house: House, count: int) -> Iterator[tuple[Receipt, bytes]]:
    """Make so many different sealed reports."""
    for _ in range(count):
        receipt = Receipt.generate()
        yield receipt, filing(house, receipt).to_bytes()


def as_requests(posts: Sequence[bytes]) -> list[Asked]:
    """Return the requests that file sealed reports for the first time."""
    kind = {"Content-Type": "application/octet-stream"}
    return [Asked("POST", "/api/v1/reports", kind, post, right=201) for post in posts]


def mailbox_request(receipt: Receipt) -> Asked:
    """Return the request that reads a mailbox."""
    headers = {"Authorization": f"Bearer {b64u(receipt.mailbox_token)}"}
    return Asked("GET", "/api/v1/mailbox", headers)
