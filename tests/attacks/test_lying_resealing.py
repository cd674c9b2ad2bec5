"""Getting among those to whom a case is sealed again: by a made-up reader, or by a new keyring."""

from datetime import timedelta
from typing import Any

import pytest

from tests import acts, sealing_again
from tests.organisation import Organisation
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import next_place
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import open_case_keys
from whistle.crypto.resealing import Change
from whistle.crypto.signing import handler_signing_key
from whistle.errors import NotForMeError, ThreadError


@pytest.fixture
def case(organisation: Organisation) -> str:
    """A case that Anna, Bo and Carin read."""
    return acts.case_id(organisation, acts.file(organisation))


MALLORY = PrivateKey.generate()


def added(content: dict[str, Any]) -> None:
    """Appoint Mallory, with keys of her own."""
    signing = handler_signing_key(MALLORY.seed).public
    mallory = {"id": "mallory", "person": "mallory", "name": "Mallory", "role_text": "HR"}
    keys = {"age": str(MALLORY.public_key), "sign": b64u(signing)}
    content["handlers"].append({**content["handlers"][0], **mallory, **keys})


def opens(organisation: Organisation, given: dict[str, Any]) -> bool:
    """Whether Mallory opens what Anna's browser seals when a key was renewed."""
    made = sealing_again.sealed_again(organisation, "anna", given, Change("rollover"))
    try:
        open_case_keys(made.case_age, [MALLORY])
    except NotForMeError:
        return False
    return True


@pytest.mark.parametrize("signer", ["service", "mallory"])
def test_nobody_gets_in_whom_the_root_has_not_signed(
    organisation: Organisation, case: str, signer: str
) -> None:
    """The server writes a change of access by itself: whoever reads refuses, nothing is sealed."""
    given = sealing_again.answer(organisation, "anna", case)
    opened = sealing_again.opened(organisation, "anna", given)
    place = next_place(opened.case)
    key = organisation.parts.service_key
    if signer == "mallory":
        key = handler_signing_key(MALLORY.seed)
    adds = {
        "gen": 1,
        "case_key": opened.case[0].head["case_key"],
        "desk_key": None,
        "desk_prev": given["thread"],
        "added": [{"id": "carin", "sha256": b64u(bytes(32))}],
        "removed": [],
        "reason": "colleague",
    }
    sealed = make_entry(
        place,
        Author("handler", "anna", key, "browser"),
        "access",
        {},
        keyring=acts.keyring(organisation),
        to=opened.keys[0].public_key,
        adds=adds,
    )
    lied = {**given["entries"][-1], "seq": place.seq, "kind": "access", "handler": "anna"}
    given["entries"].append({**lied, "sealed": b64u(sealed)})
    with pytest.raises(ThreadError, match="forged"):
        opens(organisation, given)


def test_whom_root_and_officer_add_unseen_is_not_sealed_to_for_seven_days(
    organisation: Organisation, case: str
) -> None:
    """Signed by the root alone it waits; in force she still reads no case she is not let into."""
    acts.publish_keyring(organisation, change=added)
    given = sealing_again.answer(organisation, "anna", case)
    assert not opens(organisation, given)
    organisation.now += timedelta(days=8)
    later = sealing_again.answer(organisation, "anna", case)
    assert not opens(organisation, later)
    assert b64u_decode(later["case_age"])
