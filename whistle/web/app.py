"""The one place that joins the web parts: the real parts in, Flask application out.

A room is one line in `rooms`. Nothing is built when this module is imported.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, g
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from whistle.config import Face
from whistle.services.parts import Parts
from whistle.web import (
    api,
    assets,
    desk,
    faults,
    guards,
    headers,
    language,
    office,
    reporter,
    session,
)
from whistle.web.intake import multipart

TEMPLATES = next(
    folder
    for folder in (
        Path(__file__).parents[1] / "templates",
        Path(__file__).parents[2] / "templates",
    )
    if folder.is_dir()
)
"""In a wheel the templates lie in the package, in a checkout beside it."""

BODY_MAX = 1_000_000
"""Bytes of a request where nothing else is said. The largest entry with its header takes 352 KB in
base64url, a filing 512 KiB; what is over the limit is refused before it is read."""


@dataclass(frozen=True)
class Room:
    """One blueprint: the face that shows it (or both), and whether its pages carry a language."""

    blueprint: Blueprint
    face: Face
    pages: bool


def rooms() -> tuple[Room, ...]:
    """Every room of the house; a new blueprint is a new line."""
    return (
        Room(reporter.blueprint(), Face.REPORTER, pages=True),
        Room(desk.blueprint(), Face.DESK, pages=True),
        Room(office.blueprint(), Face.DESK, pages=True),
        Room(office.join_blueprint(), Face.DESK, pages=True),
        Room(api.public_blueprint(), Face.BOTH, pages=False),
        Room(api.reporter_blueprint(), Face.REPORTER, pages=False),
        Room(api.desk_blueprint(), Face.DESK, pages=False),
        Room(api.join_blueprint(), Face.DESK, pages=False),
    )


def create_app(parts: Parts) -> Flask:
    """Make the application of one organisation.

    Raises:
        ConfigError: the front end is not built, or a view has no door.
    """
    settings = parts.settings
    app = Flask(
        __name__,
        static_folder=None,
        template_folder=str(TEMPLATES),
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["whistle"] = parts
    app.config["MAX_CONTENT_LENGTH"] = BODY_MAX
    multipart.install(app)
    if settings.behind_proxy:
        # Scheme and host only: the client's address is nothing this program wants to know.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=1, x_host=1)  # type: ignore[method-assign] # Flask's own advice
    if settings.face is not Face.REPORTER:
        session.install(app, parts)
    language.install(app, settings.languages)
    assets.install(app, assets.Assets.read())
    for room in rooms():
        if Face.BOTH in {settings.face, room.face} or settings.face is room.face:
            under = language.prefix(settings.languages) if room.pages else None
            app.register_blueprint(room.blueprint, url_prefix=under)
    faults.install(app)
    guards.install(app, session.roles)
    headers.install(app)

    @app.context_processor
    def known() -> dict[str, Any]:
        return {"settings": settings, "language": g.language}

    return app
