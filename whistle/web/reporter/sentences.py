"""What the reporter's pages say after something happened, in one table for both ways of working.

The pages put the sentences into a `<template>`, so that a browser with scripts and a server
without them use the same words and no script holds a sentence. A placeholder is %(day)s.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from babel.numbers import format_decimal

from whistle.web.language import words
from whistle.web.reporter.answers import ONGOING, TOPICS, Problem
from whistle.web.reporter.status import Line
from whistle.wording import mark

PROBLEMS: Mapping[str, str] = {
    "what_empty": mark("Write what happened, even if it is only one sentence"),
    "too_long": mark(
        "The text is %(count)s characters with all answers. Shorten it to %(limit)s,"
        " or send the rest as a message afterwards"
    ),
    "choose": mark("Choose one answer. You can choose “I do not know”"),
    "readers_changed": mark("The persons who read reports have changed. Look at the list again"),
    "no_readers": mark(
        "Nobody would be left to read the report. Leave at least one person, or use another way"
    ),
    "one_reader": mark("Tick that one person may read this, or change who reads it"),
    "name_empty": mark("Write your name or how we can reach you, or choose to stay anonymous"),
    "not_saved": mark("Tick that you have saved the code, or type it"),
    "code_wrong": mark("The code is not right. Compare each group of five with your note."),
    "code_empty": mark("Write your code"),
    "code_other": mark("This is the code of another report. Compare it with the code above."),
    "again_wrong": mark(
        "The code is not right. Compare it with the code above, or empty the field."
    ),
    "again_other": mark(
        "This is the code of another report. Compare it with the code above, or empty the field."
    ),
    "unknown_code": mark(
        "We cannot find a report with that code. Compare each group of five with your note."
        " If you closed the page before it said Sent, nothing was sent."
        " If the case was closed long ago, it may have been deleted."
    ),
    "meeting_empty": mark("Write what you need for the meeting, even if it is only one sentence"),
    "not_now": mark("That can no longer be done. What has happened is shown above"),
    "message_empty": mark("Write your message first"),
    "message_long": mark("The text is %(count)s characters. Shorten it to %(limit)s"),
    "file_missing": mark("Choose a file first"),
    "file_large": mark(
        "The file is too large to be a sealed report. Choose the file that ends in .whistle"
    ),
    "file_age": mark(
        "This file is encrypted, but it is no report."
        " Make it with the program: whistle seal --report"
    ),
    "file_other": mark("This file is not a sealed report. Choose the file that ends in .whistle"),
    "file_broken": mark("The file is damaged. Make it again, or send the copy where it was made"),
    "file_list": mark(
        "The file was made for another list of persons than ours."
        " Fetch the list from this site again and make the file once more"
    ),
    "file_channel": mark(
        "The file was made for another organisation."
        " Fetch the list from this site and make the file for the right organisation"
    ),
    "file_sent": mark("Another report has already been sent with the code of this file"),
    "file_keyring": mark(
        "The file was made for an older list of persons. Fetch the new list and make the file again"
    ),
    "code_lost": mark(
        "The code did not come along. A new one is shown below. Keep it and send again"
    ),
    "already_sent": mark(
        "This report has already been sent. Your changes were not sent. Send them as a message"
    ),
    "busy": mark(
        "Many reports arrive right now. Wait one minute and press the button again."
        " Your text is kept"
    ),
    "paused": mark(
        "We cannot take anything right now. Your text is still here. Try again in a few minutes"
    ),
    "refused": mark("The server did not accept it. Nothing was sent. Your text is still here"),
    "send_failed": mark("Nothing has been sent. Your text is still here. Try again"),
}
"""At the field and in the summary, word for word the same."""

SCRIPTED: Mapping[str, str] = {
    "no_answer": mark(
        "No answer came, so we do not know if it arrived. Your text is still here."
        " Press the button again. It cannot be sent twice"
    ),
    "offline": mark("You are offline. Keep this tab open; we send when the connection is back"),
    "cannot_seal": mark(
        "Your browser could not encrypt. Nothing was sent and your text is still here."
        " Try again, or use another browser"
    ),
    "keyring_bad": mark(
        "The signed list of persons who read reports cannot be verified. Nothing is sent."
        " Use another way, and tell us about this"
    ),
    "keyring_missing": mark(
        "The list of persons who read reports did not arrive. Your text is still here. Try again"
    ),
    "checking": mark("The signatures on the list of persons are being checked."),
    "paying": mark(
        "Many reports arrive right now. Your device works for up to a minute, then it sends."
        " Leave this page open."
    ),
    "working": mark("Encrypting and sending. This takes a few seconds."),
    "opening": mark("Opening. This takes a few seconds."),
    "error_title": mark("Error:"),
    "step": mark("Step %(step)s of %(steps)s"),
    "copied": mark("The code is copied. Other programs can read what is copied."),
    "not_copied": mark("Copying did not work. Write the code down."),
    "not_opened": mark("Your browser could not open the report. Try again, or use another browser"),
    "no_connection": mark("No answer came. Check the connection and try again"),
    "language_failed": mark("The page did not arrive. Your text is still here. Try again"),
}
"""Said by a script only, where nothing else could."""

WRITTEN: Mapping[str, str] = {
    "sent_now": mark("Your message has been sent."),
    "sent_after": mark("New entries came first. They are shown above. Your message has been sent."),
    "meeting_now": mark("You have asked for a meeting. Above you see by when we offer a time."),
    "waive_now": mark("You have asked us not to confirm. The date for our answer stays."),
    "agree_now": mark("You have agreed. You can take it back here."),
    "refuse_now": mark("You have said no. Nobody is told who you are."),
    "unwaive_now": mark("You have asked us to confirm after all."),
    "came_before": mark(
        "An earlier message of yours had arrived. It is shown above."
        " The text in the field has not been sent. Send it if it is still needed."
    ),
}
"""After writing in a thread."""

DATES: Mapping[str, str] = {
    "received": mark("We received your report on %(day)s."),
    "confirm_by": mark("By %(day)s we confirm that we have it."),
    "confirmed": mark("We confirmed on %(day)s that we have it."),
    "confirmed_late": mark(
        "We confirmed on %(day)s that we have it. The date we gave you was %(due)s, so it was late."
    ),
    "not_confirming": mark("You asked us not to confirm, so we do not."),
    "withheld": mark("We send no confirmation, because it could show who you are."),
    "answer_by": mark("By %(day)s we tell you what has been done, and why."),
    "answered": mark("On %(day)s we told you what has been done, and why."),
    "answered_late": mark(
        "On %(day)s we told you what has been done, and why."
        " The date we gave you was %(due)s, so it was late."
    ),
    "unanswered": mark(
        "The case is closed without our telling you what has been done. Below we say why."
    ),
    "unanswered_late": mark(
        "By %(due)s we should have told you what has been done, and why."
        " We did not, and the case is closed. Below we say why."
    ),
    "next_by": mark("By %(day)s you hear from us again."),
    "late_next": mark("We have not answered by the date we gave you. It was %(day)s."),
    "late_confirming": mark(
        "We have not answered by the date we gave you. We should have confirmed by %(day)s."
    ),
    "late_answering": mark(
        "We have not answered by the date we gave you."
        " By %(day)s we should have told you what has been done, and why."
    ),
    "meeting_by": mark("By %(day)s we offer you a time for a meeting."),
    "late_meeting": mark(
        "We have not answered by the date we gave you."
        " By %(day)s we should have offered you a time for a meeting."
    ),
    "told_again": mark(
        "On %(day)s the person named in our written procedure is told again, unless you have an"
        " answer by then. They learn only how late we are."
    ),
    "closed": mark("The case was closed on %(day)s."),
    "erased_on": mark("On %(day)s everything is deleted. Until then you can write."),
}
"""The two clocks, met or not; chosen by status.py and by its twin in the browser."""

LINES: Mapping[str, str] = {
    "received": mark("The report arrived on %(received_on)s."),
    "acknowledged": mark("We confirm that we have received your report."),
    "waived": mark("You asked us not to confirm that we received the report."),
    "late": mark("We have not answered by the date we gave you."),
    "late.1": mark("We have not confirmed by the date we gave you."),
    "late.2": mark("We have not told you by the date we gave you what has been done, and why."),
    "late.3": mark("You have not heard from us again by the date we gave you."),
    "late.4": mark("We have not answered your wish for a meeting by the date we gave you."),
    "missed": mark("A last date that the law sets has passed without an answer from us."),
    "missed.1": mark("The last date that the law sets for confirming has passed."),
    "missed.2": mark(
        "The last date that the law sets for telling you what has been done has passed."
    ),
    "keyring_expired": mark(
        "The signed list of persons who read reports is out of date. The organisation knows."
    ),
    "cannot_open": mark(
        "The case handlers cannot open your report. Please send it again as a new report."
    ),
    "erase_planned": mark("The day on which this case is deleted has been set."),
    "recovered": mark(
        "The organisation's recovery key was used on %(recovered_on)s."
        " The keys of this case were renewed for the persons who may read it."
    ),
    "reprisal_check": mark(
        "Have you been treated badly because of your report? The law forbids that. Tell us here."
    ),
    "waiver.yes": mark("I want no confirmation that the report has arrived."),
    "waiver.no": mark("I want a confirmation after all."),
    "removed": mark("Something that does not belong to the matter was deleted from this thread."),
    "meeting": mark("I want a meeting."),
    "meeting_offer": mark("We offer you a meeting."),
    "out_of_scope": mark("This is not a matter for this channel."),
    "access": mark("The persons who read this case have changed."),
    "reopening": mark("The case has been opened again."),
    "consent.yes": mark("I agree."),
    "consent.no": mark("I do not agree."),
    "other": mark("Something was noted that this page has no words for."),
}
"""The system's own entries, and others without a text: a code is signed, the page has the words.

