"""A handler's second signature: the next keyring's draft, and what the browser signed of it."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from whistle.services.office import drafts, keys
from whistle.services.parts import Parts
from whistle.web import session
from whistle.web.api.asked import b64u, from_b64u, json_object
from whistle.web.guards import door


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/keyring-draft", view_func=draft)
    blueprint.add_url_rule("/keyring-draft/cosignature", view_func=cosign, methods=["POST"])


def _parts() -> Parts:
    parts: Parts = current_app.extensions["whistle"]
    return parts


@door("desk")
def draft() -> ResponseReturnValue:
    """Give the draft that waits for a second signature, signed by the root; null for none."""
    waits = keys.to_cosign(_parts())
    told = None if waits is None else {"file": b64u(waits.file), "signature": waits.signature}
    return jsonify(draft=told)


@door("desk")
def cosign() -> ResponseReturnValue:
    """Keep the handler's signature over exactly the draft that the browser has shown."""
    asked = json_object("sha256", "cosignature")
    drafts.cosign(
        _parts(), session.handler(), from_b64u(asked["sha256"]), str(asked["cosignature"])
    )
    return "", 204
