import time

import pytest

from connectors.item import Ref
from connectors.refs import MAX_REFS, address_of_url, in_branch, in_text, merge

PAGE = "0123456789abcdef0123456789abcdef"
UUID = "notion:01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://acme.atlassian.net/browse/WEB-12", "jira:WEB-12"),
        ("https://jira.acme.example/jira/browse/web-12?focusedId=3#comment-3", "jira:WEB-12"),
        ("https://acme.atlassian.net/jira/software/projects/WEB/boards/1?selectedIssue=WEB-12", "jira:WEB-12"),
        ("https://jira.acme.example/projects/WEB/issues/WEB-12", "jira:WEB-12"),
        ("https://acme.atlassian.net/browse/WEB", None),
        ("https://github.com/Acme/Web/issues/12", "github:acme/web#12"),
        ("https://github.com/acme/web/pull/12/files#r3", "github:acme/web#12"),
        ("https://github.acme.example/acme/web.js/pull/12", "github:acme/web.js#12"),
        ("https://api.github.com/repos/acme/web/issues/12", "github:acme/web#12"),
        ("https://github.acme.example/api/v3/repos/acme/web/pulls/12", "github:acme/web#12"),
        ("https://github.com/acme/web/issues", None),
        ("https://github.com/acme/web/issues/new", None),
        ("https://gitlab.com/acme/web/-/issues/12", None),
        ("https://codeberg.org/acme/web/issues/12", None),
        (f"https://www.notion.so/acme/Plan-for-Q4-{PAGE}", UUID),
        (f"https://acme.notion.site/{PAGE.upper()}?pvs=4", UUID),
        (f"https://www.notion.so/acme/{'f' * 32}?v={'a' * 32}&p={PAGE}", UUID),
        ("https://app.notion.com/p/01234567-89ab-cdef-0123-456789abcdef", UUID),
        ("https://www.notion.so/pricing", None),
        ("https://example.com/0123456789abcdef0123456789abcdef", None),
        ("https://[broken/browse/WEB-1", None),
        (f"https://git.acme.example/{'a' * 300}/web/issues/1", None),
        (f"https://jira.acme.example/browse/{'A' * 300}-1", None),
        ("nonsense", None),
    ],
)
def test_the_address_of_a_url(url, address):
    assert address_of_url(url) == address


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Refund fails (WEB-12)", ["mentions jira:WEB-12"]),
        ("WEB-12: and PAY_2-3, WEB-12 again", ["mentions jira:PAY_2-3", "mentions jira:WEB-12"]),
        ("web-12 in prose, xWEB-12, WEB-12a, WEB-0 and UTF-8 are no keys", []),
        ("CVE-2024-1234 and SHA-256 and ISO-8601", []),
        ("Fixes #12", ["closes github:acme/web#12"]),
        ("closes: #12, and see #13", ["closes github:acme/web#12", "mentions github:acme/web#13"]),
        ("RESOLVED acme/API#7.", ["closes github:acme/api#7"]),
        ("Fixes\n#12", ["closes github:acme/web#12"]),
        ("resolves https://github.com/acme/api/issues/7.", ["closes github:acme/api#7"]),
        ("Fix https://acme.atlassian.net/browse/WEB-12", ["closes jira:WEB-12"]),
        ("prefixes #12", ["mentions github:acme/web#12"]),
        ("auto-fixes #12", ["mentions github:acme/web#12"]),
        ("fixing #12", ["mentions github:acme/web#12"]),
        ("fixes nothing, see #12", ["mentions github:acme/web#12"]),
        ("#12 first, later fixes #12", ["closes github:acme/web#12"]),
        ("> fixes acme/web#12", ["mentions github:acme/web#12"]),
        ("```\nfixes acme/web#12\n```\ncloses #13", ["closes github:acme/web#13", "mentions github:acme/web#12"]),
        ("~~~~\n```\nfixes #12\n~~~\nfixes #13", []),
        ("Use `fixes #12` and `fixes acme/web#14`", ["mentions github:acme/web#14"]),
        ("<!-- Fixes #12 -- or none -->\nFixes #13", ["closes github:acme/web#13"]),
        ("<!-- Fixes #12", []),
        ("Linux 6.1 `#1 SMP`, &#39;, page#3, a/b/c#4, #5px, #0, abc#6", []),
        ("(https://github.com/acme/api/pull/7)", ["mentions github:acme/api#7"]),
        (f"see https://www.notion.so/{PAGE}, please", [f"mentions {UUID}"]),
    ],
)
def test_what_a_text_points_at(text, found):
    refs = in_text(text, "body", repository="acme/web")
    assert [f"{ref.kind} {ref.address}" for ref in refs] == found
    assert {ref.where for ref in refs} <= {"body"}


def test_a_bare_number_means_nothing_without_a_repository():
    assert in_text("fixes #12", "title") == ()


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("feature/WEB-12-refunds", ["WEB-12"]),
        ("web-12", ["WEB-12"]),
        ("ana/fix-web-12-and-pay-3", ["PAY-3", "WEB-12"]),
        ("web-12_pay-3", ["PAY-3", "WEB-12"]),
        ("issue-12", []),
        ("12-refunds", []),
        ("release-2", []),
        ("hotfix/2024-12-01", []),
        ("renovate/python-3.12", []),
        ("main", []),
    ],
)
def test_jira_keys_in_a_branch_name(name, keys):
    assert in_branch(name) == tuple(Ref("mentions", f"jira:{key}", "branch") for key in keys)


def test_merging_keeps_the_strongest_kind_once_and_leaves_out_the_item_itself():
    links = Ref("links", "jira:A-1", "Blocks")
    mention = Ref("mentions", "jira:A-1", "title")
    closes = Ref("closes", "jira:A-2", "body")
    itself = Ref("mentions", "jira:A-9", "title")
    assert merge([mention, links, closes, itself], own="jira:A-9") == (closes, links)


def test_the_number_of_references_is_bounded():
    text = " ".join(f"WEB-{number}" for number in range(1, 10 * MAX_REFS))
    assert len(in_text(text, "body")) == MAX_REFS


@pytest.mark.parametrize(
    "unit", ["A", "a/", "a/a#", "#1 `", "`", "> #1\n", "<!--", "<!-- -", "http://", "fixes ", "A-1", "~~~\n"]
)
def test_time_is_linear_in_the_text(unit):
    began = time.process_time()
    in_text(unit * 400_000, "body", repository="acme/web")
    assert time.process_time() - began < 1.5
