"""Changing who may read a case, done as a handler's browser does it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation
from whistle.crypto import age
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import EntryRecord, VerifiedEntry, next_place, verify_thread
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import open_case_keys
from whistle.crypto.resealing import Change, Opened, Resealed, first_desk, reseal
from whistle.errors import NotForMeError
from whistle.services.handling import cases, resealing
from whistle.services.handling.writing import Written, write
from whistle.services.thread import Appended
from whistle.storage.tables import Case, EntrySeal, OldSeal


def change(
    organisation: Organisation,
    by: str,
    case: str,
    reason: str,
    *,
    remove: tuple[str, ...] = (),
    add: tuple[str, ...] = (),
) -> Appended:
    """Let a reader change who may read a case."""
    posted = made(organisation, by, case, reason, remove=remove, add=add)
    return post(organisation, by, case, posted)


def post(organisation: Organisation, by: str, case: str, posted: Mapping[str, Any]) -> Appended:
    """Hand a change to the service."""
    handler = acts.handler(organisation, by)
    return resealing.change_access(organisation.parts, handler, case, posted)


def made(
    organisation: Organisation,
    by: str,
    case: str,
    reason: str,
    *,
    remove: tuple[str, ...] = (),
    add: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The body of the request that a reader's browser makes."""
    given = answer(organisation, by, case)
    found = sealed_again(organisation, by, given, Change(reason, remove, add))
    return found.as_json(sha256(b64u_decode(given["case_age"])).digest())


def sealed_again(
    organisation: Organisation, by: str, given: Mapping[str, Any], asked: Change
) -> Resealed:
    """What a reader's browser makes of an answer."""
    person = organisation.people[by]
    return reseal(
        opened(organisation, by, given),
        asked,
        Author("handler", by, person.signing_key, "browser"),
        keyrings=organisation.parts.keyrings.published().chain,
        on=acts.today(organisation),
    )


def answer(organisation: Organisation, by: str, case: str) -> dict[str, Any]:
    """A case as the server gives it."""
    return cases.open_case(organisation.parts, acts.handler(organisation, by), case)


def records(rows: list[dict[str, Any]]) -> list[EntryRecord]:
    """Entries with the hashes of those erased early."""
    found = acts.records(rows)
    return [
        replace(one, sha256=b64u_decode(row["sha256"])) if not one.sealed else one
        for one, row in zip(found, rows, strict=True)
    ]


def opened(organisation: Organisation, by: str, given: Mapping[str, Any]) -> Opened:
    """A case with both its chains verified by one of its readers."""
    key = organisation.people[by].private_key
    chain = organisation.parts.keyrings.published().chain
    keys = open_case_keys(b64u_decode(given["case_age"]), [key])
    case = verify_thread(
        records(given["entries"]), keys, chain, thread=b64u_decode(given["thread"])
    )
    desk_keys: list[PrivateKey] = []
    if given["desk_age"] is not None:
        desk_keys = open_case_keys(b64u_decode(given["desk_age"]), [key])
    desk = verify_thread(records(given["notes"]), desk_keys, chain, thread=None, case=case)
    return Opened(case, keys, desk, desk_keys)


def read(organisation: Organisation, by: str, case: str) -> list[VerifiedEntry]:
    """Both chains of a case, verified by one of its readers."""
    found = opened(organisation, by, answer(organisation, by, case))
    return [*found.case, *found.desk]


def begin_desk(organisation: Organisation, by: str, case: str) -> None:
    """Let a reader make the key for notes."""
    found = opened(organisation, by, answer(organisation, by, case))
    desk_age, entry = first_desk(
        found.case,
        _author(organisation, by),
        keyrings=organisation.parts.keyrings.published().chain,
        on=acts.today(organisation),
    )
    written = Written("desk", 1, "desk", entry, facts={"desk_age": b64u(desk_age)})
    write(organisation.parts, acts.handler(organisation, by), case, written)


def note(organisation: Organisation, by: str, case: str, text: str) -> None:
    """Let a reader write a note to the desk key that counts."""
    found = opened(organisation, by, answer(organisation, by, case))
    place = next_place(found.desk)
    entry = make_entry(
        place,
        _author(organisation, by),
        "note",
        {"text": text},
        keyring=acts.keyring(organisation),
        to=found.desk_keys[0].public_key,
    )
    written = Written("desk", place.seq, "note", entry)
    write(organisation.parts, acts.handler(organisation, by), case, written)


def _author(organisation: Organisation, by: str) -> Author:
    return Author("handler", by, organisation.people[by].signing_key, "browser")


@dataclass(frozen=True)
class Seized:
    """All that somebody has who once read a case: their private key, and what they opened then."""

    own: PrivateKey
    keys: tuple[PrivateKey, ...]

    @classmethod
    def by(cls, organisation: Organisation, handler_id: str, case: str) -> "Seized":
        """Let a reader keep everything that a case gives them now."""
        found = opened(organisation, handler_id, answer(organisation, handler_id, case))
        own = organisation.people[handler_id].private_key
        return cls(own, (own, *found.keys, *found.desk_keys))


def sealed_bytes(organisation: Organisation) -> list[bytes]:
    """Every sealed object that the server has."""
    with organisation.parts.database.reading() as session:
        found = list(session.scalars(select(EntrySeal.sealed)))
        found += session.scalars(select(OldSeal.sealed))
        for one in session.scalars(select(Case)):
            found += [one.case_age] + ([one.desk_age] if one.desk_age else [])
    return found


def opens(seized: Seized, sealed: bytes) -> bool:
    """Whether any of the keys that somebody kept opens an object."""
    try:
        age.open_sealed(sealed, seized.keys)
    except NotForMeError:
        return False
    return True
