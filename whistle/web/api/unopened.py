"""The desk: a case that cannot be opened, signed by those who see it."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from whistle.services import unopened
from whistle.services.parts import Parts
from whistle.web import session
from whistle.web.api.asked import json_object
from whistle.web.guards import door


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/cases/<case_id>/cannot-open", view_func=who_signed)
    blueprint.add_url_rule(
        "/cases/<case_id>/cannot-open", view_func=sign_cannot_open, methods=["POST"]
    )


def _parts() -> Parts:
    parts: Parts = current_app.extensions["whistle"]
    return parts


@door("desk")
def who_signed(case_id: str) -> ResponseReturnValue:
    """Tell who has signed that this case cannot be opened, and who still has to."""
    return jsonify(unopened.look(_parts(), session.handler(), case_id).as_json())


@door("desk")
def sign_cannot_open(case_id: str) -> ResponseReturnValue:
    """Keep this handler's signature; with the last one the reporter is told."""
    asked = json_object("case_age_sha256", "head_sha256", "signature")
    found = unopened.sign(_parts(), session.handler(), case_id, asked)
    return jsonify(found.as_json()), 200 if found.repeated else 201
