"""The two pages before the form: what this is, and what to think of first."""

from flask import current_app, render_template

from whistle.services.parts import Parts
from whistle.services.reporting.readers import recoveries, root_phrase, who_reads
from whistle.web.guards import door


@door("reporter")
def start() -> str:
    """What this is, who reads, and the three things one can do."""
    parts: Parts = current_app.extensions["whistle"]
    named = [one for channel in parts.settings.channels for one in who_reads(parts, channel.id)]
    return render_template(
        "reporter/start.html",
        readers=list({one.person: one for one in named}.values()),
        recoveries=recoveries(parts),
        phrase=root_phrase(parts),
    )


@door("reporter")
def before() -> str:
    """The interruption page: what a person should know before writing."""
    return render_template("reporter/before.html")
