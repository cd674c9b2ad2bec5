"""What a goal says of its figures."""

from tests.benchmarks.result import Aim, Result, rounded


def test_an_aim_is_met_up_to_its_bound() -> None:
    """A figure at its bound reaches the goal, one beyond does not."""
    assert Aim("ratio", 1.5, at_most=1.5).met is True
    assert Aim("ratio", 1.51, at_most=1.5).met is False
    assert Aim("ratio", 0.5, at_least=0.5).met is True
    assert Aim("ratio", 0.49, at_least=0.5).met is False


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    """No figure, no verdict."""
    assert Aim("files", None, at_least=0.8).met is None


def test_a_result_is_plain_json_with_rounded_figures() -> None:
    """The object that is printed holds goal, figures and errors."""
    shown = Result(1, "file", [Aim("ratio", 0.12345, at_least=1)], {"a": [0.12345]}, 2).as_json()
    assert shown["aims"] == [{"figure": "ratio", "at_least": 1, "measured": 0.123, "met": False}]
    assert (shown["goal"], shown["errors"], shown["measured"]) == (1, 2, {"a": [0.123]})


def test_rounding_leaves_what_is_no_fraction() -> None:
    """Texts and whole numbers stay."""
    assert rounded({"a": ("b", 1, None)}) == {"a": ["b", 1, None]}
