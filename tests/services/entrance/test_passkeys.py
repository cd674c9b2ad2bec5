"""Passkeys on the server: what is kept, what opens, and everything that does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests import acts
from tests.authenticator import PRESENT, Passkey
from tests.organisation import Organisation
from whistle.crypto import passkey as crypto
from whistle.crypto.age import PrivateKey, seal
from whistle.errors import ConflictError, FilingError, NotFoundError, SignInError
from whistle.services.entrance import key_files, passkeys, sign_in, webauthn
from whistle.services.entrance.who import Entered, find
from whistle.storage import tables
from whistle.storage.tables import LogEvent, Person

ORIGIN = acts.SITE
SECOND = timedelta(seconds=1)


def entered(organisation: Organisation, person_id: str = "anna") -> Entered:
    """Somebody, as a session has them."""
    with organisation.parts.database.reading() as session:
        return find(organisation.parts, session.get_one(Person, person_id))


def key_file(organisation: Organisation, key: Passkey, person_id: str = "anna") -> bytes:
    """Somebody's private key sealed to a passkey."""
    private_key = organisation.people[person_id].private_key
    return crypto.seal_key_file(private_key, key.secret(crypto.PRF_INPUT))


def add(organisation: Organisation, key: Passkey, person_id: str = "anna") -> str:
    """Add a passkey; return its id here."""
    person = entered(organisation, person_id)
    asked = passkeys.prepare(organisation.parts, ORIGIN, person)
    made = key.made(asked.challenge, key_file(organisation, key, person_id))
    return str(passkeys.add(organisation.parts, ORIGIN, person, made)["id"])


def start(organisation: Organisation, key: Passkey) -> tuple[str, sign_in.Started]:
    """Sign in with it, up to the nonce."""
    organisation.now += SECOND
    asked = passkeys.ask(organisation.parts, ORIGIN)
    return passkeys.start(organisation.parts, ORIGIN, key.answer(asked.challenge))


def rows(organisation: Organisation) -> list[tables.Passkey]:
    """Every passkey in the table."""
    with organisation.parts.database.reading() as session:
        return list(session.scalars(select(tables.Passkey)))


def events(organisation: Organisation) -> str:
    """The log, as text."""
    with organisation.parts.database.reading() as session:
        return " ".join(str(one) for one in session.scalars(select(LogEvent.payload)))


def test_a_passkey_releases_the_key_file_that_it_opens(organisation: Organisation) -> None:
    """And a signature over the nonce opens the session, as after a one-time code."""
    key = Passkey()
    add(organisation, key)
    person, started = start(organisation, key)
    assert person == "anna"
    opened = crypto.open_key_file(started.key_file, key.secret(crypto.PRF_INPUT))
    assert opened.seed == organisation.people["anna"].private_key.seed
    signature = acts.answer_to(organisation, "anna", started.nonce, origin=ORIGIN)
    _, who = sign_in.finish(organisation.parts, started.token, ORIGIN, signature)
    assert who.id == "anna"
    (row,) = rows(organisation)
    assert row.last_used_on == acts.today(organisation)
    assert "PasskeyAdded" in events(organisation)


def test_an_officer_has_passkeys_too(organisation: Organisation) -> None:
    """One sign-in for everybody."""
    key = Passkey()
    add(organisation, key, "olle")
    assert start(organisation, key)[0] == "olle"


def test_a_passkey_of_an_authenticator_that_does_not_count_works(
    organisation: Organisation,
) -> None:
    """Those that are copied between devices say zero for ever."""
    key = Passkey(counts=False)
    add(organisation, key)
    for _ in range(3):
        assert start(organisation, key)[0] == "anna"


@pytest.mark.parametrize("count", [0, 2, 3])
def test_a_count_that_does_not_rise_is_refused_and_logged(
    organisation: Organisation, count: int
) -> None:
    """There may be two of it; the one that is ahead goes on working."""
    key = Passkey()
    add(organisation, key)
    for _ in range(3):
        start(organisation, key)
    key.count = count - 1
    if count == 0:
        key.count, key.counts = 0, False
    with pytest.raises(SignInError, match=r"^sign_in$"):
        start(organisation, key)
    assert "PasskeyCountFell" in events(organisation)
    key.count, key.counts = 3, True
    assert start(organisation, key)[0] == "anna"


def test_an_answer_counts_once(organisation: Organisation) -> None:
    """Also where the authenticator does not count."""
    key = Passkey(counts=False)
    add(organisation, key)
    organisation.now += SECOND
    said = key.answer(passkeys.ask(organisation.parts, ORIGIN).challenge)
    passkeys.start(organisation.parts, ORIGIN, said)
    with pytest.raises(SignInError, match=r"^sign_in$"):
        passkeys.start(organisation.parts, ORIGIN, said)


