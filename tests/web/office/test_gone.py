"""Who is out is forgotten: nothing of theirs stays, and the name can be given again."""

from pathlib import Path

import pytest

from tests import acts
from tests.office_acts import Office, asked, join, office, opened
from tests.organisation import Organisation
from whistle.services.office import drafts, joining, people
from whistle.storage.tables import Person


@pytest.fixture
def running(tmp_path: Path) -> tuple[Organisation, Office]:
    """Two handlers, an officer, and the first keyring in force."""
    return opened(tmp_path)


def is_there(organisation: Organisation, person_id: str) -> bool:
    """Whether the table has somebody."""
    with organisation.parts.database.reading() as session:
        return session.get(Person, person_id) is not None


def test_who_lost_the_only_office_is_forgotten_and_can_be_invited_again(
    running: tuple[Organisation, Office],
) -> None:
    """Not kept unseen: id and name are free, codes and keys are gone, the session has ended."""
    organisation, at = running
    join(organisation, asked("pia", office="auditor"))
    session = office(organisation, "pia")
    assert session.get("/log").status_code == 200
    taken = at.post("/people/pia/office", office="")
    assert (taken.status_code, taken.location) == (303, "/en/office/people")
    assert not is_there(organisation, "pia")
    assert session.get("/log").status_code == 303
    joining.invite(organisation.parts, asked("pia", office="auditor"), "olle")
    assert "pia" in {one.id for one in people.everybody(organisation.parts)}


def test_who_is_no_longer_in_the_list_of_keys_is_forgotten_when_it_is_published(
    running: tuple[Organisation, Office],
) -> None:
    """The sealed key file goes with the place; while an older list is in force it stays."""
    organisation, _ = running
    parts = organisation.parts
    join(organisation, asked("carin", main="deputy"))
    acts.publish_keyring(
        organisation,
        change=lambda content: content["handlers"].pop(1),
    )
    parts.keyrings.published()
    with parts.database.writing() as session:
        drafts.tidy(session, parts)
    assert [is_there(organisation, one) for one in ("anna", "bo", "carin", "olle")] == [
        True,
        False,
        True,
        True,
    ]


def test_whom_a_list_published_by_hand_leaves_out_can_be_invited_again(
    running: tuple[Organisation, Office],
) -> None:
    """The office learns of it at the next invitation."""
    organisation, _ = running
    acts.publish_keyring(organisation, change=lambda content: content["handlers"].pop(1))
    joining.invite(organisation.parts, asked("bo", main="handler"), "olle")
    assert not is_there(organisation, "bo")
