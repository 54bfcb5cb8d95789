from collections.abc import Callable
from pathlib import Path

import pytest

from config import files
from syncd.trackers.models import Stream, Tracker
from syncd.worker.judge import Bench

TRACKERS = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""
STRATEGY = """
vision: Clinics on day one
goals:
  - {id: activation, kind: objective, title: Live in a day, why: Setup takes too long, accepts: {labels: ["goal:activation"]}}
  - {id: claims, kind: objective, title: Claims accepted by insurers, why: Rejected claims, accepts: {labels: ["goal:claims"]}}
  - {id: desktop, kind: non_goal, title: No desktop client, accepts: {labels: [desktop]}}
"""
RULES = """
rules:
  - {id: insurers, link: claims, mode: enforce, when: {text: [insurer]}}
"""

Write = Callable[..., Bench]


@pytest.fixture
def stream(db: None) -> Stream:
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    return Stream.objects.create(tracker=tracker, native_id="site", name="WEB")


@pytest.fixture
def bench(tmp_path: Path) -> Write:
    """A bench by the usual strategy and rules, or by others."""

    def write(strategy: str = STRATEGY, rules: str = RULES) -> Bench:
        for name, text in (("syncd.yaml", TRACKERS), ("strategy.yaml", strategy), ("rules.yaml", rules)):
            (tmp_path / name).write_text(text)
        return Bench(files.load(tmp_path))

    return write
