"""A mail server for the tests that send."""

from collections.abc import Iterator

import pytest

from tests.notify.post_office import PostOffice, open_office


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A mail server that takes everything and keeps it."""
    with open_office() as opened:
        yield opened
