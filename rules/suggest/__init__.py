"""Which goals an unlinked item might serve: suggestions with their evidence, never links.

``Suggester().fit(goals, examples).suggest(item)``. Offline, the standard library alone, no clock and
no chance: the same goals and examples give the same answers.
"""

from rules.suggest.suggester import Strength, Suggester, Suggestion

__all__ = ["Strength", "Suggester", "Suggestion"]
