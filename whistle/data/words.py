"""The word lists, read when first asked for and checked each time they are."""

from functools import cache
from importlib.resources import files


@cache
def passphrase_words() -> tuple[str, ...]:
    """Return the 7776 words that passphrases are drawn from: 12.9 bits a word."""
    return _read("passphrase_words.txt", 7776)


@cache
def phrase_words() -> tuple[str, ...]:
    """Return the 2048 words that a root key's phrase is written in: 11 bits a word."""
    return _read("phrase_words.txt", 2048)


def _read(name: str, count: int) -> tuple[str, ...]:
    """Return a list's words; a list that was cut or doubled would weaken every secret."""
    words = tuple(files(__package__).joinpath(name).read_text("ascii").split("\n")[:-1])
    if len(set(words)) != count or not all(words):
        raise RuntimeError(f"{name} does not hold {count} different words: install Whistle again")
    return words
