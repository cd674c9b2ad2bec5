"""/return and /case for a browser without scripts: the code in, the thread out, nothing kept.

With scripts the code never comes here (static/js/reporter/return.js). Without, it comes in the
body of each post and goes back in a hidden field of a page that is not stored. Unknown, wrong and
erased have one answer.
"""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import ConflictError, DeniedError, NotFoundError, ReceiptError
from whistle.services.reporting import unscripted
from whistle.services.reporting.readers import root_line
from whistle.services.reporting.unscripted import Look
from whistle.web.built import BUILT_ON
from whistle.web.guards import door
from whistle.web.reporter import sentences
from whistle.web.reporter.answers import TEXT_MAX, Problem
from whistle.web.reporter.asked import form, parts
from whistle.web.reporter.packed import packed
from whistle.web.reporter.status import alarm_of, lines_of
from whistle.web.reporter.thread import shown


@door("reporter")
def return_() -> ResponseReturnValue:
    """Ask for the code; posted, open the report with it."""
    if request.method != "POST":
        return _return_page()
    if "seen" in form():
        return case()  # the opened report, in another language
    typed = form().get("code", "")
    if "language" in form():
        return _return_page(typed)
    try:
        code = unscripted.check_code(typed)
        return _case_page(code, unscripted.look(parts(), code))
    except ReceiptError:
        return _return_page(typed, "code_wrong", 422)
    except NotFoundError:
        return _return_page(typed, "unknown_code", 404)


@door("reporter")
def case() -> ResponseReturnValue:
    """The opened report; posted with a text, the text is added to it."""
    if request.method != "POST":
        return redirect(url_for("reporter.return_"), 303)
    typed, text = form().get("code", ""), form().get("message", "").replace("\r\n", "\n")
    try:
        code = unscripted.check_code(typed)
        if "write" in form():
            return _write(code, text)
        return _case_page(code, unscripted.look(parts(), code), text=text)
    except ReceiptError:
        return _return_page(typed, "code_wrong", 422)
    except NotFoundError:
        return _return_page(typed, "unknown_code", 404)


def _write(code: str, text: str) -> ResponseReturnValue:
    look = unscripted.look(parts(), code)
    if not text.strip():
        problem: Problem = ("message", "message_empty", {})
        return _case_page(code, look, text=text, problem=problem, status=422)
    if len(text) > TEXT_MAX:
        problem = ("message", "message_long", {"count": len(text), "limit": TEXT_MAX})
        return _case_page(code, look, text=text, problem=problem, status=422)
    since = _seen(look)
    came_before = _came_before(look, since, text)
    if came_before or look.fault:
        kept = "" if came_before == "sent_now" else text
        return _case_page(code, look, text=kept, said=came_before, since=since)
    try:
        unscripted.write_message(parts(), code, text)
    except ConflictError:
        # The other half of a double press, or a handler's entry in the same moment.
        look = unscripted.look(parts(), code)
        said = _came_before(look, since, text)
        problem = ("message", "send_failed", {})
        return _case_page(
            code,
            look,
            text="" if said == "sent_now" else text,
            said=said,
            since=since,
            problem=None if said else problem,
            status=200 if said else 409,
        )
    except DeniedError:
        problem = ("message", "busy", {})
        return _case_page(code, look, text=text, problem=problem, status=429)
    said = "sent_after" if look.entries[-1]["seq"] > since else "sent_now"
    return _case_page(code, unscripted.look(parts(), code), said=said, since=since)


def _came_before(look: Look, since: int, text: str) -> str:
    """Return the code of what to say when an entry of the reporter's own came in meanwhile."""
    own = [one for one in look.entries if one["seq"] > since and one["side"] == "reporter"]
    if any(one["body"].get("text") == text for one in own):
        return "sent_now"
    return "came_before" if own else ""


def _seen(look: Look) -> int:
    """Return the number of the last entry that the page showed; of all, if it does not say."""
    last: int = look.entries[-1]["seq"] if look.entries else 0
    seen = form().get("seen", "")
    return min(int(seen), last) if seen.isascii() and seen.isdigit() and len(seen) < 9 else last


def _return_page(typed: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    errors = sentences.errors_of([("code", problem, {})] if problem else [])
    page = render_template(
        "reporter/return.html",
        typed=typed,
        errors=errors,
        problem=sentences.at_fields(errors),
        sentences=sentences.of_return(),
        laws=sorted({channel.law for channel in parts().settings.channels}),
        root_key=root_line(parts()),
        built_on=BUILT_ON,
    )
    return (page if request.method == "POST" else packed(page)), status


def _case_page(
    code: str,
    look: Look,
    *,
    text: str = "",
    said: str = "",
    since: int | None = None,
    problem: Problem | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    errors = sentences.errors_of([problem] if problem else [])
    page = render_template(
        "reporter/case.html",
        code=code,
        lines=[sentences.date_line(line) for line in lines_of(look.dates)],
        alarm=alarm_of(look.dates),
        law=parts().channel(look.channel).law,
        entries=[shown(one, since) for one in look.entries],
        seen=look.entries[-1]["seq"] if look.entries else 0,
        waiting=not any(one["side"] == "handler" for one in look.entries),
        fault=sentences.fault(look.fault) if look.fault else "",
        said=sentences.say(said) if said else "",
        text=text,
        errors=errors,
        problem=sentences.at_fields(errors),
    )
    return page, status
