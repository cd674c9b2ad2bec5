"""/api/v1/desk: signing in, the list, one case, writing; closed to everybody else."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests import acts
from tests.organisation import Organisation, make_organisation, make_settings, site_of
from whistle.crypto import age, puzzle
from whistle.crypto.age import PrivateKey
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.services.operating.start import start as start_parts


@pytest.fixture
def case(organisation: Organisation) -> str:
    """The id of a fresh case."""
    return acts.case_id(organisation, acts.file(organisation))


def start(desk: acts.Desk, organisation: Organisation, handler_id: str = "anna") -> Any:
    """Post a right one-time code."""
    code = organisation.one_time_code(handler_id)
    return desk.ask("POST", "/sign-in", json={"person": handler_id, "code": code})


def finish(desk: acts.Desk, organisation: Organisation, started: Any, **how: Any) -> Any:
    """Post the answer to a nonce."""
    nonce = b64u_decode(started.get_json()["nonce"])
    signature = acts.answer_to(organisation, how.pop("signer", "anna"), nonce, **how)
    return desk.ask("POST", "/session", json={"signature": b64u(signature)})


def test_a_handler_signs_in(organisation: Organisation) -> None:
    """Code, key file and nonce, signature, session: the way of protocol section 6."""
    desk = acts.at_the_door(organisation)
    started = start(desk, organisation)
    assert started.status_code == 200
    key_file = b64u_decode(started.get_json()["key_file"])
    anna = organisation.people["anna"]
    assert age.open_with_passphrase(key_file, anna.passphrase) == f"{anna.private_key}\n".encode()
    opened = finish(desk, organisation, started)
    assert opened.status_code == 201
    assert opened.get_json() == {
        "person": {"id": "anna", "name": "Anna Lind", "roles": ["handler"]}
    }
    who = desk.ask("GET", "/session")
    assert (who.status_code, who.get_json()) == (200, opened.get_json())


def test_every_wrong_sign_in_has_one_answer(organisation: Organisation) -> None:
    """The same bytes, whoever was named and whatever was wrong."""
    desk = acts.at_the_door(organisation)
    used = organisation.one_time_code("anna")
    start(desk, organisation)
    answers = [
        desk.ask("POST", "/sign-in", json={"person": handler, "code": code})
        for handler, code in (
            ("anna", "000000"),
            ("anna", used),
            ("david", used),
            ("", ""),
            (None, None),
            ({}, []),
            ("x" * 10_000, "1" * 10_000),
            ("anna\0", used),
            ("å", "١٢٣٤٥٦"),
        )
    ]
    assert {one.status_code for one in answers} == {401}
    assert {one.data for one in answers} == {answers[0].data}
    assert answers[0].get_json()["error"] == "sign_in"


def test_many_wrong_codes_have_a_price_and_lock_nobody_out(organisation: Organisation) -> None:
    """429 with the price, the same for a name that is not there; paid, the right code enters."""
    told = []
    for name in ("anna", "nobody"):
        desk = acts.at_the_door(organisation)
        for _ in range(5):
            sent = {"person": name, "code": "000000"}
            assert desk.ask("POST", "/sign-in", json=sent).status_code == 401
        told.append(desk.ask("POST", "/sign-in", json=sent))
    assert {one.status_code for one in told} == {429}
    assert told[0].data == told[1].data
    price = told[0].get_json()
    assert (price["error"], price["bits"], price["most"]) == ("price", 12, 20)
    code = organisation.one_time_code("anna")
    tried = puzzle.subject("sign_in", "anna", code)
    paid = puzzle.solve(tried, price["at"], price["bits"])
    bought = {"at": paid.at, "number": paid.number}
    desk = acts.at_the_door(organisation)
    entered = desk.ask("POST", "/sign-in", json={"person": "anna", "code": code, "paid": bought})
    assert entered.status_code == 200


@pytest.mark.parametrize(
    "paid", [None, [], {}, {"at": 1}, {"at": "1", "number": 1}, {"at": 2**60, "number": -1}]
)
def test_what_is_no_payment_pays_nothing(organisation: Organisation, paid: object) -> None:
    """Whatever was sent in its place."""
    desk = acts.at_the_door(organisation)
    sent = {"person": "anna", "code": "000000", "paid": paid}
    statuses = [desk.ask("POST", "/sign-in", json=sent).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_a_code_used_on_two_workers_at_once_enters_once(organisation: Organisation) -> None:
    """Two applications on one database, racing with one code: exactly one sets a session up."""
    parts = start_parts(organisation.parts.settings, organisation.parts.clock)
    both = (organisation, replace(organisation, parts=parts, app=site_of(parts)))
    desks = [acts.at_the_door(one) for one in both]
    sent = {"person": "anna", "code": organisation.one_time_code("anna")}
    ready = Barrier(2)

    def race(desk: acts.Desk) -> int:
        ready.wait()
        return desk.ask("POST", "/sign-in", json=sent).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(race, desks)) == [200, 401]
    parts.database.close()


def test_half_a_letter_is_no_name(organisation: Organisation) -> None:
    """A surrogate alone is no text; it is refused and breaks nothing."""
    desk = acts.at_the_door(organisation)
    sent = b'{"person":"\\ud800","code":"\\udfff"}'
    answer = desk.ask("POST", "/sign-in", data=sent, content_type="application/json")
    assert (answer.status_code, answer.get_json()["error"]) == (422, "json")


def test_a_signature_for_another_site_opens_nothing(organisation: Organisation) -> None:
    """Only this site's origin counts."""
    desk = acts.at_the_door(organisation)
    started = start(desk, organisation)
    answer = finish(desk, organisation, started, origin="https://evil.example")
    assert (answer.status_code, answer.get_json()["error"]) == (401, "sign_in")


