"""Texts of which trackers, editors and Python do not agree where a line ends and what is blank."""

from hypothesis import strategies as st

FIELDS = ("title", "status", "due", "delivered", "owner", "notes")
_AWKWARD = st.text(st.sampled_from("0 \n\r\t\v\f\x00\x1c\x1f\x85\xa0\u2028\u3000-*:,<![&"), max_size=30)
_LIKE_OURS = st.sampled_from(["Untitled", "Owner: me", "Due: 2026-12\n\nNotes"])

VALUES = st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(max_size=80), _AWKWARD, _LIKE_OURS))
"""Values of a row, of which any may be missing."""
