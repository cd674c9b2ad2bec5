"""The tables of docs/protocol.md say what the code says: kinds, reasons, addresses, answers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.documents import reading
from tests.organisation import Organisation
from whistle.crypto import heads
from whistle.crypto.encoding import b64u
from whistle.crypto.filing import make_filing
from whistle.crypto.receipt import Receipt
from whistle.crypto.strictjson import Fields
from whistle.errors import ThreadError

PROTOCOL = reading.text("docs/protocol.md")
API = reading.section(PROTOCOL, "11.")
ERRORS = reading.rows(reading.section(PROTOCOL, "11.4"))
WHISTLE = reading.ROOT / "whistle"
SENT = ("FilingError", "ConflictError", "DeniedError", "NotFoundError", "SignInError")
"""Errors that a request can be answered with, raised with their code where they arise."""
NEVER_BY_A_REQUEST = {
    "actor", "already_received", "clock_time", "instant", "no_extension", "no_reason", "not_due",
    "not_late", "not_missed", "not_received", "out_of_order", "rules",
    "too_late_to_extend",
}  # fmt: skip
"""What the case's rules refuse to our own clock, or to events that nothing posts."""
PAGES_ONLY = {
    "one_reader": "the form without scripts; the API cannot see for whom it is sealed",
    "unknown": "told once for all",
    "no_pause": "the office's page on health and the command line",
    "seen": "the office's page on health",
    "no_door": "a fault of our own that no request reaches",
}


def raised(paths: Iterator[Path], kinds: tuple[str, ...]) -> set[str]:
    """Return the codes with which errors of these kinds are raised."""
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in kinds
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            ):
                found.add(node.args[0].value)
    return found


def test_every_kind_of_entry_stands_in_the_table_with_its_chain_and_sides() -> None:
    """Section 3.3 and the heads agree, both ways, and each kind has its body."""
    listed = reading.rows(reading.section(PROTOCOL, "3.3"))
    said = {
        reading.code(row[0])[0]: (row[1], set(row[2].replace(",", "").split())) for row in listed
    }
    assert said == {name: (kind.chain, set(kind.sides)) for name, kind in heads.KINDS.items()}
    assert all(row[4] for row in listed)


@pytest.mark.parametrize("name", sorted(heads.KINDS))
def test_what_a_kind_adds_to_the_head_is_documented(name: str) -> None:
    """Each addition that the reader of heads takes is named in section 3."""

    class Noted(Fields):
        def take(self, key: str) -> Any:
            asked.add(key)
            return super().take(key)

    asked: set[str] = set()
    full = {
        "reporter_age": b64u(bytes(1216)), "reporter_sign": b64u(bytes(32)),
        "case_key": b64u(bytes(1216)), "desk_key": b64u(bytes(1216)), "readers": [],
        "left_out": [], "recovery": b64u(bytes(32)), "waive_ack": False, "code_made_by": "anna",
        "final": False, "next_on": "2026-11-22", "outcome": "partly", "gen": 1, "added": [],
        "removed": [], "reason": "left", "ground": "identity",
        "entries": [{"seq": 2, "sha256": b64u(bytes(32))}],
        "desk_prev": b64u(bytes(32)), "erases": "entries", "proposal": b64u(bytes(32)),
        "scope": ["name"], "request": b64u(bytes(32)),
        "given": True, "duty": "court", "earliest_on": "2026-11-22", "answer_by": "2026-11-22",
        "consent": b64u(bytes(32)), "notice": b64u(bytes(32)), "cannot_wait": "urgent",
        "role": "witness", "person": b64u(bytes(32)), "given_on": "2026-11-22",
        "ended": b64u(bytes(32)),
    }  # fmt: skip
    if name == "erasure_proposal":
        full["reason"] = "irrelevant"
    if name == "person_ground":
        full["given"] = "in_writing"
    heads.KINDS[name].additions(Noted(full, ThreadError))
    part = reading.section(PROTOCOL, "3.")
    assert [key for key in asked if not re.search(rf"\b{key}\b", part)] == []


