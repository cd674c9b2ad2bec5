"""The handlers' programs: list, open, write."""

from flask import Blueprint, Response, current_app, jsonify, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import FilingError, NotFoundError
from whistle.services.handling import approving, cases, pieces, resealing, reseals, writing
from whistle.services.handling import feed as handling_feed
from whistle.services.parts import Parts
from whistle.web import session
from whistle.web.api.asked import b64u, from_b64u, json_object
from whistle.web.guards import door

FACTS = (
    "final",
    "next_on",
    "outcome",
    "reason",
    "ground",
    "entries",
    "erases",
    "proposal",
    "desk_age",
    "to",
)
"""What an entry's kind may say in the clear beside the sealed bytes."""


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/feed", view_func=feed)
    blueprint.add_url_rule("/feed", view_func=make_feed, methods=["POST"])
    blueprint.add_url_rule("/feed", view_func=drop_feed, methods=["DELETE"])
    blueprint.add_url_rule("/feed/<token>.ics", view_func=calendar)
    blueprint.add_url_rule("/cases", view_func=list_cases)
    blueprint.add_url_rule("/pieces", view_func=list_pieces, methods=["POST"])
    blueprint.add_url_rule("/cases/<case_id>", view_func=open_case)
    blueprint.add_url_rule("/cases/<case_id>/entries", view_func=write, methods=["POST"])
    blueprint.add_url_rule("/cases/<case_id>/erasures", view_func=approve, methods=["POST"])
    blueprint.add_url_rule("/cases/<case_id>/access", view_func=change_access, methods=["POST"])
    blueprint.add_url_rule("/reseals", view_func=list_reseals)
    blueprint.add_url_rule("/handlers/<handler_id>/reach", view_func=reach)
    blueprint.add_url_rule("/cases/<case_id>/desk.age", view_func=put_desk_age, methods=["PUT"])


def _parts() -> Parts:
    parts: Parts = current_app.extensions["whistle"]
    return parts


@door("desk")
def feed() -> ResponseReturnValue:
    """Tell whether this handler has a calendar."""
    return jsonify(made=handling_feed.has_feed(_parts(), session.handler()))


@door("desk")
def make_feed() -> ResponseReturnValue:
    """Make a calendar's address, told this once; the one before stops working."""
    token = handling_feed.make_feed(_parts(), session.handler())
    path = url_for("desk_api.calendar", token=token, _external=True)
    return jsonify(address=path), 201


@door("desk")
def drop_feed() -> ResponseReturnValue:
    """Take the calendar back."""
    handling_feed.drop_feed(_parts(), session.handler())
    return "", 204


@door("public")
def calendar(token: str) -> ResponseReturnValue:
    """Give the calendar behind a token; whoever has the address has the dates, and no more."""
    try:
        written = handling_feed.read_feed(_parts(), from_b64u(token))
    except FilingError as error:
        raise NotFoundError("unknown") from error
    return Response(written, mimetype="text/calendar")


@door("desk")
def list_cases() -> ResponseReturnValue:
    """Give the cases that this handler sees, the nearest due date first."""
    return jsonify(cases.list_cases(_parts(), session.handler()))


@door("desk")
def list_pieces() -> ResponseReturnValue:
    """Give what a list shows of many cases, sealed; by POST, so that no address holds ids."""
    asked = json_object("cases")
    return jsonify(pieces.pieces(_parts(), session.handler(), asked["cases"]))


@door("desk")
def open_case(case_id: str) -> ResponseReturnValue:
    """Give one case whole, sealed; what is absent and what is foreign have one answer."""
    return jsonify(cases.open_case(_parts(), session.handler(), case_id))


@door("desk")
def write(case_id: str) -> ResponseReturnValue:
    """Append one sealed entry of the handler's, with the facts that the clocks need."""
    asked = json_object("chain", "seq", "kind", "sealed")
    appended = writing.write(
        _parts(),
        session.handler(),
        case_id,
        writing.Written(
            chain=asked["chain"],
            seq=asked["seq"],
            kind=asked["kind"],
            sealed=from_b64u(asked["sealed"]),
            facts={name: asked[name] for name in FACTS if name in asked},
        ),
    )
    body = {"seq": appended.seq, "head_sha256": b64u(appended.sha256)}
    return jsonify(body), 200 if appended.repeated else 201


@door("desk")
def approve(case_id: str) -> ResponseReturnValue:
    """Erase early what somebody else has proposed: the approval and the deletion, or neither."""
    asked = json_object("proposal", "seq", "sealed", "entries")
    appended = approving.approve(_parts(), session.handler(), case_id, asked)
    body = {"seq": appended.seq, "head_sha256": b64u(appended.sha256)}
    return jsonify(body), 200 if appended.repeated else 201


@door("desk")
def put_desk_age(case_id: str) -> ResponseReturnValue:
    """Keep the case's desk key, sealed to the handlers; only where there is none yet."""
    asked = json_object("desk_age")
    writing.put_desk_key(_parts(), session.handler(), case_id, from_b64u(asked["desk_age"]))
    return "", 204


@door("desk")
def change_access(case_id: str) -> ResponseReturnValue:
    """Keep a change of who may read a case: the signed entry and the keys, both or neither."""
    asked = json_object("seq", "sealed", "case_age", "if_match", "gen", "reason")
    appended = resealing.change_access(_parts(), session.handler(), case_id, asked)
    body = {"seq": appended.seq, "head_sha256": b64u(appended.sha256)}
    return jsonify(body), 200 if appended.repeated else 201


@door("desk")
def list_reseals() -> ResponseReturnValue:
    """Give the cases of this handler's that are to be sealed again, with the reasons."""
    return jsonify(reseals.list_reseals(_parts(), session.handler()))


@door("desk")
def reach(handler_id: str) -> ResponseReturnValue:
    """Give the cases of this handler's that another's key opens, or opened."""
    return jsonify(reseals.reach(_parts(), session.handler(), handler_id))
