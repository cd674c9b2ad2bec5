"""The reporter's face: no cookie, no session, nothing kept. One line here for each page."""

from flask import Blueprint

from whistle.web.reporter import information, leave, start


def blueprint() -> Blueprint:
    """Return a fresh blueprint with every page of the reporter."""
    pages = Blueprint("reporter", __name__)
    pages.add_url_rule("/", view_func=start.start)
    pages.add_url_rule("/before", view_func=start.before)
    pages.add_url_rule("/about", view_func=information.about)
    pages.add_url_rule("/privacy", view_func=information.privacy)
    pages.add_url_rule("/other-ways", view_func=information.other_ways)
    pages.add_url_rule("/leave", view_func=leave.leave, methods=("GET", "POST"))
    pages.add_url_rule("/off", view_func=leave.off)
    return pages
