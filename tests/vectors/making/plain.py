"""Vectors of the small parts: receipt codes, pad sizes, JSON, keys derived from a seed, sign-in."""

import base64
import hashlib
from typing import Any

from tests.vectors.making import cast
from tests.vectors.making.fixed import Fixed
from whistle.crypto import padding, signing, sshsig
from whistle.crypto.age import PrivateKey, seal, seal_with_passphrase
from whistle.crypto.keyring import SIGN_NAMESPACE, phrase
from whistle.crypto.receipt import ALPHABET, Receipt
from whistle.errors import TooLargeError


def receipts() -> dict[str, Any]:
    """Return good codes with all that is derived from them, ways of typing, and wrong ones."""
    raws = [bytes(15), bytes([255] * 15), bytes(range(15)), *(Fixed(f"code {i}")(15) for i in "ab")]
    good = str(Receipt(raws[3]))
    symbols = good.replace("-", "")
    typed = [
        ("lower case", good.lower()),
        ("without dashes", symbols),
        ("in groups of three, with spaces", " ".join(symbols[i : i + 3] for i in range(0, 25, 3))),
        ("O for 0, I and l for 1", good.replace("0", "O").replace("1", "l", 1).replace("1", "I")),
        ("lines and tabs around", f"\n\t{good}\r\n"),
        ("an en dash, a minus and a non-breaking hyphen", good.replace("-", "\u2013", 1)
         .replace("-", "\u2212", 1).replace("-", "\u2011", 1)),
        ("no-break space and zero-width space", f"\u00a0{good[:8]}\u200b{good[8:]}"),
    ]  # fmt: skip
    other = ALPHABET[(ALPHABET.index(symbols[4]) + 1) % 32]
    swap = next(i for i in range(23) if symbols[i] != symbols[i + 1])
    swapped = symbols[:swap] + symbols[swap + 1] + symbols[swap] + symbols[swap + 2 :]
    bad = [
        ("nothing typed", "", "length"),
        ("one symbol is missing", good[:-1], "length"),
        ("one symbol too many", good + "0", "length"),
        ("U is in no code", "U" + symbols[1:], "symbol"),
        (
            "a letter that is not ASCII, though its capital form is",
            "\u017f" + symbols[1:],
            "symbol",
        ),
        ("a symbol beyond the first plane counts once", "\U0001f511" + symbols[1:], "symbol"),
        ("one wrong symbol", symbols[:4] + other + symbols[5:], "check"),
        ("two neighbours swapped", swapped, "check"),
        ("a wrong check symbol", symbols[:-1] + ("0" if symbols[-1] != "0" else "1"), "check"),
    ]
    return {
        "good": [_receipt(raw) for raw in raws],
        "typed": [{"comment": c, "typed": t, "raw": raws[3].hex()} for c, t in typed],
        "bad": [{"comment": c, "typed": t, "reason": r} for c, t, r in bad],
    }


def _receipt(raw: bytes) -> dict[str, Any]:
    code = Receipt(raw)
    return {
        "raw": raw.hex(),
        "written": str(code),
        "age_private": str(code.private_key),
        "age_public": str(code.private_key.public_key),
        "mailbox_token": code.mailbox_token.hex(),
        "mailbox_id": code.mailbox_id.hex(),
        "sign_seed": code.signing_key.seed.hex(),
        "sign_public": code.signing_key.public.hex(),
    }


def pads() -> dict[str, Any]:
    """Return pad sizes of entries and attachments, at and around the edges."""
    edges = [0, 1, 4095, 4096, 4097, 16384, 16385, 65536, 65537, 262143, 262144, 262145, 10**9]
    sizes = [0, 4095, 4096, 4097, 5000, 65535, 65536, 65537, 10**6, 2**31 - 1, 2**31 + 1, 2**44 + 5]
    entries: list[dict[str, Any]] = []
    for size in edges:
        try:
            entries.append({"size": size, "padded": padding.entry_size(size), "reason": None})
        except TooLargeError as error:
            entries.append({"size": size, "padded": None, "reason": error.reason})
    return {
        "entry": entries,
        "padme": [{"size": size, "padded": padding.padme(size)} for size in sizes],
    }


