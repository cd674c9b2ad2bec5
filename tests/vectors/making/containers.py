"""Vectors of the container: each a signed head and a body, or one thing wrong with it."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.vectors.making import cast
from tests.vectors.making.fixed import Fixed
from whistle.crypto import container, heads, strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import parse
from whistle.errors import SignatureError, ThreadError

KEY = cast.signing("anna")
BODY = strictjson.write({"text": "Tack, vi har läst det."})
THREAD = b64u(Fixed("thread")(32))


def head(**changes: Any) -> dict[str, Any]:
    """Return the head of a handler's message, with changes."""
    keyring = parse(cast.FIRST.file)
    return {
        "v": 1,
        "channel": cast.CHANNEL,
        "thread": THREAD,
        "chain": "case",
        "seq": 3,
        "prev": b64u(Fixed("prev")(32)),
        "kind": "message",
        "author": {"side": "handler", "id": "anna"},
        "keyring": {"serial": 1, "sha256": b64u(keyring.sha256)},
        "made": "browser",
        "body_type": "application/json",
        "body_len": len(BODY),
        **changes,
    }


def packed(value: Mapping[str, Any] | bytes, body: bytes = BODY) -> bytes:
    """Return a container of a head, right or wrong."""
    written = value if isinstance(value, bytes) else strictjson.write(value)
    return container.pack_bytes(written, body, KEY)


def vectors() -> list[dict[str, Any]]:
    """Return all, each checked against our own verdict."""
    return [
        *(_vector(comment, packed(value), reason) for comment, value, reason in _heads()),
        *(_vector(comment, data, reason) for comment, data, reason in _outsides()),
        _vector("a body of 20 000 characters takes 64 KiB", _long(), None),
    ]


def _heads() -> list[tuple[str, dict[str, Any] | bytes, str | None]]:
    """Return heads, each right or wrong in one way."""
    desk_key = b64u(PrivateKey.generate(Fixed("desk")).public_key.raw)
    service = {"side": "system", "id": "service"}
    reporter = {"side": "reporter", "id": "reporter"}
    gone = {"seq": 2, "sha256": b64u(bytes(32))}
    feedback = {"kind": "feedback", "final": True, "next_on": None}
    without_made = {key: value for key, value in head().items() if key != "made"}
    twice = strictjson.write(head()).replace(b'"v":1,', b'"v":1,"v":1,')
    big = strictjson.write(head()).replace(b'"seq":3', b'"seq":9007199254740992')
    spaced = strictjson.write(head()).replace(b'"v":1', b'"v": 1')
    return [
        ("a handler's message", head(), None),
        ("white space in the head: signed as it is", spaced, None),
        ("feedback", head(**feedback), None),
        ("feedback with a next date", head(**{**feedback, "next_on": "2027-02-22"}), None),
        ("a closing", head(kind="closing", outcome="substantiated"), None),
        ("a closing with a free text", head(kind="closing", outcome="It was the boss"), "value"),
        ("a reopening", head(kind="reopening"), None),
        ("a waiver", head(kind="waiver", author=reporter, waive_ack=True), None),
        ("a wish to meet", head(kind="meeting", author=reporter), None),
        ("an offer to meet", head(kind="meeting_offer"), None),
        ("out of scope", head(kind="out_of_scope"), None),
        ("entries erased early", head(kind="removed", entries=[gone]), None),
        ("the report erased early", head(kind="removed", entries=[{**gone, "seq": 1}]), "value"),
        ("notes erased early", head(chain="desk", kind="note_removed", entries=[gone]), None),
        ("a withholding", head(chain="desk", kind="withholding", ground="identity"), None),
        ("a hand-over", head(chain="desk", kind="handover"), None),
        ("a note", head(chain="desk", kind="note"), None),
        ("the desk chain's first", head(chain="desk", seq=1, kind="desk", desk_key=desk_key), None),
        *((f"a system line: {kind}", head(kind=kind, author=service), None)
          for kind in heads.SYSTEM_KINDS),
        ("version 2", head(v=2), "version"),
        ("an unknown key", head(colour="red"), "unknown_key"),
        ("a key of another kind", head(final=True), "unknown_key"),
        ("feedback that does not say whether it is final",
         head(kind="feedback", next_on=None), "missing_key"),
        ("no place of making", without_made, "missing_key"),
        ("a key twice", twice, "duplicate_key"),
        ("a number of 2^53", big, "number"),
        ("seq 0", head(seq=0), "value"),
        ("a hash of 31 bytes", head(prev=b64u(bytes(31))), "value"),
        ("a hash with padding", head(prev=b64u(bytes(32)) + "="), "value"),
        ("a hash with bits left over", head(prev="A" * 42 + "B"), "value"),
        ("a date that does not exist", head(**{**feedback, "next_on": "2027-02-29"}), "value"),
        ("true as a number", head(seq=True), "value"),
        ("an unknown chain", head(chain="office"), "value"),
        ("an unknown kind", head(kind="rumour"), "kind"),
        ("a note in the case chain", head(kind="note"), "kind"),
        ("a message in the desk chain", head(chain="desk"), "kind"),
        ("a handler's acknowledgement by the reporter",
         head(kind="acknowledgement", author={"side": "reporter", "id": "reporter"}), "kind"),
        ("a message by the system", head(author=service), "kind"),
        ("a reporter called anna", head(author={"side": "reporter", "id": "anna"}), "value"),
        ("not an object", b"[]", "json"),
        ("not UTF-8", strictjson.write(head()).replace(b"main", b"ma\xffn"), "utf8"),
        ("half a surrogate pair, escaped",
         strictjson.write(head()).replace(b"application/json", b"\\ud800"), "utf8"),
    ]  # fmt: skip


