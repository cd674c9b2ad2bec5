"""Who may do what."""

import itertools

import pytest

from whistle.case import Permission, Role, may, role_in_case

CONTENT = {
    Permission.READ_CASE,
    Permission.WRITE_TO_REPORTER,
    Permission.GIVE_FEEDBACK,
    Permission.WRITE_NOTE,
    Permission.EXPORT_CASE,
}


def test_every_permission_is_a_sentence_and_is_held_by_somebody() -> None:
    """Nothing may be done that nobody may do."""
    for permission in Permission:
        assert permission.value[0].isupper()
        assert permission.value.endswith(".")
        assert any(may(role, permission) for role in Role), permission


def test_no_role_holds_nothing() -> None:
    """Somebody without a role in a case may do nothing there."""
    assert not any(may(None, permission) for permission in Permission)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.OPERATOR, Role.AUDITOR, Role.SYSTEM])
def test_invariant_15_who_runs_the_channel_reads_nothing(role: Role) -> None:
    """Officer, operator, auditor and the clock have no permission that touches content."""
    assert not any(may(role, permission) for permission in CONTENT)


def test_invariant_16_shared_staff_investigate_and_never_write_to_the_reporter() -> None:
    """Lag (2021:890) 5 kap. 3 §: receiving and investigating, not contact."""
    assert may(Role.INVESTIGATOR, Permission.READ_CASE)
    for permission in (
        Permission.ACKNOWLEDGE,
        Permission.WRITE_TO_REPORTER,
        Permission.GIVE_FEEDBACK,
        Permission.OFFER_MEETING,
        Permission.CLOSE_CASE,
    ):
        assert not may(Role.INVESTIGATOR, permission)
        assert may(Role.HANDLER, permission)


def test_only_the_reporter_waives_and_only_handlers_decide() -> None:
    """The two sides have no permission in common."""
    shared = [
        permission
        for permission in Permission
        if may(Role.REPORTER, permission) and may(Role.HANDLER, permission)
    ]
    assert shared == []


@pytest.mark.parametrize(
    ("role", "left_out", "recused", "called_in"),
    list(itertools.product(Role, (False, True), (False, True), (False, True))),
)
def test_invariant_12_who_is_left_out_or_recused_has_no_role_in_the_case(
    role: Role,
    left_out: bool,  # noqa: FBT001 -- pytest gives parameters by name
    recused: bool,  # noqa: FBT001 -- the same
    called_in: bool,  # noqa: FBT001 -- the same
) -> None:
    """Every combination: outside, unless appointed, not excluded, and a deputy called in."""
    found = role_in_case(role, left_out=left_out, recused=recused, called_in=called_in)
    appointed = role in {Role.HANDLER, Role.INVESTIGATOR} or (role is Role.DEPUTY and called_in)
    assert found == (role if appointed and not left_out and not recused else None)


def test_invariant_11_a_deputy_sees_a_case_only_when_called_in() -> None:
    """And then does what a handler does."""
    waiting = role_in_case(Role.DEPUTY, left_out=False, recused=False, called_in=False)
    called = role_in_case(Role.DEPUTY, left_out=False, recused=False, called_in=True)
    assert not may(waiting, Permission.READ_CASE)
    assert all(may(called, one) == may(Role.HANDLER, one) for one in Permission)
