from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import AuthFailed, BadResponse
from connectors.jira.site import Site
from tests.connectors.jira.fake_jira import issue, ok, stream_of


def test_one_stream_for_the_whole_site_in_three_requests(server, connect):
    found = connect("WEB", "PAY", fields={"goal": "goal"}).discover([])
    assert found.problems == ()
    (stream,) = found.streams
    assert (stream.native_id, stream.name) == ("site", "WEB, PAY")
    assert stream.meta == {
        "deployment": "cloud",
        "base_url": "https://acme.example/jira",
        "fields": {"goal": ["customfield_1"], "epic": ["customfield_2"], "sprint": ["customfield_3"], "points": []},
        "more": {},
        "projects": ["WEB", "PAY"],
    }
    assert len(server.requests) == 3


def test_what_is_learned_survives_being_stored(server, connect):
    meta = stream_of(connect()).meta
    assert Site.from_meta(meta).to_meta() == {name: value for name, value in meta.items() if name != "projects"}


@pytest.mark.parametrize(
    ("told", "configured", "deployment"),
    [
        ("Cloud", None, "cloud"),
        ("Server", None, "datacenter"),
        ("Cloud", "datacenter", "datacenter"),
        ("", None, "datacenter"),
    ],
)
def test_the_deployment_is_asked_from_the_server_unless_configured(server, connect, told, configured, deployment):
    server.deployment = told
    assert stream_of(connect(deployment=configured)).meta["deployment"] == deployment


def test_a_project_that_cannot_be_read_is_a_problem_of_its_own(server, connect):
    server.plant(1)
    server.hidden.add("PAY")
    found = connect("WEB", "pay").discover([])
    assert [problem.where for problem in found.problems] == ["PAY"]
    assert "Browse projects" in found.problems[0].error.what
    assert found.streams[0].meta["projects"] == ["WEB"]


def test_without_any_readable_project_there_is_nothing_to_discover(server, connect):
    server.hidden.add("WEB")
    with pytest.raises(AuthFailed, match="none of the projects WEB"):
        connect().discover([])


def test_a_site_that_misreads_times_is_refused(server, connect):
    server.plant(1)
    server.matching = lambda jql: server.issues
    with pytest.raises(BadResponse, match=r"finds WEB-1, updated .* among the issues updated an hour from now"):
        connect().discover([])


def test_an_issue_that_is_dated_in_the_future_hinders_nothing(server, connect):
    server.issues.append(issue(1, "WEB-1", datetime.now(UTC), datetime.now(UTC) + timedelta(days=400)))
    assert stream_of(connect()).meta["projects"] == ["WEB"]


def test_the_name_of_many_projects_is_short(server, connect):
    stream = stream_of(connect(*(f"PROJECT{number}" for number in range(60))))
    assert stream.name.endswith(", PROJECT9 and 50 more")


def test_the_self_check_uses_the_servers_clock(server, connect):
    server.before = lambda path, body: (
        ok({"deploymentType": "Cloud"}, {"Date": "Wed, 01 Jul 2026 10:00:00 GMT"}) if "serverInfo" in path else None
    )
    stream = stream_of(connect())
    assert server.searches()[0]["jql"].endswith(" AND updated >= 1782903600000")
    assert stream.meta["base_url"] == server.url
