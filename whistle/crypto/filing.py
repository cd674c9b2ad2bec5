r"""Filing: the one format in which a sealed report arrives, and how entries are made.

    "WHISTLEF1\n" ‖ u32 length ‖ JSON ‖ case.age ‖ entry1.age               (protocol section 5)

JSON is compact, its keys in this order: channel, keyring_serial, mailbox_id, thread,
case_public_key, waive_ack, left_out, sizes. A filing has exactly one spelling.

`case.age` is sealed to exactly N keys: the channel's readers, the reporter, and the recovery key if
the keyring has one. For each one left out a fresh key that nobody holds stands in, and all are
shuffled, so that no count and no order tells.

Reasons of `FilingError`: those of `strictjson`, and `age_file` an ordinary age file, not a report
made for this channel · `magic` · `too_large` · `sizes` the parts do not add up ·
`not_canonical` another spelling · `public_key` · `case_age` or `entry` not of the shape above ·
`stanzas` not exactly N · `channel` not in the keyring · `left_out` not readers, or not the
channel's · `no_readers` nobody would be left to read it.
"""

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from whistle.crypto import age, strictjson
from whistle.crypto.age import PrivateKey, PublicKey, armor
from whistle.crypto.chain import Place, thread_id
from whistle.crypto.encoding import b64u
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.keyring import HandlerKey, Keyring, Recovery
from whistle.crypto.padding import ENTRY_SIZES
from whistle.crypto.passphrase import below
from whistle.crypto.receipt import Receipt
from whistle.crypto.strictjson import Fields
from whistle.errors import FilingError, SealError

MAGIC = b"WHISTLEF1\n"
BYTES_MAX = 512 * 1024
CASE_PLAINTEXT_BYTES_MAX = 2 * 1024
_JSON_BYTES_MAX = 32 * 1024
_AGE_START = b"age-encryption.org/"


