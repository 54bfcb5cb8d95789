"""Readable rules out of links that people accepted: "label area/dra: 212 of 214"."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from connectors.item import Item
from rules.match import compile_condition
from rules.match.folding import fold, fold_prose
from rules.match.lexicon import LONGEST
from rules.model import Case, Example, Rule
from rules.suggest.terms import STOP

SURE = 0.8
"""Least share of right links, at the lower end of what the evidence allows."""
WORTH = 3
"""Least number of links a rule must explain that no rule before it does."""
DEVIATIONS = 1.96
"""Of the lower bound: it holds in 39 of 40 cases."""
EXAMPLES = 2
"""Items that are written beside a rule, of those it matches and of those it leaves alone."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Mined conditions do not look at the time."""

Accepted = tuple[Item, frozenset[str]]
"""An item and the goals that people linked it to."""


@dataclass(frozen=True, slots=True)
class Mined:
    """A rule of one condition in mode ``monitor``, and its grounds: of the ``matches`` accepted items that
    it matches, ``right`` serve its goal. ``evidence`` says so: ``label area/dra: 212 of 214``."""

    rule: Rule
    right: int
    matches: int
    evidence: str

    @property
    def bound(self) -> float:
        """What the rule's precision is at least, as far as so many links can tell."""
        return lower_bound(self.right, self.matches)

    def as_yaml(self) -> dict[str, Any]:
        """The rule as ``rules.yaml`` writes it, in strings, lists and mappings."""
        examples: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for example in self.rule.examples:
            examples["match" if example.matches else "nomatch"].append(dict(example.values))
        return {
            "id": self.rule.id,
            "link": self.rule.target,
            "mode": self.rule.mode,
            "because": self.rule.because,
            "when": dict(self.rule.when),
            "examples": dict(examples),
        }


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of an item that a rule may look at: its ``values``, the condition on one, and its words."""

    values: Callable[[Item], Iterable[str]]
    when: Callable[[str], dict[str, Any]]
    says: str


def _title_words(item: Item) -> Iterator[str]:
    """Whole words as ``text`` finds them; a single letter, a number or a stop word makes no rule."""
    for word in re.findall(r"[^\W_]+", fold_prose(item.title)):
        if len(word) > 2 and not word.isdigit() and word not in STOP:
            yield word


FACETS = (
    Facet(lambda item: map(fold, item.labels), lambda label: {"label": label}, "label {}"),
    Facet(lambda item: map(fold, item.components), lambda component: {"component": component}, "component {}"),
    Facet(_title_words, lambda word: {"text": {"any": [word], "in": ["title"]}}, "“{}” in the title"),
)
"""The surest first: facts before words."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A condition that tells of a goal: which accepted items it matches, and which of them serve the goal."""

    goal: str
    value: str
    facet: Facet
    matches: frozenset[int]
    right: frozenset[int]

    @property
    def bound(self) -> float:
        return lower_bound(len(self.right), len(self.matches))


def mine(
    links: Iterable[tuple[str, str]], items: Iterable[Item], *, sure: float = SURE, worth: int = WORTH
) -> list[Mined]:
    """Rules that explain accepted links, those on labels first, then on components, then on words; of each
    the one that explains most of what is not yet explained, until none is worth it.

    :param links: item ids with the ids of goals, as people accepted them; an item may serve several
    :param items: the linked items; others are passed over
    :param sure: least Wilson lower bound of a rule's precision, 0 to 1
    :param worth: least number of items that a rule must explain and those before it do not
    """
    goals: defaultdict[str, set[str]] = defaultdict(set)
    for item, goal in links:
        goals[item].add(goal)
    known = {item.id: item for item in items if item.id in goals}
    accepted = [(item, frozenset(goals[name])) for name, item in known.items()]
    unexplained = {(place, goal) for place, (_, served) in enumerate(accepted) for goal in served}
    mined: list[Mined] = []
    for facet in FACETS:
        for candidate in _greedy(_candidates(facet, accepted, sure), unexplained, worth):
            mined.append(_mined(candidate, accepted, {each.rule.id for each in mined}))
    return mined


