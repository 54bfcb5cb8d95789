"""Rules mined from the store: from what people said, and only what is not said yet."""

import pytest
from django.utils import timezone

from rules.model import Policy
from syncd.review import tallies
from syncd.review.models import Verdict
from syncd.strategy import mining, versions
from syncd.trackers import store
from syncd.trackers.models import Item, Stream
from tests.strategy.conftest import Write
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db

RULES = "rules:\n  - {id: till, link: activation, mode: enforce, when: {component: till}}\n"


@pytest.fixture
def policy(stream: Stream, bench: Write) -> Policy:
    """Twenty items with a label and a component in common go to activation, five others to claims."""
    mine = [
        made(n, title=f"Number {n}", labels=("goal:activation", "area/till"), components=("till",)) for n in range(20)
    ]
    others = [made(n, title=f"Figure {n}", labels=("goal:claims",)) for n in range(20, 25)]
    store.upsert(stream, [*mine, *others], timezone.now())
    bench(rules="rules: []\n").judge()
    return versions.policy_of(versions.newest())  # type: ignore[arg-type]


def test_a_label_that_goes_with_a_goal_becomes_a_rule_and_what_the_goal_accepts_does_not(policy: Policy) -> None:
    links, found = mining.mined(policy, 0.8)
    assert links == 25
    assert [each.evidence for each in found] == ["label area/till: 20 of 20"]


def test_what_a_rule_says_already_is_no_news(policy: Policy, bench: Write) -> None:
    bench(rules=RULES).judge()
    _, found = mining.mined(versions.policy_of(versions.newest()), 0.8)  # type: ignore[arg-type]
    assert found == []


def test_what_somebody_called_wrong_is_not_learned_from(policy: Policy) -> None:
    for item in Item.objects.filter(title__startswith="Number")[:10]:
        Verdict.objects.create(item=item, kind="false_positive", author="Ana", made_at=timezone.now())
    links, found = mining.mined(policy, 0.8)
    assert (links, found) == (15, [])


def test_matches_and_findings_are_counted_in_the_database(policy: Policy, bench: Write, stream: Stream) -> None:
    store.upsert(stream, [made(30, status_category="in_progress")], timezone.now())
    bench(rules=RULES).judge()
    assert tallies.matches() == {"till": 20}
    assert tallies.findings()["unlinked"] == 1
