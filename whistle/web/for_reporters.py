"""The rooms of the reporters' face. A process that shows only the other one loads none of this."""

from flask import Blueprint

from whistle.web import reporter
from whistle.web.api import mailbox, reports


def pages() -> tuple[Blueprint, ...]:
    """Return what is shown under a language."""
    return (reporter.blueprint(),)


def programs() -> tuple[Blueprint, ...]:
    """Return what speaks JSON: filing, the mailbox."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    reports.add(blueprint)
    mailbox.add(blueprint)
    return (blueprint,)
