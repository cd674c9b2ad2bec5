"""/api/v1/desk/keys, passkeys, sessions: one's own, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest

from tests import acts
from tests.authenticator import Passkey
from tests.organisation import CHEAP_LOG_N, Organisation
from whistle.crypto import age, passkey
from whistle.crypto.encoding import b64u, b64u_decode


def add(organisation: Organisation, desk: acts.Desk, key: Passkey, who: str = "anna") -> Any:
    """Add a passkey as the desk's page does."""
    asked = desk.ask("GET", "/passkeys").get_json()
    secret = key.secret(b64u_decode(asked["prf"]))
    sealed = passkey.seal_key_file(organisation.people[who].private_key, secret)
    made = key.made(b64u_decode(asked["challenge"]), sealed)
    sent = {
        "name": made.name,
        "client_data": b64u(made.client_data),
        "attestation": b64u(made.attestation),
        "key_file": b64u(sealed),
    }
    return desk.ask("POST", "/passkeys", json=sent)


def answer(desk: acts.Desk, key: Passkey) -> Any:
    """Touch a passkey at the door."""
    asked = desk.ask("POST", "/passkeys/question").get_json()
    said = key.answer(b64u_decode(asked["challenge"]))
    sent = {
        "credential_id": b64u(said.credential_id),
        "client_data": b64u(said.client_data),
        "authenticator_data": b64u(said.authenticator_data),
        "signature": b64u(said.signature),
    }
    return desk.ask("POST", "/passkeys/answer", json=sent)


def sessions(desk: acts.Desk) -> list[dict[str, Any]]:
    """One's own sessions."""
    found: list[dict[str, Any]] = desk.ask("GET", "/sessions").get_json()["sessions"]
    return found


def later(organisation: Organisation) -> None:
    """Let a new one-time code begin."""
    organisation.now += timedelta(seconds=30)


def test_a_passkey_signs_in_over_the_api(organisation: Organisation) -> None:
    """Question, answer, signature, session."""
    key = Passkey()
    added = add(organisation, acts.sign_in(organisation, "anna"), key)
    assert added.status_code == 201
    assert set(added.get_json()) == {"id", "name", "added_on", "last_used_on"}
    desk = acts.at_the_door(organisation)
    started = answer(desk, key)
    assert started.status_code == 200
    told = started.get_json()
    secret = key.secret(passkey.PRF_INPUT)
    opened_key = passkey.open_key_file(b64u_decode(told["key_file"]), secret)
    assert opened_key.seed == organisation.people["anna"].private_key.seed
    signature = acts.answer_to(organisation, told["person"], b64u_decode(told["nonce"]))
    opened = desk.ask("POST", "/session", json={"signature": b64u(signature)})
    assert opened.get_json()["person"]["id"] == "anna"


def test_a_wrong_passkey_is_answered_like_a_wrong_code(organisation: Organisation) -> None:
    """The same bytes."""
    desk = acts.at_the_door(organisation)
    wrong = desk.ask("POST", "/sign-in", json={"person": "anna", "code": "000000"})
    refused = answer(desk, Passkey())
    assert (refused.status_code, refused.data) == (401, wrong.data)


def test_the_ways_to_ones_own_key_are_told(organisation: Organisation) -> None:
    """One way is too few; a passkey or the paper is a second."""
    desk = acts.sign_in(organisation, "anna")
    ways = desk.ask("GET", "/keys").get_json()
    own = ways.pop("key")
    assert own["renew_on"] == acts.handler(organisation, "anna").renew_on.isoformat()
    assert (own["soon"], own["made_on"], own["old_key_waits"]) == (False, None, False)
    assert ways == {"passphrase": True, "passkeys": [], "printed_on": None, "only_one": True}
    assert desk.ask("POST", "/keys/printed").get_json() == {"printed_on": "2026-11-22"}
    add(organisation, desk, Passkey())
    ways = desk.ask("GET", "/keys").get_json()
    assert (ways["only_one"], ways["printed_on"]) == (False, "2026-11-22")
    assert [one["name"] for one in ways["passkeys"]] == ["Blue"]
    other = acts.sign_in(organisation, "bo").ask("GET", "/keys").get_json()
    assert (other["passkeys"], other["printed_on"]) == ([], None)


def test_a_new_passphrase_takes_the_old_ones_place(organisation: Organisation) -> None:
    """The old file is gone, this session goes on, the others end."""
    elsewhere = acts.sign_in(organisation, "anna")
    later(organisation)
    desk = acts.sign_in(organisation, "anna")
    line = f"{organisation.people['anna'].private_key}\n".encode()
    fresh = age.seal_with_passphrase(line, "new words", log_n=CHEAP_LOG_N)
    sent = {"key_file": b64u(fresh)}
    assert desk.ask("PUT", "/keys/passphrase", json=sent).status_code == 204
    assert elsewhere.ask("GET", "/session").status_code == 401
    assert desk.ask("GET", "/session").status_code == 200
    later(organisation)
    code = organisation.one_time_code("anna")
    told = acts.at_the_door(organisation).ask(
        "POST", "/sign-in", json={"person": "anna", "code": code}
    )
    assert b64u_decode(told.get_json()["key_file"]) == fresh


