"""Reports filed while there is a recovery key, by Python and by the browser's code alike."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.js.node import CHECKOUT, NODE
from tests.vectors.making import cast
from tests.vectors.making.story import REPORT
from whistle.crypto import age, recovery, resealing, shares, sshsig, strictjson
from whistle.crypto.age import PrivateKey
from whistle.crypto.chain import EntryRecord, VerifiedEntry, verify_thread
from whistle.crypto.container import unpack
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.entry import Author
from whistle.crypto.filing import Filing, make_filing, open_case_keys
from whistle.crypto.keyring import SignedKeyring, parse, verify_chain
from whistle.crypto.receipt import Receipt
from whistle.errors import KeyringError, NotForMeError

Maker = Callable[[str], Filing]
KEY = PrivateKey.from_seed(shares.join(shares.split(cast.RECOVERY.seed, 2, 3)[1:]))
CHAIN = verify_chain([cast.WITH_RECOVERY], cast.ROOT.public)
WITHOUT = parse(cast.FIRST.file)
WAYS = {
    "plain": {},
    "without": {"leave_out_recovery": True},
    "holder": {"left_out": ["anna"]},
    "other": {"left_out": ["bo"]},
}


def by_python(way: str) -> Filing:
    """A filing by the Python code."""
    return make_filing(
        Receipt.generate(),
        CHAIN.newest,
        "main",
        REPORT,
        **WAYS[way],  # type: ignore[arg-type]  # each way is checked by being used
        made="cli",
        on=cast.TODAY,
    )


@pytest.fixture(scope="module")
def by_browser() -> Maker:
    """Filings by the browser's code, in node."""
    answer = {
        "root": sshsig.public_line(cast.ROOT.public),
        "today": cast.TODAY.isoformat(),
        "keyrings": cast.as_json([cast.WITH_RECOVERY]),
    }
    done = subprocess.run(
        [NODE, CHECKOUT / "tests/js/support/file_with_recovery.mjs"],
        input=json.dumps(answer), check=True, capture_output=True, text=True,
    )  # fmt: skip
    filings = json.loads(done.stdout)
    return lambda way: Filing.parse(b64u_decode(filings[way]))


@pytest.fixture(params=["python", "browser"])
def make(request: pytest.FixtureRequest) -> Maker:
    """Each of both programs in turn."""
    if request.param == "python":
        return by_python
    found: Maker = request.getfixturevalue("by_browser")
    return found


def entry1(filing: Filing, key: PrivateKey = KEY) -> VerifiedEntry:
    """The report itself, opened and verified."""
    keys = open_case_keys(filing.case_age, [key])
    record = EntryRecord("case", 1, "report", None, cast.TODAY, filing.entry1)
    return verify_thread([record], keys, CHAIN, thread=filing.thread)[0]


@pytest.mark.parametrize("way", WAYS)
def test_a_recovery_key_adds_exactly_one_stanza_however_the_reporter_chose(
    make: Maker, way: str
) -> None:
    """Three readers, the reporter, and one more, be it the recovery key or one nobody holds."""
    without = make_filing(
        Receipt.generate(), WITHOUT, "main", REPORT, made="cli", on=cast.TODAY
    ).case_age
    filing = make(way)
    filing.check(CHAIN.newest, cast.TODAY)
    stanzas = len(age.shape(filing.case_age).stanza_types)
    assert stanzas == len(age.shape(without).stanza_types) + 1 == 5
    assert len(filing.case_age) == len(make("plain").case_age)


@pytest.mark.parametrize("way", ["plain", "other"])
def test_the_key_that_shares_join_to_opens_the_report(make: Maker, way: str) -> None:
    """By default, and when somebody is left out who holds no share; the head says so."""
    report = entry1(make(way))
    head = report.head
    assert CHAIN.newest.recovery is not None
    assert b64u_decode(head["recovery"]) == CHAIN.newest.recovery.age_sha256


@pytest.mark.parametrize("way", ["without", "holder"])
def test_it_does_not_open_what_recovery_was_left_out_of(make: Maker, way: str) -> None:
    """By the reporter's wish, or because somebody left out holds a share; the head says so."""
    filing = make(way)
    with pytest.raises(NotForMeError):
        open_case_keys(filing.case_age, [KEY])
    assert entry1(filing, cast.PEOPLE["carin"]).head["recovery"] is None


