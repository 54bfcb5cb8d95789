from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from structlog.testing import capture_logs

from config import files
from config.files import Config
from connectors.item import Item as Incoming
from connectors.item import Person
from rules.model import Accepts, Goal, Outcome
from syncd.strategy.models import Decision
from syncd.strategy.source import goals_from
from syncd.trackers import store
from syncd.trackers.models import Stream, Tracker
from syncd.worker import policy
from syncd.worker.judge import Bench
from tests.trackers.conftest import NOW, made

SOURCE = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"
FILES = {
    "syncd.yaml": f"""
trackers:
  - {{name: notion, kind: notion, auth: {{token: {{env: T}}}}, scope: {{data_sources: ["{SOURCE}"]}}}}
""",
    "strategy.yaml": f"""
vision: Clinics on day one
source: {{tracker: notion, data_source: {SOURCE.replace("-", "").upper()}}}
""",
    "rules.yaml": """
rules:
  - {id: claims-words, link: claims, mode: enforce, because: "Claims", when: {text: {any: [claim], in: [title]}}}
""",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return files.load(tmp_path)


def page(number: int, **fields: Any) -> Incoming:
    """A page of the strategy's data source."""
    changes = {name: fields.pop(name) for name in ("title", "assignees", "status", "updated_at") if name in fields}
    of = {"tracker": "notion", "container": SOURCE, "kind": "page", "type": "", "status": "", "fields": fields}
    return made(number, **{**of, "address": f"notion:{number}", "key": str(number), **changes})


def test_a_page_with_everything_is_a_goal_with_everything() -> None:
    parent = page(1, ID="growth", Kind="Theme", title="Growth")
    child = page(
        2, ID="activation", Kind="Objective", title="Live in a day", Parent=["1"], Owner=["Ana"], Why="They leave",
        status="Active", Period="2026-10-01/2026-12-31", Share=0.4, Metric="clinics live", Unit="%", Baseline=31,
        Target=60, Current=38, Labels=["goal:activation"], Items="acme-jira:WEB-1, acme-jira:WEB-2", Field="Activation",
        **{"As of": "2026-11-15"},
    )  # fmt: skip
    goals, complaints = goals_from([child, parent])
    assert complaints == ()
    assert {goal.id: goal for goal in goals}["activation"] == Goal(
        id="activation",
        kind="objective",
        title="Live in a day",
        parent="growth",
        owner="Ana",
        status="active",
        starts=date(2026, 10, 1),
        ends=date(2026, 12, 31),
        why="They leave",
        outcome=Outcome("clinics live", "%", 31, 60, 38, date(2026, 11, 15)),
        share=0.4,
        accepts=Accepts(("goal:activation",), ("acme-jira:WEB-1", "acme-jira:WEB-2"), ("Activation",)),
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"Kind": "Dream"}, "Kind is Dream; expected one of theme, objective, key_result, non_goal"),
        ({"Status": "Maybe"}, "Status is Maybe; expected one of proposed, active, paused, achieved, dropped"),
        ({"Share": "half"}, "Share is half; expected a number"),
        ({"Share": 250}, "Share is 250; expected a part of the whole, such as 40 %"),
        ({"Period": "soon"}, "Period is soon; expected a date"),
        ({"Metric": "x", "Target": "many"}, "Target is many; expected a number"),
    ],
)
def test_a_page_that_says_what_a_goal_cannot_have_is_told_and_left_out(fields: dict, says: str) -> None:
    goals, complaints = goals_from([page(1, ID="a", title="Live in a day", **fields), page(2, ID="b", title="Other")])
    assert [goal.id for goal in goals] == ["b"]
    assert complaints == (f"Live in a day: {says}",)


def test_pages_without_an_id_are_no_goals_and_an_id_is_taken_once() -> None:
    goals, complaints = goals_from([page(1, title="Notes"), page(2, ID="a", title="One"), page(3, ID="a", title="Two")])
    assert [goal.title for goal in goals] == ["One"]
    assert complaints == ("Two: the ID a is taken by One",)


def test_an_owner_that_is_a_person_of_the_tracker_is_named_by_mail() -> None:
    goals, _ = goals_from([page(1, ID="a", assignees=(Person("u", "Ana", "ana@acme.example"),))])
    assert goals[0].owner == "ana@acme.example"


@pytest.mark.django_db
def test_work_is_judged_by_the_goals_in_the_tracker_as_they_change(config: Config) -> None:
    tracker = Tracker.objects.create(name="notion", kind="notion", url="https://api.notion.example")
    goals = Stream.objects.create(tracker=tracker, native_id=SOURCE, name="Goals")
    put: Callable[..., object] = lambda *items: store.upsert(goals, items, timezone.now())  # noqa: E731
    put(made(7, tracker="notion", container="work", title="Show the claim", address="notion:7"))
    Bench(config).judge()
    assert Decision.objects.get(item__native_id="10007").primary_goal == ""  # the rule rests: its goal is not there
    put(page(1, ID="claims", title="Claims accepted"))
    Bench(config).judge()
    assert Decision.objects.get(item__native_id="10007").primary_goal == "claims"
    put(page(1, ID="claims", title="Claims accepted", Status="Nonsense", updated_at=NOW))
    with capture_logs() as logs:
        assert policy.written(config).policy.strategy.goals == ()
    assert [entry["event"] for entry in logs] == ["goal_unreadable"]
