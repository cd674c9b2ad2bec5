"""The log, for officer and auditor: read, looked through, taken home, and proved."""

import csv
from datetime import date
from io import StringIO

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from whistle.case.permissions import OFFICE_ROLES
from whistle.errors import LogError
from whistle.services.office import reading
from whistle.web.guards import door
from whistle.web.language import words
from whistle.web.office.asked import REFUSED, handles, parts
from whistle.web.office.sentences import EVENTS, LOG_FAULTS

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would read as a formula at the beginning of a cell."""
COLUMNS = ("position", "on", "at", "event", "who", "about", "mark")


def add(pages: Blueprint) -> None:
    """Add the views of this file."""
    pages.add_url_rule("/office/log", view_func=log)
    pages.add_url_rule("/office/log.csv", view_func=log_file)
    pages.add_url_rule("/office/anchor", view_func=anchor)


@door("office", roles=OFFICE_ROLES)
def log() -> ResponseReturnValue:
    """One page of the log, as it was asked for."""
    asked = _asked()
    return render_template(
        "office/log.html",
        page=reading.page(parts(), asked, handles=handles()),
        asked=asked,
        events=[(code, words().gettext(text)) for code, text in EVENTS.items()],
        event_names=EVENTS,
        handles=handles(),
        anchor=None if handles() else reading.anchor_today(parts()),
    )


@door("office", roles=OFFICE_ROLES)
def log_file() -> ResponseReturnValue:
    """The same as a file for a spreadsheet."""
    written = StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for line in reading.everything(parts(), _asked(), handles=handles()):
        at = line.at.isoformat() if line.at else ""
        row = (line.position, line.on, at, line.event, line.who, line.about, line.mark)
        table.writerow([safe(str(cell)) for cell in row])
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=log.csv"
    return response


@door("office", roles=OFFICE_ROLES)
def anchor() -> ResponseReturnValue:
    """Check the whole chain, against an anchor from a mail if one is given.

    Not for who handles cases: its length grows with each case, also with one that they were left
    out of.
    """
    if handles():
        abort(404)
    given, no_anchor = request.args.get("anchor", "").strip(), REFUSED["anchor"]
    try:
        found, fault = reading.verified(parts(), given)
        error = ""
    except LogError:
        found, fault = reading.verified(parts(), "")
        error = words().gettext(no_anchor)
    page = render_template(
        "office/anchor.html",
        found=found,
        anchor=reading.anchor_today(parts()),
        fault=LOG_FAULTS.get(fault, LOG_FAULTS["head"]) if fault else "",
        given=given,
        errors=[("anchor", error)] if error else [],
    )
    return page, 422 if error else 200


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _asked() -> reading.Asked:
    """What the address asks for; what is no date or number asks for nothing."""
    args = request.args
    before = args.get("before", "")
    return reading.Asked(
        event=args.get("event", "") if args.get("event") in EVENTS else "",
        person=args.get("person", "").strip()[:64],
        first_on=_day(args.get("first_on", "")),
        last_on=_day(args.get("last_on", "")),
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 12 else None,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
