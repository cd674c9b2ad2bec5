"""The words: every sentence is there in Swedish, is short, and promises nothing it cannot keep."""

import re
from datetime import date

import pytest
from babel.messages.catalog import Message

from whistle.translations import update
from whistle.wording import LANGUAGES, wording

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z%]|\{\w+\}")
MOST_WORDS = 20

LONG: dict[str, str] = {}
"""The sentences of more than twenty words, each with the reason."""

FORBIDDEN = {
    "whistleblower": r"whistle-?blow|visselblås",
    "a full guarantee": r"100 ?%|\bguarantee|\bgaranter",
    "anonymised": r"\banonymi[sz]ed\b|\banonymisera",
    "military grade": r"military|militär",
    "untraceable": r"untraceable|ospårbar|går inte att spåra",
    "soon": r"\bsoon\b|\bsnart\b",
    "exclamation mark": r"!",
    "markup": r"[<>&]",
    "tip": r"\btips?\b|\bticket\b|\bsubmission\b",
}
"""What no sentence says in either language, by the reason's name."""


def texts(message: Message) -> list[tuple[str, str]]:
    """The (English, Swedish) pairs of a message: two when it has a plural."""
    ids = message.id if isinstance(message.id, (tuple, list)) else [message.id]
    strings = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return list(zip(map(str, ids), map(str, strings), strict=True))


SWEDISH = [message for message in update.read("sv") if message.id]
PAIRS = [pair for message in SWEDISH for pair in texts(message)]


def sentences(text: str) -> list[str]:
    """Cut a text at its full stops, colons and question marks."""
    return [part for part in re.split(r"[.?!:;](?:\s|$)", text) if part]


def test_the_extraction_finds_marked_and_translated_sentences() -> None:
    """Proof that the checks below look at something."""
    found = {str(message.id) for message in update.extracted() if message.id}
    assert "Send a report" in found
    assert "The page does not exist" in found
    assert "product safety" in found


def test_swedish_is_complete_and_has_nothing_left_over() -> None:
    """Run `make words` after a change of sentences, then translate what it lists."""
    extracted = {message.id for message in update.extracted() if message.id}
    translated = {message.id for message in SWEDISH}
    assert extracted - translated == set()
    assert translated - extracted == set()
    assert update.missing(update.read("sv")) == []


def test_no_translation_is_a_guess() -> None:
    """A fuzzy entry is a machine's guess that nobody has read."""
    assert [message.id for message in SWEDISH if message.fuzzy] == []


def differs(english: str, swedish: str) -> bool:
    """Whether a pair has other values, another kind of ending or stray spaces."""
    return (
        sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(swedish))
        or any(english.endswith(sign) != swedish.endswith(sign) for sign in ".?:")
        or (english, swedish) != (english.strip(), swedish.strip())
    )


def test_the_comparison_sees_a_difference() -> None:
    """Each fault it looks for, once; and a pair that is right."""
    assert not differs("By %(day)s.", "Senast %(day)s.")
    for swedish in ("Senast %(dag)s.", "Senast %(day)s", " Senast %(day)s.", "Senast."):
        assert differs("By %(day)s.", swedish)


def test_translations_keep_placeholders_and_endings() -> None:
    """The same values stand in both, and both are a full sentence or neither."""
    assert [pair for pair in PAIRS if pair[1] and differs(*pair)] == []


def test_sentences_are_short() -> None:
    """At most twenty words: who is afraid reads badly."""
    said = [sentence for pair in PAIRS for text in pair for sentence in sentences(text)]
    long = {sentence for sentence in said if len(sentence.split()) > MOST_WORDS}
    assert long == set(LONG)


@pytest.mark.parametrize(("why", "pattern"), FORBIDDEN.items())
def test_no_sentence_says_what_it_must_not(why: str, pattern: str) -> None:
    """No word that frightens, promises too much or breaks a page."""
    said = [text for pair in PAIRS for text in pair if re.search(pattern, text, re.IGNORECASE)]
    assert said == [], why


@pytest.mark.parametrize(
    ("language", "day", "words"),
    [
        ("en", date(2027, 2, 24), "24 February 2027"),
        ("sv", date(2027, 2, 24), "24 februari 2027"),
        ("sv", date(2026, 5, 1), "1 maj 2026"),
    ],
)
def test_dates_are_written_in_full(language: str, day: date, words: str) -> None:
    """Nobody has to guess which number is the month."""
    assert wording(language).date(day) == words


def test_swedish_is_read_from_the_catalogue() -> None:
    """No compiled file has to exist."""
    assert wording("sv").gettext("Send a report") == "Skicka en rapport"
    assert wording("en").gettext("Send a report") == "Send a report"


def test_an_unknown_sentence_stays_english() -> None:
    """Better the wrong language than nothing."""
    assert wording("sv").gettext("Not in any catalogue") == "Not in any catalogue"


def test_a_language_that_whistle_does_not_speak_is_an_error() -> None:
    """A slip in the settings shows at once."""
    with pytest.raises(KeyError):
        wording("xx")


def test_every_language_has_its_catalogue_and_the_plural_rule_of_one() -> None:
    """A language without a catalogue would show English without telling."""
    for language in LANGUAGES:
        say = wording(language)
        assert say.ngettext("one", "many", 1) == "one"
        assert say.ngettext("one", "many", 2) == "many"


def test_the_update_writes_the_same_file_again() -> None:
    """Nothing churns: no date, no line number, no order of chance."""
    file = update.FOLDER / "sv.po"
    before = file.read_bytes()
    update.write(update.read("sv"), "sv")
    after = file.read_bytes()
    file.write_bytes(before)
    assert after == before