def test_a_passkey_that_was_used_at_a_time_ahead_opens_today(organisation: Organisation) -> None:
    """And what was answered then is never taken again, also when that day comes."""
    key = Passkey(counts=False)
    add(organisation, key)
    right = organisation.now
    organisation.now = wrong = right + timedelta(days=20)
    asked = passkeys.ask(organisation.parts, ORIGIN)
    answered = key.answer(asked.challenge)
    passkeys.start(organisation.parts, ORIGIN, answered)
    organisation.now = right
    for _ in range(2):
        assert start(organisation, key)[0] == "anna"
    organisation.now = wrong + SECOND
    with pytest.raises(SignInError):
        passkeys.start(organisation.parts, ORIGIN, answered)
    assert start(organisation, key)[0] == "anna"


def test_a_challenge_lasts_five_minutes(organisation: Organisation) -> None:
    """Neither longer, nor before it was made."""
    key = Passkey()
    add(organisation, key)
    asked = passkeys.ask(organisation.parts, ORIGIN)
    for away in (timedelta(minutes=5, seconds=1), timedelta(seconds=-400)):
        organisation.now += away
        with pytest.raises(SignInError):
            passkeys.start(organisation.parts, ORIGIN, key.answer(asked.challenge))


Wrong = Callable[[Organisation, Passkey, bytes], webauthn.Assertion]
WRONG: dict[str, Wrong] = {
    "another challenge": lambda _o, key, _c: key.answer(bytes(40)),
    "a challenge of another length": lambda _o, key, c: key.answer(c[:-1]),
    "a challenge for adding": lambda o, key, _c: key.answer(
        passkeys.prepare(o.parts, ORIGIN, entered(o)).challenge
    ),
    "nobody verified": lambda _o, key, c: replace(key, flags=PRESENT).answer(c),
    "another origin": lambda _o, key, c: _with(key, origin="https://evil.example").answer(c),
    "a name below ours": lambda _o, key, c: _with(key, origin="https://x.localhost").answer(c),
    "another port": lambda _o, key, c: _with(key, origin="https://localhost:81").answer(c),
    "another host": lambda _o, key, c: _with(key, host="evil.example").answer(c),
    "another key": lambda _o, key, c: Passkey(id=key.id).answer(c),
    "an unknown passkey": lambda _o, _key, c: Passkey().answer(c),
    "no signature": lambda _o, key, c: replace(key.answer(c), signature=b""),
    "no authenticator data": lambda _o, key, c: replace(key.answer(c), authenticator_data=b""),
    "no client data": lambda _o, key, c: replace(key.answer(c), client_data=b""),
    "client data of a list": lambda _o, key, c: replace(key.answer(c), client_data=b"[1]"),
    "the answer to being made": lambda _o, key, c: replace(
        key.answer(c), client_data=key.client_data("webauthn.create", c)
    ),
    "in a frame of another site": lambda _o, key, c: key.answer(c, crossOrigin=True),
}


def _with(key: Passkey, *, host: str | None = None, origin: str | None = None) -> Passkey:
    """The same passkey, asked by another page."""
    key.host, key.origin = host or key.host, origin or key.origin
    return key


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_every_wrong_answer_has_one_answer(organisation: Organisation, wrong: Wrong) -> None:
    """The answer of every wrong sign-in, and no session begins."""
    key = Passkey()
    add(organisation, key)
    organisation.now += SECOND
    asked = passkeys.ask(organisation.parts, ORIGIN)
    said = wrong(organisation, key, asked.challenge)
    with pytest.raises(SignInError, match=r"^sign_in$"):
        passkeys.start(organisation.parts, ORIGIN, said)
    with organisation.parts.database.reading() as session:
        assert session.scalars(select(tables.SignedIn)).all() == []


def test_a_passkey_is_made_for_one_person(organisation: Organisation) -> None:
    """What Anna asked for is of no use to Bo."""
    key = Passkey()
    asked = passkeys.prepare(organisation.parts, ORIGIN, entered(organisation, "anna"))
    made = key.made(asked.challenge, key_file(organisation, key))
    with pytest.raises(SignInError):
        passkeys.add(organisation.parts, ORIGIN, entered(organisation, "bo"), made)
    assert rows(organisation) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\u0007b"])
def test_a_passkey_has_a_plain_name(organisation: Organisation, name: str) -> None:
    """Short, and of letters that can be seen."""
    key = Passkey()
    person = entered(organisation)
    challenge = passkeys.prepare(organisation.parts, ORIGIN, person).challenge
    made = key.made(challenge, key_file(organisation, key), name)
    with pytest.raises(FilingError, match="name"):
        passkeys.add(organisation.parts, ORIGIN, person, made)


