"""What may happen in a case, and what is due in it: pure, no clock, no database.

`apply(state, event, limits)` gives the case after an event, `due(state, limits, today)` its
dates and chips on a day, `actions_due(state, policy, today)` what the clock has to do.
"""

from whistle.case.clock import AcknowledgeBy, Action, ActionKind, Policy, actions_due
from whistle.case.due import Due, due
from whistle.case.machine import apply, latest_next_on
from whistle.case.permissions import Permission, Role, may, role_in_case
from whistle.case.states import CaseState, Phase
from whistle.case.waking import wakes_on

__all__ = [
    "AcknowledgeBy",
    "Action",
    "ActionKind",
    "CaseState",
    "Due",
    "Permission",
    "Phase",
    "Policy",
    "Role",
    "actions_due",
    "apply",
    "due",
    "latest_next_on",
    "may",
    "role_in_case",
    "wakes_on",
]
