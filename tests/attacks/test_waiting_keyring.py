"""Root and server together give somebody another key, and speak with it while the list waits."""

import json
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests import acts
from tests.attacks.test_lying_server import (
    Answer,
    Told,
    by_python,
    entry,
    in_browser,
    run_node,
)
from tests.organisation import Organisation
from whistle.crypto import sshsig, strictjson
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.filing import open_case_keys
from whistle.crypto.keyring import SIGN_NAMESPACE, Keyring, parse
from whistle.crypto.signing import SigningKey
from whistle.services.thread import SystemLine, Voice, system_line

Waiting = Callable[[Told, Answer], None]


@pytest.fixture
def told(organisation: Organisation) -> Told:
    """A case with an acknowledgement, and a second keyring in force."""
    filed = acts.file(organisation)
    case = acts.case_id(organisation, filed)
    acts.act(organisation, "anna", case, "acknowledgement")
    acts.publish_keyring(organisation)
    return Told(organisation, filed, case, case)


def swapped(told: Told, answer: Answer, key: SigningKey, whose: str = "handlers") -> Keyring:
    """The next keyring, in which the root's holder alone gives Anna, or the server, a key."""
    newest = b64u_decode(answer["keyrings"][-1]["file"])
    content = json.loads(newest)
    content |= {"serial": 3, "previous": b64u(sha256(newest).digest())}
    content[whose][0]["sign"] = b64u(key.public)
    file = strictjson.write(content)
    signature = sshsig.sign(told.organisation.root, SIGN_NAMESPACE, file)
    answer["keyrings"].append({"file": b64u(file), "signature": signature, "cosignature": None})
    return parse(file)


def a_reply(told: Told, answer: Answer) -> None:
    """In Anna's name."""
    key = SigningKey.generate()
    told.forged(answer, key, keyring=swapped(told, answer, key))


def a_reply_dated_ahead(told: Told, answer: Answer) -> None:
    """The day of an entry is the server's word; a day that has not come makes nobody an author."""
    a_reply(told, answer)
    answer["entries"][-1]["on"] = "2026-11-30"


def a_system_line(told: Told, answer: Answer) -> None:
    """In the server's own name."""
    key = SigningKey.generate()
    keyring = swapped(told, answer, key, "service")
    place = told.place(answer)
    case_key = open_case_keys(b64u_decode(answer["case_age"]), [told.key()])[-1]
    line = SystemLine("late", {"clock": 1, "since": "2026-11-22"}, acts.today(told.organisation))
    draft = system_line(Voice(key, keyring), place, line, case_key.public_key)
    answer["entries"].append(entry(place.seq, "late", None, draft.sealed))


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (a_reply, "unknown_author"),
        (a_reply_dated_ahead, "unknown_author"),
        (a_system_line, "forged"),
    ],
)
def test_a_key_of_a_list_that_waits_says_nothing(told: Told, what: Waiting, reason: str) -> None:
    """For seven days, in both programs; without the lie the same thread is believed."""
    answer = told.as_reader()
    assert by_python(told, answer) is None
    what(told, answer)
    assert by_python(told, answer) == reason
    assert run_node([in_browser(told, answer)]) == [["ThreadError", reason]]


def test_after_seven_days_it_is_the_key_that_counts(told: Told) -> None:
    """Then the list was announced long enough."""
    answer = told.as_reader()
    a_reply_dated_ahead(told, answer)
    told.organisation.move(8)
    answer["today"] = acts.today(told.organisation).isoformat()
    assert by_python(told, answer) is None
    assert run_node([in_browser(told, answer)]) == [None]
