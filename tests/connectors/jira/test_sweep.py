import pytest

from connectors.base import AuthFailed, Known
from tests.connectors.jira.fake_jira import error, ok, stream_of

DEPLOYMENTS = ["Cloud", "Server"]


def known(*ids):
    return [Known(str(native_id), "", "WEB") for native_id in ids]


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_a_census_lists_everything_by_id_and_key_in_large_pages(server, connect, deployment):
    server.deployment, server.cap = deployment, 1000
    server.plant(1500)
    jira = connect()
    stream = stream_of(jira)
    server.requests.clear()
    pages = list(jira.census(stream))
    assert {(seen.native_id, seen.key) for page in pages for seen in page.seen} == {
        (one["id"], one["key"]) for one in server.issues
    }
    assert not any(page.items or page.unreadable for page in pages)
    assert len(server.searches()) == 2
    assert all(len(body["fields"]) == 1 for body in server.searches())


def test_a_project_refused_by_the_search_is_unreadable_not_missing(server, connect):
    server.plant(3)
    server.plant(3, project="PAY")
    jira = connect("WEB", "PAY")
    stream = stream_of(jira)
    server.hidden.add("PAY")
    pages = list(jira.census(stream))
    assert len([seen for page in pages for seen in page.seen]) == 3
    assert {problem.where for page in pages for problem in page.unreadable} == {"PAY"}


def test_a_project_that_only_leaves_the_results_is_unreadable_too(server, connect):
    server.plant(3)
    jira = connect("WEB", "PAY")
    stream = stream_of(jira)
    server.before = lambda path, body: error(404, "No project") if path.endswith("/project/PAY") else None
    pages = list(jira.census(stream))
    assert {problem.where for problem in pages[-1].unreadable} == {"PAY"}


def test_a_census_without_any_readable_project_fails(server, connect):
    jira = connect()
    stream = stream_of(jira)
    server.hidden.add("WEB")
    with pytest.raises(AuthFailed, match="none of the projects"):
        list(jira.census(stream))


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_looked_up_issues_are_there_moved_or_forbidden(server, connect, deployment):
    server.deployment = deployment
    server.plant(2)
    server.plant(1, project="OPS")
    jira = connect()
    found = jira.look_up(stream_of(jira), known(10_000, 10_002, 99))
    assert [item.key for item in found.items] == ["WEB-1"]
    assert found.fates == {"10002": "moved", "99": "forbidden"}


def test_cloud_reads_a_hundred_at_once(server, connect):
    server.plant(150)
    jira = connect()
    stream = stream_of(jira)
    server.requests.clear()
    found = jira.look_up(stream, known(*range(10_000, 10_150)))
    assert len(found.items) == 150
    assert found.fates == {}
    assert len(server.requests) == 2


def test_data_center_searches_first_and_asks_one_by_one_only_where_that_is_refused(server, connect):
    server.deployment = "Server"
    server.plant(3)
    jira = connect()
    stream = stream_of(jira)
    server.requests.clear()
    jira.look_up(stream, known(10_000, 10_001))
    assert len(server.requests) == 1
    server.before = lambda path, body: error(400, "A value does not exist") if path.endswith("/search") else None
    found = jira.look_up(stream, known(10_000, 99))
    assert [item.key for item in found.items] == ["WEB-1"]
    assert found.fates == {"99": "forbidden"}


def test_only_an_explicit_answer_says_gone(server, connect):
    server.deployment = "Server"
    jira = connect()
    stream = stream_of(jira)
    server.before = lambda path, body: error(410, "deleted") if "/issue/5" in path else None
    assert jira.look_up(stream, known(5)).fates == {"5": "gone"}


def test_jiras_own_trouble_with_an_issue_is_not_its_fate(server, connect):
    server.plant(1)
    jira = connect()
    stream = stream_of(jira)
    trouble = {"issues": [], "issueErrors": [{"id": "10000", "errorMessage": "try again later"}]}
    server.before = lambda path, body: ok(trouble) if path.endswith("bulkfetch") else None
    found = jira.look_up(stream, known(10_000))
    assert [item.native_id for item in found.items] == ["10000"]
    assert found.fates == {}


def test_a_refused_credential_is_nobodys_fate(server, connect):
    server.deployment = "Server"
    jira = connect()
    stream = stream_of(jira)
    server.before = lambda path, body: error(401, "no") if "/issue/" in path else None
    with pytest.raises(AuthFailed):
        jira.look_up(stream, known(5))


def test_in_a_jql_scope_the_query_decides_what_is_inside(server, connect):
    server.plant(2)
    jira = connect(scope={"jql": "id in (10000)"})
    stream = stream_of(jira)
    server.before = lambda path, body: (
        ok({"issues": [{"id": "10000"}]}) if path.endswith("search/jql") and "10001" in body["jql"] else None
    )
    found = jira.look_up(stream, known(10_000, 10_001))
    assert [item.native_id for item in found.items] == ["10000"]
    assert found.fates == {"10001": "moved"}
    assert server.searches()[-1]["reconcileIssues"] == [10_000, 10_001]
