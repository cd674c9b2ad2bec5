"""Joining by a one-time link: once, in time, with keys that a keyring could name."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest

from tests import acts, office_acts
from tests.office_acts import asked, founded, join, joiner
from tests.organisation import Organisation
from whistle.crypto.encoding import b64u
from whistle.errors import FilingError, NotFoundError
from whistle.services.office import joining
from whistle.services.office.rules import Asked
from whistle.storage.tables import Invitation, Person


@pytest.fixture
def house(tmp_path: Path) -> Organisation:
    """An organisation on its first day."""
    return founded(tmp_path)


def rows(house: Organisation, kind: type) -> int:
    """How many rows a table has."""
    with house.parts.database.reading() as session:
        return session.query(kind).count()


def test_an_officer_joins_and_is_led_into_the_office(house: Organisation) -> None:
    """Before there is any keyring, by the keys that the browser made."""
    who = asked("olle", office="officer")
    one = joiner(house, joining.invite(house.parts, who, "operator"))
    told = one.ask("look").get_json()
    assert (told["id"], told["name"], told["office"]) == ("olle", "Olle Name", "officer")
    keys = one.keys()
    given = one.ask("keys", **keys)
    assert given.status_code == 201
    codes = given.get_json()
    assert len(codes["secret"]) == 32
    assert codes["secret"] in codes["address"]
    assert {len(row) for row in codes["rows"]} == {len(codes["rows"])}
    one.finish(codes["secret"], keys, who)
    page = office_acts.office(house).get()
    assert page.status_code == 200
    assert "Olle Name" in page.text
    assert rows(house, Invitation) == 0


def test_nobody_signs_in_before_the_first_code_was_right(house: Organisation) -> None:
    """A wrong code changes nothing, and the right one works afterwards."""
    who = asked("olle", office="officer")
    one = joiner(house, joining.invite(house.parts, who, "operator"))
    keys = one.keys()
    secret = one.ask("keys", **keys).get_json()["secret"]
    wrong = one.ask("confirmation", code="000000")
    assert (wrong.status_code, wrong.get_json()["error"]) == (401, "code")
    assert rows(house, Person) == 0
    one.finish(secret, keys, who)
    assert rows(house, Person) == 1


def test_the_first_code_cannot_sign_in_again(house: Organisation) -> None:
    """It works once, like every other."""
    join(house, asked("olle", office="officer"))
    desk = acts.at_the_door(house)
    sent = {"person": "olle", "code": house.one_time_code("olle")}
    assert desk.ask("POST", "/sign-in", json=sent).status_code == 401


def test_an_invitation_takes_one_set_of_keys(house: Organisation) -> None:
    """The same again has the same answer; other keys have the answer of no invitation."""
    one = joiner(house, joining.invite(house.parts, asked("olle", office="officer"), "operator"))
    keys = one.keys()
    first, again = one.ask("keys", **keys), one.ask("keys", **keys)
    assert first.get_json() == again.get_json()
    thief = joiner(house, one.token)
    refused = thief.give()
    unknown = replace(thief, token=b64u(bytes(32))).give()
    assert (refused.status_code, refused.data) == (404, unknown.data)


def test_of_two_browsers_at_once_exactly_one_joins(house: Organisation) -> None:
    """Whichever comes first; the other is told that the link cannot be used."""
    token = joining.invite(house.parts, asked("olle", office="officer"), "operator")
    browsers = [joiner(house, token) for _ in range(6)]
    keys = [one.keys() for one in browsers]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: browsers[n].ask("keys", **keys[n]), range(6)))
    assert sorted(one.status_code for one in answers) == [201, 404, 404, 404, 404, 404]


def test_used_old_withdrawn_and_unknown_have_one_answer(house: Organisation) -> None:
    """Nothing tells whether there ever was such an invitation."""
    tokens = [
        joining.invite(house.parts, asked(name, main="handler"), "operator")
        for name in ("anna", "bo")
    ]
    joining.withdraw(house.parts, "anna", "operator")
    join(house, asked("olle", office="officer"))
    house.move(8)
    answers = {joiner(house, token).ask("look").data for token in [*tokens, b64u(bytes(32)), "§"]}
    assert len(answers) == 1
    house.now = house.now.replace(year=2026)
    with pytest.raises(NotFoundError):
        joining.withdraw(house.parts, "anna", "operator")


def test_it_can_be_used_on_its_seventh_day(house: Organisation) -> None:
    """And no longer on the eighth."""
    token = joining.invite(house.parts, asked("anna", main="handler"), "operator")
    house.move(7)
    assert joiner(house, token).ask("look").status_code == 200
    house.move(1)
    assert joiner(house, token).ask("look").status_code == 404


def test_keys_that_were_given_in_time_are_confirmed_in_time_too(house: Organisation) -> None:
    """The link's days hold for the first code as well."""
    one = joiner(house, joining.invite(house.parts, asked("anna", main="handler"), "operator"))
    keys = one.keys()
    secret = one.ask("keys", **keys).get_json()["secret"]
    house.move(8)
    late = one.ask("confirmation", code=pyotp.TOTP(secret).at(house.now))
    unknown = replace(one, token=b64u(bytes(32))).ask("confirmation", code="000000")
    assert (late.status_code, late.data) == (404, unknown.data)
    assert rows(house, Person) == 0


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"age": b64u(bytes(1215))}, "keys"),
        ({"sign": b64u(bytes(32))}, "keys"),
        ({"key_file": b64u(b"age-encryption.org/v1\n-> X25519 AA\n")}, "key_file"),
        ({"key_file": b64u(bytes(9000))}, "key_file"),
    ],
)
def test_keys_that_are_none_are_refused(
    house: Organisation, other: dict[str, str], reason: str
) -> None:
    """And the invitation stays open for the right ones."""
    one = joiner(house, joining.invite(house.parts, asked("anna", main="handler"), "operator"))
    refused = one.give(**other)
    assert (refused.status_code, refused.get_json()["error"]) == (422, reason)
    assert one.give().status_code == 201


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (asked("Anna", main="handler"), "id"),
        (asked("service", main="handler"), "id"),
        (replace(asked("anna", main="handler"), name=" "), "name"),
        (replace(asked("anna", main="handler"), role_text=""), "role_text"),
        (replace(asked("anna", main="handler"), mail="anna"), "mail"),
        (asked("anna", other="handler"), "channel"),
        (asked("anna", main="officer"), "role"),
        (asked("anna"), "nothing"),
        (asked("anna", office="operator"), "role"),
        (asked("anna", office="auditor", main="handler"), "handler_and_auditor"),
    ],
)
def test_an_invitation_that_breaks_a_rule_is_refused(
    house: Organisation, who: Asked, reason: str
) -> None:
    """Each with its reason, and nothing is kept."""
    with pytest.raises(FilingError) as caught:
        joining.invite(house.parts, who, "operator")
    assert caught.value.reason == reason
    assert rows(house, Invitation) == 0


def test_nobody_is_invited_twice_or_over_somebody(house: Organisation) -> None:
    """An open invitation and a person who can sign in both stand in the way."""
    joining.invite(house.parts, asked("anna", main="handler"), "operator")
    join(house, asked("olle", office="officer"))
    for name, reason in (("anna", "invited"), ("olle", "taken")):
        with pytest.raises(FilingError, match=reason):
            joining.invite(house.parts, asked(name, main="handler"), "operator")


def test_no_token_and_no_secret_is_logged_or_kept(house: Organisation) -> None:
    """What opens an invitation is in no table; what joining made is in the person's row alone."""
    token = joining.invite(house.parts, asked("anna", main="handler"), "operator")
    one = joiner(house, token)
    secret = one.give().get_json()["secret"]
    one.ask("confirmation", code=pyotp.TOTP(secret).at(house.now))
    written = b"".join(
        path.read_bytes() for path in house.parts.settings.data_dir.glob("whistle.sqlite*")
    )
    assert token.encode() not in written
    with house.parts.database.reading() as session:
        row = session.query(Invitation).one()
    assert (row.codes_secret, row.key_file) == (None, None)
