"""The real parts that services work with, joined once when the program starts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from whistle.config import Channel, Settings
from whistle.crypto.signing import SigningKey
from whistle.errors import NotFoundError
from whistle.services.flood import Flood
from whistle.services.keyrings import Keyrings
from whistle.storage.engine import Database


@dataclass(frozen=True)
class Parts:
    """Everything that acts: settings, database, keyrings, service key, clock, flood."""

    settings: Settings
    database: Database
    keyrings: Keyrings
    service_key: SigningKey
    clock: Callable[[], datetime]
    """Tells the present instant, aware."""
    flood: Flood

    def today(self, channel: Channel) -> date:
        """The calendar date in the channel's zone: days are counted there, not in hours."""
        return self.clock().astimezone(channel.zoneinfo).date()

    def channel(self, channel_id: str) -> Channel:
        """The channel of this id.

        Raises:
            NotFoundError: there is none.
        """
        channel = self.settings.channel(channel_id)
        if channel is None:
            raise NotFoundError("unknown_channel")
        return channel
