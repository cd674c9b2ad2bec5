"""What every test of the services stands on."""

import pytest

from whistle.services.upkeep import anchoring


@pytest.fixture(autouse=True)
def no_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day's anchor goes at a moment of chance: it has tests of its own (web/office)."""
    monkeypatch.setattr(anchoring, "send_anchor", lambda *_: False)
