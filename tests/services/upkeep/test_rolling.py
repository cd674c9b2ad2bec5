"""The recovery key's yearly renewal: a task of the channel, told from 30 days before."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from tests import acts
from tests.organisation import Organisation, make_organisation
from whistle.crypto.age import PrivateKey
from whistle.crypto.keyring import Holder, Recovery
from whistle.crypto.recovery import member
from whistle.services import tasks
from whistle.services.upkeep.sweeping import sweep
from whistle.storage.tables import Notice, Task

HOLDERS = (Holder("eva", "Eva Ek"), Holder("gun", "Gun Alm"))


def with_recovery(tmp_path: Path) -> Organisation:
    """An organisation whose first keyring, issued today, names a recovery key."""
    key = Recovery(PrivateKey.generate().public_key, 2, HOLDERS)
    return make_organisation(tmp_path, recovery=key)


def rolls(organisation: Organisation) -> list[Task]:
    """The renewals among the tasks."""
    sweep(organisation.parts)
    with organisation.parts.database.reading() as session:
        return list(session.scalars(select(Task).where(Task.kind == tasks.RECOVERY_ROLL)))


def test_the_renewal_is_a_task_from_thirty_days_before(tmp_path: Path) -> None:
    """Not a day earlier, once, and each handler gets a mail."""
    organisation = with_recovery(tmp_path)
    issued_on = acts.keyring(organisation).issued_on
    due_on = issued_on.replace(year=issued_on.year + 1)
    days = (due_on - acts.today(organisation)).days
    organisation.now += timedelta(days=days - 31)
    assert rolls(organisation) == []
    organisation.now += timedelta(days=1)
    (task,) = rolls(organisation)
    assert (task.due_on, task.case_id) == (due_on, None)
    (again,) = rolls(organisation)
    assert again.id == task.id
    with organisation.parts.database.reading() as session:
        told = session.scalars(select(Notice).where(Notice.due_on == due_on)).all()
    assert {one.person_id for one in told} == {"anna", "bo", "carin"}


def test_a_new_recovery_key_ends_the_task(tmp_path: Path) -> None:
    """Its own year begins; without a recovery key there is nothing to renew."""
    organisation = with_recovery(tmp_path)
    organisation.now += timedelta(days=350)
    (task,) = rolls(organisation)
    assert task.done_on is None
    new = member(Recovery(PrivateKey.generate().public_key, 2, HOLDERS))
    expires = {"expires_on": "2028-11-01"}
    acts.publish_keyring(organisation, change=lambda one: one.update(recovery=new, **expires))
    (ended,) = rolls(organisation)
    assert ended.done_on == acts.today(organisation)


def test_without_a_recovery_key_nothing_is_renewed(organisation: Organisation) -> None:
    """No task, however long it lasts."""
    organisation.now += timedelta(days=360)
    assert rolls(organisation) == []
