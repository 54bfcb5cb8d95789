"""Finds in titles, texts, branch names and URLs the items they point at. Pure; linear in the text.

Closing keywords are those of GitHub ("Linking a pull request to an issue using a keyword",
docs.github.com): close, fix and resolve in three forms, directly before the reference, not in code,
comments or quotations.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import SplitResult, parse_qs, urlsplit

from connectors.item import Ref, RefKind

MAX_TEXT = 200_000
"""Characters of a text that are searched."""
MAX_REFS = 100
"""References kept of one text; a list of hundreds is a report, not a relation."""
MAX_ADDRESS = 300
"""Characters of an address; no item has one that is longer."""

_STRENGTH: dict[RefKind, int] = {"closes": 0, "links": 1, "mentions": 2}

_CLOSING = re.compile(r"(?:^|[^\w-])(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?[ \t\n]{1,2}$", re.IGNORECASE)
_LONGEST_CLOSING = len("xresolved:  ")
_URL = re.compile(r"https?://[^\s<>()\[\]{}\"'`|^]+")
_NUMBER = re.compile(r"(?<![\w/.#&-])([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100})?#([1-9]\d{0,9})(?![\w-])")
# no lookbehind: a pattern that starts with a set of characters is searched several times faster
_KEY = re.compile(r"[A-Z][A-Z0-9_]{1,29}-[1-9]\d{0,9}(?![A-Za-z0-9_])")
_BRANCH_KEY = re.compile(r"(?<![A-Za-z0-9])([A-Za-z][A-Za-z0-9]{1,29})-([1-9]\d{0,9})(?![A-Za-z0-9.])")
_NO_PROJECT = re.compile(r"AES|CVE|CWE|COVID|GH|HTTP|IEC|IEEE|ISO|MD|PEP|RFC|RSA|SHA|SSL|TLS|UTF")
_NO_PROJECT_IN_BRANCH = re.compile(
    rf"{_NO_PROJECT.pattern}|BRANCH|BUG|BUGFIX|CHORE|FEAT|FEATURE|FIX|HOTFIX|ISSUES?|PATCH|PR|PULL|RC|RELEASE|TEST|VERSION"
)

_GITHUB_PATH = re.compile(r"^(?:/api/v3)?(?:/repos)?/([\w-]+)/([\w.-]+)/(?:issues|pulls?)/([1-9]\d*)(?:/|$)", re.ASCII)
_NOT_GITHUB = frozenset({"bitbucket.org", "codeberg.org", "gitea.com", "gitee.com", "gitlab.com"})
_JIRA_PATH = re.compile(r"/(?:browse|projects/[^/]+/issues)/([A-Z][A-Z0-9_]*-[1-9]\d*)/?$", re.IGNORECASE | re.ASCII)
_JIRA_KEY = re.compile(r"[A-Z][A-Z0-9_]*-[1-9]\d*", re.IGNORECASE | re.ASCII)
_NOTION_HOST = re.compile(r"(?:^|\.)notion\.(?:so|site|com)$")
_NOTION_ID = re.compile(
    r"(?:^|[^0-9a-f])([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$", re.IGNORECASE
)

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*(?:-->|\Z)")
_INLINE_CODE = re.compile(r"`[^`\n]+`")


def address_of_url(url: str) -> str | None:
    """The address of the item that a URL shows; None for any other URL.

    Knows Jira's browse pages (also below a context path), issues and pull requests of GitHub and
    GitHub Enterprise (web pages and API), and Notion's pages.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if _NOTION_HOST.search(host):
        return _notion(parts)
    address = _jira(parts) or (None if host in _NOT_GITHUB else _github(parts.path))
    return address if address and len(address) <= MAX_ADDRESS else None


