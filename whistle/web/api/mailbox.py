"""The reporter's mailbox, by its token: read the thread, add one entry."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.web.api.asked import b64u, bearer_token, from_b64u, json_object
from whistle.web.guards import door


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/mailbox", view_func=read)
    blueprint.add_url_rule("/mailbox/entries", view_func=write, methods=["POST"])


@door("reporter")
def read() -> ResponseReturnValue:
    """Give the sealed thread, its dates and the keyrings that verify it."""
    return jsonify(read_mailbox(current_app.extensions["whistle"], bearer_token()))


@door("reporter")
def write() -> ResponseReturnValue:
    """Append one sealed entry of the reporter's: 201, 200 when repeated, 409 out of turn."""
    asked = json_object("seq", "kind", "sealed")
    appended = append_entry(
        current_app.extensions["whistle"],
        bearer_token(),
        seq=asked["seq"],
        kind=asked["kind"],
        sealed=from_b64u(asked["sealed"]),
        waive_ack=asked.get("waive_ack"),
    )
    body = {"seq": appended.seq, "head_sha256": b64u(appended.sha256)}
    return jsonify(body), 200 if appended.repeated else 201
