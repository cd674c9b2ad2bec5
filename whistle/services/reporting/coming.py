"""What a keyring that does not count yet will change: announced on the form until it does.

Nobody adds himself unseen (protocol section 2): whoever writes a report in the days before a new
keyring counts is told whom it adds.
"""

from dataclasses import dataclass
from datetime import date

from whistle.crypto.keyring import Keyring, adds, removed
from whistle.services.parts import Parts


@dataclass(frozen=True)
class Coming:
    """The names that the next keyring adds, gives new keys, or no longer has.

    `recovery` names the holders of a recovery key that is new, as one line.
    """

    takes_effect_on: date
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    recovery: tuple[str, ...]


def coming(parts: Parts, channel_id: str) -> Coming | None:
    """Return what the newest waiting keyring changes against the one in force; None if none waits.

    Raises:
        NotFoundError: there is no such channel.
        KeyringError: no keyring is in force.
    """
    today = parts.today(parts.channel(channel_id))
    if not parts.keyrings.begun:
        return None
    chain = parts.keyrings.published().chain
    waiting = chain.waiting(today)
    if not waiting:
        return None
    new, now = waiting[-1].keyring, chain.effective(today)
    old_names = {one.id: one.name for one in now.handlers}
    different = set(adds(new, now))
    return Coming(
        takes_effect_on=waiting[-1].effective_on,
        added=tuple(one.name for one in new.handlers if one.id not in old_names),
        changed=tuple(
            one.name for one in new.handlers if one.id in old_names and one.id in different
        ),
        removed=tuple(old_names[one] for one in removed(new, now)),
        recovery=_recovery(new, now),
    )


def _recovery(new: Keyring, now: Keyring) -> tuple[str, ...]:
    """The holders of a recovery key that is new; a list of one line, or of none."""
    known = None if now.recovery is None else now.recovery.age
    if new.recovery is None or new.recovery.age == known:
        return ()
    return (", ".join(one.name for one in new.recovery.holders),)
