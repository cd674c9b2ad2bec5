"""The one place that joins the web parts: settings in, Flask application out.

A room is one line in `rooms`. Nothing is built when this module is imported.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, g
from jinja2 import StrictUndefined

from whistle.config import Face, Settings
from whistle.web import assets, faults, guards, headers, language, reporter
from whistle.web.posted import Posted

TEMPLATES = next(
    folder
    for folder in (
        Path(__file__).parents[1] / "templates",
        Path(__file__).parents[2] / "templates",
    )
    if folder.is_dir()
)
"""In a wheel the templates lie in the package, in a checkout beside it."""


@dataclass(frozen=True)
class Room:
    """One blueprint: the face that shows it (or both), and whether its pages carry a language."""

    blueprint: Blueprint
    face: Face
    pages: bool


def rooms() -> tuple[Room, ...]:
    """Every room of the house; a new blueprint is a new line."""
    return (Room(reporter.blueprint(), Face.REPORTER, pages=True),)


def create_app(
    settings: Settings,
    *,
    today: Callable[[], date],
    posted: Callable[[], Posted] = Posted,
    who: guards.WhoIsIn = lambda: None,
) -> Flask:
    """Make the application of one organisation.

    Args:
        settings: what the operator decided.
        today: the date now, in the channel's zone.
        posted: what the verified keyring says in public: who reads, and the root key's phrase.
        who: the role of the person signed in with the request, or None.

    Raises:
        ConfigError: the front end is not built, or a view has no door.
    """
    app = Flask(
        __name__,
        static_folder=None,
        template_folder=str(TEMPLATES),
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["whistle.settings"] = settings
    app.extensions["whistle.today"] = today
    app.extensions["whistle.posted"] = posted
    language.install(app, settings.languages)
    assets.install(app, assets.Assets.read())
    for room in rooms():
        if Face.BOTH in {settings.face, room.face} or settings.face is room.face:
            under = language.prefix(settings.languages) if room.pages else None
            app.register_blueprint(room.blueprint, url_prefix=under)
    faults.install(app)
    guards.install(app, who)
    headers.install(app)

    @app.context_processor
    def known() -> dict[str, Any]:
        return {"settings": settings, "language": g.language}

    return app
