"""What is there now, and what has become of the rest."""

from connectors.base import Known
from connectors.github.connector import GitHub
from tests.connectors.github.fake import WEB, Asked, FakeGitHub, Reply, reply


def known(*numbers: int) -> list[Known]:
    return [Known(str(5000 + number), f"acme/web#{number}", "acme/web") for number in numbers]


def test_a_census_sees_every_item_as_a_whole(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(350, pulls=lambda number: number == 7)
    pages = list(connector.census(WEB))
    seen = {one.native_id: one.key for page in pages for one in page.seen}
    assert seen == {str(row["id"]): f"acme/web#{row['number']}" for row in github.rows.values()}
    items = {item.native_id: item for page in pages for item in page.items}
    assert set(items) == set(seen)
    assert items["5007"].branch == "branch-7"
    assert len(github.asked) == 4 + 1 + 1


def test_a_look_up_tells_the_fate_of_what_a_census_missed(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(9, pulls=lambda number: number == 2)
    github.gone = {3: 410, 4: 301}
    found = connector.look_up(WEB, known(1, 2, 3, 4, 99))
    assert {item.native_id: item.branch for item in found.items} == {"5001": None, "5002": "branch-2"}
    assert found.fates == {"5003": "gone", "5004": "moved", "5099": "forbidden"}
    assert github.requests().count("/repositories/77/issues") == 1


def test_a_number_that_means_another_item_by_now_is_gone(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(1)
    found = connector.look_up(WEB, [Known("4711", "acme/web#1", "acme/web")])
    assert (found.items, found.fates) == ([], {"4711": "gone"})


def test_where_the_repository_itself_is_hidden_nothing_more_is_asked(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = lambda _: reply(404, {"message": "Not Found"})
    found = connector.look_up(WEB, known(1, 2, 3))
    assert found.fates == {"5001": "forbidden", "5002": "forbidden", "5003": "forbidden"}
    assert github.requests() == ["/repositories/77/issues/1", "/repositories/77/issues", "/repos/acme/web"]


def test_a_server_that_knows_repositories_by_name_only_is_not_taken_to_hide_them(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.fill(2)

    def by_name_only(asked: Asked) -> Reply | None:
        return reply(404, {"message": "Not Found"}) if asked.path.startswith("/repositories/77/") else None

    github.fault = by_name_only
    found = connector.look_up(WEB, known(1, 2, 3))
    assert [item.native_id for item in found.items] == ["5001", "5002"]
    assert found.fates == {"5003": "forbidden"}
