"""What every test of a page stands on: one made-up organisation, on one day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from whistle.config import Channel, OtherWays, Settings
from whistle.web.app import create_app
from whistle.web.posted import Posted, Reader

TODAY = date(2026, 11, 22)
POSTED = Posted(
    readers=(Reader("Anna Lind", "Case handler"), Reader("Omar Haddad", "Deputy")),
    phrase=("river", "apple", "stone", "winter", "garden", "silver", "ladder", "ocean"),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a made-up organisation that offers both languages, English first."""
    return Settings(
        organisation="Example Works",
        site_name="Forms",
        channels=(Channel(id="main", name="Example Works"),),
        data_dir=tmp_path / "data",
        keys_dir=tmp_path / "keys",
        languages=("en", "sv"),
        other_ways=OtherWays(telephone="010-000 00 00", post="Box 1", meeting="Ask for one"),
    )


@pytest.fixture
def make_app() -> Callable[[Settings], Flask]:
    """A function that makes the application of other settings."""

    def make(settings: Settings) -> Flask:
        return create_app(settings, today=lambda: TODAY, posted=lambda: POSTED)

    return make


@pytest.fixture
def app(settings: Settings, make_app: Callable[[Settings], Flask]) -> Flask:
    """The application of the made-up organisation."""
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts or cookies, on the made-up organisation's site."""
    return app.test_client(use_cookies=False)
