"""What every test of a page stands on: one made-up organisation, on one day."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.organisation import Organisation, make_organisation, make_settings
from whistle.config import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a made-up organisation that offers both languages, English first."""
    return make_settings(tmp_path)


@pytest.fixture
def organisation(tmp_path: Path, settings: Settings) -> Organisation:
    """The made-up organisation, with keys, people and a site."""
    return make_organisation(tmp_path, settings)


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[[Settings], Flask]:
    """A function that makes the application of other settings."""
    return lambda settings: make_organisation(tmp_path, settings).app


@pytest.fixture
def app(organisation: Organisation) -> Flask:
    """The application of the made-up organisation."""
    return organisation.app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts or cookies, on the made-up organisation's site."""
    return app.test_client(use_cookies=False)
