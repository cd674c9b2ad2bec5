r"""What lies inside every sealed object: a signed head, a body, and zeros up to a pad size.

    "WHISTLE1\n" ‖ u32 length ‖ JSON{"head", "sig"} ‖ body ‖ zeros        (protocol section 3)

The signature covers the head and the body as they were received, never written anew:
Ed25519("whistle/entry/v1\0" ‖ H(head) ‖ H(body)). Who must have signed comes from the keyring or
from entry 1, never from the container.

Reasons of `ThreadError`: those of `strictjson` and `heads`, and `magic` · `size` not a pad size ·
`body_len` more than there is · `padding` not all zero.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from whistle.crypto import heads, strictjson
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.padding import ENTRY_SIZES, entry_size
from whistle.crypto.signing import SIGNATURE_BYTES, SigningKey, verify
from whistle.errors import ThreadError

MAGIC = b"WHISTLE1\n"
JSON_BYTES_MAX = 32 * 1024
SIGNED_LABEL = b"whistle/entry/v1\0"


@dataclass(frozen=True)
class Container:
    """A container, taken apart: the head as read and as signed, the body, the signature."""

    head: dict[str, Any]
    head_bytes: bytes
    body: bytes
    signature: bytes

    def verify(self, public: bytes) -> None:
        """Check the author's signature. Raises `SignatureError`."""
        verify(public, self.signature, _signed(self.head_bytes, self.body))


def pack(head: Mapping[str, Any], body: bytes, key: SigningKey) -> bytes:
    """Return *head* and *body*, signed and padded; `body_len` is set here.

    Raises:
        ThreadError: the head breaks a rule of `heads`, or the JSON is too long.
        TooLargeError: over 256 KiB.
    """
    head_bytes = strictjson.write({**head, "body_len": len(body)})
    heads.parse(head_bytes)
    return pack_bytes(head_bytes, body, key)


def pack_bytes(head_bytes: bytes, body: bytes, key: SigningKey) -> bytes:
    """Return a container of head bytes as they are, right or wrong. Use `pack`."""
    signature = key.sign(_signed(head_bytes, body))
    text = strictjson.write({"head": b64u(head_bytes), "sig": b64u(signature)})
    if len(text) > JSON_BYTES_MAX:
        raise ThreadError("json_size")
    content = MAGIC + len(text).to_bytes(4, "big") + text + body
    return content.ljust(entry_size(len(content)), b"\0")


def unpack(container: bytes) -> Container:
    """Return the parts of an entry's container; the signature is not checked yet.

    Raises:
        ThreadError: with a reason of this module's list.
    """
    if not container.startswith(MAGIC):
        raise ThreadError("magic")
    if len(container) not in ENTRY_SIZES:
        raise ThreadError("size")
    start = len(MAGIC) + 4
    length = int.from_bytes(container[len(MAGIC) : start], "big")
    if length > JSON_BYTES_MAX:
        raise ThreadError("json_size")
    fields = strictjson.Fields(
        strictjson.parse(container[start : start + length], JSON_BYTES_MAX, ThreadError),
        ThreadError,
    )
    signature = fields.binary("sig", SIGNATURE_BYTES)
    try:
        head_bytes = b64u_decode(str(fields.take("head")))
    except ValueError as error:
        raise ThreadError("value") from error
    fields.end()
    head = heads.parse(head_bytes)
    rest = container[start + length :]
    body, zeros = rest[: head["body_len"]], rest[head["body_len"] :]
    if len(body) != head["body_len"]:
        raise ThreadError("body_len")
    if zeros.strip(b"\0"):
        raise ThreadError("padding")
    return Container(head, head_bytes, body, signature)


def _signed(head_bytes: bytes, body: bytes) -> bytes:
    """Return the bytes that the author signs."""
    return SIGNED_LABEL + hashlib.sha256(head_bytes).digest() + hashlib.sha256(body).digest()
