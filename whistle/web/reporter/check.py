"""The check page's rows: every question, what was answered, and the step that changes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from whistle.services.reporting.readers import Reader, RecoveryTold
from whistle.services.reporting.visible import visible
from whistle.web.language import words
from whistle.web.reporter.answers import ONGOING, TOPICS, Answers
from whistle.wording import LANGUAGES, mark

QUESTIONS = {
    "what": mark("What happened?"),
    "when": mark("When and where did it happen?"),
    "ongoing": mark("Is it still going on?"),
    "topic": mark("What is it about?"),
    "how": mark("How do you know?"),
    "readers": mark("Who should not read the report?"),
    "they_read": mark("Who reads the report"),
    "recovery": mark("Recovery key"),
    "who": mark("Do you want to say who you are?"),
    "language": mark("Language"),
    "reply": mark("How shall we answer you?"),
}
"""The headings of the form, by step."""

NOT_ANSWERED = mark("Not answered")
NOBODY = mark("Nobody is left out")
IF_LOST = mark(
    "If all keys are lost, the holders of the recovery key can open the report together: %(names)s"
)
NO_RECOVERY = mark("The recovery key is left out")
ANONYMOUS = mark("I stay anonymous")
MEETING = mark("I want to meet somebody and tell it in person")
WAIVED = mark("I do not want a confirmation that you have received the report")


@dataclass(frozen=True)
class Row:
    """One row; `step` is the id of the form's section."""

    step: str
    question: str
    answer: str


def rows_of(
    answers: Answers, persons: Sequence[Reader], recovery: RecoveryTold | None
) -> list[Row]:
    """Return the rows in the order of the form."""
    left_out = [one.name for one in persons if one.person in answers.left_out]
    reading = [one.name for one in persons if one.person not in answers.left_out]
    wishes = [MEETING] * answers.meeting + [WAIVED] * answers.waive_ack
    rows = [
        _row("what", answers.what.strip()),
        _row("when", answers.when_where.strip()),
        _row("ongoing", _(ONGOING.get(answers.ongoing, ""))),
        _row("topic", _(TOPICS.get(answers.topic, ""))),
        _row("how", answers.how_known.strip()),
        _row("readers", ", ".join(left_out) or _(NOBODY)),
        _row("they_read", ", ".join(reading), step="readers"),
        *_recovery_rows(answers, recovery),
        _row("who", _who(answers)),
        _row("language", LANGUAGES.get(answers.language, ""), step="reply"),
    ]
    if wishes:
        rows.append(_row("reply", "\n".join(_(one) for one in wishes)))
    return rows


def _recovery_rows(answers: Answers, recovery: RecoveryTold | None) -> list[Row]:
    """Who else could open the report; left out with one of its holders (protocol section 10)."""
    if recovery is None:
        return []
    if answers.no_recovery or recovery.persons & set(answers.left_out):
        return [_row("recovery", _(NO_RECOVERY), step="readers")]
    said = _(IF_LOST) % {"names": ", ".join(recovery.holders)}
    return [_row("recovery", said, step="readers")]


def _who(answers: Answers) -> str:
    if not answers.named:
        return _(ANONYMOUS)
    return "\n".join(part for part in (answers.name.strip(), answers.contact.strip()) if part)


def _row(question: str, answer: str, step: str = "") -> Row:
    return Row(
        step=f"step-{step or question}",
        question=_(QUESTIONS[question]),
        answer=visible(answer) or _(NOT_ANSWERED),
    )


def _(sentence: str) -> str:
    return words().gettext(sentence) if sentence else ""