@pytest.mark.parametrize("sealed", [b"", b"age", b"x" * 20_000])
def test_what_is_no_key_file_changes_nothing(organisation: Organisation, sealed: bytes) -> None:
    """Else nobody could ever open it again."""
    desk = acts.sign_in(organisation, "anna")
    refused = desk.ask("PUT", "/keys/passphrase", json={"key_file": b64u(sealed)})
    assert (refused.status_code, refused.get_json()["error"]) == (422, "key_file")
    assert desk.ask("GET", "/keys").get_json()["passphrase"]


def test_ones_own_sessions_are_listed(organisation: Organisation) -> None:
    """When each began and was last used, which one asks, and nothing of where it is."""
    first = acts.sign_in(organisation, "anna")
    later(organisation)
    second = acts.sign_in(organisation, "anna")
    acts.sign_in(organisation, "bo")
    listed = sessions(second)
    assert [one["this"] for one in listed] == [True, False]
    assert set(listed[0]) == {"id", "started_at", "seen_at", "this"}
    assert listed[0]["started_at"] == "2026-11-22T11:00:30+00:00"
    assert {one["id"] for one in sessions(first)} == {one["id"] for one in listed}


def test_the_newest_of_the_other_sessions_comes_first(organisation: Organisation) -> None:
    """After the one that asks."""
    desks = []
    for _ in range(4):
        desks.append(acts.sign_in(organisation, "anna"))
        later(organisation)
    begun = [one["started_at"] for one in sessions(desks[1])]
    assert begun[0] == sorted(begun)[1]
    assert begun[1:] == sorted(begun[1:], reverse=True)
    assert len(begun) == 4


def test_a_session_is_ended_from_another(organisation: Organisation) -> None:
    """At its next request it is nobody's."""
    lost = acts.sign_in(organisation, "anna")
    later(organisation)
    desk = acts.sign_in(organisation, "anna")
    (other,) = [one["id"] for one in sessions(desk) if not one["this"]]
    assert desk.ask("DELETE", f"/sessions/{other}").status_code == 204
    assert lost.ask("GET", "/cases").status_code == 401
    assert desk.ask("GET", "/cases").status_code == 200
    assert desk.ask("DELETE", f"/sessions/{other}").status_code == 404


def test_nobody_ends_anybody_elses_session(organisation: Organisation) -> None:
    """Its id is answered like one that is not there."""
    anna, bo = (acts.sign_in(organisation, who) for who in ("anna", "bo"))
    (hers,) = [one["id"] for one in sessions(anna)]
    foreign = bo.ask("DELETE", f"/sessions/{hers}")
    absent = bo.ask("DELETE", "/sessions/" + "0" * 32)
    assert (foreign.status_code, foreign.data) == (404, absent.data)
    assert bo.ask("DELETE", "/sessions").status_code == 204
    assert anna.ask("GET", "/session").status_code == 200


def test_all_others_are_ended_at_once(organisation: Organisation) -> None:
    """And sign-ins that were under way."""
    others = []
    for _ in range(3):
        others.append(acts.sign_in(organisation, "anna"))
        later(organisation)
    desk = acts.sign_in(organisation, "anna")
    assert desk.ask("DELETE", "/sessions").status_code == 204
    assert len(sessions(desk)) == 1
    assert {one.ask("GET", "/session").status_code for one in others} == {401}


def test_an_ended_session_is_not_listed(organisation: Organisation) -> None:
    """A quarter of an hour of rest ends it, swept or not."""
    acts.sign_in(organisation, "anna")
    organisation.now += timedelta(minutes=10)
    desk = acts.sign_in(organisation, "anna")
    organisation.now += timedelta(minutes=6)
    assert len(sessions(desk)) == 1


def test_signing_in_anew_leaves_no_second_session_behind(organisation: Organisation) -> None:
    """The browser's cookie has one token; what it had before is ended."""
    desk = acts.sign_in(organisation, "anna")
    later(organisation)
    code = organisation.one_time_code("anna")
    told = desk.ask("POST", "/sign-in", json={"person": "anna", "code": code}).get_json()
    signature = acts.answer_to(organisation, "anna", b64u_decode(told["nonce"]))
    assert desk.ask("POST", "/session", json={"signature": b64u(signature)}).status_code == 201
    assert len(sessions(desk)) == 1


@pytest.mark.parametrize("passkey_id", ["x", "00" * 16, "é", "00"])
def test_a_passkey_that_is_not_there_is_not_found(
    organisation: Organisation, passkey_id: str
) -> None:
    """Whatever the address says."""
    desk = acts.sign_in(organisation, "anna")
    refused = desk.ask("DELETE", f"/passkeys/{passkey_id}")
    assert (refused.status_code, refused.get_json()["error"]) == (404, "unknown")
