"""Who would read a report, as the signed keyring says it: the database can appoint nobody.

It can only close a form: whoever was taken out still stands in the keyring until the next one is
published, and a form whose readers can no longer sign in takes no report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from whistle.crypto.keyring import Keyring
from whistle.crypto.keyring_file import ENROLLED_MIN
from whistle.crypto.phrase import phrase
from whistle.crypto.sshsig import public_line
from whistle.services.able import able
from whistle.services.parts import Parts


@dataclass(frozen=True)
class Reader:
    """One case handler of a channel: `id` is the key's, `person` the same for all their keys."""

    id: str
    person: str
    name: str
    role_text: str
    role: str


def who_reads(parts: Parts, channel_id: str) -> tuple[Reader, ...]:
    """The channel's readers today, in the keyring's order; nobody before the first keyring."""
    today = parts.today(parts.channel(channel_id))
    if not parts.keyrings.begun:
        return ()
    keyring = parts.keyrings.published().chain.effective(today)
    return tuple(
        Reader(one.id, one.person, one.name, one.role_text, one.channels[channel_id])
        for one in keyring.readers(channel_id, today)
    )


@dataclass(frozen=True)
class RecoveryTold:
    """What a reporter is told of a recovery key: `needed` of its holders must join to use it.

    `holders` are their names, `persons` their ids, `key` the hash of the public key in hex.
    """

    needed: int
    holders: tuple[str, ...]
    persons: frozenset[str]
    key: str


def recovery_of(parts: Parts, channel_id: str) -> RecoveryTold | None:
    """The recovery key in force today in a channel, or None.

    The reporter is told that one exists (protocol section 3), and may leave it out (section 10).
    """
    if not parts.keyrings.begun:
        return None
    today = parts.today(parts.channel(channel_id))
    recovery = parts.keyrings.published().chain.effective(today).recovery
    if recovery is None:
        return None
    return RecoveryTold(
        recovery.k,
        tuple(one.name for one in recovery.holders),
        frozenset(one.person for one in recovery.holders),
        recovery.age_sha256.hex(),
    )


def recoveries(parts: Parts) -> tuple[RecoveryTold, ...]:
    """The recovery keys in force today, one at most for all channels of one zone, each once."""
    found = (recovery_of(parts, channel.id) for channel in parts.settings.channels)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def keyring_state(parts: Parts, channel_id: str) -> str:
    """Whether reports are taken today, by the keyring's age: good, expiring, expired or closed.

    Expired, they are still taken. `not_open`: there is no keyring yet, or it does not name two
    persons who read and can sign in (protocol section 5).
    """
    if not parts.keyrings.begun:
        return "not_open"
    today = parts.today(parts.channel(channel_id))
    keyring = parts.keyrings.published().chain.effective(today)
    if not is_open(parts, keyring, channel_id, today):
        return "not_open"
    return keyring.state(today)


def closed_forms(parts: Parts) -> tuple[str, ...]:
    """The names of the channels whose form was open and takes no reports now."""
    if not parts.keyrings.begun:
        return ()
    return tuple(
        channel.name
        for channel in parts.settings.channels
        if keyring_state(parts, channel.id) in {"not_open", "closed"}
    )


def is_open(parts: Parts, keyring: Keyring, channel_id: str, today: date) -> bool:
    """Whether a channel has the two persons that it takes to open it (protocol section 5)."""
    with parts.database.reading() as session:
        return len(able(session, keyring, channel_id, today)) >= ENROLLED_MIN


def who_can_sign_in(parts: Parts, channel_id: str) -> frozenset[str]:
    """The persons who read a channel's reports today and can open them at the desk."""
    if not parts.keyrings.begun:
        return frozenset()
    today = parts.today(parts.channel(channel_id))
    keyring = parts.keyrings.published().chain.effective(today)
    with parts.database.reading() as session:
        return able(session, keyring, channel_id, today)


def keyring_answer(parts: Parts) -> Mapping[str, Any]:
    """Everything that a browser needs to verify the keyrings for itself."""
    today = parts.today(parts.settings.channels[0])
    return parts.keyrings.published().answer(today)


def root_phrase(parts: Parts) -> list[str]:
    """The eight words that stand for the root key, to compare with a poster; none before it."""
    root = parts.keyrings.root
    return [] if root is None else list(phrase(root))


def root_line(parts: Parts) -> str:
    """The root's public key as OpenSSH writes it; empty before there is one."""
    root = parts.keyrings.root
    return "" if root is None else public_line(root, "whistle-root")
