"""One organisation's settings, read once from one TOML file and never changed while it runs.

Rules:
* every key is known: an unknown one is an error, so that a slip of the pen never goes unseen;
* no secret stands here and none has a default: secrets are files in `data_dir`;
* relative paths are read from the folder that the TOML file lies in.

Not handled here: whether folders exist, keys fit or a database answers.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from whistle.errors import ConfigError

E = TypeVar("E", bound=StrEnum)

_SAID: Mapping[Any, str] = {str: "a text in quotes", bool: "true or false", int: "a whole number"}
SHORTEST_MONTH = 28
DAY_HOURS = 24
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
"""What a keyring can name (crypto/strictjson.py)."""


class Acknowledge(StrEnum):
    """How a channel acknowledges receipt (design: the clock)."""

    AT_ONCE = "at_once"
    """The standard text answers every report the moment it has arrived."""
    BY_HANDLER = "by_handler"
    """A case handler answers; the standard text steps in on the last safe day."""


class Face(StrEnum):
    """Which of the two faces a server shows; both on one name are for the demo only."""

    REPORTER = "reporter"
    DESK = "desk"
    BOTH = "both"


@dataclass(frozen=True)
class Channel:
    """One internal reporting channel: one legal entity, one law, one time zone."""

    id: str
    name: str
    law: str = "SE"
    country: str = "SE"
    zone: str = "Europe/Stockholm"
    acknowledge: Acknowledge = Acknowledge.AT_ONCE
    backup_life_days: int = 0
    """How many days a deleted thing lives on in backups: erasure is planned that much earlier."""
    keep_months: int = 0
    """How many months a closed case is kept; 0: as long as the law says. It only ever shortens."""
    breach_hours: int = 0
    """In how many hours a breach is to be notified, at least 24; 0: as the law says."""
    public_body: bool = False
    """A public body archives and does not erase (Lag (2021:890) 7 kap. 8 § 2 st.)."""
    municipality: bool = False
    """A municipality shares a whole channel or none (Lag (2021:890) 5 kap. 4 §): no investigators,
    who are the shared staff of 5 kap. 3 §."""

    @property
    def zoneinfo(self) -> ZoneInfo:
        """The zone in which this channel's calendar dates are counted."""
        return ZoneInfo(self.zone)


@dataclass(frozen=True)
class OtherWays:
    """Ways in besides this site, as the organisation states them; empty means not offered.

    Each is one text for all languages (a number, an address), or one for each by its code.
    """

    telephone: str | Mapping[str, str] = ""
    post: str | Mapping[str, str] = ""
    meeting: str | Mapping[str, str] = ""

    def said_in(self, language: str) -> dict[str, str]:
        """Each way in one language."""
        ways = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: said if isinstance(said, str) else said[language] for name, said in ways.items()
        }


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only to this machine itself."""


@dataclass(frozen=True)
class Mail:
    """The organisation's own mail server, and whom it tells besides the handlers.

    `outside` is the person named in the written procedure, who is told how many days late the
    organisation is and nothing else. `password_file` holds the password, and nothing else.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password_file: str = ""
    officer: str = ""
    outside: str = ""


@dataclass(frozen=True)
class Settings:
    """Everything an operator decides. Built by `load`, or directly in a test or the demo."""

    organisation: str
    site_name: str
    channels: tuple[Channel, ...]
    data_dir: Path
    keys_dir: Path
    languages: tuple[str, ...] = ("sv", "en")
    database_url: str = ""
    face: Face = Face.BOTH
    leave_to: str = ""
    other_ways: OtherWays = field(default_factory=OtherWays)
    mail: Mail | None = None
    desk_address: str = ""
    """Where handlers find the desk: https://desk.example.org. Mails and calendars name it, and a
    sign-in is then for this address only."""
    behind_proxy: bool = False
    """A proxy on this machine speaks https and names scheme and host (X-Forwarded-Proto, -Host)."""
    free_reports_a_minute: int = 20
    """Beyond so many a report costs its sender's device some work (services/flood.py)."""
    demo: bool = False

    @property
    def database(self) -> str:
        """The database's address: the one that was set, else one file in `data_dir`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'whistle.sqlite'}"

    def channel(self, channel_id: str) -> Channel | None:
        """The channel of this id, or None."""
        return next((one for one in self.channels if one.id == channel_id), None)


def load(path: Path) -> Settings:
    """Read the settings from a TOML file.

    Raises:
        ConfigError: the file is missing, is not TOML, or says something unknown or impossible.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise ConfigError(f"{path} is not TOML: {error}") from error
    return from_table(table, folder=path.parent)


