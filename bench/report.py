"""One figure with its ratio and its goal."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import orjson


@dataclass(frozen=True, slots=True)
class Line:
    """``figures`` by name; ``ratio`` compares them; ``goal`` is the most that ``ratio`` may be."""

    what: str
    figures: Mapping[str, float]
    ratio: float | None = None
    goal: float | None = None

    @property
    def holds(self) -> bool | None:
        """None where there is no goal."""
        return None if self.goal is None or self.ratio is None else self.ratio <= self.goal

    def __str__(self) -> str:
        figures = "  ".join(f"{name} {_number(value)}" for name, value in self.figures.items())
        ratio = "" if self.ratio is None else f"  = {_number(self.ratio)}"
        goal = "" if self.goal is None else f"  (goal: at most {self.goal:.3g}: {'holds' if self.holds else 'missed'})"
        return f"{self.what:44} {figures}{ratio}{goal}"

    def json(self) -> str:
        return orjson.dumps(asdict(self) | {"holds": self.holds}).decode()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"
