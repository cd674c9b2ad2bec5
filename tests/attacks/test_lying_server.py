"""A server that lies in its answers: each lie is noticed by Python's code and by the browser's.

A lie is told of a real case, in the answer that a reader's or the reporter's program really gets.
The reasons are those for which both pages have a sentence.
"""

import json
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest

from tests import acts
from tests.js.node import CHECKOUT, NODE
from tests.organisation import Organisation, make_organisation
from whistle.crypto import sshsig, strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import Place, verify_thread
from whistle.crypto.encoding import b64u, b64u_decode
from whistle.crypto.entry import Author, make_entry
from whistle.crypto.filing import open_case_keys, seal_case_keys
from whistle.crypto.keyring import SIGN_NAMESPACE, Keyring, SignedKeyring, verify_chain
from whistle.crypto.signing import SigningKey
from whistle.errors import WhistleError
from whistle.services.handling import cases
from whistle.services.reporting.mailbox import append_entry, read_mailbox
from whistle.web.reporter import sentences

Answer = dict[str, Any]


@dataclass
class Told:
    """Two cases with a few entries, and who reads the first."""

    organisation: Organisation
    filed: acts.Filed
    case: str
    other: str

    def as_reader(self, handler_id: str = "anna") -> Answer:
        """What the server gives a handler, if it is honest."""
        handler = acts.handler(self.organisation, handler_id)
        return deepcopy(cases.open_case(self.organisation.parts, handler, self.case))

    def as_reporter(self) -> Answer:
        """What it gives the reporter."""
        return deepcopy(read_mailbox(self.organisation.parts, self.filed.receipt.mailbox_token))

    def key(self, handler_id: str = "anna") -> PrivateKey:
        """A reader's private key."""
        return self.organisation.people[handler_id].private_key

    def place(self, answer: Answer) -> Place:
        """The place after the last entry."""
        last = answer["entries"][-1]
        thread = b64u_decode(answer["thread"])
        return Place("main", thread, "case", last["seq"] + 1, b64u_decode(last["sha256"]))

    def forged(
        self,
        answer: Answer,
        key: SigningKey,
        to: PrivateKey | None = None,
        keyring: Keyring | None = None,
    ) -> None:
        """Append a reply in Anna's name, signed by whatever key the server has."""
        place = self.place(answer)
        case_key = open_case_keys(b64u_decode(answer["case_age"]), [self.key()])[-1]
        sealed = make_entry(
            place,
            Author("handler", "anna", key, "browser"),
            "message",
            {"text": "Tell us your name."},
            keyring=keyring or acts.keyring(self.organisation),
            to=(to or case_key).public_key,
        )
        answer["entries"].append(entry(place.seq, "message", "anna", sealed))


def entry(seq: int, kind: str, handler: str | None, sealed: bytes) -> Answer:
    """An entry as an answer has it."""
    return {
        "chain": "case",
        "seq": seq,
        "kind": kind,
        "handler": handler,
        "on": "2026-11-22",
        "sealed": b64u(sealed),
        "sha256": b64u(sha256(sealed).digest()),
    }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Two reports, the first with an acknowledgement, a message of each side, and two keyrings."""
    organisation = make_organisation(tmp_path_factory.mktemp("lies"))
    filed, second = acts.file(organisation), acts.file(organisation)
    case, other = (acts.case_id(organisation, one) for one in (filed, second))
    for kind in ("acknowledgement", "message"):
        acts.act(organisation, "anna", case, kind)
        acts.act(organisation, "anna", other, kind)
    mailbox = read_mailbox(organisation.parts, filed.receipt.mailbox_token)
    sealed = acts.by_reporter(organisation, filed, "More of it.", mailbox)
    seq = len(mailbox["entries"]) + 1
    append_entry(
        organisation.parts, filed.receipt.mailbox_token, seq=seq, kind="message", sealed=sealed
    )
    acts.publish_keyring(organisation)
    return Told(organisation, filed, case, other)


Lie = Callable[[Told, Answer], object]
LIES: dict[str, tuple[str, Lie]] = {}


def lie(reason: str) -> Callable[[Lie], Lie]:
    """Keep a lie under its own name, with the reason for which it must be refused."""

    def keep(change: Lie) -> Lie:
        LIES[change.__name__] = (reason, change)
        return change

    return keep


@lie("gap")
def an_entry_is_dropped(_: Told, answer: Answer) -> None:
    """A message in the middle is left out."""
    del answer["entries"][2]


@lie("clear_differs")
def an_entry_is_dropped_and_the_numbers_closed_up(_: Told, answer: Answer) -> None:
    """The same, and what follows is numbered anew."""
    del answer["entries"][2]
    for number, one in enumerate(answer["entries"], 1):
        one["seq"] = number


@lie("gap")
def two_entries_are_reordered(_: Told, answer: Answer) -> None:
    """A later one is shown before an earlier one."""
    answer["entries"][2:4] = reversed(answer["entries"][2:4])


@lie("clear_differs")
def two_entries_are_reordered_and_numbered_anew(_: Told, answer: Answer) -> None:
    """The same, with numbers that fit."""
    answer["entries"][2:4] = reversed(answer["entries"][2:4])
    for number, one in enumerate(answer["entries"], 1):
        one["seq"] = number


@lie("gap")
def an_entry_is_shown_as_erased_early(_: Told, answer: Answer) -> None:
    """Its bytes are gone, and no handler has signed for that."""
    answer["entries"][3]["sealed"] = ""


@lie("gap")
def an_acknowledgement_is_shown_as_erased_early(_: Told, answer: Answer) -> None:
    """What decides something is never erased, whoever signs."""
    answer["entries"][2]["sealed"] = ""


@lie("clear_differs")
def a_message_is_shown_as_feedback(_: Told, answer: Answer) -> None:
    """So that a clock seems to have stopped."""
    answer["entries"][3]["kind"] = "feedback"


@lie("forged")
def a_reply_is_forged_with_the_servers_own_key(told: Told, answer: Answer) -> None:
    """The server knows where to seal to, not how to sign."""
    told.forged(answer, told.organisation.parts.service_key)


@lie("forged")
def a_reply_is_forged_with_a_fresh_key(told: Told, answer: Answer) -> None:
    """Any other key fares no better."""
    told.forged(answer, SigningKey.generate())


@lie("case_key")
def a_fake_case_key_is_put_first_and_sealed_to(told: Told, answer: Answer) -> None:
    """The server seals a case key of its own into case.age, and an entry to it."""
    fake = PrivateKey.generate()
    keys = open_case_keys(b64u_decode(answer["case_age"]), [told.key()])
    to = [told.key().public_key, told.filed.receipt.private_key.public_key]
    answer["case_age"] = b64u(seal_case_keys([fake, *keys], to, count=4))
    told.forged(answer, told.organisation.people["anna"].signing_key, fake)


@lie("cannot_open")
def a_reply_is_moved_here_from_another_case(told: Told, answer: Answer) -> None:
    """As it is: it is sealed to the other case's key."""
    handler = acts.handler(told.organisation, "anna")
    other = cases.open_case(told.organisation.parts, handler, told.other)
    answer["entries"][3] = other["entries"][3]


