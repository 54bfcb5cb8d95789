"""How far an item names a goal: by how many of the words in the goal's title it has.

Likeness asks how much of the item is in the goal, so that a word more about some component brings the item nearer to
goals about that component. Whoever writes the whole title of a goal means this goal, whatever else they write.
"""

from collections.abc import Iterable, Mapping, Sequence

NAMED = 3.0
"""Spreads of likeness for the whole of a title that is very rare."""


class Names:
    """Titles, indexed by word.

    :param titles: of each goal, the words that may tell something
    :param rarity: of each of these words, above 0
    :param usual: the rarity of a word that no other goal has; a title of this one word is worth half of ``NAMED``
    """

    def __init__(self, titles: Sequence[Iterable[str]], rarity: Mapping[str, float], usual: float) -> None:
        self._parts: dict[str, dict[int, float]] = {}
        self._worth: list[float] = []
        for goal, title in enumerate(titles):
            words = dict.fromkeys(title)
            whole = sum(rarity[word] for word in words)
            self._worth.append(NAMED * whole / (whole + usual))
            for word in words:
                self._parts.setdefault(word, {})[goal] = rarity[word] / whole

    def spreads(self, words: Iterable[str]) -> dict[int, float]:
        """What being named adds for each goal: half of a title adds a quarter.

        :param words: those of the item, each once
        """
        had: dict[int, float] = {}
        for word in words:
            for goal, part in self._parts.get(word, {}).items():
                had[goal] = had.get(goal, 0.0) + part
        return {goal: self._worth[goal] * share * share for goal, share in had.items()}
