"""Who somebody is at desk and office: what the keyring says of them, and what the table says.

Rules:
* whoever the keyring in effect names is who it says, and signs in with the key that it names: the
  table can give a handler no other name and no other key;
* an officer or auditor whom it does not name signs in with the key in the table;
* a handler is no auditor: where the table says so all the same, the keyring counts alone;
* roles are looked up at every request, so that what is taken away is gone at the next one.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from whistle.case.permissions import OFFICE_ROLES, Role, check_apart
from whistle.crypto.keyring import HandlerKey
from whistle.errors import DeniedError, NotFoundError, SignInError
from whistle.services.parts import Parts
from whistle.storage.tables import Person


@dataclass(frozen=True)
class Entered:
    """Somebody who is signed in, or may be; at least one role is theirs."""

    id: str
    name: str
    sign: bytes
    handler: HandlerKey | None
    office: Role | None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role of theirs, whatever the channel."""
        office = {self.office} if self.office else set()
        return desk_roles(self.handler) | office


def desk_roles(handler: HandlerKey | None) -> frozenset[Role]:
    """The roles that the keyring gives, whatever the channel."""
    return frozenset(Role(role) for role in handler.channels.values()) if handler else frozenset()


def find(parts: Parts, person: Person) -> Entered:
    """Who a row of the table is today.

    Raises:
        SignInError: `sign_in`, this person has no role any more.
    """
    handler = in_keyring(parts, person.id)
    office = Role(person.office) if person.office in OFFICE_ROLES else None
    try:
        check_apart(_of_person(parts, person.id), office)
    except DeniedError:
        office = None
    if handler is not None:
        return Entered(person.id, handler.name, handler.sign, handler, office)
    if office is not None and person.sign is not None:
        return Entered(person.id, person.name, person.sign, None, office)
    raise SignInError("sign_in")


def in_keyring(parts: Parts, person_id: str) -> HandlerKey | None:
    """The key under that id which the keyring in effect names and which counts today."""
    return next((one for one in _valid(parts) if one.id == person_id), None)


def appoint(parts: Parts, session: Session, person_id: str, office: str | None) -> None:
    """Give somebody a role in the office, or take it back.

    Raises:
        DeniedError: `handler_and_auditor`, a handler may be officer but not auditor; `role`, it
            is none of the office's.
        NotFoundError: `unknown`, there is no such person.
    """
    if office is not None and office not in OFFICE_ROLES:
        raise DeniedError("role")
    check_apart(_of_person(parts, person_id), Role(office) if office else None)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError("unknown")
    person.office = office


def _of_person(parts: Parts, person_id: str) -> frozenset[Role]:
    """The desk roles of a person, under whatever id the keyring names them."""
    own = [one for one in _valid(parts) if person_id in {one.id, one.person}]
    return frozenset(role for one in own for role in desk_roles(one))


def _valid(parts: Parts) -> list[HandlerKey]:
    """Who counts today; nobody before the first keyring."""
    if not parts.keyrings.begun:
        return []
    today = max(parts.today(channel) for channel in parts.settings.channels)
    keyring = parts.keyrings.published().chain.effective(today)
    return [one for one in keyring.handlers if one.valid_on(today)]
