"""Edits of goals as decisions to be made: what loses its cover, and what might become of it.

A goal that is dropped, paused, merged or rewritten leaves work in flight and promises behind. Nothing is
re-homed in silence: each item is told as one to keep, to link elsewhere or to stop, with who decides. Work
that inherits from open work above it follows what is decided there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import Literal

from config.models.partners import Commitment, Partner
from connectors.item import OPEN, Item
from rules.match.folding import fold
from rules.match.view import addresses
from rules.model import Goal, Judgement, Policy
from syncd.review.facts import owner
from syncd.worker.plan.effect import goal as goal_of
from syncd.worker.plan.replay import Replayed
from syncd.worker.plan.spill import Spill

Remedy = Literal["keep", "re-link", "stop"]
"""``keep``: it is promised or under way, and somebody must say for what; ``re-link``: the draft ties it to
another goal; ``stop``: nobody has begun."""

Edit = Literal["retired", "dropped", "merged", "moved", "edited"]
"""``retired``: its entry is gone; ``dropped``: it is no longer active; ``merged``: another goal accepts what it
accepted; ``moved``: it stands elsewhere, or is a non-goal now; ``edited``: it accepts other work, or its period
changed."""

REMEDIES: tuple[Remedy, ...] = ("keep", "re-link", "stop")

_COLUMNS = 'what, id, key, title, owner, remedy, "to", because'
_PUT = "INSERT INTO losing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Losing:
    """An item in flight, or a promise, that loses its cover."""

    what: Literal["work", "commitment"]
    id: str
    key: str
    title: str
    owner: str
    remedy: Remedy
    to: str = ""
    """The goal that the draft ties it to."""
    because: str = ""


@dataclass(slots=True)
class Recall:
    """One goal that is edited so that work or promises lose cover, or may."""

    goal: str
    title: str
    edit: Edit
    says: str
    owner: str
    into: str = ""
    """The goal that it is merged into."""
    remedies: Counter[Remedy] = field(default_factory=Counter)
    """Open items to decide about, by what might become of them."""
    follow: int = 0
    """Open items that follow what is decided above them."""
    commitments: list[Losing] = field(default_factory=list)

    @property
    def losing(self) -> int:
        """Open items that lose cover."""
        return self.remedies.total() + self.follow


class Recalls:
    """Collects what loses cover, goal by goal."""

    def __init__(self, before: Policy, after: Policy, partners: Sequence[Partner], spill: Spill) -> None:
        self._spill = spill
        self._after = after.strategy.by_id
        self._fallen = {goal.id for goal in after.strategy.goals if not stands(after, goal.id)}
        self._edits = {recall.goal: recall for recall in _edits(before, after)}
        self._promised = dict(_promised(partners))

    def add(self, one: Replayed) -> None:
        item, was, will_be = one.case.item, goal_of(one.before), goal_of(one.after)
        recall = self._edits.get(was)
        if recall is None or item.status_category not in OPEN or self._covered(was, one.after):
            return
        losing = self._losing(item, recall, will_be)
        if _follows(one):
            recall.follow += 1
        else:
            recall.remedies[losing.remedy] += 1
            self._spill.put(_PUT, [(recall.goal, *astuple(losing))])
        for partner, commitment in self._promises(item):
            recall.commitments.append(_commitment(partner, commitment, losing))

    def _covered(self, was: str, after: Judgement) -> bool:
        """Whether it still serves the goal, and the goal still counts."""
        return goal_of(after) == was and was in self._after and was not in self._fallen

    def _losing(self, item: Item, recall: Recall, to: str) -> Losing:
        elsewhere = to if to != recall.goal and to not in self._fallen else ""
        if elsewhere:
            remedy: Remedy = "re-link"
            because = f"the draft ties it to {elsewhere}"
        elif promised := self._promises(item):
            remedy, because = "keep", f"it is promised to {promised[0][0].name}"
        elif item.status_category == "in_progress":
            remedy, because = "keep", "work on it is under way"
        else:
            remedy, because = "stop", "nobody has begun"
        return Losing("work", item.id, item.key, item.title, owner(item) or recall.owner, remedy, elsewhere, because)

    def _promises(self, item: Item) -> list[tuple[Partner, Commitment]]:
        if not self._promised:
            return []
        return [each for name in dict.fromkeys(addresses(item)) for each in self._promised.get(name, ())]

    def found(self) -> list[Recall]:
        """In the order of the strategy in force. A rewritten goal that leaves nothing uncovered is not told."""
        return [recall for recall in self._edits.values() if recall.losing or recall.edit != "edited"]

    def items(self, goal: str, remedy: str, most: int = -1) -> Iterator[Losing]:
        """The items of a goal to decide about, the first by key; all of them unless told."""
        which = f"SELECT {_COLUMNS} FROM losing WHERE goal = ? AND remedy = ? ORDER BY key, id LIMIT ?"  # noqa: S608
        return (Losing(*row) for row in self._spill.ask(which, [goal, remedy, most]))


def _follows(one: Replayed) -> bool:
    """Whether what is decided about open work above it decides about the item as well."""
    primary, above = one.before.primary, one.case.ancestors
    return bool(primary and primary.evidence[0].kind == "parent" and above and above[0].status_category in OPEN)


def stands(policy: Policy, goal: str) -> bool:
    """Whether a goal and all above it are neither dropped, paused nor achieved."""
    path = policy.strategy.path(goal)
    return bool(path) and all(above.status in ("active", "proposed") for above in path)


def _edits(before: Policy, after: Policy) -> Iterator[Recall]:
    for goal in before.strategy.goals:
        if goal.kind == "non_goal":
            continue
        new = after.strategy.by_id.get(goal.id)
        if edit := _edit(before, after, goal, new):
            kind, says, into = edit
            yield Recall(goal.id, goal.title, kind, says, (new or goal).owner or goal.owner, into)


def _edit(before: Policy, after: Policy, old: Goal, new: Goal | None) -> tuple[Edit, str, str] | None:
    """What happened to a goal, in a word and in a sentence, and the goal that it is merged into."""
    if new is None:
        into = _heir(before, after, old)
        return ("merged", f"is merged into {into}", into) if into else ("retired", "is gone from the strategy", "")
    if stands(before, old.id) and not stands(after, old.id):
        fallen = next(goal for goal in after.strategy.path(new.id) if goal.status not in ("active", "proposed"))
        above = "" if fallen.id == old.id else f", for {fallen.id} above it"
        return "dropped", f"is {fallen.status}{above}", ""
    if new.kind == "non_goal":
        return "moved", "is a non-goal now", ""
    if new.parent != old.parent:
        return "moved", f"stands below {new.parent or 'nothing'} instead of {old.parent or 'nothing'}", ""
    if new.accepts != old.accepts:
        return "edited", "accepts other work", ""
    if (new.starts, new.ends) != (old.starts, old.ends):
        return "edited", f"counts until {_day(new.ends)} instead of {_day(old.ends)}", ""
    if _rules_for(before, old.id) != _rules_for(after, old.id):
        return "edited", "is linked by other rules", ""
    return None


def _day(day: date | None) -> str:
    return day.isoformat() if day else "further notice"


def _rules_for(policy: Policy, goal: str) -> list[tuple[object, str]]:
    return [(rule.when, rule.mode) for rule in policy.rules if rule.action == "link" and rule.target == goal]


def _heir(before: Policy, after: Policy, old: Goal) -> str:
    """The goal that took over most of what a goal accepted, or of the rules that linked to it; empty if none did."""
    ids = {rule.id for rule in before.rules if rule.action == "link" and rule.target == old.id}
    heirs = Counter(rule.target for rule in after.rules if rule.action == "link" and rule.id in ids)
    accepted = set(_accepted(old))
    for goal in after.strategy.goals:
        heirs[goal.id] += len(accepted.intersection(_accepted(goal)))
    best = heirs.most_common(1)
    return best[0][0] if best and best[0][1] else ""


def _accepted(goal: Goal) -> Iterator[tuple[str, str]]:
    accepts = goal.accepts
    for sort, words in (("label", accepts.labels), ("item", accepts.items), ("field", accepts.fields)):
        yield from ((sort, fold(word)) for word in words)


def _promised(partners: Iterable[Partner]) -> Mapping[str, list[tuple[Partner, Commitment]]]:
    """Folded name of an item -> the commitments that rest on it."""
    promised: dict[str, list[tuple[Partner, Commitment]]] = {}
    for partner in partners:
        for commitment in partner.commitments:
            for name in commitment.items:
                promised.setdefault(fold(name), []).append((partner, commitment))
    return promised


def _commitment(partner: Partner, commitment: Commitment, losing: Losing) -> Losing:
    says = f"promised to {partner.name} by {commitment.by}; {losing.key} {losing.because}"
    name = f"{partner.id}/{commitment.id}"
    return Losing("commitment", name, losing.key, commitment.what, partner.owner, losing.remedy, losing.to, says)
