"""Making an entry: head, body, signature, padding, seal.

What may be written is checked before it is sealed, because nobody can check it afterwards without
a key: no texts over 20 000 code points, no entry over 256 KiB (protocol section 3).
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from whistle.crypto import age, container, strictjson
from whistle.crypto.age import PublicKey
from whistle.crypto.chain import Place
from whistle.crypto.encoding import b64u
from whistle.crypto.heads import HEAD_VERSION, JSON
from whistle.crypto.keyring import Keyring
from whistle.crypto.signing import SigningKey
from whistle.errors import TooLargeError

TEXT_CHARS_MAX = 20_000
CODES = frozenset({"language", "ongoing", "topic"})
"""Fields of a report that are chosen from lists, not written: no text, whatever they hold."""
CODE_CHARS_MAX = 100
"""Code points of one of them at most; what is longer counts as a text."""


@dataclass(frozen=True)
class Author:
    """Who writes: `reporter`/`reporter`, `handler`/their id, or `system`/`service`; and with what.

    `made` says where the sealing is done: `browser`, `server` or `cli`.
    """

    side: str
    id: str
    key: SigningKey
    made: str


def make_entry(  # noqa: PLR0913  # each is a decision of its own, named where it is called
    place: Place,
    author: Author,
    kind: str,
    body: Mapping[str, Any],
    *,
    keyring: Keyring,
    to: PublicKey,
    adds: Mapping[str, Any] | None = None,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return an entry, signed and sealed to the case key (or the desk key).

    *adds* is what the kind adds to the head (`heads`).

    Raises:
        ThreadError: the head breaks a rule of `heads`.
        TooLargeError: reason `text` or `entry`.
    """
    check_texts(body)
    head = {
        "v": HEAD_VERSION,
        "channel": place.channel,
        "thread": b64u(place.thread),
        "chain": place.chain,
        "seq": place.seq,
        "prev": b64u(place.prev),
        "kind": kind,
        "author": {"side": author.side, "id": author.id},
        "keyring": {"serial": keyring.serial, "sha256": b64u(keyring.sha256)},
        "made": author.made,
        "body_type": JSON,
        "body_len": 0,
        **(adds or {}),
    }
    plaintext = container.pack(head, strictjson.write(body), author.key)
    return age.seal(plaintext, [to], random=random)


def check_texts(body: Any) -> None:
    """Refuse a body whose texts have over 20 000 code points together; codes are no texts.

    Raises:
        TooLargeError: reason `text`.
    """
    if _length(body) > TEXT_CHARS_MAX:
        raise TooLargeError("text")


def _is_code(name: str, value: Any) -> bool:
    return name in CODES and isinstance(value, str) and len(value) <= CODE_CHARS_MAX


def _length(value: Any) -> int:
    """Return the code points of all texts in a JSON value, keys and codes not counted."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_length(inner) for name, inner in value.items() if not _is_code(name, inner))
    if isinstance(value, Sequence):
        return sum(_length(inner) for inner in value)
    return 0
