"""How fast rules judge: ``python -m tests.rules.speed``. Processor time, best of five.

Prints the whole judgement (links, trials, fingerprint) of 10,000 items by 10 rules, nearly all of them
below an epic, and bare closures: 30 rules on 20,000 items, answers only.
"""

import gc
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from rules.engine import Judge
from rules.match import Scope, View, compile_condition
from rules.model import Case
from tests.rules.cast import NOW, item, policy, rule

WORDS = [
    "checkout",
    "payment",
    "intent",
    "invoice",
    "clinic",
    "login",
    "report",
    "export",
    "search",
    "table",
    "retry",
    "crash",
    "slow",
    "page",
    "mobile",
]
LABELS = ("a", "b", "area/pay", "area/web", "goal:live", "ops")
TEN = (
    rule("pay", "link", "trust", any=[{"label": "area/pay*"}, {"text": ["payment intent"]}], none=[{"kind": "bug"}]),
    rule("web", "link", "live", label="area/web"),
    rule("words", "link", "live", text=["export", "report table"]),
    rule("legacy", "non_goal", "rewrite", component="legacy", age={"newer_than": "90d"}),
    rule("ops", "exempt", "maintenance", label="ops"),
    rule("stale", "flag", "stale", status_category="in_progress", updated={"older_than": "30d"}),
    rule("big", "link", "live", "monitor", kind="epic", points={"min": 5}),
    rule("below", "link", "trust", "monitor", parent={"label": "goal:trust"}),
    rule("login", "link", "trust", "monitor", all=[{"kind": ["story", "task"]}, {"text": {"all": ["login", "page"]}}]),
    rule("plans", "link", "trust", "monitor", any=[{"milestone": "1"}, {"sprint": "S"}, {"regex": "pay\\w+ retry"}]),
)
SHAPES: list[Callable[[int], dict[str, object]]] = [
    lambda n: {"label": {"any": [f"l{n}", "goal:live"]}},
    lambda n: {"kind": ["story", "task"], "label": [f"area/{n}"]},
    lambda n: {"text": [WORDS[n % 15], WORDS[n * 7 % 15], f"word{n}"]},
    lambda n: {"any": [{"component": f"c{n}"}, {"text": {"any": [WORDS[n % 15]], "in": ["title"]}}], "none": [{"kind": "bug"}]},
    lambda n: {"points": {"min": 5}, "status_category": "todo", "component": f"c{n}"},
    lambda n: {"age": {"older_than": f"{n}d"}, "kind": "bug"},
]  # fmt: skip


def cases(count: int, epics: int = 300) -> list[Case]:
    """Epics, and stories, tasks and bugs below them, in random words and labels."""
    pick = random.Random(1)

    def one(n: int, kind: str) -> Case:
        values = {
            "kind": kind,
            "title": " ".join(pick.choices(WORDS, k=6)),
            "body": " ".join(pick.choices(WORDS, k=25)),
            "labels": tuple(pick.sample(LABELS, k=pick.randrange(3))),
            "components": ("web",),
            "points": pick.choice([None, 1.0, 3.0, 8.0]),
            "created_at": NOW - timedelta(days=pick.randrange(400)),
        }
        return Case(item(f"WEB-{n}", **values))

    tops = [one(n, "epic") for n in range(epics)]
    below = []
    for n in range(epics, count):
        epic = pick.choice(tops).item
        below.append(Case(replace(one(n, pick.choice(["story", "task", "bug"])).item, parent=epic.address), (epic,)))
    return tops + below


def best(run: Callable[[], None]) -> float:
    """Seconds of processor time, the best of five."""
    gc.collect()
    gc.freeze()
    took = []
    for _ in range(5):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return min(took)


def judge(some: list[Case]) -> None:
    by = Judge(policy(*TEN))

    def run() -> None:
        for _ in by.judge(some, NOW):
            pass

    print(f"judging, 10 rules: {best(run) / len(some) * 1e6:.1f} µs an item")


def bare(some: list[Case]) -> None:
    scope = Scope()
    tests = [compile_condition(SHAPES[n % len(SHAPES)](n), scope).clause.test for n in range(30)]

    def run() -> None:
        for case in some:
            view = View.of(case, scope.lexicon)
            for test in tests:
                test(view, NOW)

    print(f"bare closures, 30 rules: {len(some) / best(run):,.0f} items a second")


if __name__ == "__main__":
    many = cases(10_000)
    judge(many)
    bare(many + many)
