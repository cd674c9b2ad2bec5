"""Who somebody is: the keyring before the table, and what one person may not be at once."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests import acts
from tests.organisation import Organisation
from whistle.case import Role
from whistle.errors import DeniedError, NotFoundError, SignInError
from whistle.services.entrance import sign_in, who
from whistle.storage.tables import Person
from whistle.wording import LANGUAGES, ROLES, wording

ORIGIN = acts.SITE


def row(organisation: Organisation, person_id: str) -> Person:
    """Somebody's row in the table."""
    with organisation.parts.database.reading() as session:
        return session.get_one(Person, person_id)


def found(organisation: Organisation, person_id: str) -> who.Entered:
    """Who somebody is today."""
    return who.find(organisation.parts, row(organisation, person_id))


def change(organisation: Organisation, person_id: str, **columns: Any) -> None:
    """Change a row behind the services' back, as whoever has the database can."""
    with organisation.parts.database.writing() as session:
        person = session.get_one(Person, person_id)
        for name, value in columns.items():
            setattr(person, name, value)


def appoint(organisation: Organisation, person_id: str, office: Role | None) -> None:
    """Give somebody a role in the office."""
    with organisation.parts.database.writing() as session:
        who.appoint(organisation.parts, session, person_id, office)


def session_of(organisation: Organisation, person_id: str) -> bytes:
    """The token of a session."""
    started = sign_in.start(organisation.parts, person_id, organisation.one_time_code(person_id))
    signature = acts.answer_to(organisation, person_id, started.nonce, origin=ORIGIN)
    return sign_in.finish(organisation.parts, started.token, ORIGIN, signature)[0]


def keyring_change(handler_id: str, **fields: Any) -> Callable[[dict[str, Any]], None]:
    """A change of one handler in the next keyring; `drop` leaves them out."""

    def apply(content: dict[str, Any]) -> None:
        if fields.get("drop"):
            content["handlers"] = [one for one in content["handlers"] if one["id"] != handler_id]
            return
        for one in content["handlers"]:
            if one["id"] == handler_id:
                one.update(fields)

    return apply


@pytest.mark.parametrize(
    ("person_id", "name", "roles"),
    [
        ("anna", "Anna Lind", frozenset({Role.HANDLER})),
        ("carin", "Carin Dahl", frozenset({Role.DEPUTY})),
        ("olle", "Olle Berg", frozenset({Role.OFFICER})),
        ("pia", "Pia Holm", frozenset({Role.AUDITOR})),
    ],
)
def test_everybody_signs_in_in_one_way(
    organisation: Organisation, person_id: str, name: str, roles: frozenset[Role]
) -> None:
    """Code, key file, signature: for the desk and for the office."""
    entered = sign_in.who(organisation.parts, session_of(organisation, person_id))
    assert (entered.name, entered.roles) == (name, roles)
    assert (entered.handler is None) == (person_id in {"olle", "pia"})


def test_the_table_gives_a_handler_no_other_key_and_no_other_name(
    organisation: Organisation,
) -> None:
    """Whoever can write to the database does not become Anna."""
    mallory = organisation.people["olle"].signing_key
    change(organisation, "anna", sign=mallory.public, name="Mallory", office="officer")
    started = sign_in.start(organisation.parts, "anna", organisation.one_time_code("anna"))
    message = sign_in.signed_bytes(ORIGIN, "anna", started.nonce)
    with pytest.raises(SignInError, match="sign_in"):
        sign_in.finish(organisation.parts, started.token, ORIGIN, mallory.sign(message))
    assert found(organisation, "anna").name == "Anna Lind"


def test_officer_and_handler_may_be_one_person(organisation: Organisation) -> None:
    """Both roles are theirs, and the handler's key signs in."""
    appoint(organisation, "anna", Role.OFFICER)
    entered = sign_in.who(organisation.parts, session_of(organisation, "anna"))
    assert entered.roles == {Role.HANDLER, Role.OFFICER}


@pytest.mark.parametrize("person_id", ["anna", "carin"])
def test_a_handler_cannot_be_made_auditor(organisation: Organisation, person_id: str) -> None:
    """Nobody looks at the log of their own cases."""
    with pytest.raises(DeniedError, match="handler_and_auditor"):
        appoint(organisation, person_id, Role.AUDITOR)
    assert row(organisation, person_id).office is None