@lie("moved")
def another_case_is_shown_in_its_place(told: Told, answer: Answer) -> None:
    """Whole, under this case's thread."""
    handler = acts.handler(told.organisation, "anna")
    other = cases.open_case(told.organisation.parts, handler, told.other)
    answer |= {"entries": other["entries"], "case_age": other["case_age"]}


@lie("clear_differs")
def the_receipt_date_is_moved(_: Told, answer: Answer) -> None:
    """A later day, so that no date seems to have passed; entry 2 fixed it."""
    answer["entries"][0]["on"] = "2026-11-23"


@lie("signature")
def a_key_in_the_keyring_is_swapped(_: Told, answer: Answer) -> None:
    """Anna's key is replaced by the server's; the root has not signed that."""
    file = json.loads(b64u_decode(answer["keyrings"][-1]["file"]))
    file["handlers"][0]["age"] = str(PrivateKey.generate().public_key)
    answer["keyrings"][-1]["file"] = b64u(strictjson.write(file))


@lie("serial_twice")
def one_serial_says_two_things(told: Told, answer: Answer) -> None:
    """The root's holder has signed two truths."""
    file = json.loads(b64u_decode(answer["keyrings"][-1]["file"]))
    file["handlers"] = file["handlers"][:2]
    again = strictjson.write(file)
    signature = sshsig.sign(told.organisation.root, SIGN_NAMESPACE, again)
    answer["keyrings"].append({"file": b64u(again), "signature": signature, "cosignature": None})


@lie("signature")
def a_keyring_of_the_servers_own_root(_: Told, answer: Answer) -> None:
    """A whole chain under another root, which the page's own root key does not sign."""
    root = SigningKey.generate()
    for one in answer["keyrings"]:
        one["signature"] = sshsig.sign(root, SIGN_NAMESPACE, b64u_decode(one["file"]))


@pytest.fixture(scope="module")
def by_browser(told: Told) -> dict[str, list[str] | None]:
    """What the browser's code notices of each lie, and of the truth."""
    asked = {"the truth": told.as_reader()}
    for name, (_, change) in LIES.items():
        asked[name] = told.as_reader()
        change(told, asked[name])
    read = [in_browser(told, answer) for answer in asked.values()]
    return dict(zip(asked, run_node(read), strict=True))


def in_browser(told: Told, answer: Answer, **more: Any) -> Answer:
    """One answer as node reads it."""
    root = told.as_reader()["root"]
    return {"answer": answer, "private": str(told.key()), "root": root, **more}


def run_node(read: list[Answer]) -> list[list[str] | None]:
    """What the browser's code notices of each."""
    done = subprocess.run(
        [NODE, CHECKOUT / "tests/attacks/read.mjs"],
        input=json.dumps(read),
        check=True,
        capture_output=True,
        text=True,
    )
    found: list[list[str] | None] = json.loads(done.stdout)
    return found


