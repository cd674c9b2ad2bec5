"""The demo: a whole organisation to throw away, with sample cases made through the real doors.

Everything secret about it lies in one file in its folder, so that it can be printed. That is what
makes it a demo: a real organisation's passphrases and receipt codes are in no file.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pyotp

from whistle.case.permissions import Role
from whistle.config import Acknowledge, Channel, OtherWays, Settings
from whistle.crypto.signing import SigningKey
from whistle.services.operating import sample_cases
from whistle.services.operating.ceremony import (
    Appointed,
    Enrolled,
    admit,
    enrol,
    first_keyring,
    publish,
)
from whistle.services.operating.demo_clock import DemoClock
from whistle.services.operating.start import SERVICE_KEY_FILE, start
from whistle.services.parts import Parts
from whistle.storage.engine import Database
from whistle.storage.secret_file import read_or_make

CHANNEL = Channel(
    id="main", name="Norrvik Mekaniska AB", law="SE", acknowledge=Acknowledge.BY_HANDLER
)
PEOPLE = (
    Appointed("anna", "Anna Lind", "Jurist", {"main": "handler"}),
    Appointed("bo", "Bo Ek", "HR", {"main": "handler"}),
    Appointed("carin", "Carin Dahl", "Controller", {"main": "deputy"}),
    Appointed("david", "David Nor", "Compliance", {}, office=Role.OFFICER),
    Appointed("elin", "Elin Ask", "Auditor", {}, office=Role.AUDITOR),
)
"""The tasks stand in the signed keyring once, for pages in either language: words of both."""
FACTS_FILE = "demo.json"
CLOCK_FILE = "clock"
CODES_FILE = "codes.json"
STEP_SECONDS = 30
BEFORE = timedelta(days=130)
"""How far back the demo's keyring was signed, so that its older cases were filed under it."""


@dataclass(frozen=True)
class Facts:
    """What the demo prints: people with their secrets, and two receipt codes."""

    people: tuple[dict[str, str], ...]
    receipts: tuple[dict[str, str], ...]


def settings(folder: Path) -> Settings:
    """The demo organisation's settings."""
    return Settings(
        organisation="Norrvik Mekaniska AB",
        site_name="Norrvik",
        channels=(CHANNEL,),
        data_dir=folder / "data",
        keys_dir=folder / "keys",
        languages=("en", "sv"),
        other_ways=OtherWays(
            telephone={
                "en": "090-000 00 00, weekdays 9 to 15",
                "sv": "090-000 00 00, vardagar 9 till 15",
            },
            post="Case handlers, Norrvik Mekaniska AB, Box 1, 900 00 Umeå",
            meeting={
                "en": "Ask for a meeting in your report, or by telephone",
                "sv": "Be om ett möte i din rapport, eller per telefon",
            },
        ),
        demo=True,
    )


def clock(folder: Path) -> DemoClock:
    """The demo's clock."""
    return DemoClock(folder / CLOCK_FILE)


def prepare(folder: Path, say: Callable[[str], None] = lambda _: None) -> Facts:
    """Make the demo in `folder` unless it is there whole already; tell what it prints.

    Args:
        folder: where it is kept, with all its secrets, until somebody removes it.
        say: called with a line for each step that takes time.
    """
    file = folder / FACTS_FILE
    draft = file.with_suffix(".new")
    if not file.exists():
        if draft.exists():  # an earlier start was broken off: what it left fits no new keys
            for left in (settings(folder).data_dir, settings(folder).keys_dir):
                shutil.rmtree(left, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        facts = _make(folder, say)
        draft.write_text(json.dumps(asdict(facts), indent=1))
        draft.rename(file)
    read = json.loads(file.read_text())
    return Facts(tuple(read["people"]), tuple(read["receipts"]))


def one_time_code(folder: Path, facts: Facts, person: str, now: datetime) -> tuple[str, float]:
    """A one-time code for somebody of the demo that was never given before.

    Returns:
        The code, and in how many seconds it will be taken: a code works once, and the server takes
        those of the step before, this and the next.

    Raises:
        KeyError: nobody in the demo has this id.
    """
    totp = pyotp.TOTP({one["id"]: one["one_time_secret"] for one in facts.people}[person])
    file = folder / CODES_FILE
    given: dict[str, int] = json.loads(file.read_text()) if file.exists() else {}
    step = max(int(now.timestamp()) // STEP_SECONDS, given.get(person, 0) + 1)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(given | {person: step}))
    draft.rename(file)
    taken_from = (step - 1) * STEP_SECONDS
    return totp.at(step * STEP_SECONDS), max(0.0, taken_from - now.timestamp())


def _make(folder: Path, say: Callable[[str], None]) -> Facts:
    say("Making keys …")
    chosen = settings(folder)
    chosen.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = clock(folder)()
    root = SigningKey.generate()
    service = SigningKey.from_seed(read_or_make(chosen.data_dir / SERVICE_KEY_FILE))
    people = [enrol(one) for one in PEOPLE]
    issued_on = (now - BEFORE).date()
    keyring = first_keyring(chosen.organisation, people, service.public, root, issued_on)
    publish(chosen.keys_dir, root, keyring)
    database = Database(chosen.database)
    database.prepare()
    admit(database, people)
    database.close()
    say("Filing sample cases …")

    parts = start(chosen, lambda: now)

    def at(days_ago: int) -> Parts:
        return replace(parts, clock=lambda: now - timedelta(days=days_ago))

    receipts = sample_cases.file_all(at, {one.appointed.id: one for one in people})
    return Facts(tuple(_printed(one) for one in people), tuple(receipts))


def _printed(one: Enrolled) -> dict[str, str]:
    return {
        "id": one.appointed.id,
        "name": one.appointed.name,
        "role": one.appointed.role_text,
        "passphrase": one.passphrase,
        "one_time_secret": one.one_time_secret,
    }
