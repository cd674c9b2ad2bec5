"""How long a report may be: what was typed counts, what was chosen from a list does not."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tests.organisation import Organisation
from tests.web.reporter.pages import code_on, send
from whistle.services.reporting import unscripted
from whistle.web.reporter.answers import TEXT_MAX, Answers

LENGTHS = json.loads((Path(__file__).parents[2] / "vectors/report_length.json").read_text("utf-8"))


@pytest.mark.parametrize("one", LENGTHS, ids=lambda one: one["name"])
def test_what_was_typed_is_counted_in_code_points(one: dict[str, Any]) -> None:
    """As the browser counts: nothing that was chosen from a list; exactly the limit passes."""
    typed = one["form"] | {"what": one["form"]["what"] * one.get("times", 1)}
    answers = Answers.read(MultiDict(typed), "en")
    assert answers.length() == one["count"]
    values = {"count": one["count"], "limit": TEXT_MAX}
    told = [("what", "too_long", values)] if one["count"] > TEXT_MAX else []
    assert answers.problems(["anna"]) == told


def test_the_longest_text_is_sealed_and_kept(
    client: FlaskClient, organisation: Organisation
) -> None:
    """With every list answered: what is chosen from them takes nothing of the limit."""
    page = send(client, what="x" * TEXT_MAX, ongoing="unknown", topic="discrimination")
    assert page.status_code == 200
    entry = unscripted.look(organisation.parts, code_on(page)).entries[0]
    assert len(entry["body"]["answers"]["what"]) == TEXT_MAX
