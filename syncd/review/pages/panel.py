"""The why panel: what ``syncd explain`` prints, laid out for the flag, for the item and for the engineer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.explain import Explanation, Freshness, Tried
from rules.model import Evidence
from syncd.review.history import Entry
from syncd.review.models import Flag
from syncd.review.pages import words
from syncd.review.why import NotTold, why
from syncd.strategy.versions import OldForm
from syncd.trackers.models import Item

REST = 40
"""Rules without effect that a page lists; a strategy may have a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """``told`` is None where there is nothing to tell, and ``untold`` says why."""

    told: Explanation | None
    untold: str = ""
    freshness: Freshness | None = None
    matched: Sequence[Tried] = ()
    near: Sequence[Tried] = ()
    rest: Sequence[Tried] = ()
    unlisted: int = 0
    """Rules without effect that are not in ``rest``."""
    suggested: Sequence[Mapping[str, Any]] = ()
    outranked: Sequence[Evidence] = ()
    fixes: Sequence[str] = ()
    """What would clear it, each once."""
    history: Sequence[Entry] = ()
    standing: int = 0
    """The verdict that can be taken back, by id."""


def panel(item: Item, history: Sequence[Entry], flag: Flag | None = None, standing: int = 0) -> Panel:
    """:param flag: the one that is asked about; None: the item as a whole
    :param standing: the verdict that this person may take back, by id; 0: none
    """
    try:
        whole = why(item, flagged=False)
    except (NotTold, OldForm) as error:
        return Panel(told=None, untold=_sentence(str(error)), history=history, standing=standing)
    told = whole.explanation
    rest = [tried for tried in told.trials if not tried.matched and not tried.near]
    return Panel(
        told=told,
        freshness=whole.freshness,
        matched=[tried for tried in told.trials if tried.matched],
        near=[tried for tried in told.trials if tried.near],
        rest=rest[:REST],
        unlisted=max(0, len(rest) - REST),
        suggested=[{"sure": words.sure(each), "title": each.title, "words": each.words} for each in whole.suggestions],
        outranked=told.outranked,
        fixes=_fixes(told, flag),
        history=history,
        standing=standing,
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _fixes(told: Explanation, flag: Flag | None) -> list[str]:
    """Of the flag that is asked about; of the item, whatever is found."""
    if flag:
        return [flag.fix]
    return list(dict.fromkeys(finding.fix for finding in told.findings if not finding.held))
