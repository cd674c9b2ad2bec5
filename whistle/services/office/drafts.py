"""The next keyring: prepared here, signed offline, co-signed in a handler's browser, published.

Rules (protocol section 2):
* what is signed is exactly what was shown: every step names the hash of the draft, and a draft that
  has been prepared anew meanwhile is told as that;
* each signature is verified by the rules of the whole chain before it is kept, and again at
  publishing, where the same rules count as at every start;
* a draft is published on its day of issue or before. One that is older would have begun to count
  before anybody could see it: the seven days run from the day of issue;
* the server prepares and never signs: it has no key that could.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from whistle.crypto import drafting, strictjson
from whistle.crypto.encoding import b64u
from whistle.crypto.keyring import HandlerKey, Keyring, SignedKeyring, parse
from whistle.crypto.recovery import member
from whistle.crypto.sshsig import parse_public_line
from whistle.errors import ConflictError, DeniedError, FilingError, KeyringError, SignatureError
from whistle.services.office import candidates, rules
from whistle.services.office.gone import forget_gone
from whistle.services.office.joining import note
from whistle.services.parts import Parts
from whistle.storage.tables import Invitation, KeyringDraft

AHEAD = timedelta(days=14)
"""How long before its day a keyring may be signed."""
RECOVERY_BYTES_MAX = 64 * 1024


@dataclass(frozen=True)
class Wanted:
    """What the next keyring is to change.

    `channels` holds, for those who stay, the channels and roles where they are to be others.
    """

    issued_on: date
    add: frozenset[str] = frozenset()
    remove: frozenset[str] = frozenset()
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    recovery: str = ""
    no_recovery: bool = False
    next_root: str = ""


def name_root(parts: Parts, line: str, by: str) -> None:
    """Keep the root's public line, while there is no keyring.

    Raises:
        FilingError: `root`, it is no such line.
        DeniedError: `root_stands`, there is a keyring; `keys_dir`, the server may not write there.
    """
    try:
        root = parse_public_line(line.strip())
    except SignatureError as error:
        raise FilingError("root") from error
    try:
        parts.keyrings.name_root(root)
    except FileExistsError as error:
        raise DeniedError("root_stands") from error
    except OSError as error:
        raise DeniedError("keys_dir") from error
    with parts.database.writing() as session:
        note(session, "RootNamed", by, b64u(root), parts.clock())


def prepare(parts: Parts, wanted: Wanted, by: str) -> bytes:
    """Draft the next keyring in the place of any earlier draft; return the hash of its bytes.

    Raises:
        FilingError: `issued_on`, not from today to two weeks ahead; `unknown`, nobody of that id;
            `recovery`; `root`; `nothing`; `last` nobody would be left; `channel`, `role` or
            `municipality`.
        KeyringError: what would be drafted is no keyring.
    """
    today = parts.today(parts.settings.channels[0])
    if not today <= wanted.issued_on <= today + AHEAD:
        raise FilingError("issued_on")
    with parts.database.writing() as session:
        last = newest_file(parts)
        content = _content(session, parts, wanted, last)
        if not content["handlers"]:
            raise FilingError("last")
        file = drafting.write(content)
        before = None if last is None else parse(last)
        if before is not None and not drafting.changes(parse(file), before):
            _refuse_needless(before, wanted.issued_on)
        row = KeyringDraft(sha256=parse(file).sha256, file=file, prepared_by=by)
        session.execute(delete(KeyringDraft))
        session.add(row)
        note(session, "KeyringPrepared", by, row.sha256.hex(), parts.clock())
        return row.sha256


def sign(parts: Parts, sha256: bytes, signature: str, by: str) -> None:
    """Keep the root's signature over the draft.

    Raises:
        ConflictError: `draft_changed`, it is another draft by now.
        KeyringError: it is not the root key's signature over these bytes, or the draft no longer
            follows the chain.
    """
    with parts.database.writing() as session:
        row = _draft(session, parts, sha256)
        parts.keyrings.verify_next(SignedKeyring(row.file, signature))
        row.signature, row.cosignature = signature, None
        note(session, "KeyringSigned", by, row.sha256.hex(), parts.clock())


def cosign(parts: Parts, handler: HandlerKey, sha256: bytes, cosignature: str) -> None:
    """Keep a handler's signature over the draft; it must be this handler's own.

    Raises:
        ConflictError: `draft_changed`; `not_signed`, the root has not signed it.
        FilingError: `cosignature`, it is not this handler's, or the handler is not in the keyring
            before this one.
    """
    with parts.database.writing() as session:
        row = _draft(session, parts, sha256)
        if row.signature is None:
            raise ConflictError("not_signed")
        signed = SignedKeyring(row.file, row.signature, cosignature)
        try:
            cosigner = parts.keyrings.verify_next(signed).links[-1].cosigned_by
        except KeyringError as error:
            raise FilingError("cosignature") from error
        if cosigner != handler.id:
            raise FilingError("cosignature")
        row.cosignature = cosignature
        note(session, "KeyringCosigned", handler.id, row.sha256.hex(), parts.clock())


def publish(parts: Parts, sha256: bytes, by: str) -> None:
    """Publish the draft, and forget the joins that it has taken in.

    Raises:
        ConflictError: `draft_changed`; `not_signed`; `too_old`, its day is past.
        KeyringError: it breaks a rule of the chain.
        DeniedError: `keys_dir`, the server may not write there: `whistle keys publish` does it.
    """
    with parts.database.reading() as session:
        row = _draft(session, parts, sha256)
    if row.signature is None:
        raise ConflictError("not_signed")
    if parse(row.file).issued_on < parts.today(parts.settings.channels[0]):
        raise ConflictError("too_old")
    try:
        parts.keyrings.publish(SignedKeyring(row.file, row.signature, row.cosignature))
    except FileExistsError as error:
        raise ConflictError("draft_changed") from error
    except OSError as error:
        raise DeniedError("keys_dir") from error
    with parts.database.writing() as session:
        note(session, "KeyringPublished", by, row.sha256.hex(), parts.clock())
        tidy(session, parts)


def discard(parts: Parts, sha256: bytes, by: str) -> None:
    """Throw the draft away. Raises ConflictError (`draft_changed`)."""
    with parts.database.writing() as session:
        session.delete(_draft(session, parts, sha256))
        note(session, "KeyringDiscarded", by, sha256.hex(), parts.clock())


def tidy(session: Session, parts: Parts) -> None:
    """Forget drafts that are published or overtaken, and joins that the keyring in force names.

    A join that only a waiting keyring names stays: it tells that the key in force is lost. Whom no
    keyring names any more is forgotten too.
    """
    if not parts.keyrings.begun:
        return
    chain = parts.keyrings.published().chain
    in_force = chain.effective(parts.today(parts.settings.channels[0]))
    forget_gone(session, parts)
    for row in session.scalars(select(KeyringDraft)):
        if parse(row.file).serial <= chain.newest.serial:
            session.delete(row)
    for one in session.scalars(select(Invitation).where(Invitation.joined_on.is_not(None))):
        if candidates.is_named(one, in_force):
            session.delete(one)


def current(session: Session, parts: Parts) -> KeyringDraft | None:
    """The draft that waits; one that is published or overtaken is none."""
    last = newest_keyring(parts)
    for row in session.scalars(select(KeyringDraft)):
        if last is None or parse(row.file).serial > last.serial:
            return row
    return None


def newest_keyring(parts: Parts) -> Keyring | None:
    """The newest published keyring, perhaps still waiting; None before the first."""
    return parts.keyrings.published().chain.newest if parts.keyrings.begun else None


def newest_file(parts: Parts) -> bytes | None:
    """The exact bytes of the newest published keyring; None before the first."""
    return parts.keyrings.published().files[-1].file if parts.keyrings.begun else None


def _draft(session: Session, parts: Parts, sha256: bytes) -> KeyringDraft:
    row = current(session, parts)
    if row is None or row.sha256 != sha256:
        raise ConflictError("draft_changed")
    return row


def _refuse_needless(last: Keyring, issued_on: date) -> None:
    """Refuse a keyring that changes nothing, unless it makes the list last longer."""
    if issued_on <= last.issued_on:
        raise FilingError("nothing")


def _content(session: Session, parts: Parts, wanted: Wanted, last: bytes | None) -> dict[str, Any]:
    """What the next keyring says."""
    issued = wanted.issued_on
    if last is None:
        content = drafting.first(parts.settings.organisation, issued)
    else:
        content = drafting.following(last, issued)
    joined = {one.person_id: one for one in candidates.waiting(session, newest_keyring(parts))}
    there = {one["id"] for one in content["handlers"]}
    if (wanted.add - set(joined)) or ((wanted.remove | set(wanted.channels)) - there):
        raise FilingError("unknown")
    kept = [
        _kept(parts, one, wanted)
        for one in content["handlers"]
        if one["id"] not in wanted.remove | wanted.add
    ]
    added = [
        _kept(parts, candidates.member(joined[one], issued), wanted) for one in sorted(wanted.add)
    ]
    content["handlers"] = [*kept, *added]
    service = parts.service_key.public
    if b64u(service) not in {one["sign"] for one in content["service"]}:
        content["service"] = [*content["service"], drafting.service_member(service, issued)]
    if wanted.recovery or wanted.no_recovery:
        content["recovery"] = _recovery(wanted)
    if wanted.next_root:
        content["next_root"] = _root(wanted.next_root)
    return content


def _kept(parts: Parts, one: Mapping[str, Any], wanted: Wanted) -> Mapping[str, Any]:
    channels = wanted.channels.get(one["id"])
    if channels is None:
        return one
    if not channels:
        raise FilingError("nothing")
    rules.check_channels(parts, channels)
    return {**one, "channels": dict(sorted(channels.items()))}


def _recovery(wanted: Wanted) -> dict[str, Any] | None:
    """The recovery key as `whistle keys recovery new` wrote it, or none."""
    if wanted.no_recovery:
        return None
    try:
        given = strictjson.parse(wanted.recovery.encode(), RECOVERY_BYTES_MAX, KeyringError)
        content = drafting.first("check", wanted.issued_on) | {"recovery": given}
        recovery = parse(drafting.write(content)).recovery
    except (KeyringError, UnicodeEncodeError) as error:
        raise FilingError("recovery") from error
    return None if recovery is None else member(recovery)


def _root(line: str) -> str:
    try:
        return b64u(parse_public_line(line.strip()))
    except SignatureError as error:
        raise FilingError("root") from error
