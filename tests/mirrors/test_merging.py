"""Three texts of a slot: what was written, what is to stand there, what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.mirrors.merging import Merged, merge, ours, shown


@pytest.mark.parametrize(
    ("written", "tried", "wanted", "there", "expected"),
    [
        ("a", None, "a", "a", Merged({}, {}, {"x": "a"})),
        ("a", None, "b", "a", Merged({"x": "b"}, {}, {"x": "a"})),
        ("a", None, "b", "b", Merged({}, {}, {"x": "b"})),
        ("a", None, "b", "c", Merged({}, {"x": "c"}, {"x": "a"})),
        ("a", None, "a", "c", Merged({}, {"x": "c"}, {"x": "a"})),
        (None, None, "a", "", Merged({"x": "a"}, {}, {"x": ""})),
        (None, None, "a", "c", Merged({}, {"x": "c"}, {})),
        ("a", "b", "c", "b", Merged({"x": "c"}, {}, {"x": "b"})),
        ("a", "b", "c", "", Merged({"x": "c"}, {}, {"x": ""})),
        ("a", "b", "c", "d", Merged({}, {"x": "d"}, {"x": "a"})),
        ("a", None, None, "a", Merged({"x": ""}, {}, {"x": "a"})),
    ],
)
def test_what_becomes_of_a_slot(
    written: str | None, tried: str | None, wanted: str | None, there: str, expected: Merged
) -> None:
    def slots(text: str | None) -> dict[str, str]:
        return {} if text is None else {"x": text}

    assert merge(slots(written), slots(tried), slots(wanted), {"x": there}) == expected


def test_a_slot_that_has_no_place_any_more_is_left_out() -> None:
    assert merge({"x": "a"}, {}, {"x": "b"}, {}) == Merged()


texts = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]))


@given(texts, texts, texts, st.fixed_dictionaries(dict.fromkeys("abc", st.sampled_from(["", "1", "2", "theirs"]))))
def test_nothing_of_theirs_is_ever_written_over(
    written: dict[str, str], tried: dict[str, str], wanted: dict[str, str], there: dict[str, str]
) -> None:
    merged = merge(written, tried, wanted, there)
    assert not any(there[slot] == "theirs" for slot in merged.write)
    assert merged.write.keys().isdisjoint(merged.theirs)
    assert all(there[slot] != "theirs" for slot in ours(there, written, tried))
    after = {**there, **merged.write}
    assert merge({**merged.written, **merged.write}, {}, wanted, after).write == {}, "a second time writes nothing"


def test_only_what_stands_there_counts_as_shown() -> None:
    values = {"title": "T", "due": "2027-03-01", "owner": "Engineering"}
    assert shown({"title": "T", "due": "", "due:date": "2027-03-01"}, values) == {"title": "T", "due": "2027-03-01"}
