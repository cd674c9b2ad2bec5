"""The two pages before the form: what this is, and what to think of first."""

from flask import current_app, render_template

from whistle.web.guards import door


@door("reporter")
def start() -> str:
    """What this is, who reads, and the three things one can do."""
    return render_template("reporter/start.html", posted=current_app.extensions["whistle.posted"]())


@door("reporter")
def before() -> str:
    """The interruption page: what a person should know before writing."""
    return render_template("reporter/before.html")
