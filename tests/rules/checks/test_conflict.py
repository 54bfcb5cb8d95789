"""``conflict``: ties that contradict each other. Which do and in which words is in ``test_checks``."""

from tests.rules.cast import labelled
from tests.rules.checks.bench import findings, judged


def test_taking_one_of_the_labels_away_clears_it() -> None:
    assert findings("conflict", labelled("goal:live", "goal:trust"))
    assert findings("conflict", labelled("goal:live")) == ()


def test_time_alone_clears_none() -> None:
    assert judged("conflict", labelled("goal:live", "goal:trust")).next_at is None


def test_drafts_and_subtasks_may_contradict_themselves() -> None:
    assert findings("conflict", labelled("goal:live", "goal:trust", draft=True)) == ()
    assert findings("conflict", labelled("goal:live", "goal:trust", kind="subtask")) == ()