def test_the_key_must_be_one_that_a_keyring_names() -> None:
    """An older one too, as long as its keyring is in the chain; a stranger's is refused."""
    dropped = cast.follow(cast.WITH_RECOVERY, recovery=None)
    chain = verify_chain([cast.WITH_RECOVERY, dropped], cast.ROOT.public)
    assert recovery.check_key(KEY, chain) == 1
    with pytest.raises(KeyringError, match="recovery"):
        recovery.check_key(PrivateKey.generate(), chain)


def test_once_the_keyring_names_no_recovery_key_a_re_seal_has_none() -> None:
    """The recovered case is sealed to the readers and the reporter, and no longer to recovery."""
    dropped = cast.follow(cast.WITH_RECOVERY, recovery=None)
    chain = verify_chain([cast.WITH_RECOVERY, dropped], cast.ROOT.public)
    receipt = Receipt.generate()
    filing = make_filing(receipt, CHAIN.newest, "main", REPORT, made="cli", on=cast.TODAY)
    keys = open_case_keys(filing.case_age, [KEY])
    strange = PrivateKey.generate()
    made = recovery.reseal([entry1(filing)], [strange, *keys], [], chain, cast.TODAY)
    assert made.desk_age is None
    assert len(age.shape(made.case_age).stanza_types) == 4
    for reader in (cast.PEOPLE["anna"], receipt.private_key):
        assert open_case_keys(made.case_age, [reader]) == keys  # the stranger's key is dropped
    with pytest.raises(NotForMeError):
        open_case_keys(made.case_age, [KEY])


def test_the_key_that_went_before_seals_a_case_to_the_new_one() -> None:
    """The yearly roll: opened with the old shares, then open to the new key and not to the old."""
    new = PrivateKey.generate()
    member = {**cast.RECOVERY_ENTRY, "age": str(new.public_key)}
    rolled = cast.follow(cast.WITH_RECOVERY, "anna", recovery=member)
    chain = verify_chain([cast.WITH_RECOVERY, rolled], cast.ROOT.public)
    filing = by_python("other")
    keys = open_case_keys(filing.case_age, [KEY])
    case_age = recovery.reseal([entry1(filing)], keys, [], chain, cast.TODAY).case_age
    assert open_case_keys(case_age, [new]) == keys
    assert len(age.shape(case_age).stanza_types) == 5
    for gone in (KEY, cast.PEOPLE["bo"]):
        with pytest.raises(NotForMeError):
            open_case_keys(case_age, [gone])


def test_a_holder_who_was_taken_out_is_not_let_in_by_recovery() -> None:
    """Anna holds a share and leaves as concerned: recovery then seals to no recovery key."""
    receipt = Receipt.generate()
    filing = make_filing(receipt, CHAIN.newest, "main", REPORT, made="cli", on=cast.TODAY)
    keys = open_case_keys(filing.case_age, [KEY])
    report = entry1(filing)
    carin = Author("handler", "carin", cast.signing("carin"), "cli")
    changed = resealing.reseal(
        resealing.Opened([report], keys),
        resealing.Change("conflict", remove=("anna",)),
        carin,
        keyrings=CHAIN,
        on=cast.TODAY,
    )
    assert changed.case_key is not None
    new_keys = open_case_keys(changed.case_age, [cast.PEOPLE["carin"]])
    after = replace(report, seq=2, kind="access", head=_head_of(changed.sealed, keys))
    made = recovery.reseal([report, after], new_keys, [], CHAIN, cast.TODAY)
    assert open_case_keys(made.case_age, [cast.PEOPLE["carin"]])
    for gone in (KEY, cast.PEOPLE["anna"]):
        with pytest.raises(NotForMeError):
            open_case_keys(made.case_age, [gone])
    assert len(age.shape(made.case_age).stanza_types) == 5


def _head_of(sealed: bytes, keys: list[PrivateKey]) -> dict[str, Any]:
    return unpack(age.open_sealed(sealed, keys)).head


def test_a_keyring_reads_what_was_written_of_a_recovery_key() -> None:
    """The member as it is printed, and as the signed file has it."""
    assert CHAIN.newest.recovery is not None
    assert recovery.member(CHAIN.newest.recovery) == cast.RECOVERY_ENTRY
    again = SignedKeyring(
        strictjson.write(cast.content(recovery=recovery.member(CHAIN.newest.recovery))), ""
    )
    assert parse(again.file).recovery == CHAIN.newest.recovery
