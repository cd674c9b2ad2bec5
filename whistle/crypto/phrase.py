"""Keys in words: eight of them, to compare with a poster or read over the telephone."""

import hashlib

from whistle.data.words import phrase_words

WORDS = 8
_BITS = 11  # of each word: 2048 of them


def phrase(root: bytes) -> list[str]:
    r"""Return a 32-byte root key's 8 words: 88 bits of H("whistle/root-phrase/v1\0" ‖ root)."""
    return _words(hashlib.sha256(b"whistle/root-phrase/v1\0" + root).digest())


def fingerprint(age: bytes, sign: bytes) -> list[str]:
    r"""Return the 8 words of a person's two public keys (1 216 and 32 bytes).

    88 bits of H("whistle/handler-keys/v1\0" ‖ age ‖ sign).
    """
    return _words(hashlib.sha256(b"whistle/handler-keys/v1\0" + age + sign).digest())


def _words(digest: bytes) -> list[str]:
    bits = int.from_bytes(digest[: WORDS * _BITS // 8], "big")
    words = phrase_words()
    return [words[bits >> _BITS * (WORDS - 1 - i) & (len(words) - 1)] for i in range(WORDS)]
