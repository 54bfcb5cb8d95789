from rules.suggest.likeness import Likeness
from rules.suggest.reading import GoalText
from rules.suggest.terms import terms, tokens


def scores(text: str, *goals: tuple[str, str]) -> list[float]:
    likeness = Likeness([GoalText(str(n), *goal) for n, goal in enumerate(goals)])
    return likeness.fit(terms(tokens(text))).scores


def test_the_last_score_is_for_none_of_the_goals() -> None:
    pay, login, nothing = scores("pay", ("Pay", ""), ("Login", ""))
    assert pay > login == nothing


def test_a_word_in_the_title_weighs_more_than_one_in_the_text() -> None:
    title, text, _ = scores("checkout", ("checkout", "invoice"), ("invoice", "checkout"))
    assert title > text


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    rare, common, _, _ = scores("ledger page", ("ledger", ""), ("page", ""), ("page", ""))
    assert rare > common


def test_a_word_in_most_of_many_goals_is_left_out() -> None:
    goals = [("page", str(n)) for n in range(20)]
    assert set(scores("page", *goals)) == {0.0}


def test_who_has_the_whole_title_is_named_whatever_else_is_said() -> None:
    logging, pods = ("Contextual logging", "messages"), ("DaemonSet pods", "a pod of a daemon set on each node")
    others = ("Claims", "sent to insurers"), ("Reminders", "by letter")
    named, near, *_ = scores("DaemonSet controller uses contextual logging", logging, pods, *others)
    assert named > near
    named, near, *_ = scores("DaemonSet controller uses logging", logging, pods, *others)
    assert named < near


def test_a_long_text_of_a_goal_gains_nothing_by_its_length() -> None:
    short, long, _ = scores("ledger", ("", "ledger"), ("", "ledger " + " ".join(f"filler{n}" for n in range(200))))
    assert short > long


def test_where_all_goals_are_unlike_an_item_none_stands_out() -> None:
    item = "ledger " + " ".join(f"unheard{chr(192 + n)}" for n in range(100))
    assert max(scores(item, ("ledger", ""), ("login", ""))) < max(scores("ledger", ("ledger", ""), ("login", ""))) / 2


def test_no_goals_and_no_words_are_nothing() -> None:
    assert scores("anything") == [0.0]
    assert scores("", ("Pay", "")) == [0.0, 0.0]
