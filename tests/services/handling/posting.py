"""Posting entries at the desk, and what a refused one leaves: nothing."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import acts
from tests.organisation import Organisation
from whistle.errors import CaseError, ConflictError, DeniedError, FilingError
from whistle.services.handling import writing
from whistle.services.handling.writing import Written
from whistle.storage.tables import Case, EntrySeal, LogEvent


def row(organisation: Organisation, case: str) -> Case:
    """The case's row."""
    with organisation.parts.database.reading() as session:
        return session.get_one(Case, bytes.fromhex(case))


def size(organisation: Organisation) -> tuple[int, ...]:
    """How many entries and log events there are."""
    with organisation.parts.database.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (EntrySeal, LogEvent)
        )


def post(
    organisation: Organisation,
    case: str,
    kind: object,
    facts: Mapping[str, object] | None = None,
    **place: Any,
) -> Any:
    """Post an entry of the right shape as Anna."""
    anna = organisation.people["anna"].private_key
    values = {"chain": "case", "seq": 3, "sealed": acts.any_entry(anna), **place}
    written = Written(kind=kind, facts=facts or {}, **values)
    return writing.write(organisation.parts, acts.handler(organisation, "anna"), case, written)


def refused(organisation: Organisation, case: str, kind: object, *args: Any, **place: Any) -> str:
    """The reason for which an entry is refused; nothing of it is kept."""
    before, state = size(organisation), vars(row(organisation, case)).copy()
    with pytest.raises((FilingError, ConflictError, CaseError, DeniedError)) as caught:
        post(organisation, case, kind, *args, **place)
    after = vars(row(organisation, case))
    assert size(organisation) == before
    assert {k: v for k, v in after.items() if k[0] != "_"} == {
        k: v for k, v in state.items() if k[0] != "_"
    }
    return caught.value.reason
