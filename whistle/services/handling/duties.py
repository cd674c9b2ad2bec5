"""Tasks at the desk: those of the cases that a handler sees, and those of the channel.

Rules: an investigator sees them and changes none (Directive Art. 8(6)); the review of access and
the renewal of the recovery key are not ticked off here, but end where they are done.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from whistle.case import Permission, Role, may
from whistle.config import Channel
from whistle.crypto.keyring import HandlerKey
from whistle.errors import DeniedError, FilingError, NotFoundError
from whistle.services import access, dates, tasks
from whistle.services.handling.asked import case_key
from whistle.services.parts import Parts
from whistle.storage.tables import Case, Task


def list_tasks(parts: Parts, handler: HandlerKey) -> dict[str, Any]:
    """What is to be done, the nearest date first; nothing of a case that this handler sees not."""
    today = _today(parts)
    with parts.database.reading() as session:
        own = access.visible_cases(handler).with_only_columns(Case.id)
        listed = tasks.open_tasks(session, own, handler.channels)
        shown = [{**tasks.shown(one, today), **_allowed(handler, one)} for one in listed]
    begins = any(_may(handler, channel) for channel in handler.channels)
    return {"today": today.isoformat(), "begins": begins, "tasks": dates.as_json(shown)}


def begin_task(
    parts: Parts,
    handler: HandlerKey,
    *,
    kind: str,
    started_on: object,
    case_id: object = None,
    channel_id: object = None,
) -> dict[str, Any]:
    """Enter a duty that has come up: of a case, or of one of the handler's channels.

    Raises:
        NotFoundError: `unknown`, the case or the channel is not there for this handler.
        FilingError: `kind` or `started_on`.
        DeniedError: `investigators_duty`.
    """
    if kind not in tasks.BY_HAND:
        raise FilingError("kind")
    with parts.database.writing() as session:
        if case_id is None:
            channel, key = _own_channel(parts, handler, channel_id), None
        else:
            case = access.visible_case(session, handler, case_key(case_id))
            channel, key = parts.channel(case.channel), case.id
        _refuse_investigator(handler, channel)
        started = dates.day(started_on, "started_on")
        if started > parts.today(channel):
            raise FilingError("started_on")
        task = tasks.begin(session, channel, tasks.Begun(kind, started, key))
        return dict(dates.as_json(tasks.shown(task, parts.today(channel))))


def finish_task(parts: Parts, handler: HandlerKey, task_id: str) -> None:
    """Note that a duty is done.

    Raises:
        NotFoundError: `unknown`.
        DeniedError: `investigators_duty`.
        FilingError: `ends_elsewhere`, it ends where it is done.
    """
    _change(parts, handler, task_id, _finish)


def extend_task(parts: Parts, handler: HandlerKey, task_id: str, reason: str) -> None:
    """Take the two months more for a data request. Raises as tasks.extend."""
    _change(
        parts,
        handler,
        task_id,
        lambda task, channel, today: tasks.extend(task, channel, reason, today),
    )


def postpone_task(
    parts: Parts, handler: HandlerKey, task_id: str, *, reason: str, review_on: object
) -> None:
    """Put off telling the person concerned. Raises as tasks.postpone."""
    day = dates.day(review_on, "review_on")
    _change(
        parts,
        handler,
        task_id,
        lambda task, _, today: tasks.postpone(task, reason, day, today),
    )


def _change(
    parts: Parts,
    handler: HandlerKey,
    task_id: str,
    how: Callable[[Task, Channel, date], None],
) -> None:
    with parts.database.writing() as session:
        seen = access.visible_cases(handler).with_only_columns(Case.id)
        task = tasks.find(session, case_key(task_id), seen)
        channel = _own_channel(parts, handler, task.channel)
        _refuse_investigator(handler, channel)
        how(task, channel, parts.today(channel))


def _finish(task: Task, _: Channel, today: date) -> None:
    if task.kind in tasks.ENDS_ELSEWHERE:
        raise FilingError("ends_elsewhere")
    tasks.finish(task, today)


def _allowed(handler: HandlerKey, task: Task) -> dict[str, bool]:
    """What this handler may do to a task: end it, and put it off."""
    may_change = _may(handler, task.channel)
    return {"ends": may_change and task.kind not in tasks.ENDS_ELSEWHERE, "changes": may_change}


def _may(handler: HandlerKey, channel_id: str) -> bool:
    return may(Role(handler.channels[channel_id]), Permission.DO_DUTIES)


def _refuse_investigator(handler: HandlerKey, channel: Channel) -> None:
    if not _may(handler, channel.id):
        raise DeniedError("investigators_duty")


def _own_channel(parts: Parts, handler: HandlerKey, channel_id: object) -> Channel:
    """The channel of this id, or the first, if the handler has a place there."""
    for channel in parts.settings.channels:
        if channel.id in handler.channels and channel_id in {None, channel.id}:
            return channel
    raise NotFoundError("unknown")


def _today(parts: Parts) -> date:
    return max(parts.today(channel) for channel in parts.settings.channels)
