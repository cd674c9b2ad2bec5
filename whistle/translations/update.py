"""Bring the catalogues up to the sentences that templates and code hold.

    python -m whistle.translations.update

New sentences are added empty, unused ones go, nothing is guessed. Then it lists what lacks a
translation and ends with 1 if there is any. Works in a checkout only.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent

METHODS = [
    ("whistle/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}

# No author, tool or date: they would change with every run and tell nothing.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def extracted() -> Catalog:
    """Return every sentence that the code and the templates show."""
    found = Catalog(charset="utf-8")
    for file, line, message, comments, context in _everything():
        found.add(message, locations=[(file, line)], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it stands in its file."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def write(catalogue: Catalog, language: str) -> None:
    """Write a catalogue, sorted, so that two people's additions rarely meet on one line."""
    catalogue.header_comment = ""
    body = BytesIO()
    write_po(
        body,
        catalogue,
        width=100,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    text = HEADER.format(language=language) + body.getvalue().decode().strip() + "\n"
    (FOLDER / f"{language}.po").write_text(text, encoding="utf-8")


def missing(catalogue: Catalog) -> list[str]:
    """Return the sentences without a translation, in the order of the catalogue."""
    return [
        str(one.id) for one in catalogue if one.id and (one.fuzzy or not _all_filled(one.string))
    ]


def main() -> int:
    """Update every catalogue in the folder; return 1 if a translation is missing."""
    found = extracted()
    status = 0
    for file in sorted(FOLDER.glob("*.po")):
        catalogue = read(file.stem)
        catalogue.update(found, no_fuzzy_matching=True)
        write(catalogue, file.stem)
        for sentence in missing(catalogue):
            sys.stdout.write(f"{file.name}: {sentence}\n")
            status = 1
    return status


def _everything() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    yield from extract_from_dir(
        ROOT,
        method_map=METHODS,
        options_map=OPTIONS,
        keywords=KEYWORDS,
        directory_filter=lambda path: (
            Path(path).name in {ROOT.name, "whistle", "templates"} or Path(path).parent != ROOT
        ),
    )


def _all_filled(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


if __name__ == "__main__":
    sys.exit(main())
