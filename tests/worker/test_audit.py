"""The nightly audit: judging everything again changes nothing, or raises an alarm (I7)."""

from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from structlog.testing import capture_logs

from config import files
from syncd.review.models import Finding
from syncd.strategy.models import Decision, Link
from syncd.trackers import due, store
from syncd.trackers.models import Due, Item, Round, Stream
from syncd.web import metrics, snapshot
from syncd.worker import audit
from syncd.worker.judge import Bench
from tests.trackers.conftest import NOW, made

pytestmark = pytest.mark.django_db

SYNCD = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""


@pytest.fixture
def bench(tmp_path: Path, stream: Stream) -> Bench:
    """Everything is judged."""
    (tmp_path / "syncd.yaml").write_text(SYNCD)
    (tmp_path / "strategy.yaml").write_text("goals: [{id: a, kind: theme, title: A, accepts: {labels: [a]}}]")
    items = [made(1, labels=("a",)), made(2, parent="jira:WEB-1"), *(made(number) for number in range(3, 9))]
    store.upsert(stream, items, NOW)
    bench = Bench(files.load(tmp_path), lambda: NOW)
    bench.judge()
    return bench


def run(bench: Bench) -> tuple[list[Any], Round]:
    """A whole audit: what it logged, and its round."""
    with capture_logs() as logs:
        audit.begin(NOW)
        assert not audit.go_on(bench)
    return [entry for entry in logs if entry["event"] == "judging_disagrees"], Round.objects.latest("id")


def tampered_goal() -> None:
    Decision.objects.filter(item__key="WEB-2").update(primary_goal="b")


def tampered_explanation() -> None:
    Decision.objects.filter(item__key="WEB-2").update(explanation="{}")


def lost_decision() -> None:
    Decision.objects.filter(item__key="WEB-2").delete()


def lost_link() -> None:
    Link.objects.filter(item__key="WEB-2").delete()


def lost_mark() -> None:
    Item.objects.filter(key="WEB-2").update(kind="bug", doc='{"labels": ["a"]}')


def made_up_finding() -> None:
    Finding.objects.create(item=Item.objects.get(key="WEB-2"), fingerprint="overdue|x|", message="", fix="")


def test_an_audit_of_what_was_judged_finds_nothing_and_writes_nothing(bench: Bench) -> None:
    logs, done = run(bench)
    assert (logs, done.seen, done.found) == ([], 8, 0)
    assert done.ended_at == NOW
    assert Round.disagreement() is None
    assert not Due.objects.exists()


@pytest.mark.parametrize(
    ("tamper", "differs"),
    [
        (tampered_goal, "decision"),
        (tampered_explanation, "decision"),
        (lost_decision, "decision"),
        (lost_link, "links"),
        (made_up_finding, "findings"),
        (lost_mark, "decision and links"),
    ],
)
def test_what_somebody_changed_by_hand_raises_an_alarm_and_is_then_judged_anew(tamper, differs, bench: Bench) -> None:
    tamper()
    logs, done = run(bench)
    assert (done.found, done.examples) == (1, [{"item": "WEB-2", "differs": differs}])
    [alarm] = logs
    assert (alarm["log_level"], alarm["items"], alarm["examples"]) == ("error", 1, [f"WEB-2: {differs}"])
    assert Round.disagreement() == done
    assert bench.judge().items >= 1
    assert run(bench)[1].found == 0
    assert Round.disagreement() is None


def test_an_item_that_awaits_its_judgement_is_no_disagreement(bench: Bench, stream: Stream) -> None:
    store.upsert(stream, [made(1, labels=(), updated_at=NOW)], NOW)
    Due.objects.exclude(item__key="WEB-1").delete()  # its child follows once it is judged
    assert run(bench)[1].found == 0
    assert due.among(list(Item.objects.values_list("id", flat=True))) == {Item.objects.get(key="WEB-1").id}


def test_an_audit_goes_on_slice_by_slice_and_a_new_night_begins_anew(bench: Bench, monkeypatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    audit.begin(NOW)
    assert audit.go_on(bench, 1e-9)
    assert Round.objects.get().seen == 3
    audit.begin(NOW)
    assert Round.objects.get().seen == 0
    while audit.go_on(bench, 1e-9):
        pass
    assert (Round.objects.get().seen, Round.under_way(Round.AUDIT)) == (8, None)
    assert not audit.go_on(bench)


def test_a_disagreement_stands_on_the_status_page_and_among_the_metrics(bench: Bench, rf) -> None:
    tampered_goal()
    run(bench)
    now = snapshot.take(NOW)
    assert now.disagreement
    assert now.disagreement.told == "WEB-2: decision"
    assert "syncd_judging_disagreements 1.0" in metrics.metrics(rf.get("/metrics")).content.decode()
    page = render_to_string("web/status.html", {"now": now}, request=None)
    assert "1 item decided otherwise than stored (WEB-2: decision)" in " ".join(page.split())
