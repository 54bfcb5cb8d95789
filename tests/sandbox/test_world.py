"""Generated worlds and the demo's story are what they claim to be."""

import stat
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from config import files
from syncd.sandbox import seeds, story, world
from syncd.sandbox.base import Work
from syncd.sandbox.live import Live
from syncd.sandbox.server import Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TRACKERS = ("jira", "github", "notion")


@pytest.mark.parametrize("tracker", TRACKERS)
def test_the_same_seed_makes_the_same_works(tracker: str) -> None:
    assert seeds.generate(tracker, 500, 1, NOW) == seeds.generate(tracker, 500, 1, NOW)
    assert seeds.generate(tracker, 500, 1, NOW) != seeds.generate(tracker, 500, 2, NOW)


@pytest.mark.parametrize("tracker", TRACKERS)
def test_generated_works_hang_together(tracker: str) -> None:
    works = seeds.generate(tracker, 3000, 1, NOW)
    by_name = {work.name: work for work in works}
    assert len(by_name) == 3000
    assert [work.created for work in works] == sorted(work.created for work in works)
    for work in works:
        assert NOW - timedelta(days=366) < work.created <= work.updated <= NOW
        assert (work.closed is not None) == (work.status in ("done", "cancelled"))
        if work.parent:
            parent = by_name[work.parent]
            assert parent.created <= work.created
            assert parent.place == work.place


@pytest.mark.parametrize("tracker", TRACKERS)
def test_generated_stamps_are_mostly_distinct_and_partly_equal(tracker: str) -> None:
    works = seeds.generate(tracker, 3000, 1, NOW)
    created = Counter(work.created for work in works)
    updated = Counter(work.updated for work in works)
    assert 2500 < len(created) < 2800
    assert created.most_common(1)[0][1] == seeds.BATCH
    assert updated.most_common(1)[0][1] > 20


def test_subtasks_stand_below_stories_and_stories_below_epics() -> None:
    works = {work.name: work for work in seeds.generate("jira", 2000, 1, NOW)}
    pairs = Counter((work.kind, works[work.parent].kind) for work in works.values() if work.parent)
    assert {above for (kind, above) in pairs if kind == "subtask"} == {"story", "task"}
    assert {above for (kind, above) in pairs if kind != "subtask"} == {"epic"}


def test_fifty_thousand_works_take_seconds() -> None:
    began = time.process_time()
    assert len(seeds.generate("jira", 50_000, 1, NOW)) == 50_000
    assert time.process_time() - began < 6


@pytest.fixture(scope="module")
def works() -> list[Work]:
    return story.works(NOW)


def test_the_story_has_some_270_works_in_three_trackers(works: list[Work]) -> None:
    counted = Counter(work.tracker for work in works)
    assert (sum(counted.values()), dict(counted)) == (267, {"jira": 159, "github": 84, "notion": 24})
    assert {work.place for work in works} == {place for places in seeds.PLACES.values() for place in places}


def test_the_story_is_about_the_quarter_before_now(works: list[Work]) -> None:
    assert all(NOW - timedelta(days=90) < work.created <= work.updated <= NOW for work in works)
    assert story.works(NOW + timedelta(days=7))[0].created == works[0].created + timedelta(days=7)


def test_the_story_reads_like_people(works: list[Work]) -> None:
    assert len({(work.place, work.title) for work in works}) == len(works)
    assert all(work.title.strip() and "lorem" not in (work.title + work.body).lower() for work in works)
    assert sum(bool(work.body) for work in works) > 70


def test_the_strategy_has_five_goals_and_two_non_goals() -> None:
    goals = yaml.safe_load((story.FOLDER / "strategy.yaml").read_text(encoding="utf-8"))["goals"]
    kinds = Counter("non_goal" if goal["kind"] == "non_goal" else "goal" for goal in goals)
    assert kinds == {"goal": 5, "non_goal": 2}
    assert [goal["id"] for goal in goals if goal.get("status") == "dropped"] == ["patient-app"]


def test_the_known_misalignments_are_there(works: list[Work]) -> None:
    by_name = {work.name: work for work in works}
    below = Counter(work.parent for work in works)
    wrong = {what: [by_name[name] for name in names] for what, names in story.MISALIGNED.items()}
    (epic,) = wrong["epic without a goal"]
    assert (epic.kind, epic.labels, epic.goal, below[epic.name]) == ("epic", (), "", 13)
    assert [work.labels for work in wrong["epic against a non-goal"]] == [("desktop",)]
    assert [work.labels[0] for work in wrong["item against a non-goal"]] == ["bespoke-report"]
    assert [work.labels for work in wrong["epic on a dropped goal"]] == [("goal:patient-app",)]
    assert [work.labels for work in wrong["two goals of different branches"]] == [("goal:activation", "goal:claims")]
    assert [below[work.name] for work in wrong["epic that takes in everything"]] == [10]
    assert [work.labels for work in wrong["task that waits"]] == [("blocked", "shared/globex")]
    assert [work.due for work in wrong["story that is late"]] == [NOW.date() - timedelta(days=6)]
    for lonely in (*wrong["change without an item"], *wrong["task without a goal"]):
        assert not any((lonely.closes, lonely.mentions, lonely.parent, lonely.labels, lonely.goal))


