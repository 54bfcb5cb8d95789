"""The greedy cover of orphans by shapes, and a rule's record, as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.grouping import LEAST, Orphan, Shape, cover, traits
from rules.record import Record
from tests.rules.cast import item

WORDS = ("import", "legacy", "export", "billing")

orphan_lists = st.lists(st.sets(st.sampled_from(WORDS)), max_size=40).map(
    lambda sets: [
        Orphan(number, "jira", "WEB", tuple(("label", word) for word in sorted(words)))
        for number, words in enumerate(sets)
    ]
)


def shape(word: str) -> Shape:
    return Shape("jira", "WEB", "label", word)


@given(orphan_lists)
def test_nobody_is_told_twice_and_no_group_is_small_and_no_group_is_missed(orphans: list[Orphan]) -> None:
    groups = cover(orphans)
    told = [orphan.id for members in groups.values() for orphan in members]
    assert len(told) == len(set(told))
    assert all(len(members) >= LEAST for members in groups.values())
    left = [orphan for orphan in orphans if orphan.id not in told]
    assert all(sum(("label", word) in orphan.traits for orphan in left) < LEAST for word in WORDS)


@given(orphan_lists, st.randoms())
def test_the_order_in_which_they_come_changes_nothing(orphans: list[Orphan], rng) -> None:
    mixed = list(orphans)
    rng.shuffle(mixed)
    ids = {each: {orphan.id for orphan in members} for each, members in cover(orphans).items()}
    assert ids == {each: {orphan.id for orphan in members} for each, members in cover(mixed).items()}


@given(orphan_lists)
def test_the_largest_shape_is_told_with_all_that_have_it(orphans: list[Orphan]) -> None:
    sizes = {word: sum(("label", word) in orphan.traits for orphan in orphans) for word in WORDS}
    largest = min(WORDS, key=lambda word: (-sizes[word], word))
    groups = cover(orphans)
    if sizes[largest] >= LEAST:
        assert len(groups[shape(largest)]) == sizes[largest]
    else:
        assert groups == {}


def test_what_somebody_decided_about_comes_first_however_few_are_left() -> None:
    orphans = [Orphan(n, "jira", "WEB", (("label", "import"), ("label", "legacy"))) for n in range(3)]
    orphans += [Orphan(n, "jira", "WEB", (("label", "import"),)) for n in range(3, 9)]
    groups = cover(orphans, [shape("legacy"), shape("gone")])
    assert {each.word: len(members) for each, members in groups.items()} == {"legacy": 3, "import": 6}


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
