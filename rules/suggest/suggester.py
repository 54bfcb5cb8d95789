"""Goals that an unlinked item might serve, best first, with a confidence that can be believed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any, Literal, NamedTuple

from rules.suggest.confidence import Calibration, Trial
from rules.suggest.learning import Clues, Learned, Lesson, plain, softmax
from rules.suggest.likeness import Likeness
from rules.suggest.reading import Work, read_goals, read_item
from rules.suggest.terms import Token, runs, terms, tokens

Strength = Literal["weak", "fair", "strong"]

STRONG, FAIR, ABSTAIN = 2 / 3, 0.4, 0.1
"""Least confidences: to be called strong, to be called fair, to be suggested at all."""
STEEPNESS = 1.4
"""Logits for one spread of likeness without examples; with very many, half of it."""
PLENTY = 3
"""Examples for each goal that make half of the difference."""
HEADLINE = 3
"""A word in an item's title counts as so many in its body."""
FOLDS, ENOUGH = 3, 300
"""Examples are held out a third at a time to see how often suggestions are right, until so many were."""
WORDS, TELLING = 5, 0.15
"""Pieces of evidence that are shown at most, and how large one must be beside the largest."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A goal that an item might serve.

    ``confidence``: how often a suggestion like this is right, 0 to 1. ``words``: what speaks for it, most
    first: words as the item writes them, and marks such as ``label area/pay``, ``component web``,
    ``in PROJECT``, ``milestone 1.2``. ``strength``: the confidence in a word.
    """

    goal: str
    confidence: float
    words: tuple[str, ...]
    strength: Strength


class Seen(NamedTuple):
    """An item, read and compared with the goals. ``unit``: logits for one unit of likeness."""

    text: list[Token]
    clues: Clues
    unit: float


class Suggester:
    """Suggests goals for items, from the texts of the goals and from links that people accepted.

    *Goals* are :class:`rules.model.Goal`, or mappings or objects with ``id``, ``title`` (or ``name``) and
    any of ``why``, ``text``, ``summary``, ``description``, ``scope``, ``goals``, ``parent``, each a string
    or a list of strings. Left out are non-goals (``kind`` *non_goal*) and goals whose ``status`` is
    *proposed*, *paused*, *achieved* or *dropped*; without a status, or with any other, a goal is active.
    Periods are the caller's business: there is no clock here.

    *Items* are :class:`connectors.item.Item`, or mappings or objects with ``title`` (or ``name``), ``body``
    (or ``text``, or ``description``), ``labels``, ``components``, ``container``, ``milestone``. What is
    missing, empty or of another type is passed over; nothing here raises on bad data.
    """

    def __init__(self) -> None:
        self.fit([])

    def fit(self, goals: Iterable[Any], examples: Iterable[tuple[Any, str]] = ()) -> "Suggester":
        """Learns anew, forgetting what it knew; returns itself.

        :param goals: the strategy; each id counts once, the first with it
        :param examples: items, each with the id of the goal that people accepted for it; those of goals
            that are left out are passed over. May be empty; 1,500 take two seconds with 24 goals and ten
            with 600.
        """
        self._goals = read_goals(goals)
        self._likeness = Likeness(self._goals)
        places = {goal.id: place for place, goal in enumerate(self._goals)}
        accepted = [(read_item(item), places[str(goal)]) for item, goal in examples if str(goal) in places]
        self._steepness = STEEPNESS * (1 - _plenty(len(accepted), len(self._goals)) / 2)
        lessons = [(self._see(work).clues, place) for work, place in accepted]
        self._learned = Learned(lessons)
        self._calibration = Calibration.of(_trials(lessons))
        return self

    def suggest(self, item: Any, k: int = 3) -> list[Suggestion]:
        """Up to ``k`` goals, best first; none where even the best is unlikely or nothing speaks for it."""
        ranked = self.rank(item, k)
        if ranked and ranked[0].confidence >= ABSTAIN and ranked[0].words:
            return ranked
        return []

    def rank(self, item: Any, k: int = 3) -> list[Suggestion]:
        """The ``k`` best goals, without abstaining: for measuring."""
        seen = self._see(read_item(item))
        chances = softmax(self._learned.logits(seen.clues))
        best = nlargest(k, range(len(self._goals)), key=chances.__getitem__)
        confidences = self._calibration.confidences([chances[place] for place in best])
        return [
            Suggestion(self._goals[place].id, sure, self._evidence(seen, place), _strength(sure))
            for place, sure in zip(best, confidences, strict=True)
        ]

    def _see(self, work: Work) -> Seen:
        title, body = list(tokens(work.title)), list(tokens(work.body))
        weighed = title * HEADLINE + body if body else title
        marks = [token for mark in work.marks for token in tokens(_said(mark))]
        fit = self._likeness.fit(terms(weighed) | terms(marks))
        words = [word for token in weighed for word in token.words]
        clues = Clues(words, work.marks, [self._steepness * score for score in fit.scores])
        return Seen(title + body, clues, self._steepness / fit.spread)

    def _evidence(self, seen: Seen, place: int) -> tuple[str, ...]:
        """What adds most to the logit of a goal."""
        taught = self._learned.shares(seen.clues, place)
        adds = {mark: taught[mark] + self._like(tokens(_said(mark)), place, seen) for mark in seen.clues.marks}
        for token in seen.text:
            learned = sum(taught[word] for word in set(map(plain, token.words)))
            adds[token.written] = learned + self._like([token], place, seen)
        least = TELLING * max(adds.values(), default=0.0)
        return tuple(nlargest(WORDS, [said for said in adds if adds[said] > max(least, 0.0)], key=adds.__getitem__))

    def _like(self, text: Iterable[Token], place: int, seen: Seen) -> float:
        """What some words add by being in the goal's text, whole or in runs."""
        words = {word for token in text for word in token.words}
        return seen.unit * sum(self._likeness.share(term, place) for word in words for term in (word, *runs(word)))


def _said(mark: str) -> str:
    """What a mark says in words: ``pay`` of ``label area/pay``."""
    return re.split("[/:]", mark.partition(" ")[2])[-1]


def _plenty(examples: int, goals: int) -> float:
    """From 0 without examples towards 1 with many for each goal."""
    return examples / (examples + PLENTY * goals) if examples else 0.0


def _strength(confidence: float) -> Strength:
    return "strong" if confidence >= STRONG else "fair" if confidence >= FAIR else "weak"


def _trials(lessons: Sequence[Lesson]) -> list[Trial]:
    """Lessons judged by what others teach, a third at a time."""
    trials: list[Trial] = []
    for fold in range(FOLDS):
        if len(trials) >= ENOUGH:
            break
        learned = Learned([lesson for at, lesson in enumerate(lessons) if at % FOLDS != fold])
        for clues, goal in lessons[fold::FOLDS]:
            chances = softmax(learned.logits(clues))[:-1]
            best = max(range(len(chances)), key=chances.__getitem__)
            trials.append((chances[best], best == goal))
    return trials
