"""Facts and notes as lines of a text, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import block

words = st.text(alphabet="abc <!&*_-:.é🙂", max_size=20).map(lambda text: " ".join(text.split()))
notes = st.text(alphabet="ab :*-\n", max_size=60).map(lambda text: block.tidy(text).strip())


@given(st.fixed_dictionaries({"due": words, "delivered": words, "owner": words, "notes": notes}))
def test_what_was_written_is_read_back(slots: dict[str, str]) -> None:
    assert block.read(block.lines(slots)) == slots
    assert block.read(block.lines(slots).replace("\n", "\r\n")) == slots


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("**Due:** 2026-12", {"due": "2026-12"}),
        ("Due: 2026-12\nOwner: Engineering\n\nFirst.\n\nSecond.", {"due": "2026-12", "owner": "Engineering", "notes": "First.\n\nSecond."}),
        ("Only notes.\n\nTwo of them.", {"notes": "Only notes.\n\nTwo of them."}),
        ("Due: 2026-12\nand a word between", {"notes": "Due: 2026-12\nand a word between"}),
    ],
)  # fmt: skip
def test_what_people_made_of_it_is_told_as_it_stands(text: str, expected: dict[str, str]) -> None:
    assert {slot: said for slot, said in block.read(text).items() if said} == expected


def test_what_is_cut_says_so() -> None:
    assert block.cut("abcdef", 6) == "abcdef"
    assert block.cut("abc defg", 5) == "abc…"
