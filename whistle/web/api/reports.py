"""Filing a report that was sealed before it came."""

import re

from flask import Blueprint, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from whistle.errors import PriceError
from whistle.services.flood import Paid
from whistle.services.reporting.filing import POSTED_BYTES_MAX, Receipted, file_paid
from whistle.web.api.asked import b64u, paid, priced
from whistle.web.guards import door

_PAID = re.compile(r"(\d{1,16})\.(\d{1,16})", re.ASCII)


def add(blueprint: Blueprint) -> None:
    """Add the views of this file."""
    blueprint.add_url_rule("/reports", view_func=file, methods=["POST"])


@door("reporter")
def file() -> ResponseReturnValue:
    """Take one filing (protocol section 5): 201, or 200 when the same bytes came before."""
    request.max_content_length = POSTED_BYTES_MAX
    posted = request.get_data(cache=False)
    try:
        receipted = file_paid(current_app.extensions["whistle"], posted, _paid())
    except PriceError as error:
        return priced(error)
    return jsonify(as_json(receipted)), 200 if receipted.repeated else 201


def _paid() -> Paid | None:
    """What the header `X-Paid: at.number` says was paid; anything else paid nothing."""
    found = _PAID.fullmatch(request.headers.get("X-Paid", ""))
    return paid(*map(int, found.groups())) if found else None


def as_json(receipted: Receipted) -> dict[str, object]:
    """Return what a reporter is told of a filing that is safely kept."""
    acknowledged_on = receipted.acknowledged_on
    return {
        "received_on": receipted.received_on.isoformat(),
        "acknowledge_due_on": receipted.acknowledge_due_on.isoformat(),
        "feedback_due_on": receipted.feedback_due_on.isoformat(),
        "acknowledged_on": acknowledged_on.isoformat() if acknowledged_on else None,
        "next_seq": receipted.next_seq,
        "head_sha256": b64u(receipted.head_sha256),
    }
