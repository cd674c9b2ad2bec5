"""Doors: each view has one, and it holds."""

import subprocess
import sys

import pytest
from flask import Flask, Request
from flask_wtf.csrf import generate_csrf
from werkzeug.test import EnvironBuilder

from whistle.case.permissions import Role
from whistle.errors import ConfigError, DeniedError
from whistle.web import faults, guards, language
from whistle.web.guards import door

HERE = "http://localhost"


def asked(**headers: str) -> Request:
    """A posted form with these headers."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(EnvironBuilder(method="POST", headers=list(names.items())).get_environ())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": HERE},
        {"Origin": HERE, "Sec_Fetch_Site": "same-origin"},
        {"Origin": "null", "Sec_Fetch_Site": "same-origin"},
    ],
    ids=str,
)
def test_our_own_forms_pass(headers: dict[str, str]) -> None:
    """Also from old browsers, and from those that hide the origin (protocol section 6)."""
    guards.refuse_other_sites(asked(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://example.org"},
        {"Origin": "https://localhost"},
        {"Origin": f"{HERE}:81"},
        {"Origin": f"{HERE}.example.org"},
        {"Origin": "null"},
        {"Origin": "null", "Sec_Fetch_Site": "none"},
        {"Origin": HERE, "Sec_Fetch_Site": "cross-site"},
    ],
    ids=str,
)
def test_forms_of_other_sites_are_refused(headers: dict[str, str]) -> None:
    """Either header is enough to refuse."""
    with pytest.raises(DeniedError, match="cross_site"):
        guards.refuse_other_sites(asked(**headers))


def house(*roles: Role) -> Flask:
    """A small application with one view behind each door, and these roles signed in."""
    app = Flask(__name__)
    app.secret_key = "made up"
    language.install(app, ("en",))
    faults.install(app)
    for name in ("public", "reporter", "sign_in", "desk", "office"):

        @door(name)
        def view() -> str:
            return str(generate_csrf())

        app.add_url_rule(f"/api/{name}", name, view, methods=["GET", "POST"])
    app.view_functions["static"] = door("public")(lambda filename: filename)
    guards.install(app, lambda: frozenset(roles) or None)
    return app


@pytest.mark.parametrize(
    ("roles", "desk", "office"),
    [
        ((), 401, 401),
        ((Role.HANDLER,), 200, 404),
        ((Role.DEPUTY,), 200, 404),
        ((Role.INVESTIGATOR,), 200, 404),
        ((Role.OFFICER,), 404, 200),
        ((Role.AUDITOR,), 404, 404),
        ((Role.OPERATOR,), 404, 404),
        ((Role.HANDLER, Role.OFFICER), 200, 200),
    ],
)
def test_each_door_lets_in_its_roles(roles: tuple[Role, ...], desk: int, office: int) -> None:
    """A wrong role sees what a stranger sees of a page that does not exist."""
    client = house(*roles).test_client()
    found = {name: client.get(f"/api/{name}").status_code for name in guards.ROLES}
    assert found == {"public": 200, "reporter": 200, "sign_in": 200, "desk": desk, "office": office}


@pytest.mark.parametrize("name", ["sign_in", "desk", "office"])
def test_doors_with_a_cookie_need_the_token(name: str) -> None:
    """Without the CSRF token a change is refused, with it it passes."""
    client = house(Role.OFFICER if name == "office" else Role.HANDLER).test_client()
    assert client.post(f"/api/{name}").status_code == 400
    token = client.get(f"/api/{name}").text
    assert client.post(f"/api/{name}", headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize("name", ["public", "reporter"])
def test_doors_without_a_cookie_need_no_token(name: str) -> None:
    """A reporter has no session that a token could be tied to."""
    assert house().test_client().post(f"/api/{name}").status_code == 200


def test_a_foreign_form_is_refused_at_the_reporters_door() -> None:
    """The check is part of the door, not of each view."""
    client = house().test_client()
    response = client.post("/api/reporter", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert response.json is not None
    assert response.json["error"] == "cross_site"


def test_a_view_without_a_door_stops_the_start() -> None:
    """It cannot be forgotten: the application is not made."""
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(ConfigError, match="open"):
        guards.install(app, lambda: None)


def test_the_reporters_face_loads_nothing_of_the_other() -> None:
    """A fault in a reporter's page cannot reach what is not in its process."""
    program = (
        "import sys; import whistle.web.for_reporters, whistle.web.app, whistle.cli.site\n"
        "print([one for one in sys.modules if one.startswith(('whistle.web.desk',"
        " 'whistle.web.office', 'whistle.web.session', 'whistle.services.handling',"
        " 'whistle.services.entrance', 'flask_wtf', 'fido2'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n"
