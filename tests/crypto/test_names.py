"""Names of people: nobody is taken for somebody else by invisible signs or look-alike letters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.organisation import Organisation
from whistle.crypto import drafting, names, strictjson
from whistle.crypto.keyring import parse
from whistle.errors import KeyringError

CYRILLIC_A = "\N{CYRILLIC SMALL LETTER A}"
CYRILLIC_COCA = "\u0421\u043e\u0441\u0430"
GREEK_ONO = "\u039f\u03bd\u03bf"


@pytest.mark.parametrize(
    "name",
    ["Anna Lind", "Åsa-Märta O'Neill", "Søren Ågård", "Dr. Bo Ek (deputy)", "Анна Каренина",
     "Ελένη Παππά", "山田 はなこ", "김 민수", "Владимир O'Neill", "Nguyễn Thị Hạnh", "Anna Lind 2",
     "محمد علي", "Jean d\N{RIGHT SINGLE QUOTATION MARK}Été",
     "\N{FULLWIDTH LATIN CAPITAL LETTER A}nna"],
)  # fmt: skip
def test_ordinary_names_of_any_script_are_taken(name: str) -> None:
    """A word is of one script; two words may be of two."""
    assert names.fault(name) is None
    assert names.fault(unicodedata.normalize("NFD", name)) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (f"Ann{CYRILLIC_A} Lind", names.MIXED),
        ("B\N{GREEK SMALL LETTER OMICRON} Ek", names.MIXED),
        ("Bo-\N{CYRILLIC CAPITAL LETTER IE}k", names.MIXED),
        ("Anna\N{ZERO WIDTH SPACE} Lind", names.INVISIBLE),
        ("Anna\N{ZERO WIDTH JOINER}", names.INVISIBLE),
        ("\N{RIGHT-TO-LEFT OVERRIDE}dniL annA", names.INVISIBLE),
        ("Anna\N{NO-BREAK SPACE}Lind", names.INVISIBLE),
        ("Anna\N{SOFT HYPHEN}", names.INVISIBLE),
        ("Anna\N{HANGUL FILLER}", names.INVISIBLE),
        ("Anna\N{COMBINING GRAPHEME JOINER}", names.INVISIBLE),
        ("Anna\N{VARIATION SELECTOR-1}", names.INVISIBLE),
        ("Anna\N{VARIATION SELECTOR-17}", names.INVISIBLE),
        ("Anna\nLind", names.INVISIBLE),
        ("Anna\ue000", names.INVISIBLE),
    ],
)
def test_signs_by_which_one_is_taken_for_another_are_refused(name: str, reason: str) -> None:
    """Two scripts in one word; signs that print as nothing or turn the reading around."""
    assert names.fault(name) == reason
    with pytest.raises(KeyringError) as refused:
        names.check_name(name)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Lind", "anna  LIND"),
        ("Anna Lind", "Anna-Lind"),
        ("Åsa Ek", "Asa Ek"),
        ("Coca", CYRILLIC_COCA),
        ("Ovo", GREEK_ONO),
        ("Ida Ek", "lda Ek"),
        ("Ida Ek", "1da Ek"),
        ("Bo Ek", "B0 Ek"),
        ("Arne", "Ame"),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}nna", "Anna"),
        ("Anna Lind", f"Ann{CYRILLIC_A} Lind"),
        ("ilmi", "\N{LATIN SMALL LETTER DOTLESS I}lmi"),
    ],
)
def test_names_that_read_alike(one: str, other: str) -> None:
    """By case, marks, spaces and signs, or by letters that print alike; whichever comes first."""
    assert names.alike(one, other)
    assert names.alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna Lind", "Anna Lund"), ("Bo Ek", "Bo Ekh"), ("Анна", "Anna"), ("Søren", "Soren")],
)
def test_names_that_do_not(one: str, other: str) -> None:
    """What can be told apart stays apart."""
    assert not names.alike(one, other)


@given(st.text(max_size=40))
def test_every_text_is_judged_and_reads_like_itself(text: str) -> None:
    """No text breaks the rules, whatever it holds."""
    assert names.fault(text) in {None, names.INVISIBLE, names.MIXED}
    assert names.alike(text, text.upper()) or text.upper().casefold() != text.casefold()


def test_a_keyring_whose_people_cannot_be_told_apart_is_refused(organisation: Organisation) -> None:
    """Of two persons; two ids of one person may have one name."""
    last = organisation.parts.keyrings.published().files[-1].file
    content = drafting.following(last, organisation.now.date())
    names.check(parse(strictjson.write(content)))

    def changed(**how: str) -> None:
        first, second, *rest = content["handlers"]
        again = {**content, "handlers": [first, {**second, **how}, *rest]}
        names.check(parse(strictjson.write(again)))

    anna = content["handlers"][0]
    changed(name=anna["name"], person=anna["person"])
    with pytest.raises(KeyringError) as alike:
        changed(name=anna["name"].upper())
    assert alike.value.reason == names.ALIKE
    with pytest.raises(KeyringError) as mixed:
        changed(name=anna["name"].replace("a", CYRILLIC_A, 1))
    assert mixed.value.reason == names.MIXED
