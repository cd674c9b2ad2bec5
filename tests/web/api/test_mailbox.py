"""/api/v1/mailbox: the thread behind a token, and one more entry of the reporter's."""

from typing import Any

import pytest

from tests import acts
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u
from whistle.crypto.receipt import Receipt

READ = "/api/v1/mailbox"
WRITE = "/api/v1/mailbox/entries"


def entry(organisation: Organisation, filed: acts.Filed) -> dict[str, Any]:
    """The reporter's next message as a browser posts it."""
    client = organisation.app.test_client(use_cookies=False)
    opened = client.get(READ, headers=filed.bearer).get_json()
    message = acts.by_reporter(organisation, filed, "More.", opened)
    return {"seq": len(opened["entries"]) + 1, "kind": "message", "sealed": b64u(message)}


def test_a_token_opens_its_mailbox(organisation: Organisation) -> None:
    """The thread verifies with what is in the answer; nothing is kept in the browser."""
    filed = acts.file(organisation)
    answer = organisation.app.test_client().get(READ, headers=filed.bearer)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    entries, _ = acts.verified(organisation, answer.get_json(), filed.receipt.private_key)
    assert entries[0].json() == acts.body()


def test_unknown_wrong_and_erased_have_one_answer(organisation: Organisation) -> None:
    """The same bytes and the same headers, for reading and for writing."""
    filed, gone = acts.file(organisation), acts.file(organisation)
    message = entry(organisation, filed)
    with organisation.parts.database.writing() as session:
        acts.case_row(session, gone).mailbox_id = None
    wrong = bytes([filed.receipt.mailbox_token[0] ^ 1]) + filed.receipt.mailbox_token[1:]
    client = organisation.app.test_client(use_cookies=False)
    tokens = (gone.receipt.mailbox_token, wrong, Receipt.generate().mailbox_token, bytes(32))
    for answers in (
        [client.get(READ, headers=acts.bearer(one)) for one in tokens],
        [client.post(WRITE, headers=acts.bearer(one), json=message) for one in tokens],
    ):
        assert {one.status_code for one in answers} == {404}
        assert {one.data for one in answers} == {answers[0].data}
        assert all(list(one.headers) == list(answers[0].headers) for one in answers)
        assert answers[0].get_json()["error"] == "unknown"


TOKEN = b64u(bytes(32))
MALFORMED = [
    "",
    "Bearer",
    "Bearer ",
    f"Basic {TOKEN}",
    f"Bearer {TOKEN}A",
    f"Bearer {TOKEN}=",
    f"Bearer {TOKEN[:-1]}",
    f"Bearer {TOKEN[:-1]}B",
    f"Bearer  {TOKEN}",
    f"Bearer {TOKEN} {TOKEN}",
    "Bearer ++++",
    "Bearer ä",
]


@pytest.mark.parametrize("header", MALFORMED)
def test_a_malformed_token_is_unknown(organisation: Organisation, header: str) -> None:
    """The same bytes as for a token that opens nothing."""
    client = organisation.app.test_client(use_cookies=False)
    unknown = client.get(READ, headers=acts.bearer(bytes(32)))
    answer = client.get(READ, headers={"Authorization": header})
    assert (answer.status_code, answer.data) == (404, unknown.data)
    assert list(answer.headers) == list(unknown.headers)


def test_no_token_is_unknown(organisation: Organisation) -> None:
    """Also in the address or a cookie, where it would be written down."""
    filed = acts.file(organisation)
    token = b64u(filed.receipt.mailbox_token)
    client = organisation.app.test_client()
    client.set_cookie("token", token)
    for path in (READ, f"{READ}?token={token}", f"{READ}?access_token={token}"):
        assert client.get(path).status_code == 404