def by_python(told: Told, answer: Answer) -> str | None:
    """What Python's code notices."""
    try:
        chain = verify_chain(
            [
                SignedKeyring(b64u_decode(one["file"]), one["signature"], one["cosignature"])
                for one in answer["keyrings"]
            ],
            told.organisation.root.public,
        )
        keys = open_case_keys(b64u_decode(answer["case_age"]), [told.key()])
        thread = b64u_decode(answer["thread"])
        on = acts.today(told.organisation)
        verify_thread(acts.records(answer["entries"]), keys, chain, thread=thread, today=on)
    except WhistleError as error:
        return error.reason
    return None


def test_the_truth_is_believed(told: Told, by_browser: dict[str, list[str] | None]) -> None:
    """Else nothing below would prove anything."""
    assert by_python(told, told.as_reader()) is None
    assert by_browser["the truth"] is None


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_noticed_by_both(
    told: Told, by_browser: dict[str, list[str] | None], name: str
) -> None:
    """For one reason."""
    reason, change = LIES[name]
    answer = told.as_reader()
    change(told, answer)
    assert by_python(told, answer) == reason
    noticed = by_browser[name]
    assert noticed is not None
    assert noticed[1] == reason


def test_an_older_keyring_is_not_believed_by_who_saw_a_newer(told: Told) -> None:
    """The browser keeps serial and hash of the newest it saw."""
    answer = told.as_reader()
    newest = b64u_decode(answer["keyrings"][-1]["file"])
    seen = {"serial": 2, "sha256": b64u(sha256(newest).digest())}
    older = {**answer, "keyrings": answer["keyrings"][:1]}
    forked = {**seen, "sha256": b64u(bytes(32))}
    asked = [
        in_browser(told, answer, seen=seen),
        in_browser(told, older, seen=seen),
        in_browser(told, answer, seen=forked),
    ]
    assert run_node(asked) == [None, ["KeyringError", "rollback"], ["KeyringError", "fork"]]


def test_a_withheld_end_is_noticed_when_the_other_side_writes_next(told: Told) -> None:
    """The reporter, from whom an answer was hidden, writes on; no order of both verifies."""
    short = told.as_reporter()
    hidden = short["entries"].pop()
    sealed = acts.by_reporter(told.organisation, told.filed, "Why no answer?", short)
    written = entry(hidden["seq"], "message", None, sealed)
    shown = told.as_reader()
    beside = {**shown, "entries": [*shown["entries"], written]}
    behind = {**shown, "entries": [*shown["entries"], {**written, "seq": hidden["seq"] + 1}]}
    assert [by_python(told, one) for one in (beside, behind)] == ["fork", "clear_differs"]
    browser = run_node([in_browser(told, one) for one in (beside, behind)])
    assert browser == [["ThreadError", "fork"], ["ThreadError", "clear_differs"]]


def test_a_reporter_is_shown_another_reporters_thread(told: Told) -> None:
    """Somebody else's signing key stands in entry 1."""
    stranger = b64u(SigningKey.generate().public)
    browser = run_node([in_browser(told, told.as_reader(), reporter=stranger)])
    assert browser == [["ThreadError", "not_mine"]]
    with pytest.raises(WhistleError, match="not_mine"):
        verify_thread(
            acts.records(told.as_reporter()["entries"]),
            open_case_keys(b64u_decode(told.as_reporter()["case_age"]), [told.key()]),
            told.organisation.parts.keyrings.published().chain,
            thread=None,
            reporter=b64u_decode(stranger),
        )


def test_every_lie_is_told_to_the_person_in_words(told: Told) -> None:
    """Both pages have a sentence for every reason: the desk's and the reporter's."""
    page = told.organisation.app.test_client().get("/en/desk", base_url=acts.SITE).text
    for reason, _ in LIES.values():
        at_desk = (f'data-say="fault.{reason}"', f'data-say="keyring.fault.{reason}"')
        assert any(words in page for words in at_desk), reason
    assert sentences.FAULTS["other"]
    assert {"gap", "fork", "forged", "cannot_open", "clear_differs"} <= sentences.FAULTS.keys()


def test_who_is_demoted_while_signed_in_may_do_no_more_than_the_new_role(told: Told) -> None:
    """Each request is judged by the keyring that counts now, not by the one at the sign-in."""
    organisation = told.organisation
    desk = acts.sign_in(organisation, "bo")
    seq, sealed = acts.by_handler(organisation, "bo", told.case, "message")
    body = {"chain": "case", "seq": seq, "kind": "message", "sealed": b64u(sealed)}

    def demote(content: Answer) -> None:
        content["handlers"][1]["channels"] = {"main": "investigator"}

    acts.publish_keyring(organisation, change=demote, cosigner="anna")
    refused = desk.ask("POST", f"/cases/{told.case}/entries", json=body)
    assert (refused.status_code, refused.get_json()["error"]) == (403, "investigator")

    def dismiss(content: Answer) -> None:
        del content["handlers"][1]

    acts.publish_keyring(organisation, change=dismiss)
    gone = desk.ask("GET", f"/cases/{told.case}")
    assert gone.status_code in {401, 404}