def test_only_a_key_file_of_the_right_shape_is_kept(organisation: Organisation) -> None:
    """One private key for one passkey; nothing under a passphrase, nothing larger."""
    key = Passkey()
    person = entered(organisation)
    public = crypto.identity(key.secret(crypto.PRF_INPUT)).public_key
    two = [public, PrivateKey.generate().public_key]
    line = f"{PrivateKey.generate()}\n".encode()
    for wrong in (
        b"",
        b"x" * 9000,
        organisation.people["anna"].key_file,
        seal(line, two),
        seal(line + b"x", [public]),
    ):
        asked = passkeys.prepare(organisation.parts, ORIGIN, person)
        with pytest.raises(FilingError, match="key_file"):
            passkeys.add(organisation.parts, ORIGIN, person, key.made(asked.challenge, wrong))
    assert rows(organisation) == []


def test_a_passkey_that_is_here_already_is_refused(organisation: Organisation) -> None:
    """Whoever's it is: an authenticator's name for it stands once."""
    key = Passkey()
    add(organisation, key)
    with pytest.raises(ConflictError, match="passkey"):
        add(organisation, key, "bo")
    assert [one.person_id for one in rows(organisation)] == ["anna"]


def test_nobody_has_more_than_ten(organisation: Organisation) -> None:
    """A list that can be looked over."""
    for _ in range(passkeys.MANY):
        add(organisation, Passkey())
    with pytest.raises(FilingError, match="many"):
        add(organisation, Passkey())


def test_the_devices_that_have_one_are_named_to_the_browser(organisation: Organisation) -> None:
    """One's own only."""
    mine, other = Passkey(), Passkey()
    add(organisation, mine)
    add(organisation, other, "bo")
    asked = passkeys.prepare(organisation.parts, ORIGIN, entered(organisation))
    assert asked.exclude == [mine.id]
    assert asked.user not in {b"anna", asked.challenge}


def test_only_ones_own_passkey_is_removed(organisation: Organisation) -> None:
    """Another's and an absent one have one answer."""
    key = Passkey()
    passkey_id = bytes.fromhex(add(organisation, key))
    for foreign in (passkey_id, bytes(16)):
        with pytest.raises(NotFoundError, match="unknown"):
            passkeys.remove(organisation.parts, entered(organisation, "bo"), foreign)
    passkeys.remove(organisation.parts, entered(organisation), passkey_id)
    assert rows(organisation) == []
    with pytest.raises(SignInError):
        start(organisation, key)


def test_the_only_way_is_not_removed(organisation: Organisation) -> None:
    """Where there is no file under a passphrase, the last passkey stays."""
    passkey_id = bytes.fromhex(add(organisation, Passkey()))
    with organisation.parts.database.writing() as session:
        session.get_one(Person, "anna").key_file = b""
    with pytest.raises(ConflictError, match="last_way"):
        passkeys.remove(organisation.parts, entered(organisation), passkey_id)
    add(organisation, Passkey())
    passkeys.remove(organisation.parts, entered(organisation), passkey_id)


def test_passkeys_go_with_the_person(organisation: Organisation) -> None:
    """Whoever is taken out leaves no key file behind."""
    add(organisation, Passkey())
    with organisation.parts.database.writing() as session:
        session.delete(session.get_one(Person, "anna"))
    assert rows(organisation) == []


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://desk.example.org", "desk.example.org"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", None),
        ("https://192.0.2.7", None),
        ("https://[2001:db8::1]", None),
        ("http://" + "a" * 56 + ".onion", None),
        ("", None),
    ],
)
def test_passkeys_need_a_host_name(
    organisation: Organisation, origin: str, host: str | None
) -> None:
    """On an IP address and on an onion there is the passphrase."""
    assert webauthn.host_for_passkeys(origin) == host
    if host is None:
        with pytest.raises(NotFoundError, match="no_passkeys"):
            passkeys.ask(organisation.parts, origin)


def test_who_has_only_one_way_is_told(organisation: Organisation) -> None:
    """For the office's page: by person, without anything of the keys themselves."""
    add(organisation, Passkey())
    key_files.printed(organisation.parts, entered(organisation, "bo"))
    found = {one.person_id: one for one in key_files.ways(organisation.parts)}
    assert (found["anna"].passphrase, found["anna"].passkeys) == (True, 1)
    assert found["bo"].printed_on == acts.today(organisation)
    assert sorted(one.person_id for one in found.values() if one.only_one) == [
        "carin",
        "olle",
        "pia",
    ]
