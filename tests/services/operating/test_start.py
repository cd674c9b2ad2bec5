"""Starting: everything joined, or a reason why nothing is served."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import acts
from tests.organisation import NOON, Organisation, make_organisation, make_settings
from whistle.errors import ConfigError, KeyringError
from whistle.services.operating.start import SERVICE_KEY_FILE, start
from whistle.services.reporting import readers


def again(organisation: Organisation, **changes: Any) -> object:
    """Start a second time with other settings."""
    settings = replace(organisation.parts.settings, **changes)
    return start(settings, organisation.parts.clock)


def test_a_second_start_finds_the_same_service_key(organisation: Organisation) -> None:
    """The lines of before still verify."""
    parts = start(organisation.parts.settings, organisation.parts.clock)
    assert parts.service_key == organisation.parts.service_key
    path = parts.settings.data_dir / SERVICE_KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    """Made at the first start."""
    made = make_organisation(tmp_path / "first")
    settings = replace(made.parts.settings, data_dir=tmp_path / "new" / "data")
    start(settings, made.parts.clock)
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700


def test_a_first_day_has_no_keyring_and_nobody_to_seal_to(tmp_path: Path) -> None:
    """The server starts, so that the office can be used; the form is closed."""
    parts = start(make_settings(tmp_path), lambda: NOON)
    assert not parts.keyrings.begun
    assert readers.keyring_state(parts, "main") == "not_open"
    with pytest.raises(KeyringError, match="root"):
        parts.keyrings.published()


def test_half_a_secret_stops_the_start(organisation: Organisation) -> None:
    """A new one would make every earlier line look forged."""
    (organisation.parts.settings.data_dir / SERVICE_KEY_FILE).write_bytes(b"short")
    with pytest.raises(ConfigError, match=SERVICE_KEY_FILE):
        again(organisation)


@pytest.mark.parametrize(
    ("change", "says"),
    [({"law": "XX"}, "law"), ({"country": "XX"}, "country"), ({"law": "../SE"}, "law")],
)
def test_a_law_or_country_that_there_is_not_stops_the_start(
    organisation: Organisation, change: dict[str, Any], says: str
) -> None:
    """Else the first report would find out."""
    channel = replace(organisation.parts.settings.channels[0], **change)
    with pytest.raises(ConfigError, match=f"channel main: wrong {says}"):
        again(organisation, channels=(channel,))


def test_a_channel_that_would_keep_for_ever_stops_the_start(organisation: Organisation) -> None:
    """Where the law gives no time of keeping the channel has to; a public body archives."""
    channel = replace(organisation.parts.settings.channels[0], law="EU")
    with pytest.raises(ConfigError, match=r"channel main: law EU does not say .* set keep_months"):
        again(organisation, channels=(channel,))
    again(organisation, channels=(replace(channel, keep_months=24),))
    again(organisation, channels=(replace(channel, public_body=True),))


def test_a_language_that_there_is_not_stops_the_start(organisation: Organisation) -> None:
    """With those that there are."""
    with pytest.raises(ConfigError, match="there is no xx"):
        again(organisation, languages=("sv", "xx"))


def test_a_channel_with_cases_cannot_be_left_out(organisation: Organisation) -> None:
    """They would have no clock; without cases it may go."""
    other = replace(organisation.parts.settings.channels[0], id="other")
    again(organisation, channels=(other,))
    acts.file(organisation)
    with pytest.raises(ConfigError, match="channel main has cases"):
        again(organisation, channels=(other,))
