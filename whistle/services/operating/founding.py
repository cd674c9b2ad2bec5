"""A new organisation's folder: its settings with an explanation of each, and its folders."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from whistle.config import Settings, load
from whistle.crypto.signing import SigningKey
from whistle.errors import ConfigError
from whistle.services.operating.start import SERVICE_KEY_FILE, check
from whistle.storage.engine import Database
from whistle.storage.secret_file import read_or_make

SETTINGS_FILE = "whistle.toml"
_ESCAPED: Mapping[int, str] = {ord("\\"): "\\\\", ord('"'): '\\"'}


@dataclass(frozen=True)
class Answers:
    """What an organisation is asked."""

    organisation: str
    site_name: str
    desk_address: str
    language: str = "sv"
    law: str = "SE"
    country: str = "SE"
    zone: str = "Europe/Stockholm"
    keep_months: str = "0"


def found(folder: Path, answers: Answers) -> Settings:
    """Write settings and folders of a new organisation, and make the service's own key.

    Raises:
        ConfigError: the folder is not empty, or an answer cannot be a setting; nothing is left.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ConfigError(f"{folder} is not empty: nothing is ever written over")
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / SETTINGS_FILE
    file.write_text(_settings(answers), encoding="utf-8")
    try:
        settings = load(file)
        check(settings)
    except ConfigError:
        file.unlink()
        raise
    settings.data_dir.mkdir(mode=0o700)
    settings.keys_dir.mkdir()
    SigningKey.from_seed(read_or_make(settings.data_dir / SERVICE_KEY_FILE))
    Database(settings.database).prepare()
    return settings


def _settings(answers: Answers) -> str:
    """The settings' text, every answer quoted as TOML quotes it."""
    text = files("whistle.data").joinpath("settings.toml").read_text("utf-8")
    for name, value in vars(answers).items():
        if not value.isprintable():
            raise ConfigError(f"{name}: one line of text")
        text = text.replace(f"@{name}@", value.translate(_ESCAPED))
    others = ("sv", "en") if answers.language == "sv" else ("en", "sv")
    return text.replace("@languages@", ", ".join(f'"{one}"' for one in others))
