"""What a reporter's request brings: the parts behind it, its form, its channel."""

from flask import current_app, g, request
from werkzeug.datastructures import MultiDict

from whistle.config import Channel
from whistle.errors import ReceiptError
from whistle.services.parts import Parts
from whistle.services.reporting import unscripted

BODY_MAX = 4_000_000
"""Bytes of a posted form: far over the limit of the text, so that a text that is too long comes
back with the sentence that says so, and is not lost."""


def parts() -> Parts:
    """Return the real parts."""
    found: Parts = current_app.extensions["whistle"]
    return found


def form() -> MultiDict[str, str]:
    """Return the posted fields, read in memory.

    Raises:
        RequestEntityTooLarge: the form is over `BODY_MAX`.
    """
    request.max_content_length = request.max_form_memory_size = BODY_MAX
    return request.form


def page_language() -> str:
    """Return the language of the page that was asked for."""
    language: str = g.language
    return language


def channel() -> Channel | None:
    """Return the channel that was asked for, or the only one; None when it is still to choose."""
    channels = parts().settings.channels
    if len(channels) == 1:
        return channels[0]
    named = form().get("channel") or request.args.get("channel", "")
    return parts().settings.channel(named)


def kept_code() -> str | None:
    """Return the code that an earlier page made, properly written; None if it is not there."""
    try:
        return unscripted.check_code(form().get("code", ""))
    except ReceiptError:
        return None
