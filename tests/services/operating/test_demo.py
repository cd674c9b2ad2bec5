"""The demo: a whole organisation, with six cases made through the real doors."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from whistle.crypto import age
from whistle.crypto.encoding import b64u_decode
from whistle.crypto.filing import open_case_keys
from whistle.errors import SignInError
from whistle.services.entrance import sign_in
from whistle.services.handling import cases
from whistle.services.operating import demo, sample_cases
from whistle.services.operating.start import start
from whistle.services.parts import Parts
from whistle.services.reporting import unscripted


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was made once for all tests that only look at it."""
    made = tmp_path_factory.mktemp("demo")
    demo.prepare(made)
    return made


@pytest.fixture
def parts(folder: Path) -> Parts:
    """Its parts, as its server has them."""
    return start(demo.settings(folder), demo.clock(folder))


def test_it_is_made_once(folder: Path) -> None:
    """The second time it is only read."""
    said: list[str] = []
    first = demo.prepare(folder, said.append)
    assert demo.prepare(folder) == first
    assert said == []


def test_it_tells_what_it_does(tmp_path: Path) -> None:
    """Making keys takes a moment."""
    said: list[str] = []
    demo.prepare(tmp_path / "new", said.append)
    assert said == ["Making keys …", "Filing sample cases …"]


def test_its_secrets_are_in_one_file_of_its_owners(folder: Path) -> None:
    """Nobody else on the machine reads the passphrases."""
    assert stat.S_IMODE((folder / demo.FACTS_FILE).stat().st_mode) == 0o600


def test_what_was_broken_off_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the keys are made does not spoil the next start."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sample_cases, "file_all", stop)
        with pytest.raises(KeyboardInterrupt):
            demo.prepare(tmp_path)
    assert len(demo.prepare(tmp_path).people) == 5


def test_six_cases_are_there(parts: Parts) -> None:
    """Anna sees all six; Bo is left out of one."""
    keyring = parts.keyrings.published().chain.newest
    seen = {}
    for handler in keyring.handlers:
        listed = cases.list_cases(parts, handler)["cases"]
        seen[handler.id] = {one["id"]: one for one in listed}
    assert len(seen["anna"]) == 6
    (hidden,) = set(seen["anna"]) - set(seen["bo"])
    assert hidden
    states = sorted(one["state"] for one in seen["anna"].values())
    assert states.count("closed") == 1
    assert any(
        chip["state"] in {"late", "missed"}
        for one in seen["anna"].values()
        for chip in one["chips"]
    )


def test_each_handlers_key_opens_each_case_they_see(folder: Path, parts: Parts) -> None:
    """The printed passphrase opens the key file, and that opens the cases."""
    facts = demo.prepare(folder)
    for person in facts.people:
        code, _ = demo.one_time_code(folder, facts, person["id"], parts.clock())
        try:
            key_file = sign_in.start(parts, person["id"], code).key_file
        except SignInError:
            pytest.fail("the printed secret gives no code")
        seed = age.open_with_passphrase(key_file, person["passphrase"])
        key = age.PrivateKey.parse(seed.decode().strip())
        handler = parts.keyrings.published().chain.newest.handler(person["id"])
        if handler is None:
            assert person["id"] in {"david", "elin"}
            continue
        for one in cases.list_cases(parts, handler)["cases"]:
            opened = cases.open_case(parts, handler, one["id"])
            assert open_case_keys(b64u_decode(opened["case_age"]), [key])


def test_the_printed_codes_open_their_reports(folder: Path, parts: Parts) -> None:
    """Whole threads, verified."""
    facts = demo.prepare(folder)
    assert len(facts.receipts) == 2
    for receipt in facts.receipts:
        seen = unscripted.look(parts, receipt["code"])
        assert seen.fault is None
        assert len(seen.entries) >= 3


def test_a_one_time_code_is_that_of_the_moment(folder: Path, tmp_path: Path) -> None:
    """And of nobody else."""
    facts = demo.prepare(folder)
    now = datetime(2026, 11, 22, 11, tzinfo=UTC)
    anna = next(one for one in facts.people if one["id"] == "anna")
    code, wait = demo.one_time_code(tmp_path, facts, "anna", now)
    assert (code, wait) == (pyotp.TOTP(anna["one_time_secret"]).at(now), 0.0)
    with pytest.raises(KeyError):
        demo.one_time_code(tmp_path, facts, "nobody", now)


def test_the_clock_moves_forward_only(tmp_path: Path) -> None:
    """Going back would undo what has been told."""
    clock = demo.clock(tmp_path)
    before = clock()
    clock.move(3)
    clock.move(4)
    assert clock.days == 7
    assert clock() - before >= timedelta(days=7)
    with pytest.raises(ValueError, match="days"):
        clock.move(-1)


def test_two_processes_share_the_clock(tmp_path: Path) -> None:
    """Who moves it moves it for the server as well."""
    demo.clock(tmp_path).move(2)
    assert demo.clock(tmp_path).days == 2
