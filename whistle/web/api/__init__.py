"""JSON for programs: the keyring, filing, the reporter's mailbox, the desk (docs/protocol.md).

Bytes travel as base64url without padding, dates as 2026-11-22. An error is
{"error": code, "message": sentence}. There is no CORS: other sites' scripts are not answered.
"""

from flask import Blueprint

from whistle.web.api import keyring


def public_blueprint() -> Blueprint:
    """The signed keyring: both faces verify it, each from its own address."""
    blueprint = Blueprint("keyring_api", __name__, url_prefix="/api/v1")
    keyring.add(blueprint)
    return blueprint
