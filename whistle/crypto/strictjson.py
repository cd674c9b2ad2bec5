"""JSON with one reading only (protocol section 3), and a reader that takes every key or refuses.

Signed JSON must mean the same to every reader. So this refuses what parsers differ on: text that
is not UTF-8 or has half a surrogate pair, a key twice, and any number that is not a whole one
from 0 to 2^53 - 1 written plainly.

Reasons: `json_size` over the limit · `utf8` · `json` not a JSON object, or over 64 levels deep ·
`duplicate_key` · `number` · `missing_key` · `unknown_key` · `value` of another type or form.
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any, Never

from whistle.crypto.encoding import b64u_decode
from whistle.errors import WhistleError

_NUMBER_MAX = 2**53 - 1
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_DEPTH_MAX = 64
_TEXT_CHARS_MAX = 200


def write(value: Any) -> bytes:
    """Return *value* as compact UTF-8 JSON, keys in the order they have."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def parse(data: bytes, bytes_max: int, error: type[WhistleError]) -> dict[str, Any]:
    """Return the JSON object of *data*; raise *error* with a reason of the list above."""
    if len(data) > bytes_max:
        raise error("json_size")
    try:
        text = data.decode()
    except UnicodeDecodeError as cause:
        raise error("utf8") from cause

    try:
        value = json.loads(
            text,
            parse_int=lambda digits: _number(digits, error),
            parse_float=lambda _: _refuse(error, "number"),
            parse_constant=lambda _: _refuse(error, "number"),
            object_pairs_hook=lambda pairs: _once(pairs, error),
        )
    except (ValueError, RecursionError) as cause:
        raise error("json") from cause
    if not isinstance(value, dict) or _too_deep(value):
        raise error("json")
    try:
        write(value)
    except UnicodeEncodeError as cause:  # half a surrogate pair, written as an escape
        raise error("utf8") from cause
    return value


def _too_deep(value: Any, depth: int = 0) -> bool:
    """Say whether something lies more than 64 levels deep."""
    if depth > _DEPTH_MAX:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_too_deep(one, depth + 1) for one in inner)


def _refuse(error: type[WhistleError], reason: str) -> Never:
    """Raise the caller's error."""
    raise error(reason)


def _number(digits: str, error: type[WhistleError]) -> int:
    """Return a whole number that every reader holds exactly."""
    if digits.startswith("-") or len(digits) > 16 or int(digits) > _NUMBER_MAX:
        raise error("number")
    return int(digits)


def _once(pairs: list[tuple[str, Any]], error: type[WhistleError]) -> dict[str, Any]:
    """Return an object whose keys stand there once each."""
    if len({key for key, _ in pairs}) != len(pairs):
        raise error("duplicate_key")
    return dict(pairs)


class Fields:
    """A JSON object while it is read: take each key once, then call `end`."""

    def __init__(self, value: Any, error: type[WhistleError]) -> None:
        self._error = error
        if not isinstance(value, dict):
            raise error("value")
        self._left = dict(value)

    def take(self, key: str) -> Any:
        """Return a key's value, whatever it is."""
        if key not in self._left:
            raise self._error("missing_key")
        return self._left.pop(key)

    def end(self) -> None:
        """Refuse what nobody took."""
        if self._left:
            raise self._error("unknown_key")

    def text(self, key: str) -> str:
        """Return a line of 1 to 200 characters without control characters."""
        value = self.take(key)
        self._require(
            isinstance(value, str)
            and 0 < len(value) <= _TEXT_CHARS_MAX
            and not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in value)
        )
        return str(value)

    def id(self, key: str) -> str:
        """Return a short name of a-z, 0-9, `_` and `-`, at most 32 of them."""
        return self._id(self.take(key))

    def ids(self, key: str) -> tuple[str, ...]:
        """Return a list of different short names."""
        found = tuple(self._id(value) for value in self.items(key))
        self._require(len(set(found)) == len(found))
        return found

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words."""
        value = self.take(key)
        self._require(isinstance(value, str) and value in allowed)
        return str(value)

    def number(self, key: str, low: int = 0) -> int:
        """Return a whole number not under *low*."""
        value = self.take(key)
        self._require(type(value) is int and value >= low)
        return int(value)

    def boolean(self, key: str) -> bool:
        """Return true or false."""
        value = self.take(key)
        self._require(isinstance(value, bool))
        return bool(value)

    def date(self, key: str) -> dt.date:
        """Return a date written 2026-11-22."""
        value = self.take(key)
        self._require(isinstance(value, str) and _DATE.fullmatch(value))
        try:
            return dt.date.fromisoformat(value)
        except ValueError as cause:
            raise self._error("value") from cause

    def binary(self, key: str, size: int) -> bytes:
        """Return exactly *size* bytes written in base64url."""
        value = self.take(key)
        self._require(isinstance(value, str))
        try:
            data = b64u_decode(value)
        except ValueError as cause:
            raise self._error("value") from cause
        self._require(len(data) == size)
        return data

    def items(self, key: str) -> list[Any]:
        """Return a list."""
        value = self.take(key)
        self._require(isinstance(value, list))
        return list(value)

    def inner(self, key: str) -> "Fields":
        """Return an object within, to be read and ended in its turn."""
        return Fields(self.take(key), self._error)

    def inners(self, key: str) -> "list[Fields]":
        """Return a list of objects, each to be read and ended in its turn."""
        return [Fields(value, self._error) for value in self.items(key)]

    def absent(self, key: str) -> bool:
        """Take a key that is null and say so; leave it when it holds something."""
        if key in self._left and self._left[key] is None:
            del self._left[key]
            return True
        return False

    def names(self) -> tuple[str, ...]:
        """Return the keys that are left."""
        return tuple(self._left)

    def _id(self, value: Any) -> str:
        self._require(isinstance(value, str) and _ID.fullmatch(value) is not None)
        return str(value)

    def _require(self, condition: object) -> None:
        if not condition:
            raise self._error("value")
