"""What a goal gives: the figures, the ratios that were aimed at, and whether they were met."""

import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Aim:
    """One figure with its goal: `at_most` or `at_least` so much."""

    name: str
    value: float | None
    at_most: float | None = None
    at_least: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the figure reaches its goal; None where it was not measured."""
        if self.value is None:
            return None
        if self.at_most is not None and self.value > self.at_most:
            return False
        return self.at_least is None or self.value >= self.at_least

    def as_json(self) -> dict[str, Any]:
        """Return the figure and its goal."""
        bound = {"at_most": self.at_most, "at_least": self.at_least}
        goal = {name: value for name, value in bound.items() if value is not None}
        value = None if self.value is None else round(self.value, 3)
        return {"figure": self.name, **goal, "measured": value, "met": self.met}


@dataclass(frozen=True)
class Result:
    """What was measured for one goal. `errors` counts what must never happen."""

    number: int
    work: str
    aims: Sequence[Aim]
    measured: Mapping[str, Any]
    errors: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return everything, figures rounded."""
        return {
            "goal": self.number,
            "work": self.work,
            "aims": [aim.as_json() for aim in self.aims],
            "measured": rounded(self.measured),
            "errors": self.errors,
        }


def rounded(value: Any) -> Any:
    """Return the same with every fraction rounded to three places."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, Mapping):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(one) for one in value]
    return value


def middle(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def say(text: str) -> None:
    """Tell how far it is, on standard error."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
