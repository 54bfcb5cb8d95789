from datetime import UTC, datetime

import pytest

from connectors.item import Item
from rules.model import Goal, Outcome
from rules.suggest import Suggester, Suggestion
from rules.suggest.suggester import ABSTAIN, FAIR, STRONG
from tests.rules.suggest.clinic import GOALS, accepted


def first(suggester: Suggester, **item: object) -> Suggestion:
    [suggestion] = suggester.suggest(item, k=1)
    return suggestion


def test_without_examples_the_goal_whose_text_an_item_shares_comes_first() -> None:
    suggester = Suggester().fit(GOALS)
    assert first(suggester, title="Retry failed payment intents").goal == "billing"
    assert first(suggester, title="Encrypt the audit log").goal == "trust"


def test_the_evidence_is_in_the_words_of_the_item() -> None:
    words = first(Suggester().fit(GOALS), title="Encryption: rotate keys", body="The AuditLog is unreadable").words
    assert "Encryption" in words
    assert "AuditLog" in words
    assert "rotate" not in words


def test_words_that_share_only_their_stem_count() -> None:
    assert first(Suggester().fit(GOALS), title="Onboarded customers drop out").words == ("Onboarded",)


def test_accepted_links_teach_what_no_text_tells() -> None:
    item = {"title": "Nothing that any goal speaks of", "labels": ["area/vault"]}
    assert Suggester().fit(GOALS).rank(item)[0].confidence < FAIR
    best = first(Suggester().fit(GOALS, accepted()), **item)
    assert (best.goal, best.strength) == ("trust", "strong")
    assert best.words[0] == "label area/vault"


def test_a_label_that_occurs_under_every_goal_is_no_evidence_for_one() -> None:
    suggester = Suggester().fit(GOALS, accepted())
    assert first(suggester, title="Change", labels=["area/ledger", "debt"]).words[0] == "label area/ledger"
    assert suggester.rank({"title": "Change", "labels": ["debt"]})[0].confidence < FAIR


def test_components_containers_and_milestones_teach_like_labels() -> None:
    marks = {"components": ["vault"], "container": "SEC", "milestone": "Audit 2"}
    examples = [({"title": f"Change {n}", name: value}, "trust") for n in range(12) for name, value in marks.items()]
    suggester = Suggester().fit(GOALS, [*examples, *accepted()])
    for name, value in marks.items():
        assert first(suggester, title="Something", **{name: value}).goal == "trust"


def test_texts_count_for_less_the_more_examples_there_are() -> None:
    item = {"title": "Audit log encryption", "labels": ["area/ledger"]}
    assert first(Suggester().fit(GOALS), **item).goal == "trust"
    assert first(Suggester().fit(GOALS, accepted(40)), **item).goal == "billing"


@pytest.mark.parametrize("status", ["proposed", "paused", "achieved", "dropped"])
def test_only_active_goals_are_suggested(status: str) -> None:
    goals = [goal | ({"status": status} if goal["id"] == "trust" else {}) for goal in GOALS]
    suggester = Suggester().fit(goals, accepted())
    assert "trust" not in [each.goal for each in suggester.rank({"title": "Encrypt the audit log"}, k=9)]


def test_a_non_goal_is_never_suggested() -> None:
    goals = [*GOALS, {"id": "desktop", "kind": "non_goal", "title": "A desktop client"}]
    assert "desktop" not in [each.goal for each in Suggester().fit(goals).rank({"title": "Desktop client"}, k=9)]


def test_an_item_that_nothing_speaks_for_gets_no_suggestion() -> None:
    suggester = Suggester().fit(GOALS)
    assert suggester.suggest({"title": "Zzz qqq"}) == []
    assert suggester.suggest({}) == []
    assert len(suggester.rank({"title": "Zzz qqq"})) == 3


def test_suggestions_that_are_hardly_ever_right_are_held_back() -> None:
    many = [{"id": f"g{n}", "title": f"Goal {n} about checkout"} for n in range(30)]
    ranked = Suggester().fit(many).rank({"title": "Checkout"})
    assert ranked[0].confidence < ABSTAIN
    assert Suggester().fit(many).suggest({"title": "Checkout"}) == []


def test_no_goal_no_suggestion() -> None:
    assert Suggester().suggest({"title": "Anything"}) == []
    assert Suggester().fit([], accepted()).rank({"title": "Anything"}) == []


def test_a_single_goal_is_not_suggested_for_everything() -> None:
    alone = Suggester().fit(GOALS[:1])
    assert first(alone, title="Onboarding of new clinics").strength == "strong"
    assert alone.suggest({"title": "Android crash"}) == []


def test_as_many_as_asked_for_come_best_first() -> None:
    suggester = Suggester().fit(GOALS)
    item = {"title": "Payment audit log on Android"}
    for k in (-1, 0, 1, 2, 3, 4, 99):
        ranked = suggester.rank(item, k)
        assert len(ranked) == max(0, min(k, len(GOALS)))
        assert ranked == sorted(ranked, key=lambda each: -each.confidence)
        assert sum(each.confidence for each in ranked) <= 1


def test_strength_is_confidence_in_a_word() -> None:
    ranked = Suggester().fit(GOALS, accepted()).rank({"title": "Payment", "labels": ["area/ledger"]}, k=4)
    for each in ranked:
        expected = "strong" if each.confidence >= STRONG else "fair" if each.confidence >= FAIR else "weak"
        assert each.strength == expected
    assert {each.strength for each in ranked} == {"strong", "weak"}


def test_the_nouns_of_the_house_are_read_like_mappings() -> None:
    goal = Goal(id="trust", kind="objective", title="Privacy", why="Audit log", outcome=Outcome("encrypted fields"))
    other = Goal(id="mobile", kind="objective", title="Phones")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    item = Item(
        tracker="acme", native_id="1", container="SEC", key="SEC-1", address="jira:SEC-1", kind="task", type="Task",
        title="Encrypted fields", url="", status="Open", status_category="todo", created_at=now, updated_at=now,
        body="for the audit log", labels=("vault",),
    )  # fmt: skip
    [suggestion, *_] = Suggester().fit([goal, other]).suggest(item)
    assert suggestion.goal == "trust"
    assert set(suggestion.words) >= {"Encrypted", "audit"}


def test_fitting_again_forgets() -> None:
    suggester = Suggester().fit(GOALS, accepted())
    suggester.fit(GOALS[:1])
    assert [each.goal for each in suggester.rank({"title": "x", "labels": ["area/vault"]})] == ["activation"]


def test_the_same_facts_give_the_same_suggestions() -> None:
    item = {"title": "Slow checkout on Android", "labels": ["area/native"]}
    assert Suggester().fit(GOALS, accepted()).rank(item) == Suggester().fit(GOALS, accepted()).rank(item)


def test_examples_of_goals_that_are_gone_are_passed_over() -> None:
    gone = [({"title": "Old"}, "no such goal")] * 20
    item = {"title": "Audit log"}
    assert Suggester().fit(GOALS, gone).rank(item) == Suggester().fit(GOALS).rank(item)


def test_a_title_says_more_than_a_body() -> None:
    suggester = Suggester().fit(GOALS)
    assert first(suggester, title="Encryption", body="Android").goal == "trust"
    assert first(suggester, title="Android", body="Encryption").goal == "mobile"
