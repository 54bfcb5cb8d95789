"""Small worlds for properties: items in any hierarchy, pointing anywhere, judged by any policy."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from connectors.item import Item
from rules.model import Accepts, Case, Checks, Crowd, Goal, Policy, Rule, Ruling, Strategy
from rules.model.checks import CatchAll
from tests.rules.cast import GOALS, NOW, RULES, item, refers, rule

SIZE = 6
LABELS = ("goal:live", "goal:trust", "goal:old", "no:rewrite", "ops", "marked", "calm", "quiet", "area/security")
TITLES = ("Plain", "Onboarding tour", "Big bang", "A storm", "Audit of 12 %")
MOMENTS = (timedelta(days=-400), timedelta(days=-90), timedelta(days=-10, hours=3), timedelta(hours=-1))
DAYS = (date(2026, 11, 1), date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 20), date(9999, 12, 31))

POOL = (
    *RULES,
    rule("aged", "flag", "aged", "monitor", age={"older_than": "10d"}),
    rule("stale", "flag", "stale", updated={"older_than": "30d"}, status_category="in_progress"),
    rule("soon", "link", "live", due={"within": "14d"}),
    rule("late", "non_goal", "rewrite", due={"overdue": True}, label=["marked"]),
    rule("fresh", "link", "trust", any=[{"age": {"newer_than": "2w"}}, {"label": "calm"}]),
    rule("stuck", "exempt", "waiting", in_state={"older_than": "12d"}, none=[{"age": {"newer_than": "95d"}}]),
    rule("above", "link", "trust", ancestor={"label": "marked"}),
    rule("young-above", "link", "live", parent={"age": {"newer_than": "91d"}}),
    rule("not-above", "link", "growth", none=[{"ancestor": {"label": ["ops", "marked"]}}], label=["quiet"]),
    rule("under", "exempt", "ops", parent="W-1"),
)
"""Every kind of rule: on labels, words, time, what stands above; for, against, exempting and flagging."""


@dataclass(frozen=True)
class World:
    """Items, whom each points at, and what people decided."""

    items: tuple[Item, ...]
    parents: tuple[int, ...]
    pointers: tuple[tuple[tuple[Any, int], ...], ...]
    rulings: tuple[tuple[Ruling, ...], ...]

    def cases(self) -> list[Case]:
        """As the store would give them."""
        return [self._case(n) for n in range(len(self.items))]

    def _case(self, n: int) -> Case:
        line, cycle = self._line(n)
        references = tuple(self._references(n, line))
        ids = {self.items[up].id for up in line}
        for each in references:
            ids |= {each.item.id, *(above.id for above in each.ancestors)}
        rulings = {one.id: said for one, said in zip(self.items, self.rulings, strict=True) if said and one.id in ids}
        crowds = {id_: crowd for id_, crowd in self._crowds().items() if id_ in ids}
        above = tuple(self.items[up] for up in line[1:])
        since = self.items[n].updated_at if n % 2 else None
        return Case(self.items[n], above, references, cycle, since, rulings, crowds)

    def _references(self, n: int, line: list[int]) -> Iterator[Any]:
        for at in line:
            for kind, target in self.pointers[at]:
                family = [self.items[up] for up in self._line(target)[0][1:]]
                yield refers(kind, self.items[target], *family, by="" if at == n else self.items[at].id)

    def _crowds(self) -> dict[str, Crowd]:
        children = Counter(parent for parent in self.parents if parent >= 0)
        return {self.items[n].id: Crowd(count, count, count) for n, count in children.items()}

    def _line(self, n: int) -> tuple[list[int], bool]:
        line = [n]
        while (parent := self.parents[line[-1]]) >= 0:
            if parent in line:
                return line, True
            line.append(parent)
        return line, False


@st.composite
def items(draw: st.DrawFn, n: int, parent: int) -> Item:
    return item(
        f"W-{n}",
        parent=f"jira:W-{parent}" if parent >= 0 else "",
        labels=tuple(
            draw(st.lists(st.sampled_from(LABELS), min_size=draw(st.integers(0, 2)), max_size=3, unique=True))
        ),
        title=draw(st.sampled_from(TITLES)),
        kind=draw(st.sampled_from(["epic", "story", "bug", "page"])),
        status_category=draw(st.sampled_from(["todo", "in_progress", "in_progress", "done"])),
        components=draw(st.sampled_from([(), (), ("setup",), ("legacy",)])),
        due=draw(st.sampled_from([None, None, None, *DAYS])),
        created_at=NOW + draw(st.sampled_from(MOMENTS)),
        updated_at=NOW + draw(st.sampled_from(MOMENTS)),
    )


def rulings() -> st.SearchStrategy[Ruling]:
    return st.builds(
        lambda ruling, author, until: replace(ruling, author=author, until=until),
        st.sampled_from(
            [
                Ruling(kind="link", target="live", author="", made_at=NOW),
                Ruling(kind="link", target="rewrite", author="", made_at=NOW),
                Ruling(kind="link", target="gone", author="", made_at=NOW),
                Ruling(kind="exempt", target="on-call", author="", reason="It burns", made_at=NOW),
            ]
        ),
        st.sampled_from(["Ana", "Omar"]),
        st.sampled_from([None, None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=5)]),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Six items with any parents, cycles included, any references, and now and then a ruling."""
    parents = draw(st.lists(st.sampled_from([-1, -1, 0, 0, 1, 2, 5]), min_size=SIZE, max_size=SIZE))
    pointer = st.tuples(st.sampled_from(["closes", "links", "mentions"]), st.integers(0, SIZE - 1))
    return World(
        tuple(draw(items(n, parent)) for n, parent in enumerate(parents)),
        tuple(parents),
        tuple(tuple(draw(st.lists(pointer, max_size=1))) for _ in parents),
        tuple(tuple(draw(st.lists(rulings(), max_size=draw(st.sampled_from([0, 0, 0, 2]))))) for _ in parents),
    )


