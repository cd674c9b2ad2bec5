"""The signed keyring, for a browser to verify before it seals anything."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from whistle.services.reporting import readers
from whistle.web.guards import door
from whistle.web.packed import packed


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/keyring", view_func=keyring)


@door("public")
def keyring() -> ResponseReturnValue:
    """Give the root's public key, today's date and every keyring that was published."""
    answer = readers.keyring_answer(current_app.extensions["whistle"])
    return packed(current_app.json.dumps(answer), "application/json")
