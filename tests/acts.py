"""What reporters, handlers and the root's holder do, done as their own programs do it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.organisation import Organisation
from whistle.crypto import strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import EntryRecord, Place, VerifiedEntry, next_place, verify_thread
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import Filing, make_filing, open_case_keys
from whistle.crypto.keyring import (
    COSIGN_NAMESPACE,
    SIGN_NAMESPACE,
    HandlerKey,
    Keyring,
    SignedKeyring,
)
from whistle.crypto.receipt import Receipt
from whistle.crypto.sshsig import sign as ssh_sign
from whistle.services.handling import cases, writing
from whistle.services.handling.writing import Written
from whistle.services.reporting.filing import Receipted, file_report
from whistle.services.thread import Appended
from whistle.storage.keys_dir import KEYRING_FILE, load_keys_dir, publish
from whistle.storage.tables import Case

SITE = "https://localhost"
ORIGIN = {"Origin": SITE}


def body(what: str = "The emergency exit is locked.") -> dict[str, Any]:
    """A report's body with every field."""
    return {
        "language": "en",
        "answers": {
            "what": what,
            "when_where": "Since Monday, hall 3",
            "ongoing": "yes",
            "topic": "safety",
            "how_known": "Saw it",
        },
        "reporter": None,
        "wishes": {"meeting": False},
    }


def keyring(organisation: Organisation) -> Keyring:
    """The keyring in effect today."""
    return organisation.parts.keyrings.published().chain.effective(today(organisation))


def today(organisation: Organisation) -> date:
    """Today's date in the first channel."""
    return organisation.parts.today(organisation.parts.settings.channels[0])


def handler(organisation: Organisation, handler_id: str) -> HandlerKey:
    """A handler as the keyring in effect names them."""
    found = keyring(organisation).handler(handler_id)
    assert found is not None
    return found


def sealed(
    organisation: Organisation,
    receipt: Receipt,
    *,
    what: str = "The emergency exit is locked.",
    left_out: Sequence[str] = (),
    waive_ack: bool = False,
    channel: str = "main",
) -> Filing:
    """A report, sealed as the reporter's browser does it."""
    return make_filing(
        receipt,
        keyring(organisation),
        channel,
        body(what),
        left_out,
        waive_ack=waive_ack,
        made="browser",
        on=today(organisation),
    )


@dataclass(frozen=True)
class Filed:
    """A report that was kept: the code, the bytes that were posted, and the answer."""

    receipt: Receipt
    posted: bytes
    told: Receipted

    @property
    def bearer(self) -> dict[str, str]:
        """The header that opens the mailbox."""
        return bearer(self.receipt.mailbox_token)


def bearer(token: bytes) -> dict[str, str]:
    """The header that opens the mailbox of a token."""
    return {"Authorization": f"Bearer {b64u(token)}"}


def file(organisation: Organisation, **choices: Any) -> Filed:
    """File a report under a fresh code."""
    receipt = Receipt.generate()
    posted = sealed(organisation, receipt, **choices).to_bytes()
    return Filed(receipt, posted, file_report(organisation.parts, posted))


def case_row(session: Session, filed: Filed) -> Case:
    """The row of a report."""
    return session.scalars(select(Case).where(Case.mailbox_id == filed.receipt.mailbox_id)).one()


def case_id(organisation: Organisation, filed: Filed) -> str:
    """The id of a report's case, as addresses write it."""
    with organisation.parts.database.reading() as session:
        return case_row(session, filed).id.hex()


def records(entries: Sequence[Mapping[str, Any]]) -> list[EntryRecord]:
    """Entries of an answer in JSON, as the verifier wants them."""
    return [
        EntryRecord(
            one["chain"],
            one["seq"],
            one["kind"],
            one["handler"],
            date.fromisoformat(one["on"]),
            b64u_decode(one["sealed"]),
            b64u_decode(one["sha256"]),
        )
        for one in entries
    ]


def verified(
    organisation: Organisation, opened: Mapping[str, Any], private_key: PrivateKey
) -> tuple[list[VerifiedEntry], list[PrivateKey]]:
    """Open a mailbox's or a case's answer with a private key, and verify its thread."""
    keys = open_case_keys(b64u_decode(opened["case_age"]), [private_key])
    entries = verify_thread(
        records(opened["entries"]),
        keys,
        organisation.parts.keyrings.published().chain,
        thread=b64u_decode(opened["thread"]),
    )
    return entries, keys


def by_reporter(
    organisation: Organisation, filed: Filed, text: str, mailbox: Any, kind: str = "message"
) -> bytes:
    """An entry of the reporter's, sealed for the place after a mailbox's newest entry."""
    entries, keys = verified(organisation, mailbox, filed.receipt.private_key)
    return make_entry(
        next_place(entries),
        Author("reporter", "reporter", filed.receipt.signing_key, "browser"),
        kind,
        {"text": text},
        keyring=keyring(organisation),
        to=keys[0].public_key,
    )


def by_handler(
    organisation: Organisation,
    handler_id: str,
    case: str,
    kind: str,
    *,
    content: Mapping[str, Any] | None = None,
    adds: Mapping[str, Any] | None = None,
) -> tuple[int, bytes]:
    """An entry of a handler's for a case: its number in the chain and its sealed bytes."""
    person = organisation.people[handler_id]
    opened = cases.open_case(organisation.parts, handler(organisation, handler_id), case)
    entries, keys = verified(organisation, opened, person.private_key)
    place = next_place(entries)
    entry = make_entry(
        place,
        Author("handler", handler_id, person.signing_key, "browser"),
        kind,
        {"text": "A text."} if content is None else content,
        keyring=keyring(organisation),
        to=keys[0].public_key,
        adds=adds,
    )
    return place.seq, entry


