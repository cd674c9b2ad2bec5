"""The one place that joins the web parts: the real parts in, Flask application out.

A room is one line in `for_reporters` or `for_staff`; a process loads only the face that it shows.
Nothing is built when this module is imported.
"""

from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Flask, g
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from whistle.config import Face
from whistle.services.parts import Parts
from whistle.web import api, assets, faults, guards, headers, language
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
    language.install(app, settings.languages)
    assets.install(app, assets.Assets.read())
    app.register_blueprint(api.public_blueprint())
    for face in _faces(settings.face):
        for pages in face.pages():
            app.register_blueprint(pages, url_prefix=language.prefix(settings.languages))
        for programs in face.programs():
            app.register_blueprint(programs)
    faults.install(app)
    guards.install(app, _who_is_in(app, parts))
    headers.install(app)

    @app.context_processor
    def known() -> dict[str, Any]:
        return {"settings": settings, "language": g.language}

    return app


def _faces(shown: Face) -> list[ModuleType]:
    """The faces to show, each loaded only if it is: `pages()` and `programs()`."""
    faces = []
    if shown is not Face.DESK:
        from whistle.web import for_reporters  # noqa: PLC0415 - as said above

        faces.append(for_reporters)
    if shown is not Face.REPORTER:
        from whistle.web import for_staff  # noqa: PLC0415 - as said above

        faces.append(for_staff)
    return faces


def _who_is_in(app: Flask, parts: Parts) -> guards.WhoIsIn:
    """What tells who is signed in: on the reporters' face nobody ever is, and it has no cookie."""
    if parts.settings.face is Face.REPORTER:
        return lambda: None
    from whistle.web import session  # noqa: PLC0415 - as above

    session.install(app, parts)
    return session.roles