def from_table(table: Mapping[str, Any], *, folder: Path) -> Settings:
    """Check a parsed table and make the settings of it; raises ConfigError as `load` does."""
    values = _values(table, Settings, "the settings")
    values["channels"] = _channels(values.get("channels"))
    for name in ("data_dir", "keys_dir"):
        values[name] = folder / _text(_needed(values, name), name)
    for name in ("organisation", "site_name"):
        _needed(values, name)
    if "languages" in values:
        values["languages"] = _languages(values["languages"])
    if "face" in values:
        values["face"] = _choice(Face, values["face"], "face")
    if "other_ways" in values:
        languages = values.get("languages", Settings.languages)
        values["other_ways"] = _other_ways(values["other_ways"], languages)
    if "mail" in values:
        values["mail"] = _mail(values["mail"])
    if values.get("free_reports_a_minute", 1) < 1:
        raise ConfigError("free_reports_a_minute is 1 or more")
    return Settings(**values)


def _channels(tables: object) -> tuple[Channel, ...]:
    if not isinstance(tables, list) or not tables:
        raise ConfigError("name at least one [[channels]]")
    channels = tuple(_channel(one) for one in tables)
    twice = [one for one, count in Counter(one.id for one in channels).items() if count > 1]
    if twice:
        raise ConfigError(f"[[channels]]: {twice[0]} is there twice")
    return channels


def _channel(table: object) -> Channel:
    values = _values(table, Channel, "channels")
    for name in ("id", "name"):
        _needed(values, name)
    if "acknowledge" in values:
        values["acknowledge"] = _choice(Acknowledge, values["acknowledge"], "acknowledge")
    channel = Channel(**values)
    if not _ID.fullmatch(channel.id):
        raise ConfigError(f"id {channel.id!r}: write it in small letters, digits, _ and -")
    if channel.backup_life_days < 0:
        raise ConfigError("backup_life_days is 0 or more")
    _check_own_times(channel)
    try:
        channel.zoneinfo  # noqa: B018 - asking for it is the check
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"{channel.zone!r} is not a time zone") from error
    return channel


def _check_own_times(channel: Channel) -> None:
    """Refuse a time of keeping that the backups outlive, and a breach nobody could notify."""
    if channel.keep_months < 0:
        raise ConfigError("keep_months is 0 or more")
    if channel.keep_months and channel.keep_months * SHORTEST_MONTH <= channel.backup_life_days:
        raise ConfigError("keep_months is longer than backup_life_days")
    if channel.breach_hours and channel.breach_hours < DAY_HOURS:
        raise ConfigError(f"breach_hours is 0, or {DAY_HOURS} or more")


def _mail(table: object) -> Mail:
    values = _values(table, Mail, "mail")
    for name in ("host", "sender"):
        _needed(values, name)
    if "security" in values:
        values["security"] = _choice(Security, values["security"], "security")
    mail = Mail(**values)
    if not 0 < mail.port < 65_536:
        raise ConfigError("port is from 1 to 65535")
    if mail.security is Security.NONE and mail.host not in {"localhost", "127.0.0.1", "::1"}:
        raise ConfigError("mail without TLS goes to this machine only; set security")
    return mail


def _other_ways(table: object, languages: Collection[str]) -> OtherWays:
    values = _values(table, OtherWays, "other_ways")
    for name, said in values.items():
        texts = said.values() if isinstance(said, Mapping) else [said]
        whole = not isinstance(said, Mapping) or set(said) == set(languages)
        if not whole or not all(isinstance(one, str) for one in texts):
            each = ", ".join(f'{one} = "…"' for one in languages)
            raise ConfigError(
                f"other_ways: {name} is a text, or one for each language: {{ {each} }}"
            )
    return OtherWays(**values)


def _languages(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise ConfigError('languages is a list, each once: ["sv", "en"]')
    return tuple(_text(one, "languages") for one in value)


def _values(table: object, kind: type, where: str) -> dict[str, Any]:
    """A table's values, their keys known to `kind`; plain ones of the kind that it names."""
    if not isinstance(table, Mapping):
        raise ConfigError(f"{where} is a table")
    plain = {one.name: one.type for one in fields(kind)}
    if unknown := sorted(set(table) - set(plain)):
        raise ConfigError(f"{where}: unknown {', '.join(unknown)}; known are {sorted(plain)}")
    for name, value in table.items():
        wanted = plain[name]
        if wanted in _SAID and type(value) is not wanted:
            raise ConfigError(f"{where}: {name} is {_SAID[wanted]}")
    return dict(table)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} is {_SAID[str]}")
    return value


def _needed(values: Mapping[str, Any], name: str) -> Any:
    if not values.get(name):
        raise ConfigError(f"{name} is missing")
    return values[name]


def _choice(kind: type[E], value: object, name: str) -> E:
    try:
        return kind(str(value))
    except ValueError as error:
        raise ConfigError(f"{name} is one of {[one.value for one in kind]}") from error
