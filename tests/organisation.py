"""A made-up organisation with its keys, people and site: what most tests stand on.

The cast never changes: Anna handles reports, Bo handles them too, Carin is the deputy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyotp
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from whistle.case.permissions import Role
from whistle.config import Acknowledge, Channel, OtherWays, Settings
from whistle.crypto.keyring import Recovery
from whistle.crypto.signing import SigningKey
from whistle.services.operating.ceremony import (
    Appointed,
    Enrolled,
    admit,
    enrol,
    first_keyring,
    publish,
)
from whistle.services.operating.start import SERVICE_KEY_FILE, start
from whistle.services.parts import Parts
from whistle.storage.engine import Database
from whistle.storage.secret_file import read_or_make
from whistle.web.app import create_app

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
"""Noon in Stockholm on a Sunday, the made-up organisation's day."""

CAST = (
    Appointed("anna", "Anna Lind", "Case handler, lawyer", {"main": "handler"}),
    Appointed("bo", "Bo Ek", "Case handler, health and safety", {"main": "handler"}),
    Appointed("carin", "Carin Dahl", "Deputy, external auditor", {"main": "deputy"}),
    Appointed("olle", "Olle Berg", "Compliance officer", {}, office=Role.OFFICER),
    Appointed("pia", "Pia Holm", "Auditor", {}, office=Role.AUDITOR),
)
DATABASE_FILE = "whistle.sqlite"
CHEAP_LOG_N = 10
"""scrypt's cost for key files that protect nothing."""


@dataclass
class Organisation:
    """A whole organisation; `now` can be moved."""

    parts: Parts
    app: Flask
    root: SigningKey
    people: Mapping[str, Enrolled]
    now: datetime = field(default=NOON)

    def move(self, days: int) -> None:
        """Let days pass."""
        self.now += timedelta(days=days)

    def one_time_code(self, handler_id: str, now: datetime | None = None) -> str:
        """The one-time code of this moment, or of another."""
        return pyotp.TOTP(self.people[handler_id].one_time_secret).at(now or self.now)


class _Compiled(BytecodeCache):
    """Templates that one site compiled serve the others of the run, unless they changed since."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def site_of(parts: Parts) -> Flask:
    """The application that serves an organisation, its templates compiled once in a test run."""
    app = create_app(parts)
    app.jinja_env.bytecode_cache = _COMPILED
    return app


@cache
def cast() -> tuple[Enrolled, ...]:
    """The cast with their keys, made once in a test run."""
    return tuple(enrol(one, log_n=CHEAP_LOG_N) for one in CAST)


@cache
def _empty_database() -> bytes:
    """A database with its tables and nothing in them, made once in a test run."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / DATABASE_FILE
        database = Database(f"sqlite:///{file}")
        database.prepare()
        database.forget()
        database.close()
        return file.read_bytes()


def make_settings(folder: Path) -> Settings:
    """Settings that offer both languages, English first."""
    return Settings(
        organisation="Example Works",
        site_name="Forms",
        channels=(Channel(id="main", name="Example Works", acknowledge=Acknowledge.BY_HANDLER),),
        data_dir=folder / "data",
        keys_dir=folder / "keys",
        languages=("en", "sv"),
        other_ways=OtherWays(telephone="010-000 00 00", post="Box 1", meeting="Ask for one"),
        free_reports_a_minute=1000,
    )


def make_organisation(
    folder: Path,
    settings: Settings | None = None,
    people: tuple[Enrolled, ...] | None = None,
    recovery: Recovery | None = None,
    *,
    now: datetime = NOON,
) -> Organisation:
    """Make an organisation in a folder of its own, its keyring in force for 130 days.

    `now` is its day; a test with a real server, whose clock is the machine's, gives that.
    """
    settings = settings or make_settings(folder)
    people = cast() if people is None else people
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    root = SigningKey.generate()
    service = SigningKey.from_seed(read_or_make(settings.data_dir / SERVICE_KEY_FILE))
    issued_on = (now - timedelta(days=130)).date()
    publish(
        settings.keys_dir,
        root,
        first_keyring(
            settings.organisation, people, service.public, root, issued_on, recovery=recovery
        ),
    )
    (settings.data_dir / DATABASE_FILE).write_bytes(_empty_database())
    database = Database(settings.database)
    admit(database, people)
    database.close()
    made: list[Organisation] = []
    parts = start(settings, lambda: made[0].now if made else now)
    by_id = {one.appointed.id: one for one in people}
    made.append(Organisation(parts, site_of(parts), root, by_id, now))
    return made[0]
