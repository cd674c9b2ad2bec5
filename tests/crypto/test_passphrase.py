"""Generated passphrases and the word lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.crypto.passphrase import below, generate, normalise
from whistle.data import words


def test_six_words_at_least() -> None:
    """Nobody gets fewer than six words, whoever asks for fewer."""
    listed = set(words.passphrase_words())
    for count, expected in ((3, 6), (6, 6), (8, 8)):
        found = generate(count).split(" ")
        assert len(found) == expected
        assert set(found) <= listed


def test_words_follow_from_the_randomness() -> None:
    """Randomness is an argument."""
    assert generate(random=bytes) == "abacus abacus abacus abacus abacus abacus"


@given(st.lists(st.sampled_from(words.passphrase_words()), min_size=6, max_size=6))
def test_typing_is_normalised_to_what_was_generated(chosen: list[str]) -> None:
    """Capitals and extra spaces do not matter."""
    typed = "  " + "\n ".join(word.upper() for word in chosen) + " "
    assert normalise(typed) == " ".join(chosen)


def test_numbers_that_would_favour_some_are_drawn_again() -> None:
    """Every number below the limit is as likely as every other."""
    draws = iter([b"\xff\xff", b"\x00\x05"])
    assert below(3, lambda _: next(draws)) == 2


def test_lists_are_whole() -> None:
    """A list that was cut is refused, and the two that ship are not."""
    assert len(words.passphrase_words()) == 7776
    assert len(words.phrase_words()) == 2048
    with pytest.raises(RuntimeError, match="install Whistle again"):
        words._read("phrase_words.txt", 2047)
