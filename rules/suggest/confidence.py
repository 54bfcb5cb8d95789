"""From the probability among the goals to how often such suggestions turn out right."""

import math
from collections.abc import Sequence
from typing import NamedTuple

Trial = tuple[float, bool]
"""The probability that the first goal had, and whether it was the right one."""

SHIFT, SLOPE = -0.3, 0.85
"""Without trials: the most likely line on the earlier years of one goal tree with none, a tenth and a fifth of the
goals taken away (some work serves a goal that nobody wrote down), on its vague goals, and on those of another."""
SUREST = 4.0
"""Log odds that are neared and not reached, some 50 to 1. What looks surer than that is wrong for reasons that no text
tells, and as often as what is just there."""
SHIFT_FIRM, SLOPE_FIRM = 4.0, 16.0
"""How much the defaults resist the trials: inverse variances."""
NEARLY = 1e-4
"""No probability is nearer to 0 or 1."""


class Calibration(NamedTuple):
    """A straight line between the log odds of what is computed and of what is true."""

    shift: float = SHIFT
    slope: float = SLOPE

    @classmethod
    def of(cls, trials: Sequence[Trial]) -> "Calibration":
        """The most likely line, by Newton's method from the defaults."""
        shift, slope = SHIFT, SLOPE
        points = [(_log_odds(chance), right) for chance, right in trials]
        for _ in range(20):
            down, across = SHIFT_FIRM * (shift - SHIFT), SLOPE_FIRM * (slope - SLOPE)
            aa, ab, bb = SHIFT_FIRM, 0.0, SLOPE_FIRM
            for odds, right in points:
                truth = _chance(shift + slope * odds)
                error, sure = truth - right, truth * (1 - truth)
                down, across = down + error, across + error * odds
                aa, ab, bb = aa + sure, ab + sure * odds, bb + sure * odds * odds
            determinant = aa * bb - ab * ab
            shift -= (bb * down - ab * across) / determinant
            slope -= (aa * across - ab * down) / determinant
        return cls(shift, slope)

    def confidences(self, chances: Sequence[float]) -> list[float]:
        """For goals, the best first. What the best gains or loses, the others lose or gain in proportion,
        so that together they stay below 1 and none passes the best."""
        if not chances:
            return []
        best = chances[0]
        sure = _chance(self.shift + self.slope * _log_odds(best))
        keep = min(sure / best, (1 - sure) / max(1 - best, NEARLY))
        return [sure, *(keep * chance for chance in chances[1:])]


def _log_odds(chance: float) -> float:
    chance = min(max(chance, NEARLY), 1 - NEARLY)
    return SUREST * math.tanh(math.log(chance / (1 - chance)) / SUREST)


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
