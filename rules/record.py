"""How the flags of one rule or check have fared with people, and when it loses its word.

A flag on which nobody acts is a false alarm in effect, whether or not it was true; Sadowski et al.,
"Lessons from Building Static Analysis Tools at Google" (CACM 2018), switch such checks off.
"""

from dataclasses import dataclass
from math import sqrt

ENOUGH = 20
"""Flags that must have been decided before a rule is judged by them."""
LEAST = 0.5
"""Share of flags acted on below which a rule drops itself to monitor."""
UNREAD_DAYS = 30
"""Days that a flag stands open, and nobody does anything about it, before it counts as expired."""
DEVIATIONS = 1.96
"""Of the lower bound: it holds in 39 of 40 cases."""


@dataclass(frozen=True, slots=True)
class Record:
    """Flags that ended one way or another.

    ``acted``: the work was linked, exempted, closed or repaired. ``dismissed``: somebody said that the rule
    is wrong. ``expired``: nobody cared. What was accepted or put off counts neither way: it was true, and
    will be told again.
    """

    acted: int = 0
    dismissed: int = 0
    expired: int = 0

    @property
    def decided(self) -> int:
        return self.acted + self.dismissed + self.expired

    @property
    def precision(self) -> float | None:
        """Share of the decided flags that were acted on, 0 to 1; None while there are none."""
        return self.acted / self.decided if self.decided else None

    @property
    def bound(self) -> float:
        """What the precision is at least, as far as so few flags can tell; 0 where none is decided.

        The lower end of Wilson's interval: Wilson, "Probable inference, the law of succession, and
        statistical inference" (JASA 1927).
        """
        if not self.decided:
            return 0.0
        share, of, z2 = self.acted / self.decided, self.decided, DEVIATIONS**2
        middle = share + z2 / (2 * of)
        return (middle - DEVIATIONS * sqrt(share * (1 - share) / of + z2 / (4 * of * of))) / (1 + z2 / of)

    @property
    def demoted(self) -> bool:
        """Whether the rule has lost its word."""
        return self.decided >= ENOUGH and self.acted < LEAST * self.decided

    def says(self) -> str:
        return (
            f"{self.acted} of {self.decided} flags acted on, {self.dismissed} called wrong, {self.expired} left alone"
        )