def lower_bound(right: int, of: int) -> float:
    """Wilson's lower bound of a share."""
    share, z2 = right / of, DEVIATIONS**2
    middle = share + z2 / (2 * of)
    return (middle - DEVIATIONS * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))) / (1 + z2 / of)


def least(sure: float, worth: int = WORTH) -> int:
    """How many links a rule must match, all of them right, to be sure enough."""
    return max(worth, math.ceil(DEVIATIONS**2 * sure / (1 - sure)))


def _candidates(facet: Facet, accepted: Sequence[Accepted], sure: float) -> list[Candidate]:
    """Conditions sure enough, and surer than the goal is anyway. What a value matches, the rule language
    itself decides; counting values only tells which are worth asking about."""
    usual = Counter(goal for _, goals in accepted for goal in goals)
    found: list[Candidate] = []
    for value, goal in _promising(facet, accepted, sure):
        matcher = compile_condition(facet.when(value))
        matches = frozenset(place for place, (item, _) in enumerate(accepted) if matcher(Case(item), NEVER))
        right = frozenset(place for place in matches if goal in accepted[place][1])
        candidate = Candidate(goal, value, facet, matches, right)
        # letters that fold into others may make a word that no text is said to have
        if matches and candidate.bound >= max(sure, usual[goal] / len(accepted)):
            found.append(candidate)
    return found


def _promising(facet: Facet, accepted: Sequence[Accepted], sure: float) -> Iterator[tuple[str, str]]:
    """Values with the goal that most of their items serve, where that is nearly all of them."""
    seen: Counter[str] = Counter()
    serve: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for item, goals in accepted:
        for value in set(facet.values(item)):
            seen[value] += 1
            serve[value].update(goals)
    for value in sorted(seen):
        [(goal, right)] = serve[value].most_common(1)
        if lower_bound(right, seen[value]) >= sure and _sayable(value):
            yield value, goal


def _sayable(value: str) -> bool:
    """Whether a rule can name the value and mean nothing else."""
    return bool(value.strip()) and len(value) <= LONGEST and "*" not in value


def _greedy(candidates: list[Candidate], unexplained: set[tuple[int, str]], worth: int) -> Iterator[Candidate]:
    """The candidates that explain most, one after the other; takes what they explain out of ``unexplained``."""

    def gain(candidate: Candidate) -> tuple[int, float]:
        return sum((place, candidate.goal) in unexplained for place in candidate.right), candidate.bound

    while candidates:
        best = max(candidates, key=gain)
        if gain(best)[0] < worth:
            return
        yield best
        unexplained.difference_update((place, best.goal) for place in best.right)
        candidates.remove(best)


def _mined(candidate: Candidate, accepted: Sequence[Accepted], taken: set[str]) -> Mined:
    right, matches = len(candidate.right), len(candidate.matches)
    evidence = f"{candidate.facet.says.format(candidate.value)}: {right} of {matches}"
    rule = Rule(
        id=_free(f"{candidate.goal}-{candidate.value}", taken),
        action="link",
        target=candidate.goal,
        when=candidate.facet.when(candidate.value),
        because=f"{evidence} accepted links go to {candidate.goal}",
        examples=tuple(_examples(candidate, accepted)),
    )
    return Mined(rule, right, matches, evidence)


def _free(name: str, taken: set[str]) -> str:
    """An id that no other rule has: letters, digits, ``.``, ``_`` and ``-``, at most 63."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:58] or "rule"
    return next(each for each in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if each not in taken)


def _examples(candidate: Candidate, accepted: Sequence[Accepted]) -> Iterator[Example]:
    """Items that are right, and items of other goals that the rule leaves alone, each from another goal."""
    for place in sorted(candidate.right)[:EXAMPLES]:
        yield Example(_values(accepted[place][0]), matches=True)
    others: dict[str, Item] = {}
    for place, (item, goals) in enumerate(accepted):
        if place not in candidate.matches and candidate.goal not in goals:
            others.setdefault(min(goals), item)
    for item in islice(others.values(), EXAMPLES):
        yield Example(_values(item), matches=False)


def _values(item: Item) -> Mapping[str, Any]:
    values = {"title": item.title, "labels": list(item.labels), "components": list(item.components)}
    return {name: value for name, value in values.items() if value}
