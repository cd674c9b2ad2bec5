"""JSON for programs: the keyring, filing, the reporter's mailbox, the desk (docs/protocol.md).

Bytes travel as base64url without padding, dates as 2026-11-22. An error is
{"error": code, "message": sentence}. There is no CORS: other sites' scripts are not answered.
"""

from flask import Blueprint

from whistle.web.api import (
    cosigning,
    desk,
    entrance,
    joining,
    keyring,
    mailbox,
    own,
    reminders,
    reports,
    tasks,
)


def public_blueprint() -> Blueprint:
    """The signed keyring: both faces verify it, each from its own address."""
    blueprint = Blueprint("keyring_api", __name__, url_prefix="/api/v1")
    keyring.add(blueprint)
    return blueprint


def reporter_blueprint() -> Blueprint:
    """The reporter's programs: filing, the mailbox."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    reports.add(blueprint)
    mailbox.add(blueprint)
    return blueprint


def desk_blueprint() -> Blueprint:
    """The programs of whoever signs in."""
    blueprint = Blueprint("desk_api", __name__, url_prefix="/api/v1/desk")
    entrance.add(blueprint)
    own.add(blueprint)
    desk.add(blueprint)
    tasks.add(blueprint)
    cosigning.add(blueprint)
    reminders.add(blueprint)
    return blueprint


def join_blueprint() -> Blueprint:
    """The program of the page on which somebody joins."""
    blueprint = Blueprint("join_api", __name__, url_prefix="/api/v1/join")
    joining.add(blueprint)
    return blueprint
