"""JSON with one reading, and the reader that takes every key."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.crypto.vectors import comment, load
from whistle.crypto import strictjson
from whistle.crypto.strictjson import Fields
from whistle.errors import ThreadError

LIMIT = 32 * 1024


@pytest.mark.parametrize("vector", load("json"), ids=comment)
def test_vector(vector: dict[str, Any]) -> None:
    """Each text is read as any JSON parser reads it, or refused for its reason."""
    data = bytes.fromhex(vector["hex"])
    if vector["reason"] is None:
        assert strictjson.parse(data, LIMIT, ThreadError) == json.loads(data)
    else:
        with pytest.raises(ThreadError) as caught:
            strictjson.parse(data, LIMIT, ThreadError)
        assert caught.value.reason == vector["reason"]


values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), values))
def test_reading_undoes_writing(value: dict[str, Any]) -> None:
    """What we write, we read."""
    assert strictjson.parse(strictjson.write(value), 10**6, ThreadError) == value


@pytest.mark.parametrize(
    ("take", "value"),
    [
        (lambda f: f.text("k"), ""),
        (lambda f: f.text("k"), "a\u0085b"),
        (lambda f: f.text("k"), 1),
        (lambda f: f.id("k"), "-a"),
        (lambda f: f.id("k"), "a" * 33),
        (lambda f: f.id("k"), "a\n"),
        (lambda f: f.ids("k"), ["a", "a"]),
        (lambda f: f.ids("k"), "a"),
        (lambda f: f.one_of("k", ("a",)), ["a"]),
        (lambda f: f.number("k"), True),
        (lambda f: f.number("k", 1), 0),
        (lambda f: f.boolean("k"), 1),
        (lambda f: f.date("k"), "2026-1-1"),
        (lambda f: f.date("k"), "2026-13-01"),
        (lambda f: f.binary("k", 1), "AAA"),
        (lambda f: f.binary("k", 1), None),
        (lambda f: f.inner("k"), []),
        (lambda f: f.inners("k"), [1]),
    ],
)
def test_values_of_another_form_are_refused(take: Any, value: Any) -> None:
    """Each reader takes its own form and no other."""
    with pytest.raises(ThreadError, match=r"^value$"):
        take(Fields({"k": value}, ThreadError))


def test_null_is_taken_once_and_other_values_stay() -> None:
    """A key that may be null is read in two steps, and still has to be there."""
    fields = Fields({"a": None, "b": 1}, ThreadError)
    assert fields.absent("a")
    assert not fields.absent("b")
    assert not fields.absent("c")
    assert fields.names() == ("b",)
    with pytest.raises(ThreadError, match="unknown_key"):
        fields.end()
    with pytest.raises(ThreadError, match="missing_key"):
        fields.number("c")
