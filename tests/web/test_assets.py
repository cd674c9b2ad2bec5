"""Static files: what the manifest lists, small when the browser takes it, and nothing else."""

import gzip
import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from whistle.errors import ConfigError
from whistle.web import assets, guards, headers

CSS = b"body { color: red }" * 20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built folder of one listed file, its gzip form, and a file that is not listed."""
    (tmp_path / "app.0123abcd.css").write_bytes(CSS)
    (tmp_path / "app.0123abcd.css.gz").write_bytes(gzip.compress(CSS))
    (tmp_path / "stray.css").write_bytes(b"")
    (tmp_path / "manifest.json").write_text(json.dumps({"app.css": "app.0123abcd.css"}))
    return tmp_path


@pytest.fixture
def visitor(folder: Path) -> FlaskClient:
    """A browser on an application that only serves the folder."""
    app = Flask(__name__, static_folder=None)
    assets.install(app, assets.Assets.read(folder))
    guards.install(app, lambda: None)
    headers.install(app)
    return app.test_client()


def test_the_small_form_is_sent_when_taken(visitor: FlaskClient) -> None:
    """The bytes are the file's, packed beforehand."""
    response = visitor.get("/static/app.0123abcd.css", headers={"Accept-Encoding": "br, gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert int(response.headers["Content-Length"]) == len(response.data) < len(CSS)
    assert gzip.decompress(response.data) == CSS


@pytest.mark.parametrize("accepts", [None, "identity", "gzip;q=0"])
def test_the_plain_form_is_sent_otherwise(visitor: FlaskClient, accepts: str | None) -> None:
    """A cache is told that the answer depends on it."""
    response = visitor.get(
        "/static/app.0123abcd.css", headers={"Accept-Encoding": accepts} if accepts else {}
    )
    assert "Content-Encoding" not in response.headers
    assert response.data == CSS
    assert response.headers["Vary"] == "Accept-Encoding"


def test_a_file_stays_and_tells_no_date(visitor: FlaskClient) -> None:
    """Its name is its version."""
    response = visitor.get("/static/app.0123abcd.css")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Last-Modified" not in response.headers
    assert "ETag" not in response.headers
    assert "Content-Disposition" not in response.headers


@pytest.mark.parametrize(
    "name", ["stray.css", "manifest.json", "app.css", "app.0123abcd.css.gz", "..%2fassets.py"]
)
def test_what_is_not_listed_is_not_served(visitor: FlaskClient, name: str) -> None:
    """The manifest is the whole list."""
    assert visitor.get(f"/static/{name}").status_code == 404


def test_without_a_build_nothing_starts(tmp_path: Path) -> None:
    """A site without its scripts would look whole and not seal."""
    with pytest.raises(ConfigError, match="manifest"):
        assets.Assets.read(tmp_path)
