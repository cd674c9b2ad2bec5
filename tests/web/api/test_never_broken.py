"""Whatever is posted to the API, in whatever field: it is refused or done, and never breaks us."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import acts
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u
from whistle.web.api.desk import FACTS as DESK_FACTS

CASE_KINDS = (
    "acknowledgement",
    "message",
    "feedback",
    "closing",
    "reopening",
    "meeting_offer",
    "out_of_scope",
    "removed",
)
DESK_KINDS = (
    "desk",
    "note",
    "marks",
    "withholding",
    "handover",
    "person",
    "person_ground",
    "person_ended",
    "erasure_proposal",
    "erasure_withdrawal",
)
REPORTER_KINDS = ("message", "waiver", "meeting")
FACTS = (*DESK_FACTS, "waive_ack")
ODD: list[Any] = [
    None,
    True,
    -1,
    10**40,
    0.5,
    "",
    "9999-12-31",
    "å\0\n",
    "A" * 43,
    [],
    [[]],
    {},
    [{"seq": 3, "sha256": "A" * 43}],
    [{"seq": 10**40}],
]
"""Values that some field is not made for; the last ones look like what another field wants."""

FIELDS = (
    "chain",
    "seq",
    "kind",
    "sealed",
    "final",
    "next_on",
    "outcome",
    "reason",
    "ground",
    "entries",
    "desk_age",
    "case_age",
    "if_match",
    "gen",
    "waive_ack",
    "handler",
    "person",
    "code",
    "signature",
    "name",
    "client_data",
    "attestation",
    "key_file",
    "credential_id",
    "authenticator_data",
    "started_on",
    "review_on",
    "case",
)
DESK = (
    ("POST", "/sign-in"),
    ("POST", "/session"),
    ("POST", "/passkeys/answer"),
    ("POST", "/passkeys"),
    ("PUT", "/keys/passphrase"),
    ("POST", "/tasks"),
    ("POST", "/tasks/TASK/done"),
    ("POST", "/tasks/TASK/extension"),
    ("POST", "/tasks/TASK/postponement"),
    ("POST", "/cases/CASE/entries"),
    ("POST", "/cases/CASE/access"),
    ("PUT", "/cases/CASE/desk.age"),
)


@pytest.fixture
def desk(organisation: Organisation) -> acts.Desk:
    """Anna at the desk."""
    return acts.sign_in(organisation, "anna")


@pytest.fixture
def right(organisation: Organisation, desk: acts.Desk) -> dict[str, Any]:
    """A posted object in which every field has a value that fits somewhere."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    task = desk.ask(
        "POST", "/tasks", json={"kind": "data_request", "started_on": "2026-11-22", "case": case}
    ).get_json()["id"]
    sealed = b64u(acts.any_entry(organisation.people["anna"].private_key))
    keys = b64u(acts.sealed(organisation, filed.receipt).case_age)
    return {
        "CASE": case,
        "TASK": task,
        "TOKEN": filed.bearer,
        "chain": "case",
        "seq": 3,
        "kind": "message",
        "sealed": sealed,
        "final": False,
        "next_on": "2026-12-22",
        "outcome": "settled",
        "reason": "no_route",
        "ground": "identity",
        "entries": [],
        "desk_age": keys,
        "case_age": keys,
        "if_match": "A" * 43,
        "gen": 1,
        "waive_ack": True,
        "handler": "anna",
        "person": "anna",
        "code": "000000",
        "signature": "A" * 86,
        "name": "Blue",
        "client_data": b64u(b'{"type":"webauthn.get","challenge":"AA","origin":"x"}'),
        "attestation": "oA",
        "key_file": keys,
        "credential_id": "AA",
        "authenticator_data": "A" * 50,
        "started_on": "2026-11-22",
        "review_on": "2026-12-22",
        "case": case,
    }


def posted(right: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The right object with some fields changed."""
    return {**{name: right[name] for name in FIELDS}, **changes}


@pytest.mark.parametrize("field", FIELDS)
def test_an_odd_value_in_a_field_breaks_nothing(
    organisation: Organisation, desk: acts.Desk, right: dict[str, Any], field: str
) -> None:
    """At every door that takes JSON, one field after another."""
    reporter = organisation.app.test_client(use_cookies=False)
    for value in ODD:
        sent = posted(right, **{field: value})
        for method, path in DESK:
            address = path.replace("CASE", right["CASE"]).replace("TASK", right["TASK"])
            answer = desk.ask(method, address, json=sent)
            assert answer.status_code < 500, (method, path, value)
        answer = reporter.post("/api/v1/mailbox/entries", json=sent, headers=right["TOKEN"])
        assert answer.status_code < 500, value


@pytest.mark.parametrize("kind", [*CASE_KINDS, *DESK_KINDS])
def test_an_odd_fact_of_a_handlers_kind_breaks_nothing(
    desk: acts.Desk, right: dict[str, Any], kind: str
) -> None:
    """Each kind in its chain, with each odd fact; what is taken moves the next one on."""
    chain, seq = ("desk", 1) if kind in DESK_KINDS else ("case", 3)
    for field in FACTS:
        for value in ODD:
            sent = posted(right, **{field: value}, kind=kind, chain=chain, seq=seq)
            answer = desk.ask("POST", f"/cases/{right['CASE']}/entries", json=sent)
            assert answer.status_code < 500, (field, value)
            seq += answer.status_code == 201


@pytest.mark.parametrize("kind", REPORTER_KINDS)
def test_an_odd_fact_of_a_reporters_kind_breaks_nothing(
    organisation: Organisation, right: dict[str, Any], kind: str
) -> None:
    """The same in the mailbox."""
    reporter = organisation.app.test_client(use_cookies=False)
    seq = 3
    for field in FACTS:
        for value in ODD:
            sent = posted(right, **{field: value}, kind=kind, seq=seq)
            answer = reporter.post("/api/v1/mailbox/entries", json=sent, headers=right["TOKEN"])
            assert answer.status_code < 500, (field, value)
            seq += answer.status_code == 201


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_object_breaks_nothing(
    organisation: Organisation, desk: acts.Desk, right: dict[str, Any], sent: dict[str, Any]
) -> None:
    """Whatever hypothesis thinks of."""
    reporter = organisation.app.test_client(use_cookies=False)
    for method, path in DESK:
        address = path.replace("CASE", right["CASE"]).replace("TASK", right["TASK"])
        assert desk.ask(method, address, json=posted(right, **sent)).status_code < 500
    answer = reporter.post(
        "/api/v1/mailbox/entries", json=posted(right, **sent), headers=right["TOKEN"]
    )
    assert answer.status_code < 500
