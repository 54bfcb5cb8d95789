"""Suggestions for items without a goal: lazily, a few at a time, and only where something is new.

    which goals and accepted links there are → items that are flagged and have no suggestion by them yet, where
    flags stand first, the newest first → learn once → suggest a batch → store it, until the time is over.

Nothing waits for it: flags are there before, and nothing is linked by it.
"""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from rules.suggest import Suggester
from syncd.review.models import Finding, Flag
from syncd.strategy import suggestions, versions
from syncd.strategy.models import Suggestion
from syncd.strategy.suggestions import Model
from syncd.strategy.versions import OldForm
from syncd.trackers import bulk
from syncd.trackers.writing import writing

BATCH = 100
"""Items of one transaction: some 100 ms of suggesting before it, a few of writing in it."""
LOOK = 1_000
"""Items that are looked at in one statement for whether they need a suggestion."""


@dataclass(slots=True)
class Suggested:
    """What came of a slice, in numbers."""

    items: int = 0
    more: bool = False


class Suggesting:
    """Keeps what was learned from one slice to the next. Not for two threads at once."""

    def __init__(self) -> None:
        self._fitted: tuple[str, Suggester] | None = None

    def suggest(self, seconds: float | None = None) -> Suggested:
        """Suggest where it is due, everywhere or for about ``seconds``."""
        done = Suggested()
        ends = time.monotonic() + (seconds or float("inf"))
        model = _model()
        if model is None:
            return done
        for items in _due(model.id):
            done.items += self._batch(items, model)
            if time.monotonic() > ends:
                done.more = True
                break
        return done

    def _batch(self, ids: Collection[int], model: Model) -> int:
        """:returns: for how many items something was asked"""
        texts = suggestions.texts(ids)
        kept = {row["item_id"]: row["model"] for row in bulk.select(Suggestion, ("item_id", "model"), item_id=ids)}
        named = {id_: f"{model.id}{suggestions.text_id(item)}" for id_, item in texts.items()}
        anew = [id_ for id_ in named if kept.get(id_) != named[id_]]
        suggester = self._learned(model) if anew else None
        found = {id_: (named[id_], suggester.suggest(texts[id_])) for id_ in anew if suggester}
        now = timezone.now()
        with writing():
            suggestions.put(found, now)
            # something else of these items changed: what was suggested still holds
            Suggestion.objects.filter(item__in=named.keys() - found.keys()).update(made_at=now)
        return len(found)

    def _learned(self, model: Model) -> Suggester:
        if self._fitted is None or self._fitted[0] != model.id:
            self._fitted = (model.id, model.fit())
        return self._fitted[1]


def _model() -> Model | None:
    """None before the first sync, and where the version in force is from a syncd whose files had another form."""
    version = versions.newest()
    try:
        return suggestions.model(versions.policy_of(version).strategy, timezone.now().date()) if version else None
    except OldForm:
        return None


def _due(model: str) -> Iterator[list[int]]:
    """Batches of items that have no suggestion by this model, or changed since: first those at which a flag
    stands, then the others that are flagged with them; the newest first."""
    at_flags = Flag.objects.filter(state="open", rule="unlinked").exclude(item=None)
    yield from _batches(_walk(at_flags.order_by("-item_id").values_list("item_id", flat=True)), model)
    below = Finding.objects.filter(fingerprint__startswith="unlinked|", held="")
    yield from _batches(_walk(below.order_by("-item_id").values_list("item_id", flat=True)), model)


def _walk(ids: QuerySet[Any, int]) -> Iterator[list[int]]:
    """Item ids in falling order, :data:`LOOK` at a time; by key, so that memory and statements stay small."""
    page = list(ids[:LOOK])
    while page:
        yield list(dict.fromkeys(page))
        page = list(ids.filter(item__lt=page[-1])[:LOOK])


def _batches(pages: Iterator[list[int]], model: str) -> Iterator[list[int]]:
    for page in pages:
        wanting = _wanting(page, model)
        for start in range(0, len(wanting), BATCH):
            yield wanting[start : start + BATCH]


def _wanting(items: list[int], model: str) -> list[int]:
    """Those of the items, the newest first, whose suggestion is missing, of another model, or older than they are."""
    one_of, these = bulk.one_of(items)
    found = bulk.fetch(
        f"""SELECT item.id FROM trackers_item item
            LEFT JOIN strategy_suggestion suggestion ON suggestion.item_id = item.id
            WHERE item.id {one_of} AND item.deleted_at IS NULL
                AND (suggestion.id IS NULL OR suggestion.made_at < item.known_at
                    OR SUBSTR(suggestion.model, 1, {len(model)}) <> %s)
            ORDER BY item.id DESC""",  # noqa: S608 - a condition and a number of ours
        [these, model],
    )
    return [id_ for (id_,) in found]
