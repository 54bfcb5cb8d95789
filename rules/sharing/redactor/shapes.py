"""What is recognised by its shape: keys, references, commits, addresses, mentions, secrets.

All patterns are RE2's, over one byte a letter, so that time grows with the text and not with its malice. The first
group of a pattern, where it has one, is what is taken out.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import re2

from rules.sharing.redactor.spelling import latin1


class Shape(NamedTuple):
    """A pattern, what it recognises, and what must hold for a match besides."""

    kind: str
    because: str
    pattern: Any
    fits: Callable[[str], bool] = bool
    spaced: bool = False
    """Whether an underscore ends a word, as a space does."""


class Hit(NamedTuple):
    """A stretch of text that must go."""

    start: int
    end: int
    kind: str
    because: str


def find(shapes: tuple[Shape, ...], data: bytes) -> Iterator[Hit]:
    """Every match of every shape, without the punctuation that ends it."""
    spaced = data.replace(b"_", b" ")
    for shape in shapes:
        for match in shape.pattern.finditer(spaced if shape.spaced else data):
            start, end = match.span(1) if shape.pattern.groups else match.span()
            while end > start and data[end - 1] in ENDS:
                end -= 1
            if end > start and shape.fits(data[start:end].decode("latin-1")):
                yield Hit(start, end, shape.kind, shape.because)


ENDS = b".,;:!)]}>'\"*"
"""What ends a sentence or a bracket; not part of what it follows."""


def _shape(kind: str, because: str, pattern: str, fits: Callable[[str], bool] = bool) -> Shape:
    return Shape(kind, because, re2.compile(pattern.encode("latin-1"), latin1()), fits)


def _word(kind: str, because: str, pattern: str, fits: Callable[[str], bool] = bool) -> Shape:
    """Whole words, whatever their case."""
    made = re2.compile(rf"(?i)\b(?:{pattern})\b".encode("latin-1"), latin1())
    return Shape(kind, because, made, fits, spaced=True)


_STANDARD = re2.compile(
    r"UTF-(?:7|8|16|32)|SHA-(?:1|2|3|224|256|384|512)|AES-(?:128|192|256)|ISO-\d{4,5}|IEC-\d{4,5}|RFC-\d{3,4}|COVID-19|"
    r"MP-?[34]|GPT-\d|ICD-1[01]|WCAG-2|HTTP-\d{3}|USB-[234]|A4-\d|Q[1-4]-\d{4}|[HF]Y[1-4]?-\d{4}|KW-?\d{1,2}"
)


def _is_key(text: str) -> bool:
    """Names of standards and quarters look like keys; those of known projects are looked for by themselves."""
    return not _STANDARD.fullmatch(text)


def _is_hash(text: str) -> bool:
    """Figures and letters both: there are words, and there are numbers, of these letters alone."""
    return any(char.isdigit() for char in text) and any(char.isalpha() for char in text)


def _is_random(text: str) -> bool:
    return any(c.isdigit() for c in text) and any(c.islower() for c in text) and any(c.isupper() for c in text)


def _is_address6(text: str) -> bool:
    """Not a time of day."""
    return ("::" in text or text.count(":") >= 3) and any(char.isdigit() for char in text)


_NUMBERED = (
    r"(?:pull requests?|merge requests?|change requests?|PRs?|MRs?|GH|issues?|tickets?|bugs?|incidents?|defects?)"
)
_TAIL = r"(?:(?:\s?,\s?|\s?&\s?|\s(?:and|or)\s|\s?/\s?|\s?-\s?)[#!]?\d+)*"
_ATOM = r"[^\s@<>()\[\]{},;\"'|]"
_NAME = r"[A-Za-z0-9\xff][A-Za-z0-9\xff_-]*"

SHAPES: tuple[Shape, ...] = (
    _shape("key", "it reads like an issue key", r"[A-Z][A-Z0-9_]+-\d+", _is_key),
    _shape("reference", "it names an issue or pull request", r"(?:[\w.-]+/[\w.-]+)?#\d+"),
    _word(
        "reference", "it names an issue or pull request",
        rf"{_NUMBERED}(?:\s|-)?(?:no\.?\s?|nr\.?\s?|number\s)?[#!]?\d+{_TAIL}",
    ),
    _shape("reference", "it names a merge request", r"(?:^|[^A-Za-z0-9!])(![1-9]\d{0,7})\b"),
    _word("commit", "it reads like a commit", r"[0-9a-f]{7,64}", _is_hash),
    _word("commit", "it reads like a commit", r"(?:commit|sha|revision|changeset)[\s:#]{1,3}[0-9a-f]{6,64}"),
    _word("commit", "it reads like a commit", r"r\d{4,9}"),
    _shape("id", "it reads like an id", r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    _shape("e-mail", "it is an e-mail address", rf"{_ATOM}+@{_ATOM}+"),
    _shape("e-mail", "it is an e-mail address", r"(?i)[\w.+\xff-]+\s{0,3}@\s{0,3}(?:[a-z0-9\xff-]+\s?\.\s?)+[a-z\xff]{2,}"),
    _shape(
        "e-mail", "it reads like an e-mail address",
        r"(?i)[\w.+-]+\s{0,3}[\[({<]\s{0,3}(?:at|@)\s{0,3}[\])}>]\s{0,3}[\w.-]+(?:\s{0,3}[\[({<]\s{0,3}(?:dot|\.|punkt)\s{0,3}[\])}>]\s{0,3}[\w.-]+|\sdot\s[\w.-]+)*",
    ),
    _shape("e-mail", "it reads like an e-mail address", r"(?i)[\w.+-]+\s(?:at|@)\s[\w-]+(?:\s(?:dot|punkt)\s[\w-]+)+"),
    _shape("mention", "it mentions somebody", r"(?:^|[^A-Za-z0-9@])(@[A-Za-z\xff_][\w.\xff-]*(?:/[\w.-]+)?)"),
    _shape("mention", "it mentions somebody", r"\[~[^\]\n]{1,100}\]|<@[^>\n]{1,100}>"),
    _word("host", "it is a network address", r"\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|/\d{1,2})?"),
    _shape("host", "it is a network address", r"(?i)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}", _is_address6),
    _word("host", "it is a host with its port", r"[a-z][a-z0-9.-]*:\d{3,5}"),
    _word("host", "it is the machine itself", r"localhost(?::\d{1,5})?"),
    _shape("url", "it is a path to a file share", rf"\\\\{_NAME}\\[^\s]*"),
    _shape("url", "it is a path on a machine", r"(?:^|[\s(\[\"'`])(/(?:home|Users|root|srv|var|opt|mnt|etc|usr|tmp)/[^\s<>\"'`]+)"),
    _shape("url", "it is a path on a machine", r"[A-Za-z]:\\[^\s<>\"'`]+"),
    # secrets; their shapes are those that the connectors keep out of the log
    _shape("secret", "it reads like a private key", r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)"),
    _shape("secret", "it assigns a secret", r"(?i)(?:password|passwd|passphrase|secret|token|api[-_ ]?key|access[-_ ]?key|authorization|cookie)[\"']?\s{0,9}[:=]\s{0,9}[\"']?[^\s\"',;&]{4,}"),
    _shape("secret", "it reads like a token", r"(?i)(?:bearer|basic)\s{1,9}[\w.~+/=-]{8,}", _is_hash),
    _shape("secret", "it reads like a token", r"(?:gh[pousr]_|github_pat_|ntn_|secret_|AT(?:ATT|CTT|OA)|glpat-|x(?:ox[a-z]|app)-|[sp]k_(?:live|test)_)[\w=-]{10,}"),
    _shape("secret", "it reads like a token", r"(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|eyJ[\w-]+\.[\w-]+\.?[\w-]*"),
    _shape("secret", "it is too long and too random for a word", r"[A-Za-z0-9+/_-]{32,}={0,2}", _is_random),
)  # fmt: skip


def of_projects(projects: tuple[str, ...]) -> tuple[Shape, ...]:
    """Issue keys of known projects, in every case and with every separator."""
    if not projects:
        return ()
    one_of = "|".join(re2.escape(key) for key in sorted(projects, key=len, reverse=True))
    loose = rf"(?:^|[^A-Za-z0-9])((?i:{one_of})\s?[-_/#]\s?\d+|(?:{one_of})[\s#.:/]{{0,2}}\d+)"
    return (_shape("key", "it is an issue key of a project of ours", loose),)
