"""When an edit takes effect by itself, when it waits, and what undoing means."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from config import files
from syncd.review import records
from syncd.review.models import RuleRecord
from syncd.strategy import versions
from syncd.strategy.models import Decision, Draft, StrategyVersion
from syncd.strategy.versions import OldForm
from syncd.trackers import due
from syncd.trackers.writing import writing
from syncd.worker import policy
from syncd.worker.judge import Bench
from syncd.worker.plan import effect
from syncd.worker.plan.apply import Order, Overtaken, apply
from syncd.worker.roster import Roster
from syncd.worker.work import Work
from tests.trackers.conftest import made
from tests.worker.logged import logged
from tests.worker.plan.conftest import STRATEGY, Folder, in_force

pytestmark = pytest.mark.django_db

Put = Callable[..., None]
EDITED = STRATEGY.replace("goal:activation", "checkout")


@pytest.fixture
def judged(folder: Folder, put: Put) -> Folder:
    """Four items of which the edit unties one and ties another: half of them change."""
    put(made(1, labels=("goal:activation",)), made(2, labels=("checkout",)), made(3), made(4))
    folder.judge()
    return folder


def goals() -> dict[str, str]:
    return dict(Decision.objects.values_list("item__key", "primary_goal"))


def test_an_empty_store_begins_with_what_the_folder_says(folder: Folder, db: None) -> None:
    first = policy.in_force(folder.config)
    assert (first.version.author, first.changed, first.before) == ("first sync", True, None)
    assert versions.written_of(first.version).policy == folder.config.policy()


def test_an_edit_within_the_blast_radius_takes_effect_by_itself(judged: Folder) -> None:
    judged.write(strategy=EDITED, blast_radius="50%").judge()
    assert goals()["WEB-2"] == "activation"
    version = in_force()
    assert (version.author, version.message) == ("the folder", "strategy.yaml changed")
    assert (version.effect["changed"], version.effect["share"]) == (2, 0.5)


def test_an_edit_beyond_the_blast_radius_is_held_and_told_once(judged: Folder) -> None:
    before = goals()
    judged.write(strategy=EDITED, blast_radius="49%")
    with logged() as first:
        judged.judge()
    with logged() as second:
        judged.judge()
    assert (first, second) == (["edit_held"], [])
    assert (goals(), StrategyVersion.objects.count()) == (before, 1)
    says = policy.waiting(judged.config)
    assert "2 of 4 items (50%), and changes.blast_radius allows 49%" in says
    assert "syncd plan" in says
    assert "syncd apply" in says


def test_an_edit_of_few_items_takes_effect_however_small_the_store(judged: Folder) -> None:
    judged.write(strategy=EDITED, blast_radius="10%", small=1).judge()
    assert policy.waiting(judged.config)
    judged.write(strategy=EDITED, blast_radius="10%", small=2).judge()
    assert goals()["WEB-2"] == "activation"


def test_a_held_edit_is_measured_once_and_takes_effect_when_more_is_allowed(
    judged: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged.write(strategy=EDITED, blast_radius="10%").judge()

    def again(*_: Any) -> None:
        raise AssertionError("it is measured again")

    monkeypatch.setattr(policy, "measure", again)
    judged.judge()
    judged.write(blast_radius="60%").judge()
    assert goals()["WEB-2"] == "activation"
    assert policy.waiting(judged.config) == ""


def test_a_held_edit_that_is_taken_back_is_forgotten(judged: Folder) -> None:
    judged.write(strategy=EDITED, blast_radius="10%").judge()
    judged.write(strategy=STRATEGY, blast_radius="10%").judge()
    assert policy.waiting(judged.config) == ""
    assert Draft.objects.get().state == Draft.IN_FORCE
    assert StrategyVersion.objects.count() == 1


def test_where_nothing_is_automatic_every_edit_waits(judged: Folder) -> None:
    judged.write(strategy=STRATEGY.replace("Live in a day", "Live at once"), automatic=False).judge()
    assert StrategyVersion.objects.count() == 1
    assert "changes.automatic is false" in policy.waiting(judged.config)
    judged.apply(message="agreed on Monday")
    assert (in_force().author, in_force().message) == ("Ana", "agreed on Monday")
    assert policy.waiting(judged.config) == ""


def test_words_that_nobody_judges_by_take_effect_with_nothing_judged_twice(
    judged: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effect, "replay", lambda *_, **__: pytest.fail("the items are judged for that"))
    judged.write(strategy=STRATEGY.replace("Clinics on day one", "Clinics at once"), blast_radius="0%").judge()
    assert policy.current(judged.config).strategy.vision == "Clinics at once"


def test_of_a_large_store_a_part_is_looked_at(judged: Folder, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put(*(made(number, labels=("goal:activation",)) for number in range(5, 45)))
    monkeypatch.setattr(effect, "SAMPLE", 11)
    after = judged.write(strategy=EDITED).config.policy()
    found = effect.measure(versions.policy_of(in_force()), after, timezone.now())
    assert found.items == 44
    assert found.judged == 11
    assert found.share > 0.8


def test_what_was_undone_is_not_done_again_until_the_folder_changes(judged: Folder) -> None:
    first = in_force()
    judged.write(strategy=EDITED).judge()
    judged.apply(first, message="took it back")
    judged.judge()
    judged.judge()
    assert goals()["WEB-1"] == "activation"
    assert in_force().message == "took it back"
    assert "is in force, and not what" in policy.waiting(judged.config)
    judged.write(strategy=EDITED.replace("Live in a day", "Live at once")).judge()
    assert goals()["WEB-2"] == "activation"


def test_a_version_that_was_applied_from_another_folder_stays(judged: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "draft")
    other.path.mkdir()
    other.write(strategy=EDITED).apply(author="Omar")
    judged.judge()
    assert goals()["WEB-2"] == "activation"
    assert in_force().author == "Omar"


def test_an_order_that_was_planned_against_another_version_is_refused(judged: Folder) -> None:
    first = in_force()
    judged.write(strategy=EDITED).apply()
    order = Order(policy.written(judged.config), "Omar", "", effect.Effect(0), first)
    with pytest.raises(Overtaken, match="put in force meanwhile, by Ana"):
        apply(judged.config, order)


def test_a_bench_is_told_what_was_in_force_before_until_all_is_marked(judged: Folder) -> None:
    first = versions.policy_of(in_force())
    judged.write(strategy=EDITED)
    for _ in range(2):
        found = policy.in_force(judged.config)
        assert (found.changed, found.before) == (True, first)
    Bench(judged.config).judge()
    found = policy.in_force(judged.config)
    assert (found.changed, found.before) == (False, None)


def test_a_version_reads_back_as_it_was_written(judged: Folder) -> None:
    rules = """
    rules:
      - id: later
        exempt: ops
        mode: enforce
        when: {label: ops, component: api, age: {older_than: 90d}, none: [{kind: bug}]}
        examples: {match: [{title: x, labels: [ops], components: [api], created_at: 2020-01-01}]}
    grace: 3 working days in progress
    baseline: first_sync
    """
    strategy = STRATEGY.replace("accepts: {labels: [desktop]}", "period: {from: 2026-10-01, to: 2026-12-31}")
    judged.write(rules=rules, strategy=strategy).judge()
    stored = StrategyVersion.objects.get(id=in_force().id)
    assert versions.policy_of(stored) == files.load(judged.path).policy()


def test_a_version_of_an_older_form_is_named_and_gives_way_to_the_folder(judged: Folder) -> None:
    old = in_force()
    StrategyVersion.objects.filter(id=old.id).update(files={**old.files, "rules.yaml": '{"rulez": []}'})
    old.refresh_from_db()
    with pytest.raises(OldForm, match=f"version {old.id} was written when the files had another form .rulez"):
        versions.policy_of(old)
    with logged() as events:
        judged.judge()
    assert events == ["version_unreadable", "version_in_force"]
    assert in_force().id > old.id


def test_a_rule_that_lost_its_word_rests_in_a_version_of_its_own_and_undoing_looks_past_it(judged: Folder) -> None:
    rules = "rules: [{id: look, flag: look-here, mode: enforce, when: {label: checkout}}]"
    judged.write(rules=rules).judge()
    records.refresh(versions.policy_of(in_force()), timezone.now())
    said = in_force()
    record, _ = RuleRecord.objects.get_or_create(rule="look", defaults={"since": timezone.now()})
    record.hash, record.demoted_at = _hash_of(judged), timezone.now()
    record.save()
    judged.judge()
    version = in_force()
    assert (version.author, version.demoted) == ("syncd", ["look"])
    assert version.message == "look dropped to monitor: people do not act on it"
    assert [rule.mode for rule in versions.policy_of(version).rules] == ["monitor"]
    assert versions.other_before(version) == versions.before(said)
    judged.write(rules=rules.replace("label: checkout", "label: ops")).judge()
    assert [rule.mode for rule in policy.current(judged.config).rules] == ["enforce"]


def _hash_of(folder: Folder) -> str:
    return records._says(folder.config.policy())["look"]


def test_a_bench_follows_a_version_that_is_put_in_force_while_it_is_there(judged: Folder) -> None:
    old = Bench(judged.config)
    judged.write(strategy=EDITED).apply()
    newer = policy.in_force(judged.config)
    with writing():
        due.mark_all()
        versions.marked(newer.version, timezone.now())
    old.judge()
    assert goals()["WEB-2"] == "activation"
    assert old.version == newer.version


def test_a_running_daemon_follows_a_version_at_its_next_turn(judged: Folder, tmp_path: Path) -> None:
    other = Folder(tmp_path / "draft")
    other.path.mkdir()
    with Roster(judged.config.service.trackers) as roster:
        work = Work(judged.config, roster)
        work.judge(5)
        other.write(strategy=EDITED).apply(author="Omar")
        work.judge(5)
    assert goals()["WEB-2"] == "activation"
