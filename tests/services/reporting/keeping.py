"""What the database holds of cases, and that a refused filing leaves nothing in it."""

import pytest
from sqlalchemy import func, select

from tests.organisation import Organisation
from whistle.errors import WhistleError
from whistle.services.reporting.filing import file_report
from whistle.storage.tables import Table


def rows(organisation: Organisation) -> dict[str, int]:
    """How many rows each table of cases has."""
    with organisation.parts.database.reading() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
            if table.name not in {"people", "keyrings"}
        }


def refused(organisation: Organisation, posted: bytes, error: type[WhistleError]) -> str:
    """The reason for which a filing is refused; nothing of it is kept."""
    before = rows(organisation)
    with pytest.raises(error) as caught:
        file_report(organisation.parts, posted)
    assert rows(organisation) == before
    return caught.value.reason
