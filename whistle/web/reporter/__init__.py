"""The reporter's face: no cookie, no session, nothing kept. One line here for each page."""

from flask import Blueprint

from whistle.web.reporter import information, leave, report, return_, sealed_file, start


def blueprint() -> Blueprint:
    """Return a fresh blueprint with every page of the reporter."""
    pages = Blueprint("reporter", __name__)
    pages.add_url_rule("/", view_func=start.start)
    pages.add_url_rule("/before", view_func=start.before)
    both = ("GET", "POST")
    pages.add_url_rule("/report", view_func=report.report, methods=both)
    pages.add_url_rule("/report/send", view_func=report.send, methods=both)
    pages.add_url_rule("/report/sent", view_func=report.sent, methods=both)
    pages.add_url_rule("/report/file", view_func=sealed_file.send_file, methods=both)
    pages.add_url_rule("/return", view_func=return_.return_, methods=both)
    pages.add_url_rule("/case", view_func=return_.case, methods=both)
    pages.add_url_rule("/about", view_func=information.about)
    pages.add_url_rule("/privacy", view_func=information.privacy)
    pages.add_url_rule("/other-ways", view_func=information.other_ways)
    pages.add_url_rule("/leave", view_func=leave.leave, methods=("GET", "POST"))
    pages.add_url_rule("/off", view_func=leave.off)
    return pages