def test_the_desks_own_address_is_what_must_be_signed(tmp_path: Path) -> None:
    """Where it is set, a page that passes everything on under another host name gets nothing."""
    settings = replace(make_settings(tmp_path), desk_address="https://desk.example/")
    organisation = make_organisation(tmp_path, settings)
    desk = acts.at_the_door(organisation)
    passed_on = finish(desk, organisation, start(desk, organisation), origin=acts.SITE)
    assert passed_on.status_code == 401
    organisation.move(1)
    started = start(desk, organisation)
    assert finish(desk, organisation, started, origin="https://desk.example").status_code == 201


def test_another_handlers_signature_opens_nothing(organisation: Organisation) -> None:
    """Bo cannot finish what Anna began."""
    desk = acts.at_the_door(organisation)
    answer = finish(desk, organisation, start(desk, organisation), signer="bo")
    assert answer.status_code == 401


def test_a_session_needs_its_own_browser(organisation: Organisation) -> None:
    """The nonce of one browser is not finished in another."""
    started = start(acts.at_the_door(organisation), organisation)
    answer = finish(acts.at_the_door(organisation), organisation, started)
    assert answer.status_code == 401


@pytest.mark.parametrize("signature", [None, 5, "", "AA", "ä", "=" * 10, [], b64u(bytes(64))])
def test_what_is_no_signature_opens_nothing(organisation: Organisation, signature: object) -> None:
    """Refused, and never a fault of ours."""
    desk = acts.at_the_door(organisation)
    start(desk, organisation)
    answer = desk.ask("POST", "/session", json={"signature": signature})
    assert answer.status_code in {401, 422}
    assert desk.ask("GET", "/session").status_code == 401


