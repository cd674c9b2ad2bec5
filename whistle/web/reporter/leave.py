"""Leaving quickly: clear what the browser holds, then an empty page of our own.

The way goes over /off because a browser silently blocks a form's redirect to another site
(`form-action 'self'`): the person would press the button and stay.
"""

from flask import Response, current_app, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from whistle.web.guards import door

CLEAR = '"cache", "cookies", "storage"'
"""Clear Site Data, W3C working draft: what we may ask a browser to forget of this site."""


@door("public")
def leave() -> Answer:
    """Clear and go to the empty page.

    By GET too, and from anywhere: it changes nothing here, and whoever presses it must get away.
    """
    response = redirect(url_for("reporter.off"), 303)
    response.headers["Clear-Site-Data"] = CLEAR
    return response


@door("reporter")
def off() -> Response:
    """An empty page; goes on to the organisation's neutral site if there is one."""
    leave_to: str = current_app.extensions["whistle"].settings.leave_to
    response = current_app.make_response(render_template("reporter/off.html"))
    if leave_to:
        response.headers["Refresh"] = f"0;url={leave_to}"
    return response
