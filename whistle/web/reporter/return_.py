"""/return and /case for a browser without scripts: the code in, the thread out, nothing kept.

With scripts the code never comes here (static/js/reporter/return.js). Without, it comes in the
body of each post and goes back in a hidden field of a page that is not stored. Unknown, wrong and
erased have one answer.
"""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from whistle.errors import CaseError, ConflictError, DeniedError, NotFoundError, ReceiptError
from whistle.services.reporting import unscripted
from whistle.services.reporting.readers import root_line
from whistle.services.reporting.unscripted import Look
from whistle.web.built import BUILT_ON
from whistle.web.guards import door
from whistle.web.packed import packed
from whistle.web.reporter import sentences
from whistle.web.reporter.acts import NOT_NOW, SAID, TEXTS, Act, act_of, came_before
from whistle.web.reporter.answers import Problem
from whistle.web.reporter.asked import form, parts
from whistle.web.reporter.consents import asks_of
from whistle.web.reporter.status import acts_of, alarm_of, lines_of
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
        return _return_page(typed, "code_wrong" if typed.strip() else "code_empty", 422)
    except NotFoundError:
        return _return_page(typed, "unknown_code", 404)


@door("reporter")
def case() -> ResponseReturnValue:
    """The opened report; posted with one of its buttons, that is done."""
    if request.method != "POST":
        return redirect(url_for("reporter.return_"), 303)
    typed = form().get("code", "")
    texts = {name: form().get(name, "").replace("\r\n", "\n") for name in TEXTS}
    try:
        code = unscripted.check_code(typed)
        look = unscripted.look(parts(), code)
        if "write" not in form():
            return _case_page(code, look, texts)
        return _write(code, look, texts)
    except ReceiptError:
        return _return_page(typed, "code_wrong", 422)
    except NotFoundError:
        return _return_page(typed, "unknown_code", 404)


def _write(code: str, look: Look, texts: Mapping[str, str]) -> ResponseReturnValue:
    act = act_of(form()["write"], texts, look)
    problem = act.problem()
    if problem:
        return _case_page(code, look, texts, problem=problem, status=422)
    since = _seen(look)
    said = came_before(act, look, since)
    if said or look.fault:
        return _case_page(code, look, _left(texts, act, said), said=said, since=since)
    try:
        act.do(parts(), code)
    except ConflictError:
        # The other half of a double press, or a handler's entry in the same moment.
        return _turned_away(code, texts, act, since)
    except CaseError as error:
        return _not_allowed(code, texts, act, since, error)
    except DeniedError:
        return _case_page(code, look, texts, problem=(act.field, "busy", {}), status=429)
    said = SAID[act.name]
    if act.name == "message" and look.entries[-1]["seq"] > since:
        said = "sent_after"
    look = unscripted.look(parts(), code)
    return _case_page(code, look, _left(texts, act, SAID[act.name]), said=said, since=since)


def _turned_away(code: str, texts: Mapping[str, str], act: Act, since: int) -> ResponseReturnValue:
    look = unscripted.look(parts(), code)
    said = came_before(act, look, since)
    if said:
        return _case_page(code, look, _left(texts, act, said), said=said, since=since)
    problem: Problem = (act.field, "send_failed", {})
    return _case_page(code, look, texts, since=since, problem=problem, status=409)


def _not_allowed(
    code: str, texts: Mapping[str, str], act: Act, since: int, error: CaseError
) -> ResponseReturnValue:
    """Show what has happened; only where that is the reason, it is said to be."""
    problem: Problem = (act.field, "not_now" if error.reason in NOT_NOW else "refused", {})
    look = unscripted.look(parts(), code)
    return _case_page(code, look, texts, since=since, problem=problem, status=409)


def _left(texts: Mapping[str, str], act: Act, said: str) -> Mapping[str, str]:
    """Return the texts without the one that has arrived."""
    return {**texts, act.name: ""} if said == SAID[act.name] else texts


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
    texts: Mapping[str, str] | None = None,
    *,
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
        texts={name: (texts or {}).get(name, "") for name in TEXTS},
        asks=() if look.fault else asks_of(look.entries),
        acts=() if look.fault else acts_of(look.dates, knows_waiver=look.knows_waiver),
        errors=errors,
        problem=sentences.at_fields(errors),
    )
    return page, status
