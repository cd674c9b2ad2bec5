"""Passphrases that are generated, never chosen: at least six words of 7776, 77 bits."""

import os
from collections.abc import Callable

from whistle.data.words import passphrase_words

WORDS_MIN = 6


def generate(words: int = WORDS_MIN, *, random: Callable[[int], bytes] = os.urandom) -> str:
    """Return a new passphrase of that many words, at least six, with a space between them."""
    listed = passphrase_words()
    return " ".join(listed[below(len(listed), random)] for _ in range(max(words, WORDS_MIN)))


def normalise(typed: str) -> str:
    """Return a passphrase as it was generated: lower case, one space between words."""
    return " ".join(typed.lower().split())


def below(limit: int, random: Callable[[int], bytes] = os.urandom) -> int:
    """Return a number from 0 to *limit* - 1, each as likely (limits to 65 536)."""
    fair = 65536 - 65536 % limit  # numbers from here on would make the first ones likelier
    while True:
        number = int.from_bytes(random(2), "big")
        if number < fair:
            return number % limit
