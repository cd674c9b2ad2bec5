"""The case handlers' face: one document, because the key lives in its Worker's memory only."""

from flask import Blueprint

from whistle.web.desk import sign_in


def blueprint() -> Blueprint:
    """Return a fresh blueprint with the desk's document."""
    pages = Blueprint("desk", __name__)
    pages.add_url_rule("/desk", view_func=sign_in.sign_in)
    return pages
