"""A company that changes its mind: random edits of items, strategy, rules and decisions, as time goes by.

For the property that judging what is due gives what judging everything would give.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from config import files
from connectors.item import Ref
from syncd.review import verdicts
from syncd.review.marks import GOALS, unsettle
from syncd.review.models import Finding, Flag, Verdict
from syncd.strategy.models import Decision, Link
from syncd.trackers import due, presence, store
from syncd.trackers.models import Due, Item, Stream, Tracker
from syncd.worker.judge import Bench
from tests.trackers.conftest import NOW, made

SYNCD = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""
GOALS_OF = [
    "{id: growth, kind: theme, title: Growth}",
    '{id: activation, kind: objective, title: Live in a day, parent: growth, accepts: {labels: ["goal:activation"]}}',
    '{id: claims, kind: objective, title: Claims accepted, accepts: {labels: ["goal:claims"]}}',
    "{id: desktop, kind: non_goal, title: No desktop client, accepts: {labels: [desktop]}}",
]
GOAL_EDITS = [
    ("title: Live in a day", "title: Live within a day"),
    ("title: Claims accepted", "title: Claims accepted, status: paused"),
    ("title: Growth", "title: Growth, status: dropped"),
    ("title: Claims accepted", "title: Claims accepted, period: {from: 2026-11-01, to: 2026-11-28}"),
    ('labels: ["goal:claims"]', 'labels: ["goal:claims", ux]'),
    ("labels: [desktop]", "labels: [desktop, ops]"),
    ("parent: growth, ", ""),
    ('accepts: {labels: ["goal:activation"]}', 'accepts: {items: ["acme-jira:WEB-3"]}'),
]
RULES = [
    "{id: words, link: claims, mode: enforce, when: {text: {any: [claim], in: [title]}}}",
    "{id: tagged, link: activation, mode: enforce, when: {label: {any: [ux, 'area/*']}}}",
    "{id: again, link: claims, mode: monitor, when: {label: ux}}",
    "{id: old-bugs, exempt: maintenance, mode: enforce, when: {kind: bug, age: {older_than: 33d}}}",
    "{id: shell, non_goal: desktop, mode: enforce, when: {text: [shell]}}",
    "{id: quiet, flag: stale, mode: enforce, because: Nothing moves, when: {updated: {older_than: 12d}}}",
    "{id: below, link: activation, mode: enforce, when: {parent: {label: ux}}}",
    "{id: far-below, exempt: ops, mode: enforce, when: {ancestor: {text: [claim]}, label: ops}}",
]
PLAIN = 6
"""The first rules: those that look at no parent, so that an edit of one does not concern everybody."""
SETTINGS = [
    "",
    "checks: {catch_all: {children: 10, components: 2}}",
    "grace: 2 working days in progress",
    "baseline: first_sync",
    "needs_goal: {kind: [epic, story]}",
    "checks: {catch_all: {children: 10, components: 2}, unlinked: {mode: monitor}}",
    "checks: {missing_why: {mode: 'off'}, catch_all: {children: 11, components: 2}}",
]
KEYS = range(1, 17)
CATCH_ALL = "jira:WEB-1"
"""About as many children as a catch-all must have, now more, now fewer."""


class Company:
    """One tracker in two streams, its folder, and a clock that somebody else turns."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.now = NOW
        self._folder, self._pick = folder, random.Random(seed)
        tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
        self._streams = [Stream.objects.create(tracker=tracker, native_id=name, name=name) for name in ("WEB", "PAY")]
        self._goals, self._rules, self._setting = list(GOALS_OF), RULES[:3], ""
        self._write()
        for number in KEYS:
            components = (self._pick.choice(["web", "pay"]),)
            parent = CATCH_ALL if number > 4 else ""
            store.upsert(self._stream(number), [made(number, parent=parent, components=components)], self.now)

    def judge(self) -> None:
        """What is due now, by the folder as it is."""
        Bench(files.load(self._folder), lambda: self.now).judge()

    def everything(self) -> None:
        """Have everything judged anew, as if nothing had been."""
        due.mark_all()
        unsettle([GOALS], self.now)
        self.judge()

    def happen(self) -> None:
        """Something happens."""
        edits: list[tuple[int, Callable[[], None]]] = [
            (12, self._item),
            (1, self.delete),
            (2, self._rule),
            (2, self._goal),
            (1, self._settings),
            (2, self._decide),
            (3, self._time),
            (1, self._break),
            (1, self._mend),
        ]
        weights, choices = zip(*edits, strict=True)
        self._pick.choices(choices, weights)[0]()

    def small_edit(self) -> None:
        """One rule comes, goes, or changes places with another; or one goal is edited. Few items are touched."""
        if self._pick.random() < 0.3:
            before, after = self._pick.choice(GOAL_EDITS)
            goals = "\n".join(GOALS_OF)
            self._goals = (goals if goals != "\n".join(self._goals) else goals.replace(before, after)).split("\n")
        else:
            rule = self._pick.choice(RULES[:PLAIN])
            self._rules = [r for r in self._rules if r != rule] if rule in self._rules else [rule, *self._rules]
        self._write()

    def wait(self) -> None:
        """Nothing happens, and time alone changes answers."""
        self.now += timedelta(days=4)

    def mend_all(self) -> None:
        Stream.objects.update(broken_since=None)

    def _stream(self, number: int) -> Stream:
        return self._streams[number > 10]

    def _item(self) -> None:
        pick, number = self._pick.choice, self._pick.choice(KEYS)
        self.now += timedelta(minutes=1)
        key = pick([f"WEB-{number}", f"WEB-{number}", f"PAY-{number}"])
        others = [other for other in KEYS if other != number]
        ref = Ref(pick(["closes", "mentions", "links"]), f"jira:WEB-{pick(others)}", "body")
        item = made(
            number,
            key=key,
            address=f"jira:{key}",
            title=pick(["One", "Show the claim", "A shell"]),
            labels=pick([(), (), ("goal:activation",), ("goal:claims",), ("desktop",), ("ux",), ("ops", "area/web")]),
            components=pick([(), ("web",), ("pay",)]),
            parent=pick(["", CATCH_ALL, CATCH_ALL, CATCH_ALL, "jira:WEB-2", f"jira:WEB-{pick(others)}"]),
            refs=pick([(), (), (ref,)]),
            status=pick(["To Do", "Doing", "Done"]),
            status_category=pick(["todo", "in_progress", "in_progress", "done"]),
            kind=pick(["epic", "story", "bug", "pull_request"]),
            points=pick([None, 1.0, 5.0]),
            due=pick([None, None, (self.now + timedelta(days=1)).date()]),
            updated_at=self.now,
        )
        store.upsert(self._stream(number), [item], self.now)

    def delete(self) -> None:
        if live := list(Item.objects.filter(deleted_at=None).order_by("id")):
            presence.bury([self._pick.choice(live).id], "trashed", self.now)

    def _rule(self) -> None:
        self._rules = self._pick.sample(RULES, self._pick.randrange(len(RULES)))
        self._write()

    def _goal(self) -> None:
        goals = "\n".join(GOALS_OF)
        for before, after in self._pick.sample(GOAL_EDITS, self._pick.randrange(3)):
            goals = goals.replace(before, after)
        self._goals = goals.split("\n")
        self._write()

    def _settings(self) -> None:
        self._setting = self._pick.choice(SETTINGS)
        self._write()

    def _write(self) -> None:
        goals = "".join(f"  - {goal}\n" for goal in self._goals)
        rules = "".join(f"  - {rule}\n" for rule in self._rules)
        (self._folder / "syncd.yaml").write_text(SYNCD)
        (self._folder / "strategy.yaml").write_text(f"vision: Clinics on day one\ngoals:\n{goals}")
        (self._folder / "rules.yaml").write_text(f"rules:\n{rules}{self._setting}\n" if rules else self._setting)

    def _decide(self) -> None:
        made_ = list(Verdict.objects.filter(undone_at=None, ended_at=None).order_by("id"))
        if made_ and self._pick.random() < 0.3:
            verdicts.undo(self._pick.choice(made_), "Ana", self.now)
            return
        flags = list(Flag.objects.filter(state="open", item__isnull=False, rule="unlinked").order_by("id"))
        if not flags:
            return
        kind, target = self._pick.choice([("link", "claims"), ("link", "activation"), ("exempt", "maintenance")])
        until = self._pick.choice([None, self.now + timedelta(days=3)])
        flag = self._pick.choice(flags)
        with suppress(verdicts.Refused):  # the goal is not in force
            verdicts.decide(flag, kind, "Ana", target=target, reason="as agreed", until=until, now=self.now)

    def _time(self) -> None:
        self.now += timedelta(hours=self._pick.choice([1, 20, 24 * 2, 24 * 9]))

    def _break(self) -> None:
        Stream.objects.filter(id=self._pick.choice(self._streams).id).update(broken_since=self.now)

    def _mend(self) -> None:
        """It is back, and its first sync is complete if it was not."""
        self.mend_all()
        Stream.objects.filter(filled_at=None).update(filled_at=self.now)


def all_that_is_judged() -> dict[str, object]:
    """By item and flag; what is told in numbers of rows or moments is left out."""
    found = ("item", "fingerprint", "group", "held", "message", "fix")
    flag = ("fingerprint", "state", "clears", "message", "fix", "severity", "owner", "stake", "goal", "concerns")
    return {
        "decisions": set(Decision.objects.values_list("item__key", "fingerprint", "next_at")),
        "links": set(Link.objects.values_list("item__key", "goal", "strength", "primary", "against")),
        "findings": set(Finding.objects.values_list(*found)),
        "flags": set(Flag.objects.exclude(state="resolved").values_list(*flag)),
        "due": set(Due.objects.values_list("item", flat=True)),
    }
