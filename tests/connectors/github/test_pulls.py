"""Branches of pull requests and the issues they close: in bulk, and never in the way."""

import json
from datetime import timedelta

import pytest

from connectors.base import Cursor, Page
from connectors.github.connector import GitHub
from connectors.item import Item, Ref
from tests.connectors.github.fake import Asked, FakeGitHub, Reply, ids, pull, reply


def items(pages: list[Page]) -> dict[str, Item]:
    return {item.key: item for page in pages for item in page.items}


def problems(pages: list[Page]) -> list[str]:
    return [str(problem.error) for page in pages for problem in page.problems]


def test_a_pull_request_comes_with_its_branch_and_what_it_closes(connector: GitHub, github: FakeGitHub) -> None:
    github.add(1)
    github.add(2, pull=True, body="Fixes #1, see #7")
    github.branches["PR_2"] = "feature/web-12-refunds"
    github.closing["PR_2"] = [("acme/web", 1), ("Acme/Ops", 5)]
    pages = pull(connector)
    item = items(pages)["acme/web#2"]
    assert item.branch == "feature/web-12-refunds"
    assert item.refs == (
        Ref("closes", "github:acme/ops#5", "closingIssuesReferences"),
        Ref("closes", "github:acme/web#1", "body"),
        Ref("mentions", "github:acme/web#7", "body"),
        Ref("mentions", "jira:WEB-12", "branch"),
    )
    assert problems(pages) == []


def test_issues_alone_are_not_asked_about(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(250)
    pull(connector)
    assert "/graphql" not in github.requests()


def test_a_thousand_pull_requests_are_one_query_of_a_hundred_ids_each(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(1050, pulls=lambda _: True)
    pages = pull(connector)
    assert all(item.branch for item in items(pages).values())
    (query,) = [json.loads(request.body) for request in github.asked if request.path == "/graphql"]
    assert [len(ids) for ids in query["variables"].values()] == [100] * 10 + [50]


def test_an_id_that_is_gone_costs_only_its_own_branch(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(5, pulls=lambda _: True)
    del github.branches["PR_3"]
    pages = pull(connector)
    assert sorted(str(item.branch) for item in pages[0].items) == [
        "None",
        "branch-1",
        "branch-2",
        "branch-4",
        "branch-5",
    ]
    assert items(pages)["acme/web#3"].branch is None
    assert problems(pages) == []


ABSENT = [
    reply(404, {"message": "Not Found"}),
    reply(405, {}),
    reply(501, {}),
    reply(200, b"<html>hello</html>", Content_Type="text/html"),
    reply(200, {"hello": "world"}),
]


@pytest.mark.parametrize("absent", ABSENT)
def test_without_graphql_the_latest_pull_requests_tell_their_branch(
    connector: GitHub, github: FakeGitHub, absent: Reply
) -> None:
    github.fill(700, pulls=lambda number: number % 2 == 0)
    github.fault = lambda asked: absent if asked.path == "/graphql" else None
    pages = pull(connector)
    assert github.requests().count("/repositories/77/pulls") == 2
    assert github.requests().count("/graphql") == 1
    known = [item.branch for item in items(pages).values() if item.kind == "pull_request"]
    assert known[:150] == [None] * 150
    assert known[150:] == [f"branch-{number}" for number in range(302, 701, 2)]
    assert problems(pages) == []

    github.asked.clear()
    github.now += timedelta(hours=1)
    github.touch(2)
    (page,) = pull(connector, pages[-1].cursor)
    assert [item.branch for item in page.items] == ["branch-2"]
    assert github.requests() == ["/repositories/77/issues", "/repositories/77/pulls"]


def partial(asked: Asked) -> Reply:
    """GitHub ran out of its own limits after the first group."""
    groups = json.loads(asked.body)["variables"]
    nodes = [{"headRefName": f"of {node_id}"} for node_id in next(iter(groups.values()))]
    data = dict.fromkeys(groups) | {next(iter(groups)): nodes}
    return reply(200, {"data": data, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "too much"}]})


def test_a_server_that_cannot_answer_so_many_is_asked_for_fewer(connector: GitHub, github: FakeGitHub) -> None:
    sizes: list[int] = []

    def limited(asked: Asked) -> Reply | None:
        if asked.path != "/graphql":
            return None
        sizes.append(sum(map(len, json.loads(asked.body)["variables"].values())))
        return partial(asked) if sizes[-1] > 500 else None

    github.fault = limited
    github.fill(1200, pulls=lambda _: True)
    assert all(item.branch == f"branch-{item.key.partition('#')[2]}" for item in items(pull(connector)).values())
    assert sizes == [1200, 500, 500, 200]
    sizes.clear()
    pull(connector)
    assert max(sizes) == 500


FAILURES = [
    (
        reply(200, {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit"}]}),
        "budget is used up",
    ),
    (reply(403, {}, X_RateLimit_Resource="graphql", X_RateLimit_Remaining="0"), "GraphQL budget is used up"),
    (reply(403, {"message": "Resource not accessible"}), "Resource not accessible"),
    (reply(200, {"data": None, "errors": [{"message": "Something went wrong"}]}), "Something went wrong"),
    (reply(200, {"data": {"p0": [None]}}), "something else than as many nodes"),
    (reply(200, b'{"data": {"p0"'), "ends in the middle"),
    (reply(400, {"message": "Query too long"}), "Query too long"),
]


@pytest.mark.parametrize(("failure", "says"), FAILURES)
def test_a_failure_is_a_problem_and_the_items_come_all_the_same(
    connector: GitHub, github: FakeGitHub, failure: Reply, says: str
) -> None:
    github.fill(150, pulls=lambda number: number > 100)
    github.fault = lambda asked: failure if asked.path == "/graphql" else None
    pages = pull(connector)
    assert len(ids(pages)) == 150
    assert pages[-1].cursor.backfilled
    (problem,) = problems(pages)
    assert problem.startswith("the branches of its pull requests are not known: ")
    assert says in problem
    assert "/repositories/77/pulls" not in github.requests()


def test_a_spent_graphql_budget_does_not_stop_rest(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(2, pulls=lambda _: True)
    spent = reply(403, {}, X_RateLimit_Resource="graphql", X_RateLimit_Remaining="0", X_RateLimit_Reset="99999999999")
    github.fault = lambda asked: spent if asked.path == "/graphql" else None
    assert pull(connector)[-1].cursor.backfilled
    assert pull(connector)[-1].cursor.backfilled


def test_pull_requests_without_global_ids_come_without_branch(connector: GitHub, github: FakeGitHub) -> None:
    github.add(1, pull=True)
    del github.rows[1]["node_id"]
    (page,) = pull(connector, Cursor())
    assert page.items[0].branch is None
    assert "/graphql" not in github.requests()


def test_a_server_that_fails_at_any_number_is_asked_for_many_again_next_time(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.fill(1200, pulls=lambda _: True)
    down = reply(200, {"data": None, "errors": [{"message": "Something went wrong"}]})
    github.fault = lambda asked: down if asked.path == "/graphql" else None
    assert len(problems(pull(connector))) == 1
    github.fault = lambda _: None
    github.asked.clear()
    assert all(item.branch for item in items(pull(connector)).values())
    assert github.requests().count("/graphql") == 1
