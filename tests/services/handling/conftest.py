"""Cases to write in."""

import pytest

from tests import acts
from tests.organisation import Organisation


@pytest.fixture
def case(organisation: Organisation) -> str:
    """A fresh case."""
    return acts.case_id(organisation, acts.file(organisation))


@pytest.fixture
def acknowledged(organisation: Organisation, case: str) -> str:
    """A case whose receipt was acknowledged."""
    acts.act(organisation, "anna", case, "acknowledgement")
    return case