@dataclass(frozen=True)
class Filing:
    """A sealed report as it is posted. Nothing in it opens without a key."""

    channel: str
    keyring_serial: int
    mailbox_id: bytes
    thread: bytes
    case_public_key: PublicKey
    waive_ack: bool
    left_out: tuple[str, ...]
    case_age: bytes
    entry1: bytes

    @cached_property
    def case_shape(self) -> age.Shape:
        """What `case.age` shows without a key. Raises `FilingError` (`case_age`)."""
        return _shape(self.case_age, "case_age")

    def to_bytes(self) -> bytes:
        """Return the filing's one spelling."""
        return self.head() + self.case_age + self.entry1

    def head(self) -> bytes:
        """Return what stands before the sealed parts."""
        head = strictjson.write(
            {
                "channel": self.channel,
                "keyring_serial": self.keyring_serial,
                "mailbox_id": b64u(self.mailbox_id),
                "thread": b64u(self.thread),
                "case_public_key": b64u(self.case_public_key.raw),
                "waive_ack": self.waive_ack,
                "left_out": list(self.left_out),
                "sizes": [len(self.case_age), len(self.entry1)],
            }
        )
        return MAGIC + len(head).to_bytes(4, "big") + head

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Return the filing in *data*, its shape checked; no key is needed.

        Raises:
            FilingError: with a reason of this module's list.
        """
        if len(data) > BYTES_MAX:
            raise FilingError("too_large")
        if data.startswith(_AGE_START) or armor.is_armored(data):
            raise FilingError("age_file")
        if not data.startswith(MAGIC):
            raise FilingError("magic")
        start = len(MAGIC) + 4
        length = int.from_bytes(data[len(MAGIC) : start], "big")
        if length > _JSON_BYTES_MAX:
            raise FilingError("json_size")
        fields = Fields(
            strictjson.parse(data[start : start + length], _JSON_BYTES_MAX, FilingError),
            FilingError,
        )
        filing = cls(
            channel=fields.id("channel"),
            keyring_serial=fields.number("keyring_serial", 1),
            mailbox_id=fields.binary("mailbox_id", 32),
            thread=fields.binary("thread", 32),
            case_public_key=_public_key(fields.binary("case_public_key", age.PUBLIC_KEY_BYTES)),
            waive_ack=fields.boolean("waive_ack"),
            left_out=fields.ids("left_out"),
            **_parts(fields.items("sizes"), data[start + length :]),
        )
        fields.end()
        if filing.head() != data[: start + length]:
            raise FilingError("not_canonical")
        if filing.case_shape.plaintext_size > CASE_PLAINTEXT_BYTES_MAX:
            raise FilingError("case_age")
        entry = _shape(filing.entry1, "entry")
        if len(entry.stanza_types) != 1 or entry.plaintext_size not in ENTRY_SIZES:
            raise FilingError("entry")
        return filing

    def check(self, keyring: Keyring, on: dt.date) -> None:
        """Check the filing against the keyring it names, the one in force on a date.

        Raises:
            FilingError: reason `channel`, `left_out`, `no_readers` or `stanzas`.
        """
        readers, kept = split_readers(keyring, self.channel, self.left_out, on)
        if not kept:
            raise FilingError("no_readers")
        if len(self.case_shape.stanza_types) != len(readers) + keyring.stanza_count_extra:
            raise FilingError("stanzas")


def make_filing(  # noqa: PLR0913  # each is a decision of its own, named where it is called
    receipt: Receipt,
    keyring: Keyring,
    channel: str,
    body: Mapping[str, Any],
    left_out: Sequence[str] = (),
    *,
    waive_ack: bool = False,
    made: str,
    on: dt.date,
    leave_out_recovery: bool = False,
    code_made_by: str | None = None,
    random: Callable[[int], bytes] = os.urandom,
) -> Filing:
    """Return a report, sealed and signed, ready to be sent.

    *made* is `browser`, `server` or `cli`; *on* decides which handlers' keys count. The recovery
    key is left out when the reporter says so, or leaves out somebody who holds a share of it.
    *code_made_by* is the handler who wrote down an oral report and made the code for it.

    Raises:
        FilingError: reason `channel`, `left_out` or `no_readers`.
        TooLargeError: the text is over its limits.
    """
    readers, kept = split_readers(keyring, channel, left_out, on)
    if not kept:
        raise FilingError("no_readers")
    recovery = None if leave_out_recovery else recovery_for(keyring, left_out)
    case, signing = PrivateKey.generate(random), receipt.signing_key
    case_key, reporter_age = case.public_key, receipt.private_key.public_key
    keys = (reporter_age.raw, signing.public, case_key.raw)
    thread = thread_id(*keys)
    adds = _adds(keys, kept, left_out, recovery)
    adds |= {"waive_ack": waive_ack, "code_made_by": code_made_by}
    entry1 = make_entry(
        Place(channel, thread, "case", 1, thread),
        Author("reporter", "reporter", signing, made),
        "report",
        body,
        keyring=keyring,
        to=case_key,
        random=random,
        adds=adds,
    )
    to = [h.age for h in kept] + [reporter_age] + ([] if recovery is None else [recovery.age])
    return Filing(
        channel=channel,
        keyring_serial=keyring.serial,
        mailbox_id=receipt.mailbox_id,
        thread=thread,
        case_public_key=case_key,
        waive_ack=waive_ack,
        left_out=tuple(left_out),
        case_age=seal_case_keys(
            [case], to, count=len(readers) + keyring.stanza_count_extra, random=random
        ),
        entry1=entry1,
    )


def seal_case_keys(
    keys: Sequence[PrivateKey],
    to: Sequence[PublicKey],
    *,
    count: int,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return `case.age` or `desk.age`: *keys*, newest first, sealed to exactly *count* stanzas.

    Keys that nobody holds fill up what is missing from *to*; all are shuffled.

    Raises:
        FilingError: reason `stanzas`: more to seal to than *count*; or `case_age`: too many keys.
    """
    if len(to) > count:
        raise FilingError("stanzas")
    dummies = [PrivateKey.generate(random).public_key for _ in range(count - len(to))]
    everyone = [*to, *dummies]
    for last in range(len(everyone) - 1, 0, -1):  # Fisher and Yates
        other = below(last + 1, random)
        everyone[last], everyone[other] = everyone[other], everyone[last]
    plaintext = "".join(f"{key}\n" for key in keys).encode("ascii")
    if len(plaintext) > CASE_PLAINTEXT_BYTES_MAX:
        raise FilingError("case_age")
    return age.seal(plaintext, everyone, random=random)