# Policies

PLAIN_RULES = tuple(one for one in POOL if not {"above", "young-above", "not-above", "under"} & {one.id})
CHECKS = Checks(catch_all=CatchAll(children=3, components=2))
PLAIN = Policy(Strategy("Every clinic invoices on day one", GOALS), POOL, checks=CHECKS)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Some of the rules in any order; mostly without those on parents, which make all items be read."""
    pool = draw(st.sampled_from([PLAIN_RULES, PLAIN_RULES, POOL, POOL[:-2], RULES]))
    rules = draw(st.permutations(pool))[: draw(st.integers(len(pool) // 2, len(pool)))]
    return replace(PLAIN, rules=tuple(rules))


@st.composite
def edits(draw: st.DrawFn) -> tuple[Policy, Policy]:
    """A policy before and after one edit, seldom two, of goals, rules, needs or checks."""
    before = after = draw(policies())
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, max_size=draw(st.sampled_from([1, 1, 2])))):
        after = draw(edit(after))
    return before, after


def _moved(policy: Policy) -> st.SearchStrategy[Policy]:
    """A rule stands elsewhere."""

    def edit(index: int, to: int) -> Policy:
        rules = list(policy.rules)
        rules.insert(to, rules.pop(index))
        return replace(policy, rules=tuple(rules))

    places = st.integers(0, max(len(policy.rules) - 1, 0))
    return st.builds(edit, places, places) if policy.rules else st.just(policy)


def _one_rule(policy: Policy) -> st.SearchStrategy[Policy]:
    """A rule left out, or with another condition or ``because``."""

    def edit(index: int, change: dict[str, Any] | None) -> Policy:
        rules = list(policy.rules)
        rules[index : index + 1] = [replace(rules[index], **change)] if change is not None else []
        return replace(policy, rules=tuple(rules))

    if not policy.rules:
        return st.just(policy)
    changes: list[dict[str, Any] | None] = [
        None,
        *({"mode": mode} for mode in ("monitor", "suggest", "enforce")),
        {"because": "So be it"},
        {"when": {"label": ["marked"]}},
        {"when": {"age": {"older_than": "20d"}}},
        {"when": {"parent": {"label": "calm"}}},
        {"when": {"text": ["tour"], "none": [{"kind": "bug"}]}},
    ]
    return st.builds(edit, st.integers(0, len(policy.rules) - 1), st.sampled_from(changes))


def _added(policy: Policy) -> st.SearchStrategy[Policy]:
    """A rule of the pool that was left out comes in somewhere."""
    known, goals = {each.id for each in policy.rules}, policy.strategy.by_id
    fitting = [each for each in POOL if each.target in goals or each.action in ("exempt", "flag")]
    absent: list[Rule] = [each for each in fitting if each.id not in known]
    if not absent:
        return st.just(policy)
    places = st.integers(0, len(policy.rules))
    return st.builds(
        lambda one, at: replace(policy, rules=(*policy.rules[:at], one, *policy.rules[at:])),
        st.sampled_from(absent),
        places,
    )


def _goals(policy: Policy) -> st.SearchStrategy[Policy]:
    """A goal reads otherwise."""

    def edit(index: int, change: dict[str, Any]) -> Policy:
        goals: list[Goal] = list(policy.strategy.goals)
        goals[index] = replace(goals[index], **change)
        return replace(policy, strategy=replace(policy.strategy, goals=tuple(goals)))

    changes: list[dict[str, Any]] = [
        {"title": "Another name"},
        {"status": "paused"},
        {"status": "active"},
        {"ends": date(2026, 11, 30)},
        {"parent": "trust"},
        {"parent": ""},
        {"accepts": Accepts(labels=("calm", "quiet"))},
        {"accepts": Accepts(items=("acme-jira:W-2",))},
        {"why": "Because", "owner": "Ana"},
        {"share": 0.4},
    ]
    return st.builds(edit, st.integers(0, len(policy.strategy.goals) - 1), st.sampled_from(changes))


def _fewer_goals(policy: Policy) -> st.SearchStrategy[Policy]:
    """A goal goes, with the rules that link to it."""

    def edit(gone: str) -> Policy:
        goals = tuple(goal for goal in policy.strategy.goals if goal.id != gone)
        rules = tuple(one for one in policy.rules if one.target != gone)
        return replace(policy, strategy=replace(policy.strategy, goals=goals), rules=rules)

    return st.builds(edit, st.sampled_from([goal.id for goal in policy.strategy.goals]))


def _rest(policy: Policy) -> st.SearchStrategy[Policy]:
    changes: list[dict[str, Any]] = [
        {"needs_goal": {"kind": ["bug"]}},
        {"needs_goal": {"kind": ["story"], "none": [{"ancestor": {"label": "ops"}}]}},
        {"needs_goal": {"age": {"older_than": "95d"}}},
        {"grace_days": 3},
        {"baseline": True},
        {"checks": replace(policy.checks, catch_all=CatchAll(children=2, components=1))},
        *({"checks": replace(policy.checks, modes={name: mode})} for name in ("catch_all", "unlinked", "orphan_pr", "missing_why") for mode in ("off", "monitor")),
    ]  # fmt: skip
    return st.builds(lambda change: replace(policy, **change), st.sampled_from(changes))


EDITS = (_moved, _one_rule, _added, _goals, _fewer_goals, _rest)
