"""How well the text of an item fits the text of each goal: BM25 over words, runs and pairs.

The constants were found on the earlier years of one goal tree and measured on its later ones
(``python -m bench.suggest``). Each lies on a plateau: half or twice of it moves one item in a hundred.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rules.suggest.naming import Names
from rules.suggest.reading import GoalText
from rules.suggest.terms import Family, family, terms, tokens

TITLE = 4
"""A word in a goal's title counts as so many in its text."""
SATURATION = 2.0
LENGTH = 0.75
RARITY = 1.5
"""Power of the inverse document frequency. Plain BM25 has 1; the goals of one strategy share more words
than documents do, and it is the rare ones that tell them apart."""
WEIGHTS: Mapping[Family, float] = {"word": 2.0, "pair": 2.0, "run": 1.0}
COMMON = 0.5
"""A term in more than this share of the goals tells none from the others and only costs time."""
FEW = 8
"""Below so many goals no term is too common."""
FLOOR = 0.02
"""The least spread of scores, as a share of the score that a goal with all of the item's words would
have: where all goals are equally unlike an item, the least unlike is not thereby likely."""


class Fit(NamedTuple):
    """How an item fits the goals. ``scores``: for each goal, and last for none of them, how many spreads
    it lies above the mean, and what its name adds; ``spread`` is in the units of :meth:`Likeness.share`."""

    scores: list[float]
    spread: float


class Likeness:
    """Goal texts, indexed by term. Behind the goals stands an empty one, for work that serves none."""

    def __init__(self, goals: Sequence[GoalText]) -> None:
        self._size = len(goals) + 1
        counts = [_goal_terms(goal) for goal in goals]
        frequency = Counter(term for count in counts for term in count)
        rarity = {term: _rarity(seen, len(goals)) for term, seen in frequency.items()}
        self._weights = {term: float(WEIGHTS[family(term)] * rare**RARITY) for term, rare in rarity.items()}
        self._shares: dict[str, dict[int, float]] = {}
        most = COMMON * len(goals) if len(goals) >= FEW else len(goals)
        telling = {term for term, seen in frequency.items() if seen <= most}
        titles = [[word for token in tokens(goal.title) for word in token.words if word in telling] for goal in goals]
        self._names = Names(titles, rarity, _rarity(1, len(goals)))
        self._index(counts, telling)

    def _index(self, counts: Sequence[Counter[str]], telling: set[str]) -> None:
        lengths = [_lengths(count) for count in counts]
        usual = {kind: sum(length[kind] for length in lengths) / self._size or 1 for kind in WEIGHTS}
        for goal, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            damping = {kind: SATURATION * (1 - LENGTH + LENGTH * length[kind] / usual[kind]) for kind in WEIGHTS}
            for term in telling.intersection(count):
                saturated = count[term] / (count[term] + damping[family(term)])
                self._shares.setdefault(term, {})[goal] = self._weights[term] * saturated

    def share(self, term: str, goal: int) -> float:
        """What one occurrence of a term adds to the fit with a goal."""
        return self._shares.get(term, {}).get(goal, 0.0)

    def fit(self, item: Mapping[str, int]) -> Fit:
        """:param item: how often each term occurs in the item"""
        totals = [0.0] * self._size
        for term, times in item.items():
            often = 1 + math.log(times)
            for goal, share in self._shares.get(term, {}).items():
                totals[goal] += often * share
        mean = sum(totals) / self._size
        deviation = math.sqrt(sum((total - mean) ** 2 for total in totals) / self._size)
        spread = math.hypot(deviation, FLOOR * self._reach(item)) or 1.0
        scores = [(total - mean) / spread for total in totals]
        for goal, more in self._names.spreads(item).items():
            scores[goal] += more * deviation / spread  # less where all goals are equally unlike
        return Fit(scores, spread)

    def _reach(self, item: Mapping[str, int]) -> float:
        """The score of a goal with all terms of the item. Those in no goal count like the average of the others."""
        known = [(1 + math.log(times)) * self._weights[term] for term, times in item.items() if term in self._weights]
        return sum(known) * (len(item) + 1) / (len(known) + 0.5)


def _goal_terms(goal: GoalText) -> Counter[str]:
    count = terms(tokens(goal.text))
    for term, times in terms(tokens(goal.title)).items():
        count[term] += TITLE * times
    return count


def _rarity(goals: int, among: int) -> float:
    """Inverse frequency of a term that so many of the goals have."""
    return math.log((among + 1) / (goals + 0.5))


def _lengths(count: Counter[str]) -> Counter[Family]:
    length: Counter[Family] = Counter()
    for term, times in count.items():
        length[family(term)] += times
    return length
