"""Settings: read once, every key known, every value of its kind, or nothing starts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from whistle.config import (
    Acknowledge,
    Channel,
    Face,
    Security,
    Settings,
    from_table,
    load,
)
from whistle.errors import ConfigError

EXAMPLE = Path(__file__).parents[1] / "deploy" / "whistle.example.toml"


def table(**values: Any) -> dict[str, Any]:
    """The least that an organisation must say, and what is given."""
    least = {
        "organisation": "Example Works",
        "site_name": "Forms",
        "data_dir": "data",
        "keys_dir": "keys",
        "channels": [{"id": "main", "name": "Example Works"}],
    }
    return {**least, **values}


def channel(**values: Any) -> dict[str, Any]:
    """The same with one channel of these values."""
    return table(channels=[{"id": "main", "name": "Example Works", **values}])


def mail(**values: Any) -> dict[str, Any]:
    """The same with a mail server of these values."""
    return table(mail={"host": "mail.example", "sender": "a@example", **values})


def settings(values: dict[str, Any]) -> Settings:
    """Settings of a file in a folder of its own."""
    return from_table(values, folder=Path("/etc/whistle"))


def test_the_example_is_read_whole() -> None:
    """The file that operators start from is right, and names every key."""
    read = load(EXAMPLE)
    assert read.channels[0].acknowledge is Acknowledge.AT_ONCE
    assert read.mail is not None
    assert read.mail.security is Security.STARTTLS
    assert read.data_dir == EXAMPLE.parent / "data"


def test_little_must_be_said() -> None:
    """The rest has defaults, none of them a secret."""
    read = settings(table())
    assert read.languages == ("sv", "en")
    assert read.face is Face.BOTH
    assert read.mail is None
    assert not read.demo


def test_a_relative_path_starts_at_the_files_folder() -> None:
    """An absolute one stays as it is."""
    read = settings(table(keys_dir="/srv/keys"))
    assert read.data_dir == Path("/etc/whistle/data")
    assert read.keys_dir == Path("/srv/keys")


def test_the_database_is_a_file_unless_an_address_is_set() -> None:
    """One file in data_dir, or wherever the address says."""
    assert settings(table()).database == "sqlite:////etc/whistle/data/whistle.sqlite"
    assert settings(table(database_url="postgresql://x/y")).database == "postgresql://x/y"


def test_a_channel_counts_in_its_zone() -> None:
    """By default Stockholm's."""
    assert Channel("main", "Example").zoneinfo == ZoneInfo("Europe/Stockholm")
    assert settings(channel(zone="Europe/Helsinki")).channels[0].zone == "Europe/Helsinki"


