"""The example of an organisation's settings can be used, and leaves nothing out."""

import re
from dataclasses import fields

import pytest

from tests.documents import reading
from whistle.config import Channel, Face, Mail, OtherWays, Settings, load

EXAMPLE = reading.ROOT / "deploy" / "whistle.example.toml"
PARTS = {"channels", "other_ways", "mail"}
"""Tables of their own."""
UNSAID = {"demo"}
"""What no organisation sets."""


def test_the_example_is_read_without_complaint() -> None:
    """It loads, for one face, with a mail server."""
    settings = load(EXAMPLE)
    assert settings.face is Face.REPORTER
    assert settings.mail is not None
    assert settings.data_dir == EXAMPLE.parent / "data"


@pytest.mark.parametrize("part", [Settings, Channel, OtherWays, Mail])
def test_the_example_shows_every_setting(part: type) -> None:
    """Each key stands there, if only behind a comment sign."""
    shown = set(re.findall(r"^(?:# )?(\w+) =", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE))
    names = {one.name for one in fields(part)}
    assert sorted(names - shown - PARTS - UNSAID) == []
