import pytest

from rules.suggest.learning import Clues, Learned, Lesson, plain, softmax

NEUTRAL = [0.0, 0.0, 0.0]


def lessons(*shown: tuple[str, str, int]) -> list[Lesson]:
    return [(Clues(words.split(), marks.split(), NEUTRAL), goal) for words, marks, goal in shown]


def chances(learned: Learned, words: str = "", marks: str = "", prior: list[float] | None = None) -> list[float]:
    return softmax(learned.logits(Clues(words.split(), marks.split(), prior or NEUTRAL)))


def test_with_nothing_learned_the_prior_stands() -> None:
    assert chances(Learned([]), "any words", prior=[2.0, 0.0, 1.0]) == softmax([2.0, 0.0, 1.0])


def test_words_and_marks_of_lessons_lead_to_their_goals() -> None:
    learned = Learned(lessons(("pay later", "red", 0), ("log in", "blue", 1)) * 10)
    assert chances(learned, "pay")[0] > 0.6
    assert chances(learned, "log")[1] > 0.6
    assert chances(learned, marks="blue")[1] > 0.6


def test_an_example_adds_only_what_the_prior_does_not_know() -> None:
    known = Learned([(Clues(["pay"], (), [8.0, 0.0, 0.0]), 0)] * 5)
    unknown = Learned([(Clues(["pay"], (), NEUTRAL), 0)] * 5)
    pay = Clues(["pay"], (), NEUTRAL)
    assert abs(known.shares(pay, 0)["pay"]) < 0.05 < unknown.shares(pay, 0)["pay"]


def test_a_mark_shared_by_all_goals_tells_less_than_one_of_a_single_goal() -> None:
    learned = Learned(lessons(("a", "bug red", 0), ("b", "bug blue", 1), ("c", "bug green", 2)) * 10)
    shares = learned.shares(Clues((), ("bug", "red"), NEUTRAL), 0)
    assert shares["red"] > 2 * abs(shares["bug"])


def test_a_long_text_says_no_more_than_a_short_one() -> None:
    learned = Learned(lessons(("pay", "", 0), ("log", "", 1)) * 10)
    assert chances(learned, "pay pay pay pay") == pytest.approx(chances(learned, "pay"))


def test_more_goals_than_rivals_are_told_apart() -> None:
    many = 100
    learned = Learned([(Clues([f"word{n}"], (), [0.0] * many), n) for n in range(many)] * 3)
    for n in (0, 50, 99):
        logits = learned.logits(Clues([f"word{n}"], (), [0.0] * many))
        assert logits.index(max(logits)) == n


@pytest.mark.parametrize(("word", "singular"), [("pods", "pod"), ("class", "class"), ("bus", "bus"), ("pod", "pod")])
def test_plurals_lose_their_s(word: str, singular: str) -> None:
    assert plain(word) == singular