A number after a code is the clock that it is about (services/upkeep/doing.py).
"""

ENTRIES: Mapping[str, str] = {
    "by.you": mark("You"),
    "by.system": mark("The system"),
    "by.new": mark("New"),
    "by.server": mark("Encrypted by our server, which saw the text in that moment."),
    "kind.report": mark("The report"),
    "kind.acknowledgement": mark("Confirmation"),
    "kind.feedback": mark("What has been done, and why"),
    "kind.closing": mark("The case is closed"),
    "kind.meeting": mark("A wish for a meeting"),
    "kind.meeting_offer": mark("A time for a meeting"),
    "kind.out_of_scope": mark("Not a matter for this channel"),
    "kind.reopening": mark("The case is open again"),
    "kind.consent_request": mark("May somebody be told who you are?"),
    "kind.consent": mark("An answer: may somebody be told"),
    "kind.disclosure_notice": mark("A law obliges us to tell who you are"),
    "kind.disclosure": mark("Somebody was told who you are"),
    "kind.handover_preview": mark("This is to go to somebody outside"),
    "told.recipient": mark("To whom"),
    "told.scope": mark("What"),
    "told.why": mark("Why"),
    "told.not_before": mark("We tell them on %(day)s at the earliest. Until then you can answer."),
    "told.answer_by": mark("You can answer until %(day)s, before it goes."),
    "scope.name": mark("Your name"),
    "scope.contact": mark("How to reach you"),
    "scope.facts": mark("Facts that point to you"),
    "consent.open": mark("You have not answered."),
    "consent.given": mark("You have agreed."),
    "consent.refused": mark("You have said no."),
    "alarm.disclosure_unfounded": mark(
        "You had not agreed to this, and no duty was announced to you in time."
        " You can turn to an authority."
    ),
    "question.what": mark("What happened?"),
    "question.when_where": mark("When and where did it happen?"),
    "question.ongoing": mark("Is it still going on?"),
    "question.topic": mark("What is it about?"),
    "question.how_known": mark("How do you know?"),
    "question.who": mark("Who I am"),
    "question.meeting": mark("I want to meet somebody and tell it in person"),
    "feedback.measures": mark("What has been done, or will be"),
    "feedback.reasons": mark("Why"),
    "closing.grounds": mark("Why"),
}
"""The words around an entry of a thread."""

FAULTS: Mapping[str, str] = {
    "gap": mark("An entry is missing in the middle."),
    "fork": mark("Two different entries stand in the same place."),
    "withheld": mark("Entries that were shown here before are hidden."),
    "dates": mark("The dates that the server tells are not those that were signed for you."),
    "moved": mark("An entry belongs to another place or another report."),
    "forged": mark("An entry is not signed by the person it names."),
    "clear_differs": mark("What the server says about an entry is not what its writer signed."),
    "damaged": mark("An entry is damaged and cannot be opened."),
    "cannot_open": mark("An entry is encrypted to another key than that of this case."),
    "keyring_unknown": mark("An entry names a list of persons that was never published."),
    "not_reader": mark("An entry comes from a person who does not read this case."),
    "other": mark("An entry breaks the rules that protect the thread."),
}
"""Why a thread ends before its end (crypto/chain.py); what was verified stands above it."""

ALL = {**PROBLEMS, **SCRIPTED, **WRITTEN}


def say(code: str, **values: object) -> str:
    """Return one sentence in the language of the page, its values put in."""
    return filled(ALL[code], values)


def filled(sentence: str, values: Mapping[str, object]) -> str:
    """Return a sentence of any table in the language of the page, its values put in."""
    shown = {name: _shown(value) for name, value in values.items()}
    return words().gettext(sentence) % shown if shown else words().gettext(sentence)


def date_line(line: Line) -> str:
    """Return what one of the clocks says."""
    return filled(DATES[line.code], line.values)


def fault(reason: str) -> str:
    """Return why the shown part of a thread ends before its end."""
    return filled(FAULTS.get(reason, FAULTS["other"]), {})


def errors_of(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Return each problem's field and sentence, for the summary at the top."""
    return [(field, say(code, **values)) for field, code, values in problems]


def at_fields(errors: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    """Return the sentence for each field, word for word as in the summary."""
    return _Empty(errors)


class _Empty(dict[str, str]):
    """Has an empty sentence for a field that nothing is wrong with."""

    def __missing__(self, _field: str) -> str:
        return ""


def options(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the translated choices of a list of answers."""
    return [(value, words().gettext(label)) for value, label in choices.items()]


def of_report() -> dict[str, str]:
    """Return every sentence that the script of /report may need."""
    return _all({"": {**PROBLEMS, **SCRIPTED}, "date.": DATES})


def of_return() -> dict[str, str]:
    """Return every sentence that the script of /return may need."""
    return _all(
        {
            "": {**PROBLEMS, **SCRIPTED, **WRITTEN, **ENTRIES},
            "date.": DATES,
            "line.": LINES,
            "fault.": FAULTS,
            "ongoing.": ONGOING,
            "topic.": TOPICS,
        }
    )


def _all(tables: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {
        f"{prefix}{code}": words().gettext(sentence)
        for prefix, table in tables.items()
        for code, sentence in table.items()
    }


def _shown(value: object) -> str:
    if isinstance(value, date):
        return words().date(value)
    if isinstance(value, int):
        return format_decimal(value, locale=words().language)
    return str(value)
