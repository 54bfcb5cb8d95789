"""Reading YAML: what plain words mean, where they stand, and what is refused."""

import pytest

from config.yaml import Mark, read
from config.yaml.reader import MAX_DEPTH
from config.yaml.text import MAX_BYTES


def value(text):
    document = read(text.encode())
    assert document.flaws == ()
    return document.value


def flaw(data):
    document = read(data if isinstance(data, bytes) else data.encode())
    assert document.root is None
    (only,) = document.flaws
    return only


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("true", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("~", None),
        ("", None),
        ("null", None),
        ("2026-10-01", "2026-10-01"),
        ("12:30:45", "12:30:45"),
        ("012", 12),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("-7", -7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("'42'", "42"),
        ('"true"', "true"),
        ("123456789012345678901234", "123456789012345678901234"),
        ("=", "="),
    ],
)
def test_a_plain_word_means_what_it_looks_like(written, meant):
    got = value(f"key: {written}\n")["key"]
    assert got == meant
    assert type(got) is type(meant)


def test_keys_are_always_text():
    assert value("on: 1\n1: 2\nnull: 3\n") == {"on": 1, "1": 2, "null": 3}


def test_an_empty_file_is_nothing():
    assert value("") is None
    assert value("# only a comment\n") is None


def test_lists_mappings_and_blocks_of_text_keep_their_shape():
    assert value("a:\n  - {b: [1, 2]}\n  - |\n    two\n    lines\n") == {"a": [{"b": [1, 2]}, "two\nlines\n"]}


def test_every_key_and_value_knows_its_place():
    document = read("web:\n  port: 8642\ntrackers:\n  - name: ü\n    scope: {projects: [WEB, PAY]}\n".encode())
    assert document.mark(("web", "port")) == Mark(2, 9)
    assert document.mark(("web", "port"), at_key=True) == Mark(2, 3)
    assert document.mark(("trackers", 0, "scope", "projects", 1)) == Mark(5, 29)
    assert document.mark(("trackers", 0)) == Mark(4, 5)


def test_what_is_missing_belongs_to_what_is_there():
    document = read(b"web:\n  port: 8642\n")
    assert document.mark(("web", "host")) == Mark(1, 1)
    assert document.mark(("trackers", 0, "name")) == Mark(1, 1)


def test_an_alias_is_the_value_of_its_anchor():
    assert value("a: &words [x, y]\nb: *words\n") == {"a": ["x", "y"], "b": ["x", "y"]}


def test_an_alias_within_its_own_anchor_is_refused():
    assert "no anchor &self" in flaw("a: &self [*self]\n").message


def test_a_billion_laughs_are_refused_before_they_are_written_out():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert "more than 100,000 values" in flaw("\n".join(lines)).message


def test_depth_that_is_built_of_aliases_is_bounded():
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2000)]
    assert f"nested more than {MAX_DEPTH} levels" in flaw("\n".join(lines)).message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_depth_is_bounded_before_the_stack_ends(opening):
    assert "nested more than" in flaw(opening * 50_000).message


def test_a_file_that_is_too_large_is_not_read():
    assert "larger than 1,000,000 bytes" in flaw(b"#" * (MAX_BYTES + 1)).message


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"\xef\xbb\xbfa: 1\n", "byte order mark", (1, 1)),
        ("a: 1\n".encode("utf-16"), "UTF-16", (1, 1)),
        (b"a: 1\nb: caf\xe9\n", "not UTF-8", (2, 7)),
        (b"a: 1\nb: x\x00y\n", "control character U+0000", (2, 5)),
        (b"a: 1\nb: \x1b[31m\n", "control character U+001B", (2, 4)),
    ],
)
def test_a_wrong_encoding_is_told_with_its_place(data, message, place):
    found = flaw(data)
    assert message in found.message
    assert found.mark == place
    assert found.hint


def test_two_mistakes_of_writing_are_both_told():
    document = read(b"a: 1\na: 2\nb: !tag 3\nb: 4\n")
    assert [(found.mark.line, found.message) for found in document.flaws] == [
        (2, 'the key "a" stands twice'),
        (3, "tags (!…) have no meaning here"),
        (4, 'the key "b" stands twice'),
    ]


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a:\n\tb: 1\n", "a tab in the indentation", (2, 1)),
        ("a: 'x\nb: 1\n", "a quote is opened and never closed", (1, 4)),
        ("a: {b: 1\nc: 2", "the braces that start with {", (2, 2)),
        ("- a\nb: 1\n", "the list ends here", (2, 1)),
        ('a: "\\q"\n', "an unknown escape", (1, 5)),
        ("%YAML 3.0\n---\na: 1\n", "%YAML directive", (1, 1)),
        ("? [a]\n: 1\n", "a key must be plain text", (1, 3)),
        ("a\nb: 1\n", "a second key starts inside a value", (2, 2)),
    ],
)
def test_a_slip_of_syntax_is_told_in_plain_words(text, message, place):
    found = flaw(text)
    assert message in found.message
    assert found.mark == place
