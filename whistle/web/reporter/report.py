"""/report for a browser without scripts: the form, the check page, sending, the code saved.

With scripts the same document works in the browser and posts nothing here (static/js/reporter/).
Without, the answers and the code travel in hidden fields of pages that are never stored: no draft,
no cookie, no session. A second press, or a repeated request, is the same report.
"""

from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from whistle.config import Channel
from whistle.errors import (
    BusyError,
    ConflictError,
    DeniedError,
    FilingError,
    KeyringError,
    ReceiptError,
)
from whistle.services.reporting import unscripted
from whistle.services.reporting.filing import Receipted
from whistle.services.reporting.readers import who_reads
from whistle.web.guards import door
from whistle.web.reporter import sentences
from whistle.web.reporter.answers import Answers, Problem
from whistle.web.reporter.asked import channel as asked_channel
from whistle.web.reporter.asked import form, kept_code, page_language, parts
from whistle.web.reporter.report_pages import (
    check_page,
    choose_page,
    form_page,
    persons,
    sent_page,
    unchanged,
)


@door("reporter")
def report() -> ResponseReturnValue:
    """The form; posted, the check page, or the form again with what must be mended."""
    channel = asked_channel()
    if channel is None:
        return choose_page()
    if request.method != "POST":
        return form_page(channel, Answers(channel.id, page_language()))
    answers = Answers.read(form(), page_language())
    if "language" in form() and "seen" in form():
        return check_page(channel, answers)
    if "language" in form() or "change" in form():
        return form_page(channel, answers)
    problems = answers.problems([one.person for one in persons(channel)])
    return form_page(channel, answers, problems, 422) if problems else check_page(channel, answers)


@door("reporter")
def send() -> ResponseReturnValue:
    """Seal the report, keep it and say so; what is in the way is said on the page it concerns."""
    channel = asked_channel()
    if request.method != "POST" or channel is None:
        return redirect(url_for("reporter.report"), 303)
    if "what" not in form():
        return sent()  # the page after sending, in another language
    answers = Answers.read(form(), page_language())
    problems = answers.problems([one.person for one in persons(channel)])
    if not problems and not unchanged(channel):
        problems = [("left_out", "readers_changed", {})]
    if problems:
        return form_page(channel, answers, problems, 422)
    if "language" in form():
        return check_page(channel, answers)
    return _file(channel, answers)


@door("reporter")
def sent() -> ResponseReturnValue:
    """Check that the code was saved: a tick, or the code typed or pasted again."""
    code = kept_code() if request.method == "POST" else None
    if code is None:
        return redirect(url_for("reporter.report"), 303)
    told = unscripted.look(parts(), code).dates
    typed = form().get("again", "")
    if "language" in form():
        return sent_page(told, code, typed=typed)
    problem = _unsaved(code, typed, ticked=form().get("saved") == "yes")
    return sent_page(told, code, typed=typed, problem=problem, saved=problem is None)


def told_of(receipted: Receipted) -> dict[str, Any]:
    """Return the dates of a report that has just been kept, as lines_of() reads them."""
    return {
        "received_on": receipted.received_on,
        "acknowledge_due_on": receipted.acknowledge_due_on,
        "acknowledged_on": receipted.acknowledged_on,
        "feedback_due_on": receipted.feedback_due_on,
        "waived": receipted.waived,
    }


def _file(channel: Channel, answers: Answers) -> ResponseReturnValue:
    code = kept_code()
    if code is None:
        # Nothing was sent with the lost code, so a new one takes its place and is shown first.
        return check_page(channel, answers, ("", "code_lost", {}), 422)
    try:
        receipted = unscripted.file_for(
            parts(),
            code,
            channel=channel.id,
            body=answers.body(),
            left_out=[
                one.id for one in who_reads(parts(), channel.id) if one.person in answers.left_out
            ],
            waive_ack=answers.waive_ack,
            leave_out_recovery=answers.no_recovery,
            one_reader_confirmed=form().get("one_reader") == "yes",
        )
    except FilingError as error:
        if error.reason != "one_reader":
            raise
        return check_page(channel, answers, ("one_reader", "one_reader", {}), 422)
    except ConflictError as error:
        return _in_the_way(channel, answers, code, error)
    except BusyError:
        return check_page(channel, answers, ("", "busy", {}), 429)
    except (DeniedError, KeyringError):
        return check_page(channel, answers, ("", "paused", {}), 503)
    return sent_page(told_of(receipted), code)


def _in_the_way(
    channel: Channel, answers: Answers, code: str, error: ConflictError
) -> ResponseReturnValue:
    if error.reason != "already_sent":
        return form_page(channel, answers, [("left_out", "readers_changed", {})], 409)
    told = unscripted.look(parts(), code).dates
    return sent_page(told, code, again=sentences.say("already_sent"))


def _unsaved(code: str, typed: str, *, ticked: bool) -> Problem | None:
    if not typed.strip():
        return None if ticked else ("saved", "not_saved", {})
    try:
        same = unscripted.check_code(typed) == code
    except ReceiptError:
        return ("again", "again_wrong" if ticked else "code_wrong", {})
    return None if same else ("again", "again_other" if ticked else "code_other", {})
