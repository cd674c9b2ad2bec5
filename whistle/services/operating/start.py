"""Joining the real parts of one organisation, once, when a program starts."""

from collections.abc import Callable
from datetime import datetime

from whistle.config import Settings
from whistle.crypto.signing import SigningKey
from whistle.services.keyrings import Keyrings
from whistle.services.parts import Parts
from whistle.storage.engine import Database
from whistle.storage.secret_file import read_or_make

SERVICE_KEY_FILE = "service.key"


def start(settings: Settings, clock: Callable[[], datetime]) -> Parts:
    """Open the database (made if it is new), read the server's own key, verify the keyrings.

    Raises:
        ConfigError: a secret of the server cannot be read.
        KeyringError: the published keyrings do not verify; nothing is served then.
    """
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database)
    database.prepare()
    keyrings = Keyrings(settings.keys_dir, database)
    keyrings.published()
    service_key = SigningKey.from_seed(read_or_make(settings.data_dir / SERVICE_KEY_FILE))
    return Parts(settings, database, keyrings, service_key, clock)
