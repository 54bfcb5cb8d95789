"""The built-in checks: which are in force, and from where on something is worth a flag."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CheckMode = Literal["off", "monitor", "enforce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Thresholds of the built-in checks. A check that is not named in ``modes`` is enforced."""

    modes: Mapping[str, CheckMode] = field(default_factory=dict)