def test_the_cookie_leaves_this_site_and_script_alone(organisation: Organisation) -> None:
    """__Host-, Secure, HttpOnly, SameSite: no other host sets it and no script reads it."""
    desk = acts.at_the_door(organisation)
    cookie = start(desk, organisation).headers["Set-Cookie"]
    assert cookie.startswith("__Host-desk=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "Expires" not in cookie
    assert "Max-Age" not in cookie


def test_signing_out_ends_the_session(organisation: Organisation) -> None:
    """Also for a cookie that was copied before."""
    desk = acts.sign_in(organisation, "anna")
    kept = desk.client.get_cookie("__Host-desk")
    assert kept is not None
    assert desk.ask("DELETE", "/session").status_code == 204
    assert desk.ask("GET", "/session").status_code == 401
    desk.client.set_cookie("__Host-desk", kept.value)
    assert desk.ask("GET", "/session").status_code == 401


def test_a_session_ends_by_itself(organisation: Organisation) -> None:
    """Fifteen minutes after the last request, with the answer of one who is not signed in."""
    desk = acts.sign_in(organisation, "anna")
    assert desk.ask("GET", "/cases").status_code == 200
    organisation.now = organisation.now.replace(minute=16)
    answer = desk.ask("GET", "/cases")
    assert (answer.status_code, answer.get_json()["error"]) == (401, "signed_out")


CHANGES = [
    ("POST", "/sign-in"),
    ("POST", "/session"),
    ("DELETE", "/session"),
    ("POST", "/feed"),
    ("DELETE", "/feed"),
    ("POST", "/tasks"),
    ("POST", "/cases/CASE/entries"),
    ("PUT", "/cases/CASE/desk.age"),
]


@pytest.mark.parametrize(("method", "path"), CHANGES)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_change_needs_the_pages_token(
    organisation: Organisation, case: str, method: str, path: str, token: str | None
) -> None:
    """Another site can send the cookie along, and not this."""
    desk = acts.sign_in(organisation, "anna")
    headers = {"Referer": f"{acts.SITE}/en/desk"}
    if token is not None:
        headers["X-CSRFToken"] = token
    answer = desk.client.open(
        f"/api/v1/desk{path.replace('CASE', case)}",
        method=method,
        base_url=acts.SITE,
        headers=headers,
        json={},
    )
    assert (answer.status_code, answer.get_json()["error"]) == (400, "csrf")


def test_a_strangers_request_is_told_nothing(organisation: Organisation, case: str) -> None:
    """Signed out, a case that is there and one that is not look the same."""
    desk = acts.at_the_door(organisation)
    answers = [desk.ask("GET", f"/cases/{one}") for one in (case, "00" * 16, "x")]
    assert {one.status_code for one in answers} == {401}
    assert {one.data for one in answers} == {answers[0].data}


def test_the_list_and_a_case_open(organisation: Organisation, case: str) -> None:
    """The list names it; the case opens with the handler's own key."""
    desk = acts.sign_in(organisation, "anna")
    listed = desk.ask("GET", "/cases").get_json()
    assert [one["id"] for one in listed["cases"]] == [case]
    opened = desk.ask("GET", f"/cases/{case}")
    assert opened.headers["Cache-Control"] == "no-store"
    entries, _ = acts.verified(
        organisation, opened.get_json(), organisation.people["anna"].private_key
    )
    assert entries[0].json() == acts.body()


def test_absent_and_foreign_are_the_same_answer(organisation: Organisation) -> None:
    """The same bytes and the same headers, for every way of asking."""
    foreign = acts.case_id(organisation, acts.file(organisation, left_out=("bo",)))
    desk = acts.sign_in(organisation, "bo")
    entry = b64u(acts.any_entry(organisation.people["bo"].private_key))
    posted = {"chain": "case", "seq": 3, "kind": "message", "sealed": entry}
    key = b64u(age.seal(bytes(77), [PrivateKey.generate().public_key]))
    for method, path, sent in (
        ("GET", "", None),
        ("POST", "/entries", posted),
        ("PUT", "/desk.age", {"desk_age": key}),
    ):
        answers = [
            desk.ask(method, f"/cases/{one}{path}", json=sent)
            for one in (foreign, "00" * 16, "zz", "a")
        ]
        assert {one.status_code for one in answers} == {404}
        assert {one.data for one in answers} == {answers[0].data}
        assert all(list(one.headers) == list(answers[0].headers) for one in answers)


def test_an_entry_is_added_once(organisation: Organisation, case: str) -> None:
    """201, the same again 200; by a colleague in its place 409."""
    desk, his = acts.sign_in(organisation, "anna"), acts.sign_in(organisation, "bo")
    seq, entry = acts.by_handler(organisation, "anna", case, "acknowledgement")
    _, other = acts.by_handler(organisation, "bo", case, "acknowledgement")
    posted = {"chain": "case", "seq": seq, "kind": "acknowledgement", "sealed": b64u(entry)}
    path = f"/cases/{case}/entries"
    first, again = (desk.ask("POST", path, json=posted) for _ in range(2))
    late = his.ask("POST", path, json={**posted, "sealed": b64u(other)})
    assert (first.status_code, again.status_code, late.status_code) == (201, 200, 409)
    assert first.data == again.data
    assert late.get_json()["error"] == "out_of_turn"


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "a second acknowledgement": ({"kind": "acknowledgement"}, 409, "already_acknowledged"),
    "closing without feedback": ({"kind": "closing", "outcome": "settled"}, 409, "no_feedback"),
    "closing without outcome": ({"kind": "closing"}, 422, "outcome"),
    "feedback that is neither": ({"kind": "feedback"}, 422, "final"),
    "interim without a date": ({"kind": "feedback", "final": False}, 409, "next_on"),
    "a date that is none": (
        {"kind": "feedback", "final": False, "next_on": {"a": 1}},
        422,
        "next_on",
    ),
    "a report": ({"kind": "report"}, 422, "kind"),
    "a kind that is a list": ({"kind": ["message"]}, 422, "kind"),
    "a chain that is a table": ({"kind": "message", "chain": {}}, 422, "kind"),
    "a huge number": ({"kind": "message", "seq": 10**30}, 422, "seq"),
    "plaintext": ({"kind": "message", "sealed": "SGVsbG8"}, 422, "entry"),
    "a number for bytes": ({"kind": "message", "sealed": 7}, 422, "base64"),
}


