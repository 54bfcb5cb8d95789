"""What accepted links teach: softmax regression that starts from what the texts already say.

The likeness of texts is an offset in every goal's logit: without examples it stands alone, and each
example adds only what the texts did not tell. On 24 areas with 1, 5 and 20 examples each this is as good
as the better of naive Bayes and plain regression, so there is no switch between two learners.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

EPOCHS = 10
RATE = 1.0
"""Step of the first epoch; it falls to nothing over the last."""
BIAS_RATE = 0.1
DECAY = 0.001
NEGLIGIBLE = 0.005
"""Errors of probability below this are left alone, which keeps the weights sparse."""
RIVALS = 30
"""Goals that an example is told apart from: those that its text fits best."""

Features = Mapping[str, float]


class Clues(NamedTuple):
    """What an item shows: its words (as often as they occur), its marks, and for each goal the logit
    that its text alone gives."""

    words: Sequence[str]
    marks: Sequence[str]
    prior: Sequence[float]


Lesson = tuple[Clues, int]
"""An accepted link: what the item shows, and its goal."""


class Learned:
    """Weights of words and marks for goals, and a bias for each goal, learned from ``lessons``.

    Goals are numbers: places in ``Clues.prior``. The same lessons give the same weights.
    """

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._weights: dict[str, dict[int, float]] = {}
        self._bias: dict[int, float] = {}
        self._telling = _telling(lessons)
        self._study([(self._features(clues), _rivals(clues.prior, goal), goal) for clues, goal in lessons])

    def _study(self, lessons: list[tuple[Features, dict[int, float], int]]) -> None:
        chance = random.Random(0)  # noqa: S311 - an order, not a secret
        steps = EPOCHS * len(lessons)
        for epoch in range(EPOCHS):
            chance.shuffle(lessons)
            for at, lesson in enumerate(lessons, epoch * len(lessons)):
                self._step(*lesson, RATE * (1 - at / steps))

    def _step(self, features: Features, rivals: dict[int, float], goal: int, rate: float) -> None:
        logits = {rival: prior + self._bias.get(rival, 0.0) for rival, prior in rivals.items()}
        for feature, value in features.items():
            for rival, weight in self._weights.get(feature, {}).items():
                if rival in logits:
                    logits[rival] += value * weight
        for rival, chance in zip(logits, softmax(list(logits.values())), strict=True):
            error = chance - (rival == goal)
            if abs(error) > NEGLIGIBLE:
                self._mend(features, rival, rate, error)

    def _mend(self, features: Features, goal: int, rate: float, error: float) -> None:
        keep, step = 1 - rate * DECAY, rate * error
        self._bias[goal] = self._bias.get(goal, 0.0) - BIAS_RATE * step
        for feature, value in features.items():
            weights = self._weights.setdefault(feature, {})
            weights[goal] = keep * weights.get(goal, 0.0) - step * value

    def logits(self, clues: Clues) -> list[float]:
        logits = list(clues.prior)
        for goal, bias in self._bias.items():
            logits[goal] += bias
        for feature, value in self._features(clues).items():
            for goal, weight in self._weights.get(feature, {}).items():
                logits[goal] += value * weight
        return logits

    def shares(self, clues: Clues, goal: int) -> dict[str, float]:
        """What each word and mark of an item adds to the logit of one goal; a word in its plain form."""
        features = self._features(clues)
        return {feature: value * self._weights.get(feature, {}).get(goal, 0.0) for feature, value in features.items()}

    def _features(self, clues: Clues) -> dict[str, float]:
        """Words as a vector of length one, so that a long text says no more than a short one."""
        words = {word: 1 + math.log(times) for word, times in Counter(map(plain, clues.words)).items()}
        length = math.sqrt(sum(value * value for value in words.values()))
        marks = {mark: self._telling.get(mark, 0.0) for mark in clues.marks}
        return {word: value / length for word, value in words.items()} | marks


def plain(word: str) -> str:
    """A word without the ``s`` of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] != "s" else word


def softmax(logits: Sequence[float]) -> list[float]:
    """Probabilities, in the same order."""
    highest = max(logits)
    raised = [math.exp(logit - highest) for logit in logits]
    total = sum(raised)
    return [value / total for value in raised]


def _telling(lessons: Sequence[Lesson]) -> dict[str, float]:
    """For each mark the share of its links that go to the goal it goes to most: ``kind/bug`` tells little."""
    goals: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for clues, goal in lessons:
        for mark in clues.marks:
            goals[mark][goal] += 1
    return {mark: max(counts.values()) / counts.total() for mark, counts in goals.items()}


def _rivals(prior: Sequence[float], goal: int) -> dict[int, float]:
    best = nlargest(RIVALS, range(len(prior)), key=prior.__getitem__)
    return {rival: prior[rival] for rival in {*best, goal}}
