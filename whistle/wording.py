"""What Whistle says, in every language it speaks. No Flask here.

English sentences stand in the templates and the code; `translations/<language>.po` holds each
other language. A catalogue is read at its first use and never written to, so nothing is compiled
and nothing can be left out of a wheel.

A sentence that code chooses by a number or a name is wrapped in `mark` where it is written, so
that the extraction finds it, and translated where it is shown.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from whistle.case.permissions import Role

LANGUAGES = {"en": "English", "sv": "Svenska"}
"""Each language in its own name: whoever looks for it must be able to read it."""

SOURCE = "en"
"""The language the sentences are written in; it has no catalogue."""


def mark(sentence: str) -> str:
    """Return `sentence` as it is: tells the extraction that it is shown somewhere."""
    return sentence


ROLES: Mapping[Role, str] = {
    Role.REPORTER: mark("Sends a report and reads its answers."),
    Role.HANDLER: mark("Opens reports, answers, and closes cases."),
    Role.DEPUTY: mark("Does what a handler does, in the cases that wait for a deputy."),
    Role.INVESTIGATOR: mark("Reads single cases and writes notes. Never writes to the reporter."),
    Role.OFFICER: mark("Runs the channel: people, keys, texts, figures. Opens no report."),
    Role.AUDITOR: mark("Reads the log and the figures. Opens no report."),
    Role.OPERATOR: mark("Runs the machine. Signs in to nothing here."),
    Role.SYSTEM: mark("The clock: does what the law's dates ask for, by itself."),
}
"""What each role does, in a sentence; to be translated where it is shown."""


class Wording:
    """All sentences of one language.

    Args:
        language: a key of `LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = _catalogue(language)

    def gettext(self, sentence: str) -> str:
        """Return the sentence in this language; the English one if it is not translated."""
        return self._catalogue.gettext(sentence)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form that this language uses for `count`."""
        return self._catalogue.ngettext(one, many, count)

    def date(self, day: date) -> str:
        """Return the day in full: "24 February 2027", "24 februari 2027"."""
        return format_date(day, "d MMMM y", locale=self.language)


@cache
def wording(language: str) -> Wording:
    """Return the one `Wording` of a language; its catalogue is read the first time.

    Raises:
        KeyError: Whistle does not speak this language.
    """
    LANGUAGES[language]
    return Wording(language)


def _catalogue(language: str) -> NullTranslations:
    if language == SOURCE:
        return NullTranslations()
    source = files("whistle") / "translations" / f"{language}.po"
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
