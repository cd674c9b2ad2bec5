"""What the command line says when something cannot be done: one sentence, and what to do next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

import click

from whistle.errors import (
    FilingError,
    KeyringError,
    LogError,
    NotForMeError,
    PackageError,
    ReceiptError,
    SealError,
    ShareError,
    SignatureError,
    TooLargeError,
    WhistleError,
)

# The first class that fits is asked for the reason; `*` stands for every other reason.
_SENTENCES: Mapping[type[WhistleError], Mapping[str, str]] = MappingProxyType(
    {
        ReceiptError: {
            "length": "A receipt code has 25 letters and digits. Count them and type it again.",
            "symbol": "There is a letter or sign in it that no receipt code has.",
            "check": "Something in the code is mistyped. Compare it with what you wrote down.",
        },
        ShareError: {
            "length": "A share has three lines of 25 letters and digits. Count them again.",
            "symbol": "There is a letter or sign in it that no share has.",
            "line_1": "Something in the first line is mistyped. Compare it with the paper.",
            "line_2": "Something in the second line is mistyped. Compare it with the paper.",
            "line_3": "Something in the third line is mistyped. Compare it with the paper.",
            "check": "The three lines are not of one share. Look which paper each came from.",
            "none": "There is no share.",
            "set": "The shares are of different sets. Look for those made on one day.",
            "duplicate": "One share was given twice. Ask another holder.",
            "too_few": "These are not enough shares. Ask another holder.",
            "published": (
                "It is not the share that was published. Tell the officer: it may have been "
                "exchanged, or the set is not the newest."
            ),
            "*": "The shares do not belong together. Check each: whistle keys recovery check.",
        },
        NotForMeError: {
            "*": "This is not sealed to the key or passphrase that you gave.",
        },
        SealError: {
            "header": "This is not a sealed file, or its beginning is damaged.",
            "public_key": "That is not a public key. It begins with age1pq1.",
            "private_key": "That is not a private key. It begins with AGE-SECRET-KEY-PQ-1.",
            "no_keys": "There is no key to seal to: nobody could ever open it.",
            "*": "The file is damaged. Nothing of it can be trusted; get another copy.",
        },
        SignatureError: {
            "service_key": (
                "The keyring in force does not name this key as the site's own. Take the "
                "service.key of the site, or publish a keyring that names it, then try again."
            ),
            "key": "That is not an Ed25519 key in OpenSSH's form.",
            "passphrase": (
                "The key is under a passphrase. Sign with ssh-keygen instead: "
                "ssh-keygen -Y sign -f KEY -n whistle-keyring-v1 FILE"
            ),
            "*": "The signature does not belong to this file and this key.",
        },
        KeyringError: {
            "root": "There is no usable root.pub. Copy the organisation's root key there.",
            "empty": "There is no keyring in that folder (keyring-0001.json).",
            "signature": "A keyring is not signed by the root key. Sign it, then try again.",
            "name_invisible": (
                "There is a sign in a name that cannot be seen: it could be taken for another. "
                "Do not sign it. Have the name typed anew, by hand."
            ),
            "name_mixed": (
                "A word of a name has letters of two alphabets that look alike: it could be taken "
                "for another. Do not sign it. Have the name typed anew, by hand."
            ),
            "names_alike": (
                "Two people have names that read alike, and reporters could not tell them apart. "
                "Do not sign it. Add to one of the names what tells them apart."
            ),
            "cosignature": "The second signature is not one of the previous keyring's handlers.",
            "serial": (
                "The serial is not above the last one. If this keyring is published already and "
                "its second signature came later, copy that .cosig file beside it in the folder. "
                "Otherwise make a new keyring from the folder."
            ),
            "serial_twice": (
                "ALARM: two different keyrings have one serial. Somebody has signed two truths. "
                "Publish nothing; compare both files with the officer."
            ),
            "previous": "The keyring does not follow the last one. Make it anew from the folder.",
            "org": "The keyring is another organisation's.",
            "dates": "Dates are in the wrong order, or a keyring would live over 400 days.",
            "duplicate": "An id or a key stands there twice.",
            "public_key": "A public key in it is none. Copy it again; it begins with age1pq1.",
            "backdated": (
                "It adds somebody without a handler's second signature, and its day is past: it "
                "would count before everybody was told for seven days. Prepare it anew, dated "
                "today, or let a handler cosign it: whistle keys sign --cosign."
            ),
            "recovery": "These shares join to a key that no keyring in the folder names.",
            "not_yet": "No keyring is in force on that date.",
            "*": "The file is not a keyring of the right form.",
        },
        FilingError: {
            "channel": "That channel is not in the keyring.",
            "left_out": "A person to leave out is not among the channel's readers.",
            "no_readers": (
                "Nobody would be left to read it, so it is not sealed. Leave out fewer people, or "
                "use another way to report."
            ),
            "id": "The short name is of small letters, digits, _ and -, such as olle.",
            "name": "Give the person's whole name, at most 120 letters.",
            "mail": "That is not one mail address.",
            "same_name": "Somebody else has this name: add what tells them apart.",
            "name_invisible": "There is a sign in the name that cannot be seen. Type it by hand.",
            "name_mixed": (
                "A word of the name has letters of two alphabets that look alike. Type it by hand."
            ),
            "taken": "Somebody with this short name can sign in.",
            "invited": "There is an open invitation with this short name.",
            "age_file": "That is an ordinary age file, not a report made with whistle seal.",
            "*": "The file is not a sealed report of the right form.",
        },
        PackageError: {
            "page": "This is no package of a case, or something was put into it.",
            "signature": "ALARM: the record of this package is not what its maker signed.",
            "entries": "ALARM: entries were taken out of this package, or put into it.",
            "text": "ALARM: a text of this package was changed after it was made.",
            "proof": "ALARM: a text of this package is not what its writer signed.",
            "*": "This is no package of a case, or it is damaged.",
        },
        LogError: {
            "gap": "ALARM: an event is missing from the log, or stands there twice.",
            "commitment": "ALARM: an event of the log is not what was entered.",
            "head": "ALARM: the log's events are not in the order in which they were entered.",
            "case": "ALARM: an event of the log was put to another case.",
            "emptied": (
                "ALARM: more events of the log were emptied than the traces of erased cases say."
            ),
            "anchor": "ALARM: this is not the log that gave the anchor, or its end was cut off.",
            "*": "ALARM: an event of the log cannot be read.",
        },
        TooLargeError: {
            "*": "The text is too long. Shorten it to 20,000 characters, or send the rest later.",
        },
    }
)


def sentence(error: WhistleError) -> str:
    """Return what to tell about an error: what is wrong, and what to do."""
    for kind, by_reason in _SENTENCES.items():
        if isinstance(error, kind):
            return by_reason.get(error.reason) or by_reason.get("*") or error.reason
    return error.reason


@contextmanager
def told() -> Iterator[None]:
    """Turn an error of ours into a sentence and exit code 1."""
    try:
        yield
    except WhistleError as error:
        said = sentence(error)
        code = "" if said == error.reason else f" [{error.reason}]"
        raise click.ClickException(said + code) from error
    except FileExistsError as error:
        raise click.ClickException(
            f"{error.filename} is there already and is never overwritten. Choose another name."
        ) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
