"""Goals that unlinked items might serve: what is learned from, and what was suggested.

Nothing here links. A suggestion is asked for anew when its model or its item's text is another one. The
model is the texts of the goals that may be suggested and how many links people accepted for each, counted
in doublings (1, 2, 4, 8 … up to 50): the tenth example of a goal is worth learning anew less than its first.
So the same store gives the same model in every process.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

import orjson
from django.db.models import F

from connectors.item import Item as Incoming
from rules.explain import Suggested
from rules.model import Goal, Strategy, Strength
from rules.suggest import Suggester, Suggestion
from syncd.strategy.models import Suggestion as Row
from syncd.trackers import bulk, doc
from syncd.trackers.models import Item, Tracker

REVIEWED = 50
"""Suggestions that people have answered in this store before their confidence is shown as a number."""
EACH, ALL = 50, 1_000
"""Accepted links that are learned from: the newest of each goal, and of all goals together. With 24 goals
1,000 take two seconds, with 600 some seven."""
METHOD = "2"
"""Another number, and everything is suggested anew: to be changed with the way of suggesting."""
ANSWERS = ("link", "exempt", "false_positive")
"""Verdicts that answer a suggestion: it was taken, or there was none to take."""


@dataclass(frozen=True, slots=True)
class Model:
    """What suggestions come from. ``id``: 16 digits, another one for another model."""

    id: str
    goals: tuple[Goal, ...]
    examples: Mapping[str, tuple[int, ...]]
    """Goal -> row ids of items that people say serve it, newest first."""

    def fit(self) -> Suggester:
        """Learn. Takes a second for a thousand goals without examples, and see :data:`ALL`."""
        known = texts({item for items in self.examples.values() for item in items})
        pairs = [(known[item], goal) for goal, items in self.examples.items() for item in items if item in known]
        # rows are in the order in which the streams happened to arrive, and learning depends on the order
        pairs.sort(key=lambda pair: (pair[0].tracker, pair[0].native_id, pair[1]))
        return Suggester().fit(self.goals, pairs)


def suggestions_for(items: Collection[int], strategy: Strategy) -> dict[int, tuple[Suggested, ...]]:
    """Row id -> what is suggested for the item, best first; items without a suggestion are left out.

    :param strategy: the one in force: goals that are over since are not suggested
    """
    rows = bulk.select(Row, ("item_id", "ranked"), item_id=items)
    tried = bool(rows) and proven()
    found = {}
    for row in rows:
        ranked = row["ranked"] if isinstance(row["ranked"], list) else orjson.loads(row["ranked"])
        if shown := tuple(_shown(one, strategy, tried) for one in ranked if one["goal"] in strategy.by_id):
            found[row["item_id"]] = shown
    return found


def proven() -> bool:
    """Whether enough suggestions were answered in this store for their confidence to be shown as a number."""
    answered = Row.objects.exclude(ranked=[]).filter(
        item__verdicts__kind__in=ANSWERS, item__verdicts__undone_at=None, item__verdicts__made_at__gte=F("made_at")
    )
    return len(answered.values_list("item_id", flat=True).distinct()[:REVIEWED]) >= REVIEWED


def _shown(one: Mapping[str, Any], strategy: Strategy, tried: bool) -> Suggested:
    return Suggested(
        one["goal"],
        strategy.by_id[one["goal"]].title,
        one["confidence"] if tried else None,
        one["strength"],
        tuple(one["words"]),
    )


def model(strategy: Strategy, today: date) -> Model:
    """What suggestions come from now."""
    goals = tuple(candidates(strategy, today))
    examples = _accepted(goal.id for goal in goals)
    read = [(goal.id, goal.title, goal.why, goal.parent, goal.outcome and goal.outcome.metric) for goal in goals]
    facts = orjson.dumps([METHOD, read, [len(examples.get(goal.id, ())).bit_length() for goal in goals]])
    return Model(blake2b(facts, digest_size=8).hexdigest(), goals, examples)


def candidates(strategy: Strategy, today: date) -> Iterable[Goal]:
    """Goals that work may be taken up for: active and not over, like every goal above them; of a theme, the goals
    below it instead of itself, if it has any."""
    begun = [
        goal
        for goal in strategy.goals
        if goal.kind != "non_goal"
        and all(
            above.status == "active" and not (above.ends and above.ends < today) for above in strategy.path(goal.id)
        )
    ]
    parents = {goal.parent for goal in begun}
    return (goal for goal in begun if not (goal.kind == "theme" and goal.id in parents))


def _accepted(goals: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """What people said serves a goal, by a label, a field, the strategy or a verdict."""
    wrong = mistaken()
    accepted = {goal: tuple(accepted_for(goal, EACH, wrong)) for goal in goals}
    return _thinned({goal: items for goal, items in accepted.items() if items})


def accepted_for(goal: str, most: int, wrong: Collection[int] = ()) -> list[int]:
    """Row ids of at most so many items that people say serve a goal, newest first; ``wrong`` ones are left out."""
    # the figures stand in the statement, not beside it: a partial index is found by them
    links = f"goal = %s AND NOT against AND strength >= {int(Strength.EXPLICIT)}"
    asking = f"SELECT item_id FROM strategy_link WHERE {links} ORDER BY item_id DESC LIMIT %s"  # noqa: S608
    found = bulk.fetch(asking, [goal, most + len(wrong)])
    return [item for (item,) in found if item not in wrong][:most]


def mistaken() -> set[int]:
    """Items of which somebody said that what is found about them is wrong: they teach nothing."""
    wrong = Item.objects.filter(verdicts__kind="false_positive", verdicts__undone_at=None, verdicts__ended_at=None)
    return set(wrong.values_list("id", flat=True))


def _thinned(accepted: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """At most :data:`ALL`, taken from the goals that have most."""
    most = EACH
    while sum(min(len(items), most) for items in accepted.values()) > ALL and most > 1:
        most -= 1
    return {goal: items[:most] for goal, items in accepted.items()}


def texts(items: Collection[int]) -> dict[int, Incoming]:
    """Row id -> the item, for those that are still there."""
    names = dict(Tracker.objects.values_list("id", "name"))
    rows = bulk.select(Item, ("id", "tracker_id", "doc", *doc.COLUMNS), id=items, deleted_at=None)
    return {row["id"]: doc.unpack(names[row["tracker_id"]], row, row["doc"]) for row in rows}


def text_id(item: Incoming) -> str:
    """16 digits over what a suggestion reads of an item."""
    facts = (item.title, item.body, item.labels, item.components, item.container, item.milestone)
    return blake2b(orjson.dumps(facts), digest_size=8).hexdigest()


def put(suggested: Mapping[int, tuple[str, Sequence[Suggestion]]], now: datetime) -> None:
    """Keep what was suggested for items: row id -> the ids of model and text together, and the goals."""
    Row.objects.filter(item__in=suggested).delete()
    bulk.insert(
        Row,
        ("item_id", "model", "ranked", "made_at"),
        [
            (item, model_id, orjson.dumps(list(map(asdict, ranked))).decode(), bulk.stamp(now))
            for item, (model_id, ranked) in suggested.items()
        ],
    )


def prune() -> None:
    """Forget suggestions for items that serve a goal by now. Those that people answered are kept: see :func:`proven`."""
    Row.objects.filter(item__verdicts=None).exclude(item__findings__fingerprint__startswith="unlinked|").delete()
