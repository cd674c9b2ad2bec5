"""The office: where officer and auditor run the channel. They open no report."""

from flask import Blueprint

from whistle.web.office import start


def blueprint() -> Blueprint:
    """Return a fresh blueprint with the office's pages."""
    pages = Blueprint("office", __name__)
    pages.add_url_rule("/office", view_func=start.start)
    pages.add_url_rule("/office/leave", view_func=start.leave, methods=["POST"])
    return pages