def test_a_message_is_added_once(organisation: Organisation) -> None:
    """201, the same again 200, another in its place 409."""
    filed = acts.file(organisation)
    client = organisation.app.test_client(use_cookies=False)
    first, second = entry(organisation, filed), entry(organisation, filed)
    added = client.post(WRITE, headers=filed.bearer, json=first)
    again = client.post(WRITE, headers=filed.bearer, json=first)
    other = client.post(WRITE, headers=filed.bearer, json=second)
    assert (added.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert added.data == again.data
    assert added.get_json()["seq"] == 3
    assert other.get_json()["error"] == "out_of_turn"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no JSON": ({"data": b"x"}, "json"),
    "no JSON by its type": ({"data": b"{}"}, "json"),
    "broken JSON": ({"data": b"{", "content_type": "application/json"}, "json"),
    "a list": ({"json": []}, "json"),
    "nothing": ({"json": None}, "json"),
    "no number": ({"json": {"kind": "message", "sealed": ""}}, "json"),
    "no kind": ({"json": {"seq": 3, "sealed": ""}}, "json"),
    "no bytes": ({"json": {"seq": 3, "kind": "message"}}, "json"),
    "bytes that are none": ({"json": {"seq": 3, "kind": "message", "sealed": "ä"}}, "base64"),
    "padded bytes": ({"json": {"seq": 3, "kind": "message", "sealed": "AA=="}}, "base64"),
    "a number for bytes": ({"json": {"seq": 3, "kind": "message", "sealed": 5}}, "base64"),
    "plaintext": ({"json": {"seq": 3, "kind": "message", "sealed": "SGVsbG8"}}, "entry"),
    "a huge number": ({"json": {"seq": 10**40, "kind": "message", "sealed": "AA"}}, "seq"),
    "a fraction": ({"json": {"seq": 3.5, "kind": "message", "sealed": "AA"}}, "seq"),
    "a list for a kind": ({"json": {"seq": 3, "kind": [], "sealed": "AA"}}, "kind"),
    "a handler's kind": ({"json": {"seq": 3, "kind": "feedback", "sealed": "AA"}}, "kind"),
    "half a surrogate": (
        {
            "data": b'{"seq":3,"kind":"\\ud800","sealed":"AA"}',
            "content_type": "application/json",
        },
        "json",
    ),
    "a thousand brackets": (
        {"data": b"[" * 100_000, "content_type": "application/json"},
        "json",
    ),
    "a number without end": (
        {"data": b'{"seq":' + b"9" * 10_000 + b"}", "content_type": "application/json"},
        "json",
    ),
    "bytes that are no text": ({"data": b"\xff\xfe", "content_type": "application/json"}, "json"),
}


@pytest.mark.parametrize(("sent", "code"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_refused(
    organisation: Organisation, sent: dict[str, Any], code: str
) -> None:
    """422 with a reason, never a fault of ours."""
    filed = acts.file(organisation)
    client = organisation.app.test_client(use_cookies=False)
    answer = client.post(WRITE, headers=filed.bearer, **sent)
    assert (answer.status_code, answer.get_json()["error"]) == (422, code)


def test_a_waiver_and_a_meeting_are_taken(organisation: Organisation) -> None:
    """The reporter's other kinds; a waiver says which way."""
    filed = acts.file(organisation)
    client = organisation.app.test_client(use_cookies=False)
    sealed = entry(organisation, filed)["sealed"]
    asked = [
        ({"seq": 3, "kind": "waiver", "sealed": sealed}, 422),
        ({"seq": 3, "kind": "waiver", "sealed": sealed, "waive_ack": "yes"}, 422),
        ({"seq": 3, "kind": "waiver", "sealed": sealed, "waive_ack": True}, 201),
        ({"seq": 4, "kind": "waiver", "sealed": sealed, "waive_ack": True}, 409),
        ({"seq": 4, "kind": "waiver", "sealed": sealed, "waive_ack": False}, 201),
        ({"seq": 5, "kind": "meeting", "sealed": sealed}, 201),
        ({"seq": 6, "kind": "meeting", "sealed": sealed}, 409),
    ]
    for sent, status in asked:
        answer = client.post(WRITE, headers=filed.bearer, json=sent)
        assert answer.status_code == status, (sent["kind"], answer.get_json())


def test_enough_for_a_day_is_told(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """429: wait, nothing is lost."""
    monkeypatch.setattr("whistle.services.reporting.mailbox.ENTRIES_A_DAY", 0)
    filed = acts.file(organisation)
    client = organisation.app.test_client(use_cookies=False)
    answer = client.post(WRITE, headers=filed.bearer, json=entry(organisation, filed))
    assert (answer.status_code, answer.get_json()["error"]) == (429, "enough_for_today")


def test_another_sites_entry_is_refused(organisation: Organisation) -> None:
    """Before the token is looked at."""
    filed = acts.file(organisation)
    answer = organisation.app.test_client().post(
        WRITE,
        headers={**filed.bearer, "Sec-Fetch-Site": "cross-site"},
        json=entry(organisation, filed),
    )
    assert (answer.status_code, answer.get_json()["error"]) == (403, "cross_site")


def test_other_sites_scripts_get_no_permission(organisation: Organisation) -> None:
    """No CORS: a browser does not hand the answer on."""
    filed = acts.file(organisation)
    client = organisation.app.test_client(use_cookies=False)
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    for answer in (
        client.options(READ, headers=headers),
        client.get(READ, headers={**filed.bearer, **headers}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