@pytest.mark.parametrize(("changes", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_what_a_handler_may_not_do_is_refused(
    organisation: Organisation, case: str, changes: dict[str, Any], status: int, code: str
) -> None:
    """With a code for the page's sentence; nothing is kept."""
    acts.act(organisation, "anna", case, "acknowledgement")
    desk = acts.sign_in(organisation, "anna")
    entry = b64u(acts.any_entry(organisation.people["anna"].private_key))
    posted = {"chain": "case", "seq": 4, "sealed": entry, **changes}
    answer = desk.ask("POST", f"/cases/{case}/entries", json=posted)
    assert (answer.status_code, answer.get_json()["error"]) == (status, code)
    opened = desk.ask("GET", f"/cases/{case}").get_json()
    assert len(opened["entries"]) == 3


@pytest.mark.parametrize("missing", ["chain", "seq", "kind", "sealed"])
def test_an_entry_without_a_field_is_refused(
    organisation: Organisation, case: str, missing: str
) -> None:
    """The whole place is named, or nothing."""
    desk = acts.sign_in(organisation, "anna")
    posted = {"chain": "case", "seq": 3, "kind": "message", "sealed": "AA"}
    del posted[missing]
    answer = desk.ask("POST", f"/cases/{case}/entries", json=posted)
    assert (answer.status_code, answer.get_json()["error"]) == (422, "json")


def test_the_first_desk_key_stays(organisation: Organisation, case: str) -> None:
    """204, the same again 204, another 409."""
    desk = acts.sign_in(organisation, "anna")
    one, other = (b64u(age.seal(bytes(77), [PrivateKey.generate().public_key])) for _ in "ab")
    path = f"/cases/{case}/desk.age"
    statuses = [
        desk.ask("PUT", path, json={"desk_age": sent}).status_code for sent in (one, one, other)
    ]
    assert statuses == [204, 204, 409]
    assert desk.ask("GET", f"/cases/{case}").get_json()["desk_age"] == one