def _outsides() -> list[tuple[str, bytes, str | None]]:
    """Return containers, each wrong in one way outside the head."""
    good = packed(head())
    start = len(container.MAGIC) + 4
    length = int.from_bytes(good[len(container.MAGIC) : start], "big")
    outer = strictjson.parse(good[start : start + length], 32768, ThreadError)

    def rewrapped(change: Callable[[dict[str, Any]], dict[str, Any]]) -> bytes:
        text = strictjson.write(change(dict(outer)))
        content = container.MAGIC + len(text).to_bytes(4, "big") + text + BODY
        return content.ljust(len(good), b"\0")

    used = start + length + len(BODY)
    other_sig = b64u(cast.signing("bo").sign(b"something else"))
    long_json = container.MAGIC + (32769).to_bytes(4, "big") + b" " * 32769
    return [
        ("another mark at the beginning", b"WHISTLE2\n" + good[9:], "magic"),
        ("empty", b"", "magic"),
        ("one byte short", good[:-1], "size"),
        ("one byte long", good + b"\0", "size"),
        ("8 KiB is no pad size", good.ljust(8192, b"\0"), "size"),
        ("a larger pad size than needed is still one", good.ljust(16384, b"\0"), None),
        ("JSON of 32 769 bytes", long_json.ljust(65536, b"\0"), "json_size"),
        ("a length of 2 GiB", good[:9] + (2**31).to_bytes(4, "big") + good[13:], "json_size"),
        ("the last byte of the padding is not zero", good[:-1] + b"\1", "padding"),
        ("the first byte of the padding is not zero",
         good[:used] + b"\1" + good[used + 1 :], "padding"),
        ("the body is longer than the container",
         packed(head(body_len=4096)), "body_len"),
        ("the body is longer than it says: the rest is not zero",
         packed(head(body_len=len(BODY) - 1)), "padding"),
        ("no signature", rewrapped(lambda o: {"head": o["head"]}), "missing_key"),
        ("a third key", rewrapped(lambda o: {**o, "x": 1}), "unknown_key"),
        ("a signature of 63 bytes", rewrapped(lambda o: {**o, "sig": b64u(bytes(63))}), "value"),
        ("a head that is no base64url", rewrapped(lambda o: {**o, "head": "*"}), "value"),
        ("a head that is no text", rewrapped(lambda o: {**o, "head": 1}), "value"),
        ("another's signature", rewrapped(lambda o: {**o, "sig": other_sig}), "signature"),
        ("one letter of the body changed",
         good.replace(b"Tack", b"Dack"), "signature"),
    ]  # fmt: skip


def _long() -> bytes:
    """Return a container whose body holds 20 000 characters of two bytes each."""
    body = strictjson.write({"text": "å" * 20_000})
    return packed(head(body_len=len(body)), body)


def _vector(comment: str, data: bytes, reason: str | None) -> dict[str, Any]:
    """Return one vector; the zeros at its end are left out and counted in `size`."""
    assert _verdict(data) == reason, (comment, _verdict(data))
    return {
        "comment": comment,
        "public": KEY.public.hex(),
        "size": len(data),
        "content": b64u(data.rstrip(b"\0")),
        "reason": reason,
    }


def _verdict(data: bytes) -> str | None:
    try:
        container.unpack(data).verify(KEY.public)
    except (ThreadError, SignatureError) as error:
        return error.reason
    return None
