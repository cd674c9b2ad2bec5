"""Who may be invited to what: each rule with the code of its refusal.

Reasons of `FilingError`: `id` not of small letters, digits, _ and -, or reserved · `taken` somebody
has that id and can sign in · `invited` an invitation for that id is open · `name` · `same_name`
another person has it, or one that reads like it · `name_invisible`, `name_mixed` signs by which
somebody could be taken for another · `role_text` · `mail` · `channel` there is no such
channel · `role` no such role · `nothing` neither channel nor office · `handler_and_auditor` who
handles cases reads no log · `municipality` shared staff is not for municipalities (Lag (2021:890)
5 kap. 3 and 4 §§).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from whistle.crypto import names
from whistle.crypto.keyring_file import ROLES
from whistle.errors import FilingError
from whistle.services.parts import Parts
from whistle.storage.tables import Invitation, Person

OFFICER = "officer"
AUDITOR = "auditor"
OFFICES = (OFFICER, AUDITOR)
INVESTIGATOR = "investigator"
RESERVED = frozenset({"reporter", "service", "officer", "outside", "operator"})
"""Ids that mean something else in threads, mails and the log."""
NAME_CHARS_MAX = 120
ROLE_CHARS_MAX = 200
MAIL_CHARS_MAX = 254
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")


@dataclass(frozen=True)
class Asked:
    """Whom to invite: for channels with roles, for the office, or both."""

    id: str
    name: str
    role_text: str
    channels: Mapping[str, str] = field(default_factory=dict)
    office: str | None = None
    mail: str = ""


def check(session: Session, parts: Parts, asked: Asked) -> None:
    """Refuse an invitation that breaks a rule. Raises FilingError."""
    if not _ID.fullmatch(asked.id) or asked.id in RESERVED:
        raise FilingError("id")
    _check_name(asked.name)
    if asked.channels:
        _check_text(asked.role_text, ROLE_CHARS_MAX, "role_text")
    if asked.mail and (len(asked.mail) > MAIL_CHARS_MAX or not _MAIL.fullmatch(asked.mail)):
        raise FilingError("mail")
    if asked.office is not None and asked.office not in OFFICES:
        raise FilingError("role")
    if not asked.channels and asked.office is None:
        raise FilingError("nothing")
    if asked.channels and asked.office == AUDITOR:
        raise FilingError("handler_and_auditor")
    check_channels(parts, asked.channels)
    if session.get(Person, asked.id) is not None:
        raise FilingError("taken")
    today = parts.today(parts.settings.channels[0])
    still = (Invitation.until >= today) | Invitation.used_on.is_not(None)
    waiting = select(Invitation.person_id).where(Invitation.person_id == asked.id, still)
    if session.scalar(waiting.limit(1)) is not None:
        raise FilingError("invited")
    if any(names.alike(asked.name, one) for one in _names_of_others(session, parts, asked.id)):
        raise FilingError("same_name")


def _names_of_others(session: Session, parts: Parts, person_id: str) -> set[str]:
    """The names of everybody else: of the newest keyring, of the office, of those invited."""
    today = parts.today(parts.settings.channels[0])
    still = (Invitation.until >= today) | Invitation.used_on.is_not(None)
    people = select(Person.name).where(Person.id != person_id)
    invited = select(Invitation.name).where(Invitation.person_id != person_id, still)
    found = {*session.scalars(people), *session.scalars(invited)}
    if parts.keyrings.begun:
        handlers = parts.keyrings.published().chain.newest.handlers
        found |= {one.name for one in handlers if person_id not in {one.id, one.person}}
    return found - {""}


def check_channels(parts: Parts, channels: Mapping[str, str]) -> None:
    """Refuse channels and roles that there are not, or that the law has not. Raises FilingError."""
    for channel_id, role in channels.items():
        channel = parts.settings.channel(channel_id)
        if channel is None:
            raise FilingError("channel")
        if role not in ROLES:
            raise FilingError("role")
        if role == INVESTIGATOR and channel.municipality:
            raise FilingError("municipality")


def _check_name(name: str) -> None:
    reason = names.fault(name)
    if reason is not None:
        raise FilingError(reason)
    _check_text(name, NAME_CHARS_MAX, "name")


def _check_text(text: str, most: int, reason: str) -> None:
    if not text.strip() or len(text) > most or not text.isprintable():
        raise FilingError(reason)
