"""The desk's tasks: list, begin, finish, extend, postpone."""

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue

from whistle.services.handling import duties
from whistle.services.parts import Parts
from whistle.web import session
from whistle.web.api.asked import json_object
from whistle.web.guards import door


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/tasks", view_func=list_tasks)
    blueprint.add_url_rule("/tasks", view_func=begin_task, methods=["POST"])
    blueprint.add_url_rule("/tasks/<task_id>/done", view_func=finish_task, methods=["POST"])
    blueprint.add_url_rule("/tasks/<task_id>/extension", view_func=extend_task, methods=["POST"])
    blueprint.add_url_rule(
        "/tasks/<task_id>/postponement", view_func=postpone_task, methods=["POST"]
    )


def _parts() -> Parts:
    parts: Parts = current_app.extensions["whistle"]
    return parts


@door("desk")
def list_tasks() -> ResponseReturnValue:
    """Give what is to be done, the nearest date first."""
    return jsonify(duties.list_tasks(_parts(), session.handler()))


@door("desk")
def begin_task() -> ResponseReturnValue:
    """Enter a duty that has come up."""
    asked = json_object("kind", "started_on")
    made = duties.begin_task(
        _parts(),
        session.handler(),
        kind=str(asked["kind"]),
        started_on=asked["started_on"],
        case_id=asked.get("case"),
        channel_id=asked.get("channel"),
    )
    return jsonify(made), 201


@door("desk")
def finish_task(task_id: str) -> ResponseReturnValue:
    """Note that a duty is done."""
    duties.finish_task(_parts(), session.handler(), task_id)
    return "", 204


@door("desk")
def extend_task(task_id: str) -> ResponseReturnValue:
    """Take the two months more for a data request, with a listed reason."""
    asked = json_object("reason")
    duties.extend_task(_parts(), session.handler(), task_id, str(asked["reason"]))
    return "", 204


@door("desk")
def postpone_task(task_id: str) -> ResponseReturnValue:
    """Put off telling the person concerned, with a listed reason and a day to look again."""
    asked = json_object("reason", "review_on")
    duties.postpone_task(
        _parts(),
        session.handler(),
        task_id,
        reason=str(asked["reason"]),
        review_on=asked["review_on"],
    )
    return "", 204