def any_entry(to: PrivateKey, kind: str = "message") -> bytes:
    """A sealed entry of the right shape that belongs to no thread."""
    from_somebody = Receipt.generate()
    head_keyring = Keyring(
        sha256=bytes(32),
        org="x",
        serial=1,
        previous=None,
        issued_on=date(2026, 1, 1),
        expires_on=date(2026, 1, 1),
        next_root=None,
        service=(),
        recovery=None,
        handlers=(),
    )
    return make_entry(
        Place("main", bytes(32), "case", 3, bytes(32)),
        Author("reporter", "reporter", from_somebody.signing_key, "browser"),
        kind,
        {"text": "x"},
        keyring=head_keyring,
        to=to.public_key,
    )


@dataclass(frozen=True)
class Desk:
    """A handler's browser at the desk."""

    client: FlaskClient
    csrf: str

    def ask(self, method: str, path: str, **sent: Any) -> TestResponse:
        """Send a request as the desk's script does: same origin, with the page's token."""
        return self.client.open(
            f"/api/v1/desk{path}",
            method=method,
            base_url=SITE,
            headers={"X-CSRFToken": self.csrf, "Referer": f"{SITE}/en/desk", **ORIGIN},
            **sent,
        )


def at_the_door(organisation: Organisation) -> Desk:
    """A browser that has the desk's page open, with nobody signed in."""
    client = organisation.app.test_client()
    page = client.get("/en/desk", base_url=SITE).text
    return Desk(client, page.split('data-token="')[1].split('"')[0])


def sign_in(organisation: Organisation, handler_id: str) -> Desk:
    """A handler's browser, signed in."""
    desk = at_the_door(organisation)
    code = organisation.one_time_code(handler_id)
    started = desk.ask("POST", "/sign-in", json={"person": handler_id, "code": code})
    told = started.get_json()
    assert started.status_code == 200, told
    signature = answer_to(organisation, handler_id, b64u_decode(told["nonce"]))
    opened = desk.ask("POST", "/session", json={"signature": b64u(signature)})
    assert opened.status_code == 201, opened.json
    return desk


def answer_to(
    organisation: Organisation, handler_id: str, nonce: bytes, *, origin: str = SITE
) -> bytes:
    """What a handler's browser signs at the sign-in (protocol section 6)."""
    name = handler_id.encode()
    message = (
        b"whistle/sign-in/v1\0"
        + sha256(origin.encode()).digest()
        + bytes([len(name)])
        + name
        + nonce
    )
    return organisation.people[handler_id].signing_key.sign(message)


def sign_keyring(
    organisation: Organisation,
    change: Callable[[dict[str, Any]], object] = lambda _: None,
    *,
    on: date | None = None,
    cosigner: str | None = None,
) -> tuple[int, SignedKeyring]:
    """The next keyring: as the newest one but for `change`, signed by the root.

    Args:
        organisation: whose folder has the newest keyring and whose root signs.
        change: changes the parsed file in place.
        on: the day of issue; today if it is not given.
        cosigner: the handler who signs too.
    """
    _, files = load_keys_dir(organisation.parts.settings.keys_dir)
    newest = files[-1].file
    content = json.loads(newest)
    content |= {
        "serial": content["serial"] + 1,
        "previous": b64u(sha256(newest).digest()),
        "issued_on": (on or today(organisation)).isoformat(),
    }
    change(content)
    file = strictjson.write(content)
    vouched = None
    if cosigner is not None:
        key = organisation.people[cosigner].signing_key
        vouched = ssh_sign(key, COSIGN_NAMESPACE, file)
    signed = SignedKeyring(file, ssh_sign(organisation.root, SIGN_NAMESPACE, file), vouched)
    return content["serial"], signed


def publish_keyring(organisation: Organisation, **choices: Any) -> str:
    """Publish the next keyring; return its file's name. Choices as `sign_keyring`."""
    serial, signed = sign_keyring(organisation, **choices)
    publish(organisation.parts.settings.keys_dir, organisation.root.public, serial, signed)
    return KEYRING_FILE.format(serial=serial)


def write(
    organisation: Organisation,
    handler_id: str,
    case: str,
    kind: str,
    seq: int,
    entry: bytes,
    **posted: Any,
) -> Appended:
    """Hand a handler's sealed entry to the service, with the facts of its kind."""
    chain = "desk" if kind in {"desk", "note"} else "case"
    written = Written(chain, seq, kind, entry, facts=posted)
    return writing.write(organisation.parts, handler(organisation, handler_id), case, written)


def act(
    organisation: Organisation,
    handler_id: str,
    case: str,
    kind: str,
    *,
    adds: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> Appended:
    """Let a handler write an entry whose clear facts are those that its head adds."""
    seq, entry = by_handler(organisation, handler_id, case, kind, adds=adds)
    posted = {**(adds or {}), **({"reason": reason} if reason else {})}
    return write(organisation, handler_id, case, kind, seq, entry, **posted)


def told(answer: Mapping[str, Any]) -> Receipted:
    """What a reporter was told, out of the answer in JSON."""
    acknowledged_on = answer["acknowledged_on"]
    return Receipted(
        received_on=date.fromisoformat(answer["received_on"]),
        acknowledge_due_on=date.fromisoformat(answer["acknowledge_due_on"]),
        acknowledged_on=date.fromisoformat(acknowledged_on) if acknowledged_on else None,
        feedback_due_on=date.fromisoformat(answer["feedback_due_on"]),
        waived=False,
        next_seq=answer["next_seq"],
        head_sha256=b64u_decode(answer["head_sha256"]),
        repeated=False,
    )
