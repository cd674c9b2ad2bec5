"""The first days as a list: each line is asked anew, so that it is true at each moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from whistle.config import Channel
from whistle.crypto.keyring import HandlerKey
from whistle.crypto.keyring_file import ENROLLED_MIN, READING_ROLES
from whistle.services import marks
from whistle.services.able import able
from whistle.services.notices import unsent_to_officer
from whistle.services.office import keys, people
from whistle.services.office.joining import note
from whistle.services.parts import Parts
from whistle.storage.tables import Person


@dataclass(frozen=True)
class Step:
    """One line: its code, whether it is done, and what it says of this organisation."""

    code: str
    done: bool
    names: tuple[str, ...] = ()


def steps(parts: Parts) -> list[Step]:
    """Every line, in the order in which they are best done."""
    shown = keys.shown(parts)
    mail = parts.settings.mail
    few = _channels_with_few(parts)
    with parts.database.reading() as session:
        officers = session.scalars(select(Person.id).where(Person.office == "officer")).all()
        put_off = marks.get(session, marks.RECOVERY_PUT_OFF) is not None
    recovery = shown.published is not None and shown.published.recovery_needed > 0
    gone = people.lost_keys(parts)
    return [
        *_lost("leavers", gone.named),
        *_lost("leavers_wait", gone.waiting),
        Step("officer", bool(officers)),
        Step("second_officer", len(officers) > 1),
        Step("root", bool(shown.root_line)),
        Step("handlers", not few, few),
        Step("keyring", shown.published is not None),
        Step("recovery", recovery or put_off, ("put_off",) if put_off and not recovery else ()),
        Step("outside", mail is not None and bool(mail.outside)),
        Step("mail", mail is not None and not unsent_to_officer(parts)),
    ]


def put_off_recovery(parts: Parts, by: str) -> None:
    """Note that the organisation goes on without a recovery key for now, by whose decision."""
    with parts.database.writing() as session:
        marks.put(session, marks.RECOVERY_PUT_OFF, parts.clock(), by)
        note(session, "RecoveryPutOff", by, "recovery", parts.clock())


def _lost(code: str, keys: Sequence[HandlerKey]) -> list[Step]:
    """The line about lost keys to which new reports are still sealed, if there are any."""
    return [Step(code, done=False, names=tuple(one.name for one in keys))] if keys else []


def _channels_with_few(parts: Parts) -> tuple[str, ...]:
    """Channels that fewer than two persons read: by the keyring in force, before it who joined."""
    count = _able if parts.keyrings.begun else _joined
    return tuple(
        channel.name for channel in parts.settings.channels if count(parts, channel) < ENROLLED_MIN
    )


def _able(parts: Parts, channel: Channel) -> int:
    today = parts.today(channel)
    keyring = parts.keyrings.published().chain.effective(today)
    with parts.database.reading() as session:
        return len(able(session, keyring, channel.id, today))


def _joined(parts: Parts, channel: Channel) -> int:
    there = [
        one for one in people.everybody(parts) if one.state in {"joined", "in_keyring", "waiting"}
    ]
    return sum(one.channels.get(channel.id) in READING_ROLES for one in there)
