"""From the configured scope to streams."""

import pytest

from connectors.base import AuthFailed, RateLimited, Stream, Unavailable
from connectors.github.connector import GitHub
from tests.connectors.github.conftest import Connect
from tests.connectors.github.fake import Asked, FakeGitHub, Reply, reply


def organisation(count: int, **more: object) -> list[dict]:
    return [
        {"id": 100 + n, "full_name": f"acme/r{n}", "html_url": "", "has_issues": False, **more} for n in range(count)
    ]


def test_a_repository_is_resolved_to_its_number(connector: GitHub, github: FakeGitHub) -> None:
    found = connector.discover(())
    assert found.problems == ()
    meta = {"html_url": "https://github.com/acme/web", "archived": False, "configured": "acme/web"}
    assert found.streams == (Stream("77", "acme/web", meta, named_after=True),)
    assert github.requests() == ["/repos/acme/web"]


def test_a_moved_repository_is_followed_by_its_number(connect: Connect, github: FakeGitHub) -> None:
    def moved(asked: Asked) -> Reply | None:
        if asked.path == "/repos/acme/old":
            return reply(301, {"message": "Moved Permanently"}, Location=f"{github.root}/repositories/77")
        return None

    github.fault = moved
    found = connect(github.root, scope={"repositories": ["acme/old"]}).discover(())
    assert [(stream.native_id, stream.name) for stream in found.streams] == [("77", "acme/web")]


@pytest.mark.parametrize("location", ["https://evil.example/repositories/77", "{root}/somewhere", ""])
def test_a_redirect_elsewhere_is_not_followed(connect: Connect, github: FakeGitHub, location: str) -> None:
    github.fault = lambda asked: reply(301, {}, Location=location.format(root=github.root))
    with pytest.raises(Exception, match=r"acme/old: .*write its new name"):
        connect(github.root, scope={"repositories": ["acme/old"]}).discover(())
    assert len(github.asked) == 1


def test_a_known_repository_is_followed_though_its_name_means_another_by_now(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.name = "acme/website"
    github.fault = lambda asked: (
        reply(200, github.repository() | {"id": 78}) if asked.path == "/repos/acme/web" else None
    )
    for known in (Stream("77", "acme/web"), Stream("77", "acme/website", {"configured": "acme/web"})):
        (stream,) = connector.discover((known,)).streams
        assert (stream.native_id, stream.name, stream.meta["configured"]) == ("77", "acme/website", "acme/web")


def test_a_known_repository_that_is_gone_is_looked_for_by_name(connector: GitHub, github: FakeGitHub) -> None:
    (stream,) = connector.discover((Stream("66", "acme/web"),)).streams
    assert stream.native_id == "77"


def test_an_organisation_is_all_its_repositories_but_the_archived_ones(connect: Connect, github: FakeGitHub) -> None:
    rows = organisation(130) + organisation(1, id=999, archived=True)

    def listed(asked: Asked) -> Reply | None:
        if asked.path != "/orgs/acme/repos":
            return None
        page = int(asked.query.get("page", "1"))
        link = f'<{github.root}/orgs/acme/repos?per_page=100&page=2>; rel="next"' if page == 1 else ""
        return reply(200, rows[(page - 1) * 100 : page * 100], Link=link)

    github.fault = listed
    found = connect(github.root, scope={"organizations": ["acme"]}).discover(())
    assert len(found.streams) == 130
    assert len(github.asked) == 2
    whole = connect(github.root, scope={"organizations": ["acme"], "archived": True, "repositories": ["acme/web"]})
    assert len(whole.discover(()).streams) == 132


@pytest.mark.parametrize("status", [403, 404, 451])
def test_a_part_that_fails_is_a_problem_and_the_others_go_on(connect: Connect, github: FakeGitHub, status: int) -> None:
    github.fault = lambda asked: reply(status, {"message": "no"}) if "secret" in asked.path else None
    scope = {"repositories": ["acme/secret", "acme/web"], "organizations": ["secret-org"]}
    found = connect(github.root, scope=scope).discover(())
    assert [stream.name for stream in found.streams] == ["acme/web"]
    assert [(problem.where, problem.error.status) for problem in found.problems] == [
        ("acme/secret", status),
        ("secret-org", status),
    ]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (reply(401, {"message": "Bad credentials"}), AuthFailed),
        (reply(403, {"message": "secondary rate limit"}, Retry_After="900"), RateLimited),
    ],
)
def test_what_concerns_the_whole_account_is_raised(
    connect: Connect, github: FakeGitHub, fault: Reply, kind: type[Exception]
) -> None:
    github.fault = lambda asked: fault if "other" in asked.path else None
    with pytest.raises(kind):
        connect(github.root, scope={"repositories": ["acme/web", "acme/other"]}).discover(())


def test_nothing_readable_at_all_is_an_error_not_an_empty_scope(connect: Connect, github: FakeGitHub) -> None:
    github.fault = lambda _: reply(503, {})
    with pytest.raises(Unavailable):
        connect(github.root, scope={"repositories": ["acme/web", "acme/api"], "organizations": ["acme"]}).discover(())
