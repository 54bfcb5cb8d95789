"""The greedy cover of orphans by shapes, and a rule's record, as values."""

from collections import Counter
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.grouping import LEAST, Alike, Shape, cover, traits, under
from rules.record import Record
from tests.rules.cast import item

WORDS = ("import", "legacy", "export", "billing")

worlds = st.lists(st.frozensets(st.sampled_from(WORDS)), max_size=60)
"""The labels of each orphan."""
kept_words = st.sets(st.sampled_from((*WORDS, "gone")))


def shape(word: str) -> Shape:
    return Shape("jira", "WEB", "label", word)


def counted(world: list[frozenset[str]]) -> dict[frozenset[str], Alike]:
    return {
        words: Alike("jira", "WEB", tuple(("label", word) for word in sorted(words)), items)
        for words, items in Counter(world).items()
    }


def grouped(world: list[frozenset[str]], kept: Collection[str] = ()) -> dict[str, list[int]]:
    """The words that are told, each with the places of the orphans under it; told as many as it says."""
    alike = counted(world)
    told = cover(alike.values(), [shape(word) for word in kept])
    of = under(told, alike)
    places = {one.word: [place for place, words in enumerate(world) if of.get(words) == one] for one in told}
    assert {word: len(members) for word, members in places.items()} == {one.word: n for one, n in told.items()}
    return places


def one_by_one(world: list[frozenset[str]], kept: Collection[str] = ()) -> dict[str, list[int]]:
    """What is meant, without a count: what is kept first, then again and again the word with most of what is left."""
    left, told = dict(enumerate(world)), {}
    waiting = sorted(kept)
    while True:
        sizes = {word: sum(word in words for words in left.values()) for word in WORDS}
        largest = min((word for word in WORDS if word not in told), key=lambda word: (-sizes[word], word), default="")
        word = waiting.pop(0) if waiting else largest
        if not word or (word == largest and word not in kept and sizes[word] < LEAST):
            return {word: members for word, members in told.items() if members}
        told[word] = [place for place, words in left.items() if word in words]
        left = {place: words for place, words in left.items() if word not in words}


@given(worlds, kept_words)
def test_counting_those_that_are_alike_gives_what_looking_at_each_gives(world: list[frozenset[str]], kept) -> None:
    assert grouped(world, kept) == one_by_one(world, kept)


@given(worlds)
def test_nobody_is_told_twice_and_no_group_is_small_and_no_group_is_missed(world: list[frozenset[str]]) -> None:
    groups = grouped(world)
    told = [place for members in groups.values() for place in members]
    assert len(told) == len(set(told))
    assert all(len(members) >= LEAST for members in groups.values())
    left = [words for place, words in enumerate(world) if place not in told]
    assert all(sum(word in words for words in left) < LEAST for word in WORDS)


@given(worlds, st.randoms())
def test_the_order_in_which_they_come_changes_nothing(world: list[frozenset[str]], rng) -> None:
    mixed = list(counted(world).values())
    rng.shuffle(mixed)
    assert list(cover(mixed).items()) == list(cover(counted(world).values()).items())


@given(worlds)
def test_the_largest_shape_is_told_with_all_that_have_it(world: list[frozenset[str]]) -> None:
    sizes = {word: sum(word in words for words in world) for word in WORDS}
    largest = min(WORDS, key=lambda word: (-sizes[word], word))
    groups = grouped(world)
    if sizes[largest] >= LEAST:
        assert len(groups[largest]) == sizes[largest]
    else:
        assert groups == {}


def test_what_somebody_decided_about_comes_first_however_few_are_left() -> None:
    world = [frozenset(("import", "legacy"))] * 3 + [frozenset(("import",))] * 6
    groups = grouped(world, ["legacy", "gone"])
    assert {word: len(members) for word, members in groups.items()} == {"legacy": 3, "import": 6}


def test_traits_are_what_a_rule_can_name() -> None:
    odd = item(labels=("Import", "import ", "area/*", " ", "x" * 501), components=("Billing",))
    assert traits(odd) == (("component", "billing"), ("label", "import"))


@pytest.mark.parametrize(
    ("record", "precision", "bound", "demoted"),
    [
        (Record(), None, 0.0, False),
        (Record(9, 10, 0), 9 / 19, 0.2733, False),
        (Record(9, 6, 5), 0.45, 0.2582, True),
        (Record(10, 10, 0), 0.5, 0.2993, False),
        (Record(90, 10, 0), 0.9, 0.8256, False),
    ],
)
def test_a_record_says_what_it_proves(record: Record, precision: float | None, bound: float, demoted: bool) -> None:
    assert record.precision == precision
    assert record.bound == pytest.approx(bound, abs=5e-4)
    assert record.demoted is demoted
