"""Names of people, as others read them: nobody must be taken for somebody else.

Reporters leave people out by their names, and handlers know each other by them. So a name has no
invisible signs, no word of it mixes letters of two scripts (a Cyrillic letter in a Latin name), and
no two people have names that read alike. What is compared is a likeness, never shown. It is no
whole list of look-alikes (Unicode TS 39), but the letters of Latin, Greek, Cyrillic and Armenian
that print alike.

Reasons of `KeyringError`: `name_invisible` · `name_mixed` · `names_alike`
"""

import re
import unicodedata
from collections.abc import Iterable
from types import MappingProxyType

from whistle.crypto.keyring import Keyring
from whistle.errors import KeyringError

INVISIBLE = "name_invisible"
MIXED = "name_mixed"
ALIKE = "names_alike"

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that print as nothing; variation selectors besides."""
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "HANGUL"})
_NO_SCRIPT = frozenset({"COMBINING", "MODIFIER", "FEMININE", "MASCULINE"})
_BREAKS = re.compile(r"[\s\-\u2010-\u2015'\u2019.,()/&]+")
_PAIRS = (
    "АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXаaеeѕsіiјjоoрpсcуyхxһhԁdԛqԝwѵvӏl"  # noqa: RUF001  # Cyrillic: to be recognised
    "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaγyιiκkνvοoρpυuχx"  # noqa: RUF001  # Greek
    "ՕOՍUօoսuոnհh"  # noqa: RUF001  # Armenian
    "ıiɑaɡgɩiɪi0O1lIl"  # noqa: RUF001  # Latin and digits
)
_LOOKS = MappingProxyType(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))
_TWO = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def fault(name: str) -> str | None:
    """Return why nobody may have this name, as a reason of this module's list; None if they may."""
    if any(_unseen(one) for one in name):
        return INVISIBLE
    plain = unicodedata.normalize("NFKC", name)
    if any(len(_scripts(word)) > 1 for word in _BREAKS.split(plain)):
        return MIXED
    return None


def alike(name: str, other: str) -> bool:
    """Say whether two names read alike: by their letters, or by what these look like."""
    return _letters(name) == _letters(other) or _likeness(name) == _likeness(other)


def check_name(name: str) -> None:
    """Refuse a name that nobody may have. Raises KeyringError."""
    reason = fault(name)
    if reason is not None:
        raise KeyringError(reason)


def check(keyring: Keyring) -> None:
    """Refuse a keyring whose people cannot be told apart; somebody's two ids may have one name.

    Its people are the handlers, and those who hold a share of the recovery key.

    Raises:
        KeyringError: with a reason of this module's list.
    """
    holders = () if keyring.recovery is None else keyring.recovery.holders
    people = [(one.person, one.name) for one in keyring.handlers]
    people += [(one.person, one.name) for one in holders]
    for at, (person, name) in enumerate(people):
        check_name(name)
        if any(one != person and alike(other, name) for one, other in people[:at]):
            raise KeyringError(ALIKE)


def _unseen(sign: str) -> bool:
    """Whether a sign prints as nothing, or turns the direction of reading."""
    if sign in _BLANK or unicodedata.name(sign, "").startswith("VARIATION SELECTOR"):
        return True
    return sign != " " and unicodedata.category(sign)[0] in "CZ"


def _scripts(word: str) -> set[str]:
    """The scripts of a word's letters, by the first word of their names in Unicode."""
    found = {unicodedata.name(one, "").split(" ")[0] for one in word if one.isalpha()}
    found = {"EAST ASIAN" if one in _EAST_ASIAN else one for one in found}
    return found - _NO_SCRIPT


def _only_letters(signs: Iterable[str]) -> str:
    return "".join(one for one in signs if one.isalnum())


def _letters(name: str) -> str:
    """A name without case, marks, spaces and signs."""
    return _only_letters(
        unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    )


def _likeness(name: str) -> str:
    """A name as its letters look: each by the Latin one that prints like it."""
    bare = _only_letters(unicodedata.normalize("NFKD", name))
    looks = "".join(_LOOKS.get(one, one) for one in bare)
    looks = "".join(_LOOKS.get(one, one) for one in looks).casefold()
    for two, one in _TWO:
        looks = looks.replace(two, one)
    return looks
