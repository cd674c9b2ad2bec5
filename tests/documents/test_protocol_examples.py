"""The examples in docs/protocol.md, recomputed from its text alone, and by our own code.

The first half of each test uses nothing of Whistle: so the page is enough to build from.
"""

import hashlib
import hmac
from importlib.resources import files

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.documents import reading
from whistle.crypto import chain, phrase, shares, signing
from whistle.crypto.receipt import Receipt
from whistle.services import log
from whistle.services.entrance.sign_in import signed_bytes

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EXAMPLES = reading.examples(reading.text("docs/protocol.md"))


def derived(secret: bytes, salt: str, info: str) -> bytes:
    """Return 32 bytes of HKDF-SHA256, written out (RFC 5869)."""
    key = hmac.digest(salt.encode(), secret, "sha256")
    return hmac.digest(key, info.encode() + b"\x01", "sha256")


def public_of(seed: bytes) -> str:
    """Return an Ed25519 public key in hex."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def test_a_receipt_code_is_written_as_section_1_says() -> None:
    """Five-bit groups, the check symbol by shifting and 0x25, dashes after five."""
    box = EXAMPLES["receipt"]
    bits = f"{int(box['raw'], 16):0120b}"
    values = [int(bits[at : at + 5], 2) for at in range(0, 120, 5)]
    check = 0
    for value in values:
        check = (check ^ value) << 1
        check = check ^ 0x25 if check & 32 else check
    symbols = "".join(SYMBOLS[value] for value in [*values, check])
    written = "-".join(symbols[at : at + 5] for at in range(0, 25, 5))
    assert written == box["written"] == str(Receipt(bytes.fromhex(box["raw"])))


def test_everything_follows_from_the_code_as_section_1_says() -> None:
    """Age seed, token, mailbox id and signing key."""
    box, salt = EXAMPLES["receipt"], "whistle/receipt/v1"
    raw = bytes.fromhex(box["raw"])
    token = derived(raw, salt, "mailbox-token")
    sign_seed = derived(raw, salt, "sign-ed25519")
    assert derived(raw, salt, "age-identity").hex() == box["age_seed"]
    assert token.hex() == box["mailbox_token"]
    assert hashlib.sha256(b"whistle/mailbox/v1" + token).hexdigest() == box["mailbox_id"]
    assert (sign_seed.hex(), public_of(sign_seed)) == (box["sign_seed"], box["sign_public"])
    ours = Receipt(raw)
    assert ours.private_key.seed.hex() == box["age_seed"]
    assert ours.mailbox_id.hex() == box["mailbox_id"]
    assert ours.signing_key.public.hex() == box["sign_public"]


def test_a_handlers_signing_key_follows_from_the_age_seed() -> None:
    """Section 1.2."""
    box = EXAMPLES["handler"]
    age_seed = bytes.fromhex(box["age_seed"])
    seed = derived(age_seed, "whistle/handler/v1", "sign-ed25519")
    assert (seed.hex(), public_of(seed)) == (box["sign_seed"], box["sign_public"])
    assert signing.handler_signing_key(age_seed).public.hex() == box["sign_public"]


def test_the_root_keys_phrase_is_88_bits_of_its_hash() -> None:
    """Section 2: eight words of eleven bits."""
    box = EXAMPLES["phrase"]
    words = (files("whistle.data") / "phrase_words.txt").read_text().split()
    digest = hashlib.sha256(b"whistle/root-phrase/v1\0" + bytes.fromhex(box["root"])).digest()
    bits = f"{int.from_bytes(digest, 'big'):0256b}"[:88]
    said = [words[int(bits[at : at + 11], 2)] for at in range(0, 88, 11)]
    assert said == box["words"].split() == phrase.phrase(bytes.fromhex(box["root"]))


def test_an_entrys_signature_covers_head_and_body() -> None:
    """Section 3.1."""
    box = EXAMPLES["signature"]
    parts = (hashlib.sha256(box[name].encode()).digest() for name in ("head", "body"))
    message = b"whistle/entry/v1\0" + b"".join(parts)
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(box["sign_seed"]))
    assert key.sign(message).hex() == box["sig"]
    signing.verify(key.public_key().public_bytes_raw(), bytes.fromhex(box["sig"]), message)


def test_a_thread_is_named_by_three_keys() -> None:
    """Section 3.5."""
    box = EXAMPLES["thread"]

    def repeated(name: str) -> bytes:
        count, _, _, byte = box[name].split()
        return bytes.fromhex(byte) * int(count)

    keys = [repeated(name) for name in ("reporter_age", "reporter_sign", "case_key")]
    assert hashlib.sha256(b"whistle/thread/v1\0" + b"".join(keys)).hexdigest() == box["thread"]
    assert chain.thread_id(*keys).hex() == box["thread"]


def test_what_a_handler_signs_is_built_from_the_pages_origin() -> None:
    """Section 6."""
    box = EXAMPLES["sign-in"]
    handler, nonce = box["handler"].encode(), bytes.fromhex(box["nonce"])
    origin = hashlib.sha256(box["origin"].encode()).digest()
    message = b"whistle/sign-in/v1\0" + origin + bytes([len(handler)]) + handler + nonce
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(box["sign_seed"]))
    assert message.hex() == box["message"]
    assert key.sign(message).hex() == box["signature"]
    assert signed_bytes(box["origin"], box["handler"], nonce) == message


def test_the_logs_hashes_chain_commitments() -> None:
    """Section 9."""
    box = EXAMPLES["log"]
    salt, payload = bytes.fromhex(box["salt"]), box["payload"].encode()
    commitment = hashlib.sha256(b"whistle/log-event/v1\0" + salt + payload).digest()
    head = hashlib.sha256(b"whistle/log/v1\0" + bytes(32) + commitment).digest()
    assert (commitment.hex(), head.hex()) == (box["c"], box["h"])
    assert log._commitment(salt, payload) == commitment
    assert log._head(bytes(32), commitment) == head


def times(a: int, b: int) -> int:
    """Return a product in GF(256), by shifting."""
    product = 0
    for bit in range(8):
        product ^= (a << bit) * (b >> bit & 1)
    for bit in range(15, 7, -1):
        product ^= (0x11B << bit - 8) * (product >> bit & 1)
    return product


def test_two_shares_on_paper_join_to_the_secret() -> None:
    """Section 10: lines of symbols, and Lagrange's formula over GF(256)."""
    box = EXAMPLES["share"]
    inverse = {a: b for a in range(256) for b in range(256) if times(a, b) == 1}
    points = {}
    for name in ("two", "three"):
        lines = [line.replace("-", "")[:24] for line in box[name].split()]
        bits = "".join(f"{SYMBOLS.index(symbol):05b}" for line in lines for symbol in line)
        data = int(bits, 2).to_bytes(45, "big")
        check = hashlib.sha256(b"whistle/share-text/v1\0" + data[:42]).digest()[:3]
        assert (data[9], data[42:]) == (int(box["k"]), check)
        points[data[8]] = data[10:42]
    (x, first), (y, second) = points.items()
    weights = times(y, inverse[x ^ y]), times(x, inverse[x ^ y])
    secret = bytes(
        times(a, weights[0]) ^ times(b, weights[1]) for a, b in zip(first, second, strict=True)
    )
    label = b"whistle/share/v1\0" + bytes.fromhex("01" * 8) + bytes([x]) + first
    assert secret.hex() == box["secret"]
    assert hashlib.sha256(label).hexdigest() == box["sha256"]
    read = [shares.Share.parse(box[name]) for name in ("two", "three")]
    assert shares.join(read).hex() == box["secret"]
    assert read[0].sha256.hex() == box["sha256"]
