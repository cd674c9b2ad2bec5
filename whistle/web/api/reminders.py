"""The desk: in which language a handler is reminded."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from whistle.services.handling import reminders
from whistle.services.parts import Parts
from whistle.web import session
from whistle.web.api.asked import json_object
from whistle.web.guards import door


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/reminders", view_func=read)
    blueprint.add_url_rule("/reminders", view_func=choose, methods=["PUT"])


def _parts() -> Parts:
    parts: Parts = current_app.extensions["whistle"]
    return parts


@door("desk")
def read() -> ResponseReturnValue:
    """Tell the language of this handler's reminders."""
    return jsonify(language=reminders.language_of(_parts(), session.handler()))


@door("desk")
def choose() -> ResponseReturnValue:
    """Take another language for them."""
    reminders.choose_language(_parts(), session.handler(), json_object("language")["language"])
    return "", 204
