"""Who may do what, by role: made to be searched for by name.

The rules (Directive (EU) 2019/1937 Art. 8(6), 9(1)(a), (c) and 16(1); Lag (2021:890)
5 kap. 3 and 5 §§, 7 kap. 6 §):

* nobody has a permission that does not stand here;
* a role in the channel is not enough to act on a case: the person must also be in the case
  (`role_in_case`); who is left out, recused, or not called in has no role there at all;
* the officer and the operator run the channel and read nothing;
* shared staff, investigators, receive and investigate and never write to the reporter.
"""

from collections.abc import Collection
from enum import Enum, StrEnum

from whistle.errors import DeniedError


class Role(StrEnum):
    """In what capacity somebody acts; `wording.ROLES` says each in a sentence."""

    REPORTER = "reporter"
    HANDLER = "handler"
    DEPUTY = "deputy"
    INVESTIGATOR = "investigator"
    OFFICER = "officer"
    OPERATOR = "operator"
    AUDITOR = "auditor"
    SYSTEM = "system"


class Permission(Enum):
    """One thing that may be done, with the sentence that says what it means."""

    FILE_REPORT = "Send a report to the channel."
    READ_OWN_THREAD = "Read one's own report, its answers and its dates."
    WRITE_AS_REPORTER = "Write in one's own report, or ask for a meeting."
    WAIVE_ACKNOWLEDGEMENT = "Ask for no acknowledgement, or take that back."
    READ_CASE = "Read a case's report, messages, files and dates."
    ACKNOWLEDGE = "Acknowledge receipt of a report."
    WITHHOLD_ACKNOWLEDGEMENT = "Decide, on a ground in the law, not to acknowledge."
    WRITE_TO_REPORTER = "Write a message to the reporter."
    GIVE_FEEDBACK = "Tell the reporter what measures were taken or planned, and why."
    OFFER_MEETING = "Offer the reporter a time for a meeting."
    WRITE_NOTE = "Write a note that only the case's handlers read."
    MARK_CASE = "Say who works on a case, and give it a working title, labels and links."
    FIND_OUT_OF_SCOPE = "Decide that the law does not cover a report."
    CLOSE_CASE = "Close a case with an outcome and grounds."
    REOPEN_CASE = "Open a closed case again, with a reason."
    REMOVE_IRRELEVANT = (
        "With a second person, erase at once entries that are manifestly irrelevant."
    )
    HAND_OVER = "Hand what a dispute needs to another process."
    ERASE_EARLY = "With a second person, erase a closed case that is no longer needed."
    DO_DUTIES = "Begin a dated duty, note that it is done, or put it off."
    RECUSE = "Step out of a case."
    CHANGE_READERS = "Let a colleague into a case, or take one out, with a listed reason."
    ANSWER_CONSENT = "Say whether somebody may be told who one is, or take that back."
    ASK_CONSENT = "Ask the reporter whether somebody may be told who they are."
    DISCLOSE_IDENTITY = "Tell who the reporter is, by consent or by a listed legal duty."
    EXPORT_CASE = "Take a readable copy of a case out of the system."
    CALL_IN_DEPUTY = "Let a deputy see a case."
    RUN_CLOCK = "Acknowledge by standard text, warn, tell of late dates, erase on the day."
    PUBLISH_KEYRING = "Publish a new signed list of handlers' keys."
    EDIT_CHANNEL = "Change a channel's texts, policy and settings."
    READ_FIGURES = "Read the channel's figures, in which nobody can be told apart."
    READ_LOG = "Read the event log, which holds no content."
    RUN_MACHINE = "Start, stop, back up and repair the machine."


_INVESTIGATE = frozenset({Permission.READ_CASE, Permission.WRITE_NOTE, Permission.RECUSE})
_HANDLE = _INVESTIGATE | {
    Permission.ACKNOWLEDGE,
    Permission.WITHHOLD_ACKNOWLEDGEMENT,
    Permission.WRITE_TO_REPORTER,
    Permission.GIVE_FEEDBACK,
    Permission.OFFER_MEETING,
    Permission.MARK_CASE,
    Permission.FIND_OUT_OF_SCOPE,
    Permission.CLOSE_CASE,
    Permission.REOPEN_CASE,
    Permission.REMOVE_IRRELEVANT,
    Permission.CHANGE_READERS,
    Permission.HAND_OVER,
    Permission.ERASE_EARLY,
    Permission.EXPORT_CASE,
    Permission.ASK_CONSENT,
    Permission.DISCLOSE_IDENTITY,
    Permission.CALL_IN_DEPUTY,
    Permission.DO_DUTIES,
}

_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.REPORTER: frozenset(
        {
            Permission.FILE_REPORT,
            Permission.READ_OWN_THREAD,
            Permission.WRITE_AS_REPORTER,
            Permission.WAIVE_ACKNOWLEDGEMENT,
            Permission.ANSWER_CONSENT,
        }
    ),
    Role.HANDLER: _HANDLE,
    Role.DEPUTY: _HANDLE,
    Role.INVESTIGATOR: _INVESTIGATE,
    Role.OFFICER: frozenset(
        {
            Permission.PUBLISH_KEYRING,
            Permission.EDIT_CHANNEL,
            Permission.READ_FIGURES,
            Permission.READ_LOG,
        }
    ),
    Role.OPERATOR: frozenset({Permission.RUN_MACHINE}),
    Role.AUDITOR: frozenset({Permission.READ_LOG, Permission.READ_FIGURES}),
    Role.SYSTEM: frozenset({Permission.RUN_CLOCK}),
}

DESK_ROLES = frozenset({Role.HANDLER, Role.DEPUTY, Role.INVESTIGATOR})
"""The keyring gives these, for each channel."""
OFFICE_ROLES = frozenset({Role.OFFICER, Role.AUDITOR})
"""The organisation gives these; they open no report."""


def may(role: Role | None, permission: Permission) -> bool:
    """Whether a role holds a permission; no role holds none."""
    return role is not None and permission in _GRANTS[role]


def role_in_case(
    channel_role: Role, *, left_out: bool, recused: bool, called_in: bool
) -> Role | None:
    """The role in one case of somebody with `channel_role`, or None: not in it at all.

    A person left out by the reporter, or recused, has none, whatever else is true. A deputy
    has none until called in, and then does what a handler does.
    """
    if channel_role not in DESK_ROLES or left_out or recused:
        return None
    if channel_role is Role.DEPUTY and not called_in:
        return None
    return channel_role


def check_apart(desk: Collection[Role], office: Role | None) -> None:
    """Refuse what one person may not be at once: whoever reads the log handles no case.

    Officer and handler in one person is allowed, where the organisation is that small.

    Raises:
        DeniedError: `handler_and_auditor`.
    """
    if desk and office is Role.AUDITOR:
        raise DeniedError("handler_and_auditor")