def in_text(text: str, where: str, *, repository: str = "") -> tuple[Ref, ...]:
    """What a title or text points at, each address once with its strongest kind, sorted.

    :param where: ``title`` or ``body``
    :param repository: ``owner/repo`` that a bare ``#12`` belongs to; without it such numbers mean nothing
    """
    text = text[:MAX_TEXT]
    found: dict[str, RefKind] = {}
    for kind, address in _occurrences(text, repository):
        if address not in found or kind == "closes":
            found[address] = kind
        if len(found) == MAX_REFS:
            break
    return tuple(sorted(Ref(kind, address, where) for address, kind in found.items()))


def in_branch(name: str) -> tuple[Ref, ...]:
    """Jira keys in a branch name, in any case: ``feature/web-12-refunds`` names ``WEB-12``. Bare
    numbers and ``issue-12`` mean nothing: they are as often a version or a date."""
    keys = {
        f"{project.upper()}-{number}"
        for project, number in _BRANCH_KEY.findall(name[:1000])
        if not _NO_PROJECT_IN_BRANCH.fullmatch(project.upper())
    }
    return tuple(Ref("mentions", f"jira:{key}", "branch") for key in sorted(keys)[:MAX_REFS])


def merge(refs: Iterable[Ref], *, own: str = "") -> tuple[Ref, ...]:
    """Each address once, with its strongest kind; without ``own``, the item's own address. Sorted."""
    best: dict[str, Ref] = {}
    for ref in refs:
        known = best.get(ref.address)
        if known is None or _STRENGTH[ref.kind] < _STRENGTH[known.kind]:
            best[ref.address] = ref
    best.pop(own, None)
    return tuple(sorted(best.values()))


def _occurrences(text: str, repository: str) -> Iterator[tuple[RefKind, str]]:
    earnest = _without_asides(text)

    def kind(at: int) -> RefKind:
        return "closes" if _CLOSING.search(earnest[max(0, at - _LONGEST_CLOSING) : at]) else "mentions"

    if "://" in text:
        for url in _URL.finditer(text):
            if address := address_of_url(url[0].rstrip(".,;:!?*_")):
                yield kind(url.start()), address
    if "#" in text:
        for number in _NUMBER.finditer(text):
            name = number[1] or repository
            if name and (number[1] or earnest[number.start()] == "#"):
                yield kind(number.start()), f"github:{name}#{number[2]}".lower()
    for key in _KEY.finditer(text):
        if not _NO_PROJECT.fullmatch(key[0].partition("-")[0]) and _starts_word(text, key.start()):
            yield "mentions", f"jira:{key[0]}"


def _starts_word(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isalnum() or text[at - 1] in "_-&#")


def _without_asides(text: str) -> str:
    """The text with blanks where nothing is said in earnest: fenced and inline code, quoted lines,
    HTML comments."""
    if "<!--" in text:
        text = _COMMENT.sub(_blanks, text)
    if not ("`" in text or ">" in text or "~~~" in text):
        return text
    fence, lines = "", []
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence or mark or line.lstrip().startswith(">"):
            lines.append(" " * len(line))
        else:
            lines.append(_INLINE_CODE.sub(_blanks, line))
        if fence and mark and mark[1].startswith(fence):
            fence = ""
        elif mark and not fence:
            fence = mark[1]
    return "".join(lines)


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _github(path: str) -> str | None:
    match = _GITHUB_PATH.match(path)
    return f"github:{match[1]}/{match[2]}#{match[3]}".lower() if match else None


def _jira(parts: SplitResult) -> str | None:
    if match := _JIRA_PATH.search(parts.path):
        return f"jira:{match[1].upper()}"
    if "selectedIssue=" in parts.query:
        for value in parse_qs(parts.query).get("selectedIssue", ()):
            if _JIRA_KEY.fullmatch(value):
                return f"jira:{value.upper()}"
    return None


def _notion(parts: SplitResult) -> str | None:
    opened = parse_qs(parts.query).get("p", [])  # a page shown beside another one
    for place in (*opened, parts.path.rstrip("/").rpartition("/")[2]):
        if match := _NOTION_ID.search(place):
            return "notion:" + "-".join(match.groups()).lower()
    return None
