"""Leaving quickly: clear what the browser holds, then an empty page of our own.

The way goes over /off because a browser silently blocks a form's redirect to another site
(`form-action 'self'`): the person would press the button and stay.

What is cleared is cleared twice. A browser keeps the page that it leaves in memory, as it stood,
and Back would show it with all that was typed, whatever Cache-Control says. It does so when the
next page is there: so the first answer comes too early for it, and an empty page in between lets
the next answer clear it.
"""

from flask import Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from whistle.web.guards import door

CLEAR = '"cache", "cookies", "storage"'
"""Clear Site Data, W3C working draft: what we may ask a browser to forget of this site."""


@door("public")
def leave() -> Answer:
    """Clear and go to the empty page, over one that is as empty.

    By GET too, and from anywhere: it changes nothing here, and whoever presses it must get away.
    """
    response: Answer
    if "next" in request.args:
        response = _empty(url_for("reporter.off"))
    else:
        response = redirect(url_for("reporter.leave", next=1), 303)
    response.headers["Clear-Site-Data"] = CLEAR
    return response


@door("reporter")
def off() -> Response:
    """An empty page; goes on to the organisation's neutral site if there is one."""
    response = _empty(current_app.extensions["whistle"].settings.leave_to)
    response.headers["Clear-Site-Data"] = CLEAR
    return response


def _empty(onward: str) -> Response:
    response = current_app.make_response(render_template("reporter/off.html"))
    if onward:
        response.headers["Refresh"] = f"0;url={onward}"
    return response
