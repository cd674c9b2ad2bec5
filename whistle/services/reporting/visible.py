"""What can be seen of a text: the browser's pages and the server's say the same.

Twins: `isBlank` in static/js/reporter/answers.js, `visible` in static/js/sealing/signs.js.
"""

import re
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


_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Return *text* with each sign that turns the direction of reading as a mark: [U+202E].

    Nobody sees such a sign, and it can make a text read as another (protocol section 3.12).
    """
    return _TURNING.sub(lambda sign: f"[U+{ord(sign[0]):04X}]", text)