def open_case_keys(case_age: bytes, private_keys: Sequence[PrivateKey]) -> list[PrivateKey]:
    """Return the private keys in `case.age` or `desk.age`, newest first.

    They are only candidates: `chain.verify_thread` uses those that signed entries name.

    Raises:
        SealError: as `age.open_sealed`, or `private_key` if a line is none.
    """
    plaintext = age.open_sealed(case_age, private_keys)
    try:
        lines = plaintext.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise SealError("private_key") from error
    return [PrivateKey.parse(line) for line in lines]


def split_readers(
    keyring: Keyring, channel: str, left_out: Sequence[str], on: dt.date
) -> tuple[tuple[HandlerKey, ...], tuple[HandlerKey, ...]]:
    """Return a channel's readers, and those of them who are not left out.

    Raises:
        FilingError: reason `channel`: nobody reads it; or `left_out`: not a reader, or named twice.
    """
    readers = keyring.readers(channel, on)
    if not readers:
        raise FilingError("channel")
    if len(set(left_out)) != len(left_out) or not {h.id for h in readers} >= set(left_out):
        raise FilingError("left_out")
    return readers, tuple(h for h in readers if h.id not in left_out)


def _adds(
    keys: tuple[bytes, bytes, bytes],
    kept: Sequence[HandlerKey],
    left_out: Sequence[str],
    recovery: Recovery | None,
) -> dict[str, Any]:
    """Return what entry 1's head says about keys and readers (protocol section 3)."""
    names = ("reporter_age", "reporter_sign", "case_key")
    return {
        **{name: b64u(key) for name, key in zip(names, keys, strict=True)},
        "readers": [{"id": h.id, "sha256": b64u(h.age_sha256)} for h in kept],
        "left_out": list(left_out),
        "recovery": None if recovery is None else b64u(recovery.age_sha256),
    }


def recovery_for(keyring: Keyring, left_out: Sequence[str]) -> Recovery | None:
    """Return the recovery key, unless somebody left out holds a share (protocol section 10)."""
    if keyring.recovery is None:
        return None
    persons = {h.person for h in keyring.handlers if h.id in left_out}
    if persons & {holder.person for holder in keyring.recovery.holders}:
        return None
    return keyring.recovery


def _parts(sizes: Sequence[Any], rest: bytes) -> dict[str, bytes]:
    """Return the two sealed parts; their sizes must use up the rest exactly."""
    if len(sizes) != 2 or any(type(size) is not int for size in sizes) or sum(sizes) != len(rest):
        raise FilingError("sizes")
    return {"case_age": rest[: sizes[0]], "entry1": rest[sizes[0] :]}


def _public_key(raw: bytes) -> PublicKey:
    """Return a public key from its bytes."""
    try:
        return PublicKey.from_bytes(raw)
    except SealError as error:
        raise FilingError("public_key") from error


def _shape(sealed: bytes, reason: str) -> age.Shape:
    """Return a part's shape, of post-quantum stanzas only."""
    try:
        shape = age.shape(sealed)
    except SealError as error:
        raise FilingError(reason) from error
    if set(shape.stanza_types) != {age.KIND}:
        raise FilingError(reason)
    return shape
