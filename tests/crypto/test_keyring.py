"""Keyrings: one file, and the chain that says which is in force."""

import datetime as dt
from typing import Any

import pytest

from tests.crypto.vectors import comment, load
from tests.vectors.making import cast
from whistle.crypto import sshsig
from whistle.crypto.keyring import (
    SignedKeyring,
    adds,
    parse,
    phrase,
    removed,
    verify_chain,
)
from whistle.crypto.strictjson import write
from whistle.errors import KeyringError

VECTORS = load("keyring")
SIGNED = [
    SignedKeyring(one["file"].encode(), one["signature"], one["cosignature"])
    for one in VECTORS["signed"]
]
FIRST = parse(cast.FIRST.file)


@pytest.mark.parametrize("vector", VECTORS["files"], ids=comment)
def test_file(vector: dict[str, Any]) -> None:
    """Each file is read, or refused for its reason."""
    if vector["reason"] is None:
        parse(vector["file"].encode())
    else:
        with pytest.raises(KeyringError) as caught:
            parse(vector["file"].encode())
        assert caught.value.reason == vector["reason"]


@pytest.mark.parametrize("vector", VECTORS["chains"], ids=comment)
def test_chain(vector: dict[str, Any]) -> None:
    """Each chain puts the right keyring in force on each day, or is refused for its reason."""
    root = sshsig.parse_public_line(vector["root"])
    chain = [SIGNED[number] for number in vector["keyrings"]]
    if vector["reason"] is not None:
        with pytest.raises(KeyringError) as caught:
            verify_chain(chain, root)
        assert caught.value.reason == vector["reason"]
        return
    verified = verify_chain(chain, root)
    for day in vector["in_force"]:
        on = dt.date.fromisoformat(day["on"])
        assert verified.effective(on).serial == day["serial"]
    for day in vector["states"]:
        assert verified.newest.state(dt.date.fromisoformat(day["on"])) == day["state"]
    in_force = verified.effective(dt.date.fromisoformat(vector["in_force"][-1]["on"]))
    assert [h.id for h in in_force.readers("main", cast.TODAY)] == vector["readers"]


def test_nothing_is_in_force_before_the_first() -> None:
    """Before the first keyring's day there is nobody to seal to."""
    chain = verify_chain([cast.FIRST], cast.ROOT.public)
    with pytest.raises(KeyringError, match="not_yet"):
        chain.effective(dt.date(2026, 11, 1))
    assert chain.waiting(dt.date(2026, 11, 1)) == chain.links


def test_an_entry_finds_the_keyring_it_names_and_no_other() -> None:
    """A serial with another hash is another keyring."""
    chain = verify_chain([cast.FIRST, cast.follow(cast.FIRST)], cast.ROOT.public)
    assert chain.newest.serial == 2
    assert chain.by(1, FIRST.sha256) == FIRST
    with pytest.raises(KeyringError, match="unknown"):
        chain.by(2, FIRST.sha256)


def test_what_waits_can_be_announced() -> None:
    """Until an addition counts, every page can say that it is coming, and when."""
    plus = [*cast.HANDLERS, cast.handler("mallory")]
    chain = verify_chain([cast.FIRST, cast.follow(cast.FIRST, handlers=plus)], cast.ROOT.public)
    (waiting,) = chain.waiting(dt.date(2026, 11, 9))
    assert (waiting.keyring.serial, waiting.effective_on) == (2, dt.date(2026, 11, 10))
    assert chain.waiting(dt.date(2026, 11, 10)) == ()
    assert adds(chain.newest, FIRST) == ("mallory",)
    assert removed(FIRST, chain.newest) == ("mallory",)


def test_a_cosigner_is_named() -> None:
    """Whoever vouched for an addition is known."""
    plus = [*cast.HANDLERS, cast.handler("mallory")]
    second = cast.follow(cast.FIRST, "bo", handlers=plus)
    assert verify_chain([cast.FIRST, second], cast.ROOT.public).links[-1].cosigned_by == "bo"


def test_what_is_added_is_named() -> None:
    """Handlers by id, the recovery key and service keys by their word."""
    service = cast.handler("mallory")["sign"]
    new = parse(
        write(
            cast.content(
                recovery=cast.RECOVERY_ENTRY,
                service=[{"sign": service, "from": "2026-11-02", "to": None}],
            )
        )
    )
    assert adds(new, FIRST) == ("recovery", "service")
    assert adds(FIRST, new) == ("service",)


def test_roles_and_validity_decide_who_reads() -> None:
    """Handlers and deputies read from the start, while their key counts; investigators do not."""
    handlers = [
        cast.handler("anna", **{"from": "2026-11-22"}),
        cast.handler("bo", to="2026-11-22"),
        cast.handler("carin", "deputy", channels={"other": "deputy"}),
        cast.handler("dilan", "investigator"),
    ]
    keyring = parse(write(cast.content(handlers=handlers)))
    days = [cast.TODAY + dt.timedelta(days=shift) for shift in (-1, 0, 1)]
    read = [[h.id for h in keyring.readers("main", day)] for day in days]
    assert read == [["bo"], ["anna", "bo"], ["anna"]]
    assert [h.id for h in keyring.readers("other", cast.TODAY)] == ["carin"]
    assert keyring.readers("nowhere", cast.TODAY) == ()
    assert keyring.channels() == ("main", "other")
    assert keyring.handler("nobody") is None


def test_keys_are_due_for_renewal_after_twelve_months() -> None:
    """A key that began on a leap day is due on the first of March."""
    leap = parse(
        write(
            cast.content(
                issued_on="2028-02-29",
                expires_on="2029-02-28",
                service=[],
                handlers=[cast.handler("anna", **{"from": "2028-02-29"})],
            )
        )
    )
    assert leap.handlers[0].renew_on == dt.date(2029, 3, 1)
    assert FIRST.handlers[0].renew_on == dt.date(2027, 11, 2)


def test_a_file_over_the_limit_is_refused() -> None:
    """A keyring of over 256 KiB is not read."""
    with pytest.raises(KeyringError, match="json_size"):
        parse(b" " * (256 * 1024 + 1))


def test_an_age_key_must_be_text() -> None:
    """A number where a key should be is refused as no key."""
    with pytest.raises(KeyringError, match="public_key"):
        parse(write(cast.content(handlers=[cast.handler("anna", age=1)])))


@pytest.mark.parametrize("vector", load("handler")["phrases"], ids=lambda v: v["root"][:8])
def test_a_root_has_one_phrase(vector: dict[str, Any]) -> None:
    """The words on the poster follow from the root key alone."""
    root = bytes.fromhex(vector["root"])
    assert phrase(root) == vector["words"]
    assert sshsig.public_line(root, "whistle-root") == vector["line"]
