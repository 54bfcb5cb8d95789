"""A small world in the store, and a folder that judges it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from config import files
from config.files import Config
from connectors.item import Item as Incoming
from syncd.strategy import versions
from syncd.strategy.models import StrategyVersion
from syncd.trackers import store
from syncd.trackers.models import Stream, Tracker
from syncd.worker import policy
from syncd.worker.judge import Bench, Judged
from syncd.worker.plan.apply import Order, apply
from syncd.worker.plan.plan import Plan, Side, plan

SYNCD = """
changes: {{automatic: {automatic}, blast_radius: {blast_radius}, small: {small}}}
trackers:
  - name: acme-jira
    kind: jira
    url: https://nobody.invalid
    auth: {{token: {{env: NOT_SET}}}}
    scope: {{projects: [WEB]}}
"""
STRATEGY = """
vision: Clinics on day one
goals:
  - {id: activation, kind: objective, title: Live in a day, owner: ana@acme.example,
     accepts: {labels: ["goal:activation"]}}
  - {id: claims, kind: objective, title: Claims accepted, accepts: {labels: ["goal:claims"]}}
  - {id: desktop, kind: non_goal, title: No desktop client, accepts: {labels: [desktop]}}
"""


@dataclass
class Folder:
    """What an operator does: write files, judge, plan, apply."""

    path: Path

    def write(self, *, automatic: bool = True, blast_radius: str = "100%", small: int = 0, **texts: str) -> "Folder":
        """Write files; ``strategy="…"`` is strategy.yaml. Those that are not named stay as they are."""
        service = SYNCD.format(automatic=str(automatic).lower(), blast_radius=blast_radius, small=small)
        for name, text in ({"syncd": service} | texts).items():
            (self.path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return self

    @property
    def config(self) -> Config:
        return files.load(self.path)

    def judge(self) -> Judged:
        return Bench(self.config).judge()

    @contextmanager
    def plan(self) -> Iterator[Plan]:
        newest = in_force()
        after = policy.written(self.config)
        before = Side(versions.written_of(newest), versions.policy_of(newest))
        with plan(before, Side(after, policy.effective(after)), timezone.now()) as found:
            yield found

    def apply(self, chosen: StrategyVersion | None = None, author: str = "Ana", message: str = "") -> StrategyVersion:
        with self.plan() as found:
            effect = found.effect
        written = versions.written_of(chosen) if chosen else policy.written(self.config)
        return apply(self.config, Order(written, author, message, effect, in_force()))


def in_force() -> StrategyVersion:
    newest = versions.newest()
    assert newest
    return newest


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path).write(strategy=STRATEGY)


@pytest.fixture
def stream(db: None) -> Stream:
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://nobody.invalid")
    return Stream.objects.create(tracker=tracker, native_id="site", name="WEB")


@pytest.fixture
def put(stream: Stream) -> Callable[..., None]:
    """Items as they come from the tracker."""

    def write(*items: Incoming) -> None:
        store.upsert(stream, items, timezone.now())

    return write
