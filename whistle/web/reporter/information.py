"""The pages that inform: how this protects, what is stored, which other ways there are."""

from flask import current_app, render_template

from whistle.documents.authorities import authorities
from whistle.services.parts import Parts
from whistle.web.guards import door


@door("reporter")
def about() -> str:
    """How this protects the reporter, and how it does not."""
    return render_template("reporter/about.html")


@door("reporter")
def privacy() -> str:
    """What is stored, for how long, and what is not logged."""
    parts: Parts = current_app.extensions["whistle"]
    laws = {channel.law for channel in parts.settings.channels}
    return render_template(
        "reporter/privacy.html",
        swedish=_swedish(),
        swedish_law="SE" in laws,
        other_law=bool(laws - {"SE"}),
    )


@door("reporter")
def other_ways() -> str:
    """Telephone, post, meeting, the authorities, and the freedom to tell the media."""
    return render_template(
        "reporter/other_ways.html", authorities=authorities(), swedish=_swedish()
    )


def _swedish() -> bool:
    """Whether a channel here is under Swedish law, whose authorities and freedoms are then told."""
    parts: Parts = current_app.extensions["whistle"]
    return any(channel.country == "SE" for channel in parts.settings.channels)
