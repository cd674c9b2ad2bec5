"""The handlers' key of a case: it comes together with the entry that names it, once."""

from typing import Any

from werkzeug.test import TestResponse

from tests.acts import Desk, any_entry, case_id, case_row, file, sign_in
from tests.organisation import Organisation
from whistle.crypto.age import PrivateKey, seal
from whistle.crypto.encoding import b64u


def key_file(organisation: Organisation) -> bytes:
    """Some key, sealed to every handler."""
    to = [person.private_key.public_key for person in organisation.people.values()]
    return seal(b"AGE-SECRET-KEY-PQ-1SOMETHING\n", to)


def begin(desk: Desk, case: str, **more: Any) -> TestResponse:
    """Post the first entry of the handlers' chain."""
    sealed = b64u(any_entry(PrivateKey.generate()))
    entry = {"chain": "desk", "seq": 1, "kind": "desk", "sealed": sealed, **more}
    return desk.ask("POST", f"/cases/{case}/entries", json=entry)


def kept(organisation: Organisation, filed: Any) -> bytes | None:
    """The key as it is kept."""
    with organisation.parts.database.reading() as session:
        return case_row(session, filed).desk_age


def test_key_and_entry_are_kept_together(organisation: Organisation) -> None:
    """One request, one transaction."""
    filed, desk, sealed = file(organisation), sign_in(organisation, "anna"), key_file(organisation)
    answer = begin(desk, case_id(organisation, filed), desk_age=b64u(sealed))
    assert answer.status_code == 201
    assert kept(organisation, filed) == sealed


def test_an_entry_without_any_key_is_refused(organisation: Organisation) -> None:
    """Nobody could ever write after it."""
    filed, desk = file(organisation), sign_in(organisation, "anna")
    answer = begin(desk, case_id(organisation, filed))
    assert (answer.status_code, (answer.json or {})["error"]) == (422, "desk_age")
    assert kept(organisation, filed) is None
    again = begin(desk, case_id(organisation, filed), desk_age=b64u(key_file(organisation)))
    assert again.status_code == 201


def test_what_is_no_key_file_is_refused(organisation: Organisation) -> None:
    """By its shape, as when it is put."""
    filed, desk = file(organisation), sign_in(organisation, "anna")
    for given in (b64u(b"no age file"), "not base64u!", 7):
        assert begin(desk, case_id(organisation, filed), desk_age=given).status_code == 422
    assert kept(organisation, filed) is None


def test_who_comes_second_uses_the_first_key(organisation: Organisation) -> None:
    """The second entry is out of turn, and the key that the first one names stays."""
    filed, desk = file(organisation), sign_in(organisation, "anna")
    first, second = key_file(organisation), key_file(organisation)
    case = case_id(organisation, filed)
    assert begin(desk, case, desk_age=b64u(first)).status_code == 201
    refused = begin(desk, case, desk_age=b64u(second))
    assert (refused.status_code, (refused.json or {})["error"]) == (409, "out_of_turn")
    assert kept(organisation, filed) == first
