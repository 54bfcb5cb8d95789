"""The GraphQL subset: nodes by id, repositories, partial answers, and honest errors."""

from typing import Any

import github
import pytest
import requests

from syncd.sandbox.github import GitHubService
from syncd.sandbox.github.graphql.document import SyntaxProblem, parse
from syncd.sandbox.server import Sandbox


def ask(box: Sandbox, query: str, **variables: Any) -> dict[str, Any]:
    answer = requests.post(
        f"{box.root('github')}/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"bearer {box.services['github'].token}"},
        timeout=5,
    )
    assert answer.status_code == 200
    assert answer.headers["X-RateLimit-Resource"] == "graphql"
    body: dict[str, Any] = answer.json()
    return body


def node_ids(service: GitHubService) -> dict[str, str]:
    return {issue.key: issue.node_id for issue in service.hub.issues.values()}


PULLS = """
query Pulls($ids: [ID!]!, $first: Int = 10) {
  nodes(ids: $ids) {
    __typename
    ...pull
    ... on Issue { id updatedAt }
  }
}
fragment pull on PullRequest {
  number title branch: headRefName
  closingIssuesReferences(first: $first) { totalCount nodes { number repository { nameWithOwner } } }
}
"""


def test_nodes_tell_branches_and_what_is_closed(team: dict[str, str], service: GitHubService, sandbox: Sandbox) -> None:
    ids = node_ids(service)
    wanted = [ids[team["fix"]], ids[team["elsewhere"]], ids[team["epic"]]]
    fix, elsewhere, epic = ask(sandbox, PULLS, ids=wanted)["data"]["nodes"]
    assert fix["branch"] == "fix-it"
    assert fix["closingIssuesReferences"] == {
        "totalCount": 1,
        "nodes": [{"number": 3, "repository": {"nameWithOwner": "acme/web"}}],
    }
    (closes,) = elsewhere["closingIssuesReferences"]["nodes"]
    assert f"{closes['repository']['nameWithOwner']}#{closes['number']}" == team["story"]
    assert epic == {"__typename": "Issue", "id": ids[team["epic"]], "updatedAt": epic["updatedAt"]}


def test_unknown_ids_are_null_beside_what_is_known(
    team: dict[str, str], service: GitHubService, sandbox: Sandbox
) -> None:
    ids = node_ids(service)
    gone = ids[team["bug"]]
    sandbox.act("github", "delete", id=team["bug"])
    answer = ask(sandbox, "query($ids:[ID!]!){nodes(ids:$ids){id}}", ids=[gone, ids[team["epic"]], "nonsense"])
    assert answer["data"]["nodes"] == [None, {"id": ids[team["epic"]]}, None]
    assert [(error["type"], error["path"]) for error in answer["errors"]] == [
        ("NOT_FOUND", ["nodes", 0]),
        ("NOT_FOUND", ["nodes", 2]),
    ]
    assert gone in answer["errors"][0]["message"]


def test_pygithub_raises_on_partial_answers_and_keeps_the_data(
    team: dict[str, str], service: GitHubService, client: github.Github
) -> None:
    query = "query($ids:[ID!]!){nodes(ids:$ids){... on PullRequest{number}}}"
    known = node_ids(service)[team["fix"]]
    _, answer = client.requester.graphql_query(query, {"ids": [known]})
    assert answer["data"]["nodes"] == [{"number": 5}]
    with pytest.raises(github.GithubException) as partial:
        client.requester.graphql_query(query, {"ids": [known, "gone"]})
    assert partial.value.data["data"]["nodes"] == [{"number": 5}, None]


def test_repositories_are_asked_for_side_by_side(team: dict[str, str], sandbox: Sandbox) -> None:
    answer = ask(
        sandbox,
        """{
          web: repository(owner: "acme", name: "web") { databaseId issues(first: 2, orderBy: {field: UPDATED_AT,
            direction: DESC}) { totalCount pageInfo { hasNextPage endCursor } nodes { title state } } }
          none: repository(owner: "acme", name: "none") { id }
          rateLimit { cost remaining }
          viewer { login }
        }""",
    )
    issues = answer["data"]["web"]["issues"]
    assert issues["totalCount"] == 4
    assert issues["nodes"][0] == {"title": "Dropped", "state": "CLOSED"}
    assert issues["pageInfo"] == {"hasNextPage": True, "endCursor": "2"}
    assert answer["data"]["none"] is None
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert answer["data"]["viewer"] == {"login": "syncd-reader"}
    assert answer["data"]["rateLimit"]["cost"] == 1


def test_connections_are_walked_by_cursor(team: dict[str, str], sandbox: Sandbox) -> None:
    titles: list[str] = []
    after, more = None, True
    while more:
        query = """query($after: String) { repository(owner: "acme", name: "web") { issues(first: 3, after: $after) {
          nodes { title } pageInfo { hasNextPage endCursor } } } }"""
        page = ask(sandbox, query, after=after)["data"]["repository"]["issues"]
        titles += [node["title"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert titles == ["Epic", "Story", "Bug", "Dropped"]


def test_a_field_that_is_not_there_is_an_error_without_data(team: dict[str, str], sandbox: Sandbox) -> None:
    answer = ask(sandbox, '{ repository(owner: "acme", name: "web") { favouriteColour } }')
    assert "data" not in answer
    assert answer["errors"][0]["extensions"] == {
        "code": "undefinedField",
        "typeName": "Repository",
        "fieldName": "favouriteColour",
    }


def test_too_many_ids_are_refused(sandbox: Sandbox) -> None:
    answer = ask(sandbox, "query($ids:[ID!]!){nodes(ids:$ids){id}}", ids=["x"] * 101)
    assert answer["data"] == {"nodes": None}
    assert answer["errors"][0]["type"] == "ARGUMENT_LIMIT"


@pytest.mark.parametrize(
    "text", ["", "{", "{ a", "subscription { a }", "{ a(b: ) }", "{ a ; b }", "query Q($x Int) { a }"]
)
def test_what_is_no_document_is_told_so(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse(text)


def test_a_document_is_read_with_aliases_values_and_comments() -> None:
    document = parse(
        'query Q($n: [Int!] = [1, 2]) { # why\n a: b(s: "x\\"y", f: -1.5, o: {k: [true, null, E]}, v: $n) { c } }'
    )
    (field,) = document.selections
    assert (field.key, field.name) == ("a", "b")
    assert field.arguments["s"] == 'x"y'
    assert field.arguments["f"] == -1.5
    assert field.arguments["o"] == {"k": [True, None, "E"]}
    assert document.defaults == {"n": [1, 2]}
