"""What leaves the house in shared text is what was meant to: keys, hosts, addresses and names stay in."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model.partners import Inside
from rules.sharing.redactor import LARGEST, MARK, Redactor
from rules.sharing.redactor.spelling import cleaned, plain
from tests.rules.sharing.corpus import INSIDE, LINKS, NEVER, TEMPLATES, VALUES, sentences

REDACTOR = Redactor(INSIDE, LINKS, NEVER)
SENTENCES = list(sentences())
MUST = ("key", "mail", "host")
MAY_STAY = {"b", "the", "board"}
"""The name of a tag, and the words of a link whose address went."""
PIECES = [text for values in VALUES.values() for text in values]


def left(sentence):
    """What of the piece that had to go can still be read: its letters and figures, beyond those of the template."""
    text = REDACTOR.redact(sentence.text).text
    around = plain(cleaned(sentence.text.replace(sentence.piece, MARK))).letters
    seen = plain(cleaned(text)).letters
    return "" if words(seen) <= words(around) | MAY_STAY else text


def words(text):
    spaced = "".join(char if char.isalnum() else " " for char in text.casefold())
    return set(spaced.split())


def test_the_corpus_is_large_enough():
    assert len(SENTENCES) >= 2000
    assert all(sum(one.kind == kind for one in SENTENCES) >= 250 for kind in MUST)


def test_keys_addresses_and_hosts_are_taken_out(capsys):
    misses = [(one.kind, one.text, got) for one in SENTENCES if one.kind in MUST and (got := left(one))]
    most = sum(one.kind in MUST for one in SENTENCES)
    print(f"recall on keys, e-mails and hosts: {most - len(misses)} of {most}")
    assert len(misses) <= most * 0.005, "\n".join(map(str, misses))


def test_everything_else_is_taken_out_as_well():
    wanted = [one for one in SENTENCES if one.kind and one.kind not in MUST]
    misses = [(one.kind, one.text, got) for one in wanted if (got := left(one))]
    assert len(misses) <= len(wanted) * 0.005, "\n".join(map(str, misses))


def test_what_says_nothing_of_ours_mostly_stays():
    clean = [one for one in SENTENCES if not one.kind]
    touched = [(one.text, taken) for one in clean if (taken := REDACTOR.redact(one.text).taken)]
    wrong = Counter(piece.text for _, taken in touched for piece in taken)
    found = sum(bool(one.kind) for one in SENTENCES)
    precision = found / (found + len(touched))
    print(f"precision: {precision:.4f}; taken out without need: {dict(wrong)}")
    assert precision >= 0.97
    assert set(wrong) == {"ASP.NET", "#1", "1.2.3.4", "AB-12", "3@100%"}


@pytest.mark.parametrize("seed", range(5))
def test_other_sentences_of_the_same_kinds_hide_nothing_either(seed):
    made = [one for one in sentences(seed + 100) if one.kind]
    misses = [(one.text, got) for one in made if (got := left(one))]
    assert len(misses) <= len(made) * 0.005, "\n".join(map(str, misses))


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from([*PIECES, *TEMPLATES, " ", "\n", "_", "*", "[", "](", "\\", "&amp;", MARK])
        | st.text(max_size=5)
    )
)
def test_redacting_twice_gives_what_redacting_once_gives(parts):
    once = REDACTOR.redact("".join(parts)).text
    assert REDACTOR.redact(once).text == once
    assert not REDACTOR.finds(once)


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_taken_and_what_is_not_taken_out_stays(text):
    made = REDACTOR.redact(text)
    assert (made.text == cleaned(text)) is not bool(made.taken)


def test_what_was_taken_out_is_told_with_its_reason():
    made = REDACTOR.redact("Ana did WEB-12 in Project Falcon")
    assert [(one.kind, one.text) for one in made.taken] == [
        ("name", "Ana"),
        ("key", "WEB-12"),
        ("word", "Project Falcon"),
    ]
    assert [one.because for one in made.taken][2] == "the agreement says never"
    assert made.text == f"{MARK} did {MARK} in {MARK}"


def test_an_agreed_host_may_be_named_and_linked_and_no_other():
    kept = "See https://docs.partner.example/a?b=1#c and docs.partner.example"
    assert REDACTOR.redact(kept).text == kept
    for other in (
        "https://docs.partner.example.evil.example/", "https://docs.partner.example@evil.example", "http://docs.partner.example/x",
        "https://docs.partner.example:444/", "https://evil.example/docs.partner.example", "https://docs.partner.example\\@evil.example/",
    ):  # fmt: skip
        assert "evil" not in REDACTOR.redact(other).text
        assert REDACTOR.redact(other).taken


def test_a_host_of_our_own_cannot_be_allowed():
    redactor = Redactor(Inside(hosts=("jira.acme.example",)), links=("jira.acme.example",))
    assert redactor.redact("https://jira.acme.example/x").text == MARK


def test_an_allowed_link_does_not_carry_a_key():
    assert REDACTOR.redact("https://docs.partner.example/WEB-12").text == f"https://docs.partner.example/{MARK}"


def test_names_that_are_words_count_only_together():
    assert REDACTOR.redact("Please mark the stone").text == "Please mark the stone"
    assert REDACTOR.redact("Mark Stone and mark stone").text == f"{MARK} and {MARK}"


def test_invisible_characters_are_not_shown():
    hidden = "a\u200bb\u202ec\u00add\ufe0fe\U000e0041f\x00g"
    assert REDACTOR.redact(hidden).text == "abcdefg"


def test_entities_in_entities_hide_nothing():
    text = "WEB" + "&" + "amp;" * 9 + "#45;12"
    assert "&" not in REDACTOR.redact(text).text


def test_a_long_text_is_cut_before_a_word():
    made = REDACTOR.redact("word " * (LARGEST // 5) + "ghp_16C7e42F292c6912E7710c838347Ae178B4a")
    assert len(made.text.encode()) <= LARGEST
    assert made.text.endswith("word")
    assert made.taken[-1].kind == "length"
    assert REDACTOR.redact("x" * (LARGEST + 1)).text == ""


HOSTILE = (
    "WEB-1 ",
    "a@",
    "<a",
    "_*",
    "](",
    "&amp;",
    "password:",
    "-----BEGIN PRIVATE KEY-----",
    "eyJ-",
    "a.",
    "pr 1 and ",
    "Ana ",
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_with_the_text_and_not_faster(piece):
    """Counted in calls of functions, which no busy machine changes: twice the text, at most some 2.5 times the calls."""
    once, twice = (calls(piece * (size // len(piece))) for size in (8_000, 16_000))
    assert twice <= 2.5 * once + 1000


def calls(text):
    import sys

    made = 0

    def count(*_):
        nonlocal made
        made += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        REDACTOR.redact(text)
    finally:
        sys.setprofile(before)
    return made
