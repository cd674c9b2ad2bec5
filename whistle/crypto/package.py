r"""A package of a case for somebody outside: one HTML file, and what can be proven of it.

The file (protocol section 3.12) has an `<article>` for each entry, its texts in `<p class="text"
dir="auto" data-path="…">`, and in `<pre id="verification">` the JSON `{record, sig, key}`: `sig` is
Ed25519("whistle/export/v1\0" ‖ record) hashed as a whole first, by whoever made the package. The
record has for each entry the hash of the sealed original, the hash of the texts as they stand, and,
where nothing was covered, what proves its writer: H(head), body, signature and key.

Reasons of `PackageError`: `page` not such a file · `signature` the record is not whole · `entries`
other entries than the record's · `text` an entry's texts are not those that were packed · `proof` a
signature is not that key's, or the text shown is not what was signed.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from whistle.crypto import strictjson
from whistle.crypto.container import SIGNED_LABEL
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.signing import verify
from whistle.crypto.strictjson import Fields
from whistle.errors import PackageError, SignatureError

PAGE_BYTES_MAX = 64 * 1024 * 1024
_RECORD_LABEL = b"whistle/export/v1\0"
_TEXT_LABEL = b"whistle/export-text/v1\0"


@dataclass(frozen=True)
class Packed:
    """One entry of a package. `key` is who signed it, None where that is not shown."""

    number: int
    kind: str
    on: str
    sealed_sha256: str
    covered: bool
    key: bytes | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """A package in which everything has been checked; `key` is whose signature the record has."""

    key: bytes
    made_on: str
    to: str
    identity: Mapping[str, Any] | None
    entries: tuple[Packed, ...]


def read(page: bytes) -> Package:
    """Check a package and return what it holds.

    Raises:
        PackageError: with a reason of this module's list.
    """
    if len(page) > PAGE_BYTES_MAX:
        raise PackageError("page")
    found = _Page()
    try:
        found.feed(page.decode())
        found.close()
    except UnicodeDecodeError as error:
        raise PackageError("page") from error
    outer = Fields(_json("".join(found.verification)), PackageError)
    record_bytes = _binary(outer.take("record"))
    signature, key = outer.binary("sig", 64), outer.binary("key", 32)
    outer.end()
    try:
        verify(key, signature, hashlib.sha256(_RECORD_LABEL + record_bytes).digest())
    except SignatureError as error:
        raise PackageError("signature") from error
    record = Fields(_json(record_bytes.decode()), PackageError)
    if record.number("v") != 1:
        raise PackageError("page")
    made_on, to = record.date("made_on"), record.id("to")
    identity = None if record.absent("identity") else record.inner("identity")
    told = None if identity is None else _identity(identity)
    items = record.inners("entries")
    record.end()
    if len(items) != len(found.articles) or not items:
        raise PackageError("entries")
    pairs = zip(items, found.articles, strict=True)
    entries = tuple(_entry(item, texts) for item, texts in pairs)
    return Package(key, made_on.isoformat(), to, told, entries)


def _identity(fields: Fields) -> dict[str, Any]:
    """What of the reporter was told, and by which entry."""
    return {
        "scope": list(fields.ids("scope")),
        "by": fields.one_of("by", ("consent", "duty")),
        "entry": b64u(fields.binary("entry", 32)),
    }


def _entry(item: Fields, texts: list[tuple[str, str]]) -> Packed:
    """Check one entry against its texts on the page."""
    number, kind, on = item.number("number", 1), item.id("kind"), item.date("on")
    sealed, covered = item.binary("sealed_sha256", 32), item.boolean("covered")
    shown = "\0".join(text for _, text in texts).encode()
    if hashlib.sha256(_TEXT_LABEL + shown).digest() != item.binary("shown", 32):
        raise PackageError("text")
    key = None if item.absent("proof") else _proven(item.inner("proof"), texts)
    item.end()
    values = tuple(text for _, text in texts)
    return Packed(number, kind, on.isoformat(), b64u(sealed), covered, key, values)


def _proven(proof: Fields, texts: list[tuple[str, str]]) -> bytes:
    """Check a writer's signature, and that each text is what was signed."""
    head = proof.binary("head_sha256", 32)
    body = _binary(proof.take("body"))
    signature, key = proof.binary("sig", 64), proof.binary("key", 32)
    proof.end()
    try:
        verify(key, signature, SIGNED_LABEL + head + hashlib.sha256(body).digest())
    except SignatureError as error:
        raise PackageError("proof") from error
    said = _json(body.decode())
    for path, text in texts:
        if path and _at(said, path) != text:
            raise PackageError("proof")
    return key


def _at(value: Any, path: str) -> Any:
    """Return what stands at a path of names."""
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _json(text: str) -> dict[str, Any]:
    return strictjson.parse(text.encode(), PAGE_BYTES_MAX, PackageError)


def _binary(value: Any) -> bytes:
    try:
        return b64u_decode(value)
    except (TypeError, AttributeError, ValueError) as error:
        raise PackageError("page") from error


_TURNING = frozenset(f"{one:x}" for one in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Signs that turn the direction of reading: shown by an element that names them."""


class _Page(HTMLParser):
    """The texts of each article, and the verification record."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.articles: list[list[tuple[str, str]]] = []
        self.verification: list[str] = []
        self._into: list[str] | None = None
        self._path = ""
        self._shown = False  # inside a mark that stands for a sign

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an entry, one of its texts, or the record; refuse what such a file never has."""
        given = dict(attrs)
        if tag in {"script", "iframe", "object", "embed", "link", "img", "form", "base"}:
            raise PackageError("page")
        if tag == "article":
            self.articles.append([])
        elif tag == "p" and given.get("class") == "text":
            if not self.articles:
                raise PackageError("page")
            self._into, self._path = [], given.get("data-path") or ""
        elif tag == "bdi":
            sign = given.get("data-sign") or ""
            if self._into is None or sign not in _TURNING:
                raise PackageError("page")
            self._into.append(chr(int(sign, 16)))
            self._shown = True
        elif tag == "pre" and given.get("id") == "verification":
            self._into = self.verification

    def handle_data(self, data: str) -> None:
        """Keep a text's words."""
        if self._into is not None and not self._shown:
            self._into.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a text."""
        if tag == "p" and self._into is not None and self._into is not self.verification:
            self.articles[-1].append((self._path, "".join(self._into)))
        if tag in {"p", "pre"}:
            self._into = None
        if tag in {"bdi", "p", "pre"}:
            self._shown = False