def test_every_reason_for_refusing_a_thread_is_documented() -> None:
    """What reading entries raises stands in sections 0 and 3."""
    codes = raised((WHISTLE / "crypto").glob("*.py"), ("ThreadError", "error"))
    part = reading.section(PROTOCOL, "0.") + reading.section(PROTOCOL, "3.")
    assert codes
    assert sorted(codes - set(reading.code(part))) == []


def test_every_reason_for_refusing_a_keyring_is_documented() -> None:
    """What reading keyrings raises stands in sections 0 and 2."""
    names = ("keyring", "keyring_file")
    paths = (WHISTLE / "crypto" / f"{name}.py" for name in names)
    codes = raised(paths, ("KeyringError",)) - {"unknown"}  # seen only as `keyring_unknown`
    part = reading.section(PROTOCOL, "0.") + reading.section(PROTOCOL, "2.")
    assert sorted(codes - set(reading.code(part))) == []


def test_every_error_of_the_api_exists_in_the_code() -> None:
    """Section 11.4 names no code that nothing says."""
    literals = {
        node.value
        for path in WHISTLE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    said = {name for row in ERRORS for name in reading.code(row[1])}
    assert len(said) > 50
    assert sorted(said - literals) == []


def test_every_error_that_a_request_can_meet_is_documented() -> None:
    """What the services and the API raise stands in section 11.4."""
    paths = [WHISTLE / "crypto" / "filing.py", WHISTLE / "web" / "guards.py"]
    for folder in ("services", "services/reporting", "services/handling", "web/api"):
        paths += (WHISTLE / folder).glob("*.py")
    said = {name for row in ERRORS for name in reading.code(row[1])}
    assert sorted(raised(iter(paths), SENT) - said - set(PAGES_ONLY)) == []
    rules = raised(iter([WHISTLE / "case" / "machine.py"]), ("CaseError",))
    assert sorted(rules - said - NEVER_BY_A_REQUEST) == []


def test_every_address_of_the_api_is_documented_and_no_other(organisation: Organisation) -> None:
    """Method and path of each route stand in section 11, and the other way round."""
    served = set()
    for rule in organisation.app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = re.sub(r"<(\w+)>", lambda name: f"<{name[1].removesuffix('_id')}>", rule.rule)
            path = re.sub(r"<(case|task)>", "<id>", path)
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            served |= {f"{method} {path}" for method in methods}
    said = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /api/[^`]*)`", API))
    assert said == served


def names_in(answer: Any) -> Iterator[str]:
    """Return every key of an answer, at any depth."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield key
            yield from names_in(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from names_in(value)


def test_every_key_of_a_reporters_answers_is_documented(organisation: Organisation) -> None:
    """A report is filed and the mailbox read: each key stands in section 11."""
    client = organisation.app.test_client(use_cookies=False)
    keyring = organisation.parts.keyrings.published().chain.newest
    receipt, today = Receipt.generate(), organisation.now.date()
    filing = make_filing(receipt, keyring, "main", {"answers": {}}, made="cli", on=today)
    bearer = {"Authorization": f"Bearer {b64u(receipt.mailbox_token)}"}
    answers = [
        client.post("/api/v1/reports", data=filing.to_bytes()),
        client.get("/api/v1/mailbox", headers=bearer),
        client.get("/api/v1/keyring"),
        client.get("/api/v1/mailbox"),
    ]
    assert [one.status_code for one in answers] == [201, 200, 200, 404]
    keys = {key for one in answers for key in names_in(one.get_json())}
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", API)) == []


def test_every_file_of_vectors_is_named_with_what_it_proves() -> None:
    """Section 12 and the folder agree."""
    folder = reading.ROOT / "tests" / "vectors"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.json")}
    there |= {path.name for path in folder.glob("*.csv")}
    said = {reading.code(row[0])[0] for row in reading.rows(reading.section(PROTOCOL, "12."))}
    assert said == there
