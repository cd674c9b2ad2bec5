"""When the reporter's identity may leave the circle, as far as the server can see.

Rules (Directive (EU) 2019/1937 Art. 16(1) to (3)):
* by consent: the reporter has answered a request. Which way is sealed; browsers check that;
* by a legal duty: it was announced to the reporter, and the time that they have to answer is over,
  or the handler recorded a listed reason why it cannot wait;
* an announcement begins a task with the first day on which it may be done; doing it ends the task.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.case import events as ev
from whistle.config import Channel
from whistle.errors import CaseError
from whistle.services import tasks, thread
from whistle.storage.tables import Case, Entry, Task


def allow(session: Session, case: Case, channel: Channel, event: ev.Event | None) -> None:
    """Begin or end the waiting time where the event does that; refuse what comes before its end.

    Raises:
        CaseError: `no_consent`, the reporter has answered nothing; `too_early`, the time to answer
            an announcement is not over, or there was none.
    """
    if isinstance(event, ev.DisclosureNoticed):
        tasks.begin(session, channel, tasks.Begun(tasks.DISCLOSURE, event.on, case.id))
    if not isinstance(event, ev.Disclosed):
        return
    if event.ground is ev.Ground.CONSENT and not _answered(session, case):
        raise CaseError("no_consent")
    noticed = session.scalars(
        select(Task).where(Task.case_id == case.id, Task.kind == tasks.DISCLOSURE)
    ).all()
    over = [task for task in noticed if task.due_on <= event.on]
    if event.ground is ev.Ground.DUTY and not over:
        raise CaseError("too_early")
    if event.ground is not ev.Ground.CONSENT:
        for task in over:
            tasks.finish(task, event.on)


def _answered(session: Session, case: Case) -> bool:
    found = session.scalar(
        select(Entry.id)
        .where(Entry.case_id == case.id, Entry.chain == thread.CASE_CHAIN, Entry.kind == "consent")
        .limit(1)
    )
    return found is not None