def test_a_channel_is_found_by_its_id() -> None:
    """Or it is not there."""
    read = settings(table())
    assert read.channel("main") is read.channels[0]
    assert read.channel("other") is None


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": (table(organization="x"), "unknown organization"),
    "an unknown key of a channel": (channel(timezone="x"), "unknown timezone"),
    "an unknown key of the mail": (mail(tls=True), "unknown tls"),
    "an unknown other way": (table(other_ways={"fax": "x"}), "unknown fax"),
    "no channels": (table(channels=[]), "channels"),
    "one table for the channels": (table(channels={"id": "main", "name": "x"}), "channels"),
    "a number for a channel": (table(channels=[1]), "channels"),
    "a channel without an id": (table(channels=[{"name": "x"}]), "id is missing"),
    "a channel without a name": (table(channels=[{"id": "x"}]), "name is missing"),
    "a channel's id that no keyring can name": (channel(id="Main Office"), "id"),
    "two channels with one id": (
        table(channels=[{"id": "main", "name": "x"}, {"id": "main", "name": "y"}]),
        "main",
    ),
    "no organisation": (table(organisation=""), "organisation is missing"),
    "no name of the site": (table(site_name=""), "site_name is missing"),
    "no folder for data": (table(data_dir=""), "data_dir is missing"),
    "no folder for keys": (table(keys_dir=""), "keys_dir is missing"),
    "a number for a folder": (table(data_dir=3), "data_dir"),
    "a number for a name": (table(organisation=3), "organisation"),
    "a word for a switch": (table(behind_proxy="yes"), "behind_proxy"),
    "a number for a switch": (table(demo=1), "demo"),
    "a text for the languages": (table(languages="sv"), "languages"),
    "no languages": (table(languages=[]), "languages"),
    "a number for a language": (table(languages=[1]), "languages"),
    "a language twice": (table(languages=["sv", "sv"]), "languages"),
    "a face that there is not": (table(face="office"), "face is one of"),
    "a zone that there is not": (channel(zone="Europe/Stockhlm"), "is not a time zone"),
    "a zone that is a path": (channel(zone="/etc/passwd"), "is not a time zone"),
    "a zone that is a folder": (channel(zone="Europe"), "is not a time zone"),
    "a policy that there is not": (channel(acknowledge="never"), "acknowledge is one of"),
    "a word for days": (channel(backup_life_days="30"), "backup_life_days"),
    "less than no days": (channel(backup_life_days=-1), "backup_life_days"),
    "less than no months": (channel(keep_months=-1), "keep_months is 0 or more"),
    "backups that outlive what is kept": (
        channel(keep_months=1, backup_life_days=28),
        "longer than backup_life_days",
    ),
    "too few hours for a breach": (channel(breach_hours=23), "breach_hours"),
    "a list for the law": (channel(law=["SE"]), "law"),
    "a text for the other ways": (table(other_ways="call us"), "other_ways"),
    "a number for a way": (table(other_ways={"telephone": 10}), "telephone"),
    "a way in one language of two": (table(other_ways={"post": {"sv": "x"}}), 'en = "…"'),
    "a way in a third language": (
        table(other_ways={"post": {"sv": "x", "en": "x", "de": "x"}}),
        "one for each language",
    ),
    "a number in a language": (table(other_ways={"post": {"sv": 1, "en": "x"}}), "post is a text"),
    "a text for the mail": (table(mail="mail.example"), "mail"),
    "a mail without a host": (table(mail={"sender": "a@example"}), "host is missing"),
    "a mail without a sender": (table(mail={"host": "x"}), "sender is missing"),
    "a word for a port": (mail(port="587"), "port"),
    "a port that there is not": (mail(port=70_000), "port"),
    "a security that there is not": (mail(security="ssl"), "security is one of"),
    "a mail in the open": (mail(security="none"), "TLS"),
}


@pytest.mark.parametrize(("values", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named(values: dict[str, Any], says: str) -> None:
    """Nothing is guessed and nothing is passed over."""
    with pytest.raises(ConfigError, match=says):
        settings(values)


def test_mail_in_the_open_stays_on_this_machine() -> None:
    """A relay beside the server may be spoken to plainly."""
    read = settings(mail(security="none", host="localhost"))
    assert read.mail is not None
    assert read.mail.security is Security.NONE


Write = Callable[[Path], object]
BROKEN: dict[str, Write] = {
    "missing": lambda _: None,
    "a folder": lambda path: path.mkdir(),
    "no TOML": lambda path: path.write_text("organisation = "),
    "a key twice": lambda path: path.write_text('site_name = "a"\nsite_name = "b"\n'),
    "no UTF-8": lambda path: path.write_bytes(b'organisation = "\xff"'),
}


@pytest.mark.parametrize("write", BROKEN.values(), ids=BROKEN)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, write: Write) -> None:
    """With its path, and why."""
    path = tmp_path / "whistle.toml"
    write(path)
    with pytest.raises(ConfigError, match=r"whistle\.toml"):
        load(path)


def test_settings_never_change() -> None:
    """Whoever holds them holds the same as everybody."""
    read = settings(table())
    with pytest.raises(AttributeError):
        read.demo = True  # type: ignore[misc] # refused on purpose
