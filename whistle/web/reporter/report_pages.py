"""The pages of /report as they are rendered: the form, the check page, the page after sending."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from whistle.config import Channel
from whistle.services import dates
from whistle.services.reporting import unscripted
from whistle.services.reporting.coming import coming
from whistle.services.reporting.filing import POSTED_BYTES_MAX
from whistle.services.reporting.readers import (
    Reader,
    keyring_state,
    recovery_of,
    root_line,
    who_reads,
)
from whistle.web.built import BUILT_ON
from whistle.web.packed import packed
from whistle.web.reporter import sentences
from whistle.web.reporter.answers import ONGOING, TOPICS, Answers, Problem
from whistle.web.reporter.asked import form, kept_code, parts
from whistle.web.reporter.check import rows_of
from whistle.web.reporter.status import lines_of
from whistle.wording import LANGUAGES


def choose_page(problems: Sequence[Problem] = (), status: int = 200) -> ResponseReturnValue:
    """Return the choice of the channel, where there are several."""
    errors = sentences.errors_of(problems)
    problem = sentences.at_fields(errors)
    channels = parts().settings.channels
    page = _form(
        None, channels=channels, closed=False, keyring_state="", errors=errors, problem=problem
    )
    return page, status


def form_page(
    channel: Channel, answers: Answers, problems: Sequence[Problem] = (), status: int = 200
) -> ResponseReturnValue:
    """Return the form with what was answered; problems stand at the top and at their fields."""
    state = keyring_state(parts(), channel.id)
    errors = sentences.errors_of(problems)
    page = _form(
        channel,
        channels=parts().settings.channels,
        closed=state in ("closed", "not_open"),
        keyring_state=state,
        coming=coming(parts(), channel.id),
        persons=[(one.person, one.name, one.role_text) for one in persons(channel)],
        recovery=recovery_of(parts(), channel.id),
        answers=answers,
        code=kept_code(),
        errors=errors,
        problem=sentences.at_fields(errors),
        ongoing=sentences.options(ONGOING),
        topics=sentences.options(TOPICS),
        answer_languages=list(LANGUAGES.items()),
        waiver_known=dates.knows_waiver(channel),
        sentences=sentences.of_report(),
        file_max=POSTED_BYTES_MAX,
        root_key=root_line(parts()),
        built_on=BUILT_ON,
    )
    return (page if request.method == "POST" else packed(page)), status


def _form(channel: Channel | None, **values: Any) -> str:
    return render_template("reporter/report.html", channel=channel, **values)


def check_page(
    channel: Channel, answers: Answers, problem: Problem | None = None, status: int = 200
) -> ResponseReturnValue:
    """Return every answer, who would read it, the code and the last button."""
    code = kept_code() or unscripted.new_code()
    everybody = persons(channel)
    remaining = [one for one in everybody if one.person not in answers.left_out]
    errors = sentences.errors_of([problem] if problem else [])
    page = render_template(
        "reporter/check.html",
        rows=rows_of(answers, everybody, recovery_of(parts(), channel.id)),
        only_reader=remaining[0] if len(remaining) == 1 else None,
        code=code,
        kept=[*answers.fields(), ("code", code), ("seen", seen(channel))],
        errors=errors,
        problem=sentences.at_fields(errors),
    )
    return page, status


def sent_page(
    told: Mapping[str, Any],
    code: str | None,
    *,
    again: str = "",
    typed: str = "",
    problem: Problem | None = None,
    saved: bool = False,
) -> ResponseReturnValue:
    """Return the page after sending: the dates, the code, and whether it was saved.

    Args:
        told: the dates, as `told_reporter` or a receipt gives them.
        code: None for a file that was sealed elsewhere; only its maker knows the code.
        again: the sentence for a report that had been sent before.
        typed: what was typed to show that the code was saved.
        problem: what is wrong with that.
        saved: nothing is.
    """
    errors = sentences.errors_of([problem] if problem else [])
    page = render_template(
        "reporter/sent.html",
        lines=[sentences.date_line(line) for line in lines_of(told)],
        code=code,
        again=again,
        typed=typed,
        saved=saved,
        errors=errors,
        problem=sentences.at_fields(errors),
    )
    return page, 422 if errors else 200


def persons(channel: Channel) -> list[Reader]:
    """Return one reader for each person of the channel: all keys of a person go together."""
    found: dict[str, Reader] = {}
    for one in who_reads(parts(), channel.id):
        found.setdefault(one.person, one)
    return list(found.values())


def seen(channel: Channel) -> str:
    """Return who would read now, to notice at the end that it is not who was shown."""
    recovery = recovery_of(parts(), channel.id)
    keys = [one.id for one in who_reads(parts(), channel.id)]
    return " ".join(keys if recovery is None else [*keys, recovery.key])


def unchanged(channel: Channel) -> bool:
    """Tell whether the readers are those that the check page showed."""
    return form().get("seen", "") == seen(channel)