def test_an_auditor_who_comes_into_the_keyring_is_auditor_no_more(
    organisation: Organisation,
) -> None:
    """Also under another id of the same person: the keyring alone counts."""
    change(organisation, "anna", office="auditor")
    assert found(organisation, "anna").roles == {Role.HANDLER}
    acts.publish_keyring(organisation, change=keyring_change("bo", person="pia"), cosigner="anna")
    with pytest.raises(SignInError):
        found(organisation, "pia")
    with pytest.raises(DeniedError, match="handler_and_auditor"):
        appoint(organisation, "pia", Role.AUDITOR)


def test_an_officer_taken_out_of_the_keyring_signs_in_with_a_key_in_the_table(
    organisation: Organisation,
) -> None:
    """Not with the handler's old one: a key that was taken away opens nothing."""
    appoint(organisation, "bo", Role.OFFICER)
    token = session_of(organisation, "bo")
    acts.publish_keyring(organisation, change=keyring_change("bo", drop=True))
    with pytest.raises(SignInError):
        sign_in.who(organisation.parts, token)
    change(organisation, "bo", sign=organisation.people["olle"].signing_key.public)
    assert found(organisation, "bo").roles == {Role.OFFICER}


def test_a_role_that_is_taken_back_is_gone_at_the_next_request(organisation: Organisation) -> None:
    """The session stays no longer than the role."""
    token = session_of(organisation, "olle")
    appoint(organisation, "olle", Role.AUDITOR)
    assert sign_in.who(organisation.parts, token).roles == {Role.AUDITOR}
    appoint(organisation, "olle", None)
    with pytest.raises(SignInError):
        sign_in.who(organisation.parts, token)


def test_a_demoted_handler_is_an_investigator_at_the_next_request(
    organisation: Organisation,
) -> None:
    """Signed in all along."""
    token = session_of(organisation, "bo")
    lower = keyring_change("bo", channels={"main": "investigator"})
    acts.publish_keyring(organisation, change=lower, cosigner="anna")
    assert sign_in.who(organisation.parts, token).roles == {Role.INVESTIGATOR}


@pytest.mark.parametrize("office", ["handler", "operator", "system", "king", ""])
def test_no_other_role_comes_from_the_table(organisation: Organisation, office: str) -> None:
    """A word in a column makes nobody a handler, and the operator signs in nowhere."""
    change(organisation, "olle", office=office)
    with pytest.raises(SignInError):
        found(organisation, "olle")
    change(organisation, "anna", office=office)
    assert found(organisation, "anna").roles == {Role.HANDLER}


@pytest.mark.parametrize("role", [Role.HANDLER, Role.OPERATOR, Role.SYSTEM, Role.REPORTER])
def test_only_the_offices_roles_are_given_in_the_office(
    organisation: Organisation, role: Role
) -> None:
    """The keyring alone appoints handlers."""
    with pytest.raises(DeniedError, match="role"):
        appoint(organisation, "olle", role)


def test_nobody_unknown_is_appointed(organisation: Organisation) -> None:
    """There is no row to write to."""
    with pytest.raises(NotFoundError):
        appoint(organisation, "nobody", Role.OFFICER)


def test_an_officer_without_a_key_signs_in_nowhere(organisation: Organisation) -> None:
    """Only who has enrolled."""
    change(organisation, "olle", sign=None)
    with pytest.raises(SignInError):
        found(organisation, "olle")


def test_the_keyring_names_nobody_of_the_office(organisation: Organisation) -> None:
    """Neither officer nor auditor gets a key to reports."""
    file = organisation.parts.keyrings.published().files[-1].file
    assert {one["id"] for one in json.loads(file)["handlers"]} == {"anna", "bo", "carin"}


def test_every_role_is_a_sentence_in_every_language() -> None:
    """Whoever has a role can read what it does."""
    assert set(ROLES) == set(Role)
    for language in LANGUAGES:
        said = [wording(language).gettext(sentence) for sentence in ROLES.values()]
        assert len(set(said)) == len(Role)
