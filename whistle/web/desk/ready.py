"""Ready texts that a handler starts from, in every language a reporter may have chosen.

A place in braces is filled in by the page with a date in that language. Nothing else is filled
in: a ready text never holds what a report says.
"""

from dataclasses import dataclass

from whistle.wording import LANGUAGES, mark, wording


@dataclass(frozen=True)
class Snippet:
    """One ready text: the form and the field it is for, its name, the text in each language."""

    kind: str
    field: str
    label: str
    texts: tuple[tuple[str, str], ...]


_READY = (
    (
        "acknowledgement",
        "acknowledgement",
        mark("Standard text"),
        mark(
            "Thank you for your report. It has arrived and we are following it up. "
            "By {feedback_due_on} we tell you here what has been done, and why. "
            "Please return with your code now and then, because we may have questions. "
            "You can write to us here at any time."
        ),
    ),
    (
        "message",
        "message",
        mark("Ask for more"),
        mark(
            "Thank you for your report. To follow it up we would like to know more. "
            "When and where did it happen? Who else has seen it? "
            "Leave out whatever could show who you are."
        ),
    ),
    (
        "message",
        "message",
        mark("Ask for documents"),
        mark(
            "Is there a document, a picture or a message that shows what happened? "
            "Tell us what it is and where it is kept. Do not take any risk to get it."
        ),
    ),
    (
        "message",
        "message",
        mark("Offer a meeting"),
        mark(
            "We would like to hear you, at a meeting or by telephone. "
            "You decide whether, and you can stay unnamed. "
            "Write which days suit you, and what you need to feel safe."
        ),
    ),
    (
        "out_of_scope",
        "out_of_scope",
        mark("Another way"),
        mark(
            "Thank you for your report. We have found that this channel is not for it. "
            "The reason: … You can turn to: … We still keep secret who you are."
        ),
    ),
    (
        "meeting_offer",
        "meeting_offer",
        mark("Offer a meeting"),
        mark(
            "You asked for a meeting. We can meet you on … at …, at this place: … "
            "You meet … You may bring somebody. "
            "If it does not suit you, write what does."
        ),
    ),
    (
        "message",
        "message",
        mark("Another authority"),
        mark(
            "You can also report to an authority at any time. "
            "Under Other ways on this site you find which one."
        ),
    ),
    (
        "feedback",
        "measures",
        mark("Measures"),
        mark(
            "We have read your report and examined the following: … "
            "We have spoken with the persons responsible for: … We have decided that: …"
        ),
    ),
    (
        "feedback",
        "reasons",
        mark("Reasons"),
        mark("We have done this because: … We have not gone further in one respect, because: …"),
    ),
    (
        "closing",
        "closing_text",
        mark("Standard text"),
        mark(
            "The follow-up of your report has ended and the case is closed. "
            "With your code you can still read everything here and write to us. "
            "If you are treated badly because of your report, tell us. That is forbidden by law."
        ),
    ),
)


def snippets() -> tuple[Snippet, ...]:
    """Every ready text in every language that Whistle speaks."""
    return tuple(
        Snippet(
            kind,
            field,
            label,
            tuple((code, wording(code).gettext(text)) for code in LANGUAGES),
        )
        for kind, field, label, text in _READY
    )


STOCK_PHRASES = (
    "we are working on it",
    "we are still working on it",
    "the matter is being processed",
    "your report is being processed",
    "the case is being processed",
    "is being processed",
    "under investigation",
    "the investigation is ongoing",
    "investigation ongoing",
    "we are looking into it",
    "we are looking into the matter",
    "we are investigating",
    "we will get back to you",
    "we have received your report",
    "thank you for your report",
    "thank you",
    "no comment",
    "see above",
    "not applicable",
    "nothing yet",
    "for now",
    "at the moment",
    "vi arbetar med det",
    "vi arbetar med ärendet",
    "vi jobbar på det",
    "vi jobbar med det",
    "ärendet handläggs",
    "ärendet är under handläggning",
    "ärendet behandlas",
    "din rapport behandlas",
    "handläggning pågår",
    "utredning pågår",
    "utredningen pågår",
    "under utredning",
    "vi utreder",
    "vi utreder saken",
    "vi undersöker saken",
    "vi tittar på det",
    "vi återkommer",
    "vi har tagit emot din rapport",
    "tack för din rapport",
    "tack",
    "ingen kommentar",
    "se ovan",
    "ej aktuellt",
    "inget ännu",
    "just nu",
    "tills vidare",
)
"""What is no feedback by itself: it names neither a measure nor a reason (recital 58)."""
