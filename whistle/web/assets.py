"""Static files under names that carry their hash, gzip made beforehand.

`static/dist/manifest.json` maps each logical name to the file's name: {"app.css": "app.1f3a….css"}.
A file without its line there is not served. Not handled here: building (static/build.mjs).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

from whistle.errors import ConfigError
from whistle.web import headers
from whistle.web.guards import door

DIST = Path(__file__).parent / "static" / "dist"

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".txt": "text/plain",
}

statics = Blueprint("static", __name__)


@dataclass(frozen=True)
class Assets:
    """What was built: `names` maps a logical name to the file's name in `folder`."""

    folder: Path
    names: Mapping[str, str]

    @classmethod
    def read(cls, folder: Path = DIST) -> "Assets":
        """Read the manifest.

        Raises:
            ConfigError: there is none; the front end has not been built.
        """
        manifest = folder / "manifest.json"
        if not manifest.is_file():
            raise ConfigError(f"{manifest} is missing: run `make bundles`")
        return cls(folder=folder, names=json.loads(manifest.read_text(encoding="utf-8")))

    def path(self, name: str) -> Path | None:
        """Return the file of this hashed name if the manifest lists it."""
        return self.folder / name if name in self.names.values() else None


@statics.get("/static/<name>")
@door("public")
def static(name: str) -> Response:
    """One static file, its gzip form when the browser takes it."""
    path = _assets().path(name)
    if path is None:
        abort(404)
    zipped = path.with_name(path.name + ".gz")
    small = zipped.is_file() and request.accept_encodings["gzip"] > 0
    # Whole, without ETag or date: the name is the version, and a date would tell the build's.
    response = Response((zipped if small else path).read_bytes(), mimetype=TYPES[path.suffix])
    if small:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = headers.STATIC_CACHE
    return response


@statics.get("/favicon.ico")
@door("public")
def no_icon() -> Response:
    """No icon, on purpose: a tab that shows nothing tells nothing to who looks over a shoulder."""
    response = Response(status=204)
    response.headers["Cache-Control"] = headers.STATIC_CACHE
    return response


def asset(name: str) -> str:
    """Return the address of the file with this logical name. For templates.

    Raises:
        KeyError: nothing of that name was built.
    """
    return url_for("static.static", name=_assets().names[name])


def install(app: Flask, assets: Assets) -> None:
    """Serve the built files and let templates call `asset`."""
    app.extensions["whistle.assets"] = assets
    app.jinja_env.globals["asset"] = asset
    app.register_blueprint(statics)


def _assets() -> Assets:
    assets: Assets = current_app.extensions["whistle.assets"]
    return assets
