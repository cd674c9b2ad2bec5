"""GET /api/v1/keyring: the signed keyrings, for a browser to verify before it seals."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests import acts
from tests.organisation import Organisation, make_organisation, make_settings
from whistle.config import Face
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.keyring import SignedKeyring, verify_chain
from whistle.crypto.sshsig import parse_public_line


def test_the_answer_verifies_by_itself(organisation: Organisation) -> None:
    """Root, day and every file with its signatures: the chain holds, the newest is last."""
    acts.publish_keyring(organisation, cosigner="bo")
    told = organisation.app.test_client().get("/api/v1/keyring").get_json()
    files = [
        SignedKeyring(b64u_decode(one["file"]), one["signature"], one["cosignature"])
        for one in told["keyrings"]
    ]
    root = parse_public_line(told["root"])
    assert root == organisation.root.public
    assert verify_chain(files, root).newest.serial == 2
    assert told["today"] == "2026-11-22"


def test_a_fault_of_the_keyring_closes_the_door(organisation: Organisation) -> None:
    """503, also for filing: nothing is sealed to keys that do not verify."""
    filed = acts.file(organisation)
    folder = organisation.parts.settings.keys_dir
    (folder / "keyring-0001.json.sig").write_text("no signature")
    client = organisation.app.test_client(use_cookies=False)
    for answer in (
        client.get("/api/v1/keyring"),
        client.post("/api/v1/reports", data=filed.posted),
        client.get("/api/v1/mailbox", headers=filed.bearer),
    ):
        assert answer.status_code == 503
        assert answer.get_json()["error"] == "signature"


def test_anybody_may_ask_and_gets_no_cookie(organisation: Organisation) -> None:
    """It is public."""
    answer = organisation.app.test_client().get("/api/v1/keyring")
    assert "Set-Cookie" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("face", [Face.REPORTER, Face.DESK])
def test_each_face_alone_gives_it(tmp_path: Path, face: Face) -> None:
    """A desk on an address of its own verifies the keyring as a reporter's page does."""
    settings = replace(make_settings(tmp_path), face=face)
    app = make_organisation(tmp_path, settings).app
    assert app.test_client().get("/api/v1/keyring").status_code == 200
