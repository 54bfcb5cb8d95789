"""Items and a strategy for trying rules: short to write, complete to judge."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from connectors.item import Item, Person, Ref
from rules.model import Accepts, Case, Checks, Goal, Policy, Referenced, Rule, Strategy

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANA = Person("u-1", "Ana Lima", "ana@acme.example")
OMAR = Person("u-2", "Omar", "")


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def item(key: str = "WEB-1", **values: Any) -> Item:
    """An open story in Jira, created a month ago; ``key`` makes its ids and address."""
    blank = {
        "tracker": "acme-jira",
        "native_id": f"n-{key}",
        "container": key.partition("-")[0],
        "key": key,
        "address": f"jira:{key}",
        "kind": "story",
        "type": "Story",
        "title": f"Title of {key}",
        "url": f"https://acme.example/{key}",
        "status": "Doing",
        "status_category": "in_progress",
        "created_at": at("2026-10-22"),
        "updated_at": at("2026-11-21"),
    }
    return Item(**{**blank, **values})


def line(*items: Item) -> Case:
    """A case of the first item under the others, nearest first; their parents are set."""
    parents = [*(above.address for above in items[1:]), items[-1].parent]
    linked = [replace(one, parent=parent) for one, parent in zip(items, parents, strict=True)]
    return Case(linked[0], tuple(linked[1:]))


def labelled(*labels: str, **values: Any) -> Case:
    """A story with these labels, by itself."""
    return Case(item(labels=labels, **values))


def under(child: dict[str, Any], *above: dict[str, Any]) -> Case:
    """The story WEB-1 under WEB-2, WEB-3 … with these values, nearest first."""
    return line(item("WEB-1", **child), *(item(f"WEB-{n}", **{"kind": "epic", **v}) for n, v in enumerate(above, 2)))


def refers(kind: Any, target: Item, *above: Item, by: str = "", where: str = "body") -> Referenced:
    return Referenced(Ref(kind, target.address, where), target, above, by)


def goal(goal_id: str, kind: Any = "objective", **values: Any) -> Goal:
    return Goal(id=goal_id, kind=kind, **{"title": goal_id.title(), **values})


def rule(rule_id: str, action: Any, target: str, mode: Any = "enforce", **when: Any) -> Rule:
    return Rule(rule_id, action, target, when, mode)


GOALS = (
    goal("growth", "theme"),
    goal("live", parent="growth", accepts=Accepts(labels=("goal:live",), fields=("Activation",))),
    goal("fast", "key_result", parent="live", accepts=Accepts(labels=("goal:fast",))),
    goal("trust", accepts=Accepts(labels=("goal:trust",), items=("acme-jira:SEC-1", "acme-jira:n-SEC-2"))),
    goal("old", status="dropped", accepts=Accepts(labels=("goal:old",))),
    goal("rest", status="paused", accepts=Accepts(labels=("goal:rest",))),
    goal("done", status="achieved", accepts=Accepts(labels=("goal:done",))),
    goal("past", ends=date(2026, 9, 30), accepts=Accepts(labels=("goal:past",))),
    goal("under", "key_result", parent="rest", accepts=Accepts(labels=("goal:under",))),
    goal("rewrite", "non_goal", accepts=Accepts(labels=("no:rewrite",))),
)
RULES = (
    rule("words", "link", "live", text=["onboarding"]),
    rule("area", "link", "trust", label=["area/security*"]),
    rule("team", "link", "live", component=["setup"]),
    rule("no-legacy", "non_goal", "rewrite", component=["legacy"]),
    rule("no-words", "non_goal", "rewrite", text=["big bang"]),
    rule("ops", "exempt", "maintenance", label=["ops"]),
    rule("quiet", "link", "trust", "monitor", label=["quiet"]),
    rule("hint", "link", "trust", "suggest", label=["hint"]),
    rule("both", "link", "trust", all=[{"label": "audit"}, {"text": "audit"}]),
    rule("calm", "link", "trust", label=["calm"], none=[{"text": "storm"}]),
)


SILENT = Checks(modes={"missing_why": "off"})
"""The items of the cast say nothing about why: tests that are about that ask for it."""


def policy(*rules: Rule, goals: tuple[Goal, ...] = GOALS, checks: Checks = SILENT, **values: Any) -> Policy:
    return Policy(Strategy("Every clinic invoices on day one", goals), rules or RULES, checks=checks, **values)
