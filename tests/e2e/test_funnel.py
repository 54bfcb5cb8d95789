"""The queue is a small part of what a tool without judgement would say: on real work, and on the demo's."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syncd.sandbox.server import Sandbox
from syncd.sandbox.world import replay, write_config
from tests.cli.command import Syncd
from tests.cli.store import brought_up

EXPORTED = Path(os.environ.get("SYNCD_RECORDINGS", "../shared/recordings")) / "datasets" / "mls-protocol.archive.json"
STRATEGY = """
vision: Groups talk in private, whatever their size
goals:
  - {id: security, kind: objective, title: Nobody reads what they should not, accepts: {labels: [security, privacy]}}
  - {id: speed, kind: objective, title: A thousand members join in a second, accepts: {labels: [performance]}}
"""
RULES = """
rules:
  - id: editorial
    exempt: editorial
    mode: enforce
    when: {label: [editorial, weekly-digest]}
baseline: %s
grace: 3 working days in progress
"""


@pytest.mark.skipif(not EXPORTED.exists(), reason="recordings are not there: set SYNCD_RECORDINGS")
@pytest.mark.parametrize("baseline", ["first_sync", "none"])
def test_of_a_real_tracker_nine_in_ten_raw_findings_are_accounted_for_before_the_queue(
    baseline: str, tmp_path: Path
) -> None:
    with replay(EXPORTED, as_of=datetime(2020, 6, 1, tzinfo=UTC)) as github:
        write_config(github, tmp_path)
        brought_up(tmp_path)
        (tmp_path / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
        (tmp_path / "rules.yaml").write_text(RULES % baseline, encoding="utf-8")
        syncd = Syncd(tmp_path)
        syncd.done("sync")
        raw, *between, shown = syncd.rows("flags", "--funnel")
    assert raw["count"] > 100
    assert raw["count"] == sum(step["count"] for step in between) + shown["count"]
    assert shown["count"] <= raw["count"] / 10


def test_of_the_demo_nine_in_ten_raw_findings_are_accounted_for_and_each_way_of_it_is_there_to_see(
    story: tuple[Sandbox, Syncd],
) -> None:
    _, syncd = story
    raw, *between, shown = syncd.rows("flags", "--funnel")
    assert raw["count"] == sum(step["count"] for step in between) + shown["count"]
    assert raw["count"] - shown["count"] >= 0.9 * raw["count"]
    ways = {step["step"] for step in between if step["count"]}
    assert ways >= {"finished", "needs_no_goal", "exempt", "monitor", "grouped_root", "grouped_shape"}
    assert shown["count"] >= 12, "there is enough left for somebody to work on"
