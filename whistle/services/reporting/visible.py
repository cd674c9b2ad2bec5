"""Whether a text says anything: the browser's form and the server's ask the same (answers.js)."""

from unicodedata import category

UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Letters and marks by their class that nobody sees: fillers, selectors of a form, an empty
pattern of Braille."""

UNSEEN_KINDS = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def is_blank(text: str) -> bool:
    """Say whether nothing in *text* can be seen: only spaces, controls, and what has no width."""
    return all(one in UNSEEN or category(one) in UNSEEN_KINDS for one in text)
