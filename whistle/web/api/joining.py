"""Joining by a one-time link: the token comes in the body, never in an address.

Nobody is signed in here; who has the token may give keys once (services/office/joining.py).
"""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from whistle.errors import FilingError, NotFoundError
from whistle.services.office import joining
from whistle.services.parts import Parts
from whistle.web.api.asked import from_b64u, json_object
from whistle.web.guards import door


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/look", view_func=look, methods=["POST"])
    blueprint.add_url_rule("/keys", view_func=give, methods=["POST"])
    blueprint.add_url_rule("/confirmation", view_func=confirm, methods=["POST"])


def _parts() -> Parts:
    parts: Parts = current_app.extensions["whistle"]
    return parts


def _token(text: object) -> bytes:
    """The token as bytes; one that is none is answered like one that is unknown."""
    try:
        return from_b64u(text)
    except FilingError as error:
        raise NotFoundError("invitation") from error


@door("sign_in")
def look() -> ResponseReturnValue:
    """Tell whom an invitation is for, and to what."""
    invited = joining.look(_parts(), _token(json_object("token")["token"]))
    return jsonify(
        id=invited.id,
        name=invited.name,
        role_text=invited.role_text,
        channels=dict(invited.channels),
        office=invited.office,
    )


@door("sign_in")
def give() -> ResponseReturnValue:
    """Keep the keys that the browser made; tell the secret of the one-time codes, this once."""
    asked = json_object("token", "age", "sign", "key_file")
    keys = (from_b64u(asked[name]) for name in ("age", "sign", "key_file"))
    codes = joining.give(_parts(), _token(asked["token"]), joining.Given(*keys))
    return jsonify(secret=codes.secret, address=codes.address, rows=list(codes.rows)), 201


@door("sign_in")
def confirm() -> ResponseReturnValue:
    """Let the person sign in, when the first one-time code is right."""
    asked = json_object("token", "code")
    joining.confirm(_parts(), _token(asked["token"]), str(asked["code"]))
    return "", 204