def json_texts() -> list[dict[str, Any]]:
    """Return JSON that must be read, and JSON that must be refused, in hex."""
    cases: list[tuple[str, bytes, str | None]] = [
        ("an empty object", b"{}", None),
        (
            "white space and escapes",
            b' {"a" : "\\u00e5\\n\\ud83d\\udd11" , "b":[1,true,null]} ',
            None,
        ),
        ("the largest number", b'{"a":9007199254740991}', None),
        ("2^53", b'{"a":9007199254740992}', "number"),
        ("a number of 400 digits", b'{"a":' + b"9" * 400 + b"}", "number"),
        ("a negative number", b'{"a":-1}', "number"),
        ("a fraction", b'{"a":1.0}', "number"),
        ("an exponent", b'{"a":1e3}', "number"),
        ("not a number", b'{"a":NaN}', "number"),
        ("infinity", b'{"a":Infinity}', "number"),
        ("a leading zero", b'{"a":01}', "json"),
        ("a key twice", b'{"a":1,"a":1}', "duplicate_key"),
        ("a key twice, once escaped", b'{"a":1,"\\u0061":1}', "duplicate_key"),
        ("a key twice, deep inside", b'{"a":[{"b":{"c":1,"c":2}}]}', "duplicate_key"),
        ("not UTF-8", b'{"a":"\xff"}', "utf8"),
        ("an overlong form", b'{"a":"\xc0\x80"}', "utf8"),
        ("half a surrogate pair in UTF-8", b'{"a":"\xed\xa0\x80"}', "utf8"),
        ("half a surrogate pair, escaped", b'{"a":"\\ud800"}', "utf8"),
        ("half a surrogate pair as a key", b'{"\\udc00":1}', "utf8"),
        ("a byte order mark", b'\xef\xbb\xbf{"a":1}', "json"),
        ("a list", b"[]", "json"),
        ("a bare number", b"1", "json"),
        ("nothing", b"", "json"),
        ("a comma at the end", b'{"a":1,}', "json"),
        ("something after the end", b"{} {}", "json"),
        ("a comment", b"{/**/}", "json"),
        ("single quotes", b"{'a':1}", "json"),
        ("a raw line end in a string", b'{"a":"\n"}', "json"),
        ("64 levels deep", b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", None),
        ("65 levels deep", b'{"a":' + b"[" * 65 + b"]" * 65 + b"}", "json"),
        ("nested 10 000 deep", b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "json"),
        ("over the limit of 32 KiB", b'{"a":"' + b"x" * 32768 + b'"}', "json_size"),
    ]
    return [{"comment": c, "hex": data.hex(), "reason": reason} for c, data, reason in cases]


def handlers() -> dict[str, Any]:
    """Return what follows from a handler's seed, a sealed key file, sign-in, and root phrases."""
    seed = PrivateKey.generate(Fixed("anna"))
    passphrase = "correct horse battery staple orange lamp"
    key_file = seal_with_passphrase(
        f"{seed}\n".encode(), passphrase, log_n=12, random=Fixed("key file")
    )
    origin, nonce = "https://desk.example.org", Fixed("nonce")(32)
    message = (
        b"whistle/sign-in/v1\0"
        + hashlib.sha256(origin.encode()).digest()
        + bytes([len("anna")])
        + b"anna"
        + nonce
    )
    key = signing.handler_signing_key(seed.seed)
    return {
        "handlers": [
            {
                "seed": seed.seed.hex(),
                "age_private": str(seed),
                "age_public": str(seed.public_key),
                "age_sha256": hashlib.sha256(seed.public_key.raw).hexdigest(),
                "sign_seed": key.seed.hex(),
                "sign_public": key.public.hex(),
            }
        ],
        "key_files": [
            {
                "comment": "scrypt with 2^12 work; a handler's own has 2^16",
                "passphrase": passphrase,
                "sealed": key_file.hex(),
                "plaintext": f"{seed}\n",
            }
        ],
        "sign_in": [
            {
                "origin": origin,
                "handler": "anna",
                "nonce": nonce.hex(),
                "message": message.hex(),
                "signature": key.sign(message).hex(),
            }
        ],
        "phrases": [
            {
                "root": root.public.hex(),
                "line": sshsig.public_line(root.public, "whistle-root"),
                "words": phrase(root.public),
            }
            for root in (cast.ROOT, cast.NEXT_ROOT)
        ],
        "new_key": new_keys(),
        "cannot_open": [unopened_case()],
    }


def unopened_case() -> dict[str, str]:
    """Return what a handler signs of a case that the key does not open."""
    key = signing.handler_signing_key(PrivateKey.generate(Fixed("anna")).seed)
    names = ("thread", "case_age", "newest_entry")
    hashes = {name: hashlib.sha256(name.encode()).digest() for name in names}
    message = b"whistle/cannot-open/v1\0" + b"".join(hashes.values())
    return {
        "handler": "anna",
        "sign_public": key.public.hex(),
        **{name: one.hex() for name, one in hashes.items()},
        "message": message.hex(),
        "signature": key.sign(message).hex(),
    }


def new_keys() -> list[dict[str, Any]]:
    """Return what a handler signs with the old key when a new one is given."""
    old, new = PrivateKey.generate(Fixed("anna")), PrivateKey.generate(Fixed("anna's new key"))
    line = f"{new}\n".encode()
    made = {
        "age": new.public_key.raw,
        "sign": signing.handler_signing_key(new.seed).public,
        "key_file": seal_with_passphrase(
            line, "six other words than before are here", log_n=12, random=Fixed("new key file")
        ),
        "old_key": seal(f"{old}\n".encode(), [new.public_key], random=Fixed("old key")),
    }
    message = b"whistle/new-key/v1\0" + bytes([len("anna")]) + b"anna"
    message += b"".join(hashlib.sha256(one).digest() for one in made.values())
    return [
        {
            "handler": "anna",
            "new_seed": new.seed.hex(),
            **{name: one.hex() for name, one in made.items()},
            "message": message.hex(),
            "signature": signing.handler_signing_key(old.seed).sign(message).hex(),
        }
    ]


def ssh_signatures() -> list[dict[str, Any]]:
    """Return OpenSSH signatures, good and bad."""
    root, message = cast.ROOT, "A keyring, åäö\n".encode()
    good = sshsig.sign(root, SIGN_NAMESPACE, message)
    lines = good.splitlines()
    flipped = lines[-2][:-3] + ("A" if lines[-2][-3] != "A" else "B") + lines[-2][-2:]
    longer = base64.b64encode(base64.b64decode("".join(lines[1:-1])) + b"\0").decode()
    other = sshsig.sign(cast.NEXT_ROOT, SIGN_NAMESPACE, message)
    elsewhere = sshsig.sign(root, "file", message)
    cases: list[tuple[str, str, str | None]] = [
        ("as ssh-keygen writes it", good, None),
        ("with CRLF at the ends of lines", good.replace("\n", "\r\n"), None),
        ("without a last end of line", good.rstrip("\n"), None),
        ("another key", other, "signature"),
        ("another namespace", elsewhere, "signature"),
        ("one bit of the signature", "\n".join([*lines[:-2], flipped, lines[-1]]), "signature"),
        ("a byte after the signature", "\n".join([lines[0], longer, lines[-1]]), "signature"),
        ("no armour", "".join(lines[1:-1]), "armor"),
        ("nothing", "", "armor"),
        ("not base64", good.replace(lines[1], "*" * 70), "armor"),
    ]
    return [
        {
            "comment": comment,
            "public": sshsig.public_line(root.public),
            "namespace": SIGN_NAMESPACE,
            "message": message.hex(),
            "signature": armored,
            "reason": reason,
        }
        for comment, armored, reason in cases
    ]