def test_changes_are_tied_to_items_in_every_way(works: list[Work]) -> None:
    pulls = [work for work in works if work.kind == "pull_request"]
    assert sum(bool(pull.closes) for pull in pulls) >= 5
    assert any(pull.title.startswith("WEB-2:") for pull in pulls)
    assert any(pull.branch == "feature/WEB-4-invitation-codes" for pull in pulls)
    assert any(pull.branch == "web-3-propose-tariffs" for pull in pulls)
    assert any("Part of WEB-14." in pull.body for pull in pulls)


OURS = ["acme-jira", "acme-github", "acme-notion"]
THEIRS = ["globex-notion", "globex-github"]


@pytest.fixture(scope="module")
def built() -> Iterator[Sandbox]:
    with world.build() as sandbox:
        yield sandbox


def test_works_are_called_what_the_story_calls_them(built: Sandbox, works: list[Work]) -> None:
    titles = {row["key"]: row["title"] for service in ("jira", "github") for row in built.truth(service)}
    for work in works:
        if work.tracker != "notion":
            assert titles[work.name].endswith(work.title)
    assert len(built.truth("notion")) == 24


def test_a_config_folder_is_ready_and_keeps_its_tokens_to_itself(built: Sandbox, tmp_path: Path) -> None:
    world.write_config(built, tmp_path)
    config = yaml.safe_load((tmp_path / "syncd.yaml").read_text(encoding="utf-8"))
    assert [tracker["name"] for tracker in config["trackers"]] == [*OURS, *THEIRS]
    assert [tracker["url"] for tracker in config["trackers"]] == [
        built.root(prefix) for prefix in ("jira", "github", "notion", "globex-notion", "globex-github")
    ]
    assert len({service.token for service in built.services.values()}) == 5
    for tracker in config["trackers"]:
        token = Path(tracker["auth"]["token"]["file"])
        assert stat.S_IMODE(token.stat().st_mode) == 0o600
        assert token.read_text(encoding="utf-8").strip() == built.services[token.stem].token
        assert built.services[token.stem].token not in (tmp_path / "syncd.yaml").read_text(encoding="utf-8")
    goals = yaml.safe_load((tmp_path / "strategy.yaml").read_text(encoding="utf-8"))["goals"]
    now = datetime.now(UTC).date()
    assert goals[0]["period"]["from"] < now < goals[0]["period"]["to"]
    world.write_config(built, tmp_path)


@pytest.mark.parametrize("items", [None, 5])
def test_the_config_folders_have_no_mistakes(items: int | None, tmp_path: Path) -> None:
    sandbox = world.build(items=items)
    world.write_config(sandbox, tmp_path, items=items)
    sandbox.stop()
    config = files.load(tmp_path)
    assert [tracker.name for tracker in config.service.sources] == OURS
    theirs = [tracker.name for tracker in config.service.trackers if tracker.mirror_only]
    assert theirs == ([] if items else THEIRS)


@pytest.mark.parametrize("deployment", ["cloud", "datacenter"])
def test_a_generated_world_holds_as_much_as_was_asked_for(deployment: str, tmp_path: Path) -> None:
    with world.build(items=60, seed=3, deployment=deployment) as sandbox:
        assert [len(sandbox.truth(service)) for service in sandbox.services] == [60, 60, 60]
        world.write_config(sandbox, tmp_path, items=60)
        jira = yaml.safe_load((tmp_path / "syncd.yaml").read_text(encoding="utf-8"))["trackers"][0]
        assert (jira["deployment"], "email" in jira["auth"]) == (deployment, deployment == "cloud")
        assert sandbox.errors == []


def test_live_changes_are_the_same_for_the_same_seed() -> None:
    def changes() -> list[tuple[str, str]]:
        sandbox = world.build(items=40, seed=3)
        live = Live(sandbox, 5)
        done = [live.step() for _ in range(60)]
        sandbox.stop()
        return done

    first = changes()
    assert first == changes()
    assert {service for service, _ in first} == set(TRACKERS)
    assert len({what.partition(" is ")[2].split(" ")[0] for _, what in first}) >= 3


def test_a_live_sandbox_changes_by_itself_until_it_is_stopped() -> None:
    sandbox = world.build(items=5)
    live = Live(sandbox, 1, seconds=0.01)
    sandbox.companions.append(live)
    before = {service: sandbox.truth(service) for service in sandbox.services}
    with sandbox:
        for _ in range(200):
            if {service: sandbox.truth(service) for service in sandbox.services} != before:
                break
            time.sleep(0.01)
        else:
            pytest.fail("nothing changed")
    after = {service: sandbox.truth(service) for service in sandbox.services}
    time.sleep(0.05)
    assert {service: sandbox.truth(service) for service in sandbox.services} == after
