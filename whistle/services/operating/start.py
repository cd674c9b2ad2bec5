"""Joining the real parts of one organisation, once, when a program starts."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from whistle.config import Settings
from whistle.crypto.signing import SigningKey
from whistle.errors import ConfigError, LawError
from whistle.services.facts import limits_of
from whistle.services.flood import Flood
from whistle.services.keyrings import Keyrings
from whistle.services.parts import Parts
from whistle.storage.engine import Database
from whistle.storage.secret_file import read_or_make
from whistle.storage.tables import Case
from whistle.wording import LANGUAGES

SERVICE_KEY_FILE = "service.key"


def start(settings: Settings, clock: Callable[[], datetime]) -> Parts:
    """Open the database (made if it is new), read the server's own key, verify the keyrings.

    Raises:
        ConfigError: the settings name a law, country or language that there is not, or no longer
            a channel that has cases; or a secret of the server cannot be read.
        KeyringError: the published keyrings do not verify; nothing is served then. Before the
            first keyring there is nothing to verify: the form is closed and the office is open.
    """
    check(settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database)
    database.prepare()
    zone = settings.channels[0].zoneinfo
    keyrings = Keyrings(settings.keys_dir, database, lambda: clock().astimezone(zone).date())
    _check_cases(settings, database, keyrings)
    service_key = SigningKey.from_seed(read_or_make(settings.data_dir / SERVICE_KEY_FILE))
    flood = Flood(settings.free_reports_a_minute)
    return Parts(settings, database, keyrings, service_key, clock, flood)


def check(settings: Settings) -> None:
    """Refuse what would otherwise fail at the first report, not at the start.

    Raises:
        ConfigError: a channel's law, country or zone, or a language that there is not; or a
            channel that would keep its closed cases for ever, as its law gives no time.
    """
    for channel in settings.channels:
        try:
            limits = limits_of(channel)
        except LawError as error:
            raise ConfigError(f"channel {channel.id}: wrong {error.reason}") from error
        if limits.law.retention.rule is None and not (channel.keep_months or channel.public_body):
            raise ConfigError(
                f"channel {channel.id}: law {channel.law} does not say how long a closed case may "
                "be kept; set keep_months, or nothing would ever be erased"
            )
    if unknown := sorted(set(settings.languages) - set(LANGUAGES)):
        raise ConfigError(f"languages: there is no {unknown[0]}; there are {sorted(LANGUAGES)}")


def _check_cases(settings: Settings, database: Database, keyrings: Keyrings) -> None:
    """Refuse to forget a channel: its cases would have no law, no zone and no clock.

    A case is of a channel that some keyring named, so that as a rule no case is looked at.
    """
    if not keyrings.begun:
        return
    links = keyrings.published().chain.links
    named = {channel for link in links for channel in link.keyring.channels()}
    missing = named - {one.id for one in settings.channels}
    if not missing:
        return
    with database.reading() as session:
        found = session.scalar(select(Case.channel).where(Case.channel.in_(missing)).limit(1))
    if found is not None:
        raise ConfigError(f"channel {found} has cases and cannot be left out of the settings")
