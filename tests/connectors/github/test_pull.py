"""Pulls: how many requests they take, that nothing is missed, that they go on where they stood."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import BadResponse, Cursor, Unavailable, Window
from connectors.calls import metered
from connectors.github.connector import GitHub
from tests.connectors.github.fake import BEGAN, WEB, Asked, FakeGitHub, Reply, ids, pull, reply, stamp


def everything(github: FakeGitHub) -> set[str]:
    return {str(row["id"]) for row in github.rows.values()}


def asked_pages(github: FakeGitHub) -> list[str]:
    return [request.query.get("page", "1") for request in github.asked if request.query.get("sort") == "created"]


def part_way(connector: GitHub, pages: int) -> Cursor:
    """Read so many pages, and be killed."""
    walk = connector.pull(WEB, Cursor())
    cursor = [next(walk) for _ in range(pages)][-1].cursor
    walk.close()  # type: ignore[attr-defined]
    return cursor


def test_a_small_repository_takes_one_request(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(100)
    pages = pull(connector)
    assert set(ids(pages)) == everything(github)
    assert len(github.asked) == 1
    assert pages[-1].cursor == Cursor(
        high_water=github.now,
        backfilled=True,
        validator=pages[-1].cursor.validator,
        validator_of=pages[-1].cursor.validator_of,
    )
    assert pages[-1].cursor.validator.startswith('W/"')


def test_an_empty_repository_is_read(connector: GitHub, github: FakeGitHub) -> None:
    pages = pull(connector)
    assert ids(pages) == []
    assert pages[-1].cursor.backfilled


def test_a_back_fill_takes_one_request_more_than_sheets_and_comes_in_order(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.fill(1234)
    with metered() as meter:
        pages = pull(connector)
    assert ids(pages) == [str(5000 + number) for number in range(1, 1235)]
    assert meter.requests == len(github.asked) == 13 + 1


def test_thousands_of_pull_requests_cost_a_handful_of_requests_more(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(3000, pulls=lambda number: number % 2 == 0)
    pages = pull(connector)
    assert len(github.asked) <= 30 + 4
    items = {item.key: item for page in pages for item in page.items}
    assert len(items) == 3000
    assert items["acme/web#2998"].branch == "branch-2998"
    assert items["acme/web#2999"].branch is None


def test_the_second_pass_is_one_304(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(250)
    cursor = pull(connector)[-1].cursor
    github.asked.clear()
    github.now += timedelta(minutes=1)
    (page,) = pull(connector, cursor)
    assert (page.items, page.cursor.high_water, page.cursor.validator) == ([], github.now, cursor.validator)
    (request,) = github.asked
    assert request.headers["if-none-match"] == cursor.validator


def test_an_etag_of_another_token_is_not_used(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(3)
    cursor = pull(connector)[-1].cursor
    other = Cursor.from_json(cursor.to_json() | {"validator_of": "somebody else's"})
    pull(connector, other)
    assert "if-none-match" not in github.asked[-1].headers


def test_a_server_without_etags_answers_an_idle_poll_with_one_request(connector: GitHub, github: FakeGitHub) -> None:
    github.etags = False
    github.fill(250)
    cursor = pull(connector)[-1].cursor
    github.asked.clear()
    (page,) = pull(connector, cursor)
    assert (ids([page]), len(github.asked)) == ([], 1)


def test_ten_changes_come_with_one_request_and_their_branches_with_a_second(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.fill(500, pulls=lambda number: number > 400)
    cursor = pull(connector)[-1].cursor
    github.now += timedelta(hours=1)
    for number in (3, 77, 150, 401, 500):
        github.touch(number, title="Changed")
    github.asked.clear()
    pages = pull(connector, cursor)
    assert {item.key: item.branch for item in pages[0].items} == {
        "acme/web#3": None,
        "acme/web#77": None,
        "acme/web#150": None,
        "acme/web#401": "branch-401",
        "acme/web#500": "branch-500",
    }
    assert github.requests() == ["/repositories/77/issues", "/graphql"]


def test_what_changed_in_the_three_minutes_before_the_last_run_is_read_again(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.fill(150)
    cursor = pull(connector)[-1].cursor
    for number, minutes in ((7, 4), (8, 2)):
        github.rows[number]["updated_at"] = stamp(github.now - timedelta(minutes=minutes))
    assert ids(pull(connector, cursor)) == ["5008"]


def test_more_than_a_sheet_of_changes_is_caught_up_from_the_oldest(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(600)
    cursor = pull(connector)[-1].cursor
    for number in range(1, 351):
        github.rows[number]["updated_at"] = stamp(github.now + timedelta(seconds=number))
    github.now += timedelta(hours=1)
    github.asked.clear()
    pages = pull(connector, cursor)
    assert set(ids(pages)) == {str(5000 + number) for number in range(1, 351)}
    assert len(github.asked) == 1 + 4
    assert all(request.query["direction"] == "asc" and "page" not in request.query for request in github.asked[1:])
    assert pages[-1].cursor.high_water == github.now
    github.asked.clear()
    assert ids(pull(connector, pages[-1].cursor)) == []
    assert "if-none-match" in github.asked[0].headers


def test_a_catch_up_goes_on_after_a_kill(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(400)
    cursor = pull(connector)[-1].cursor
    for number in range(1, 301):
        github.rows[number]["updated_at"] = stamp(github.now + timedelta(seconds=number))
    walk = connector.pull(WEB, cursor)
    first, second = next(walk), next(walk)
    walk.close()  # type: ignore[attr-defined]
    rest = pull(connector, Cursor.from_json(second.cursor.to_json()))
    assert {*ids([first, second]), *ids(rest)} == {str(5000 + number) for number in range(1, 301)}
    assert len(ids(rest)) < 150
    assert rest[-1].cursor.high_water == github.now


def test_a_second_with_more_changes_than_a_sheet_is_read_to_its_end(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(600)
    cursor = pull(connector)[-1].cursor
    for number in range(1, 501):
        github.rows[number]["updated_at"] = stamp(github.now + timedelta(seconds=5 if number <= 450 else number))
    pages = pull(connector, cursor)
    assert {str(5000 + number) for number in range(1, 501)} <= set(ids(pages))


def test_a_row_that_leaves_a_full_second_hides_no_other(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(600)
    cursor = pull(connector)[-1].cursor
    for number in range(1, 301):
        github.rows[number]["updated_at"] = stamp(github.now + timedelta(seconds=5))

    def somebody_edits(asked: Asked) -> Reply | None:
        if asked.query.get("page") == "2" and github.rows[1]["title"] != "Edited":
            github.rows[1] |= {"title": "Edited", "updated_at": stamp(github.now + timedelta(minutes=9))}
        return None

    github.fault = somebody_edits
    items = {item.native_id: item for page in pull(connector, cursor) for item in page.items}
    assert {str(5000 + number) for number in range(1, 301)} <= set(items)
    assert items["5001"].title == "Edited"


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_killed_back_fill_goes_on_at_its_sheet(connector: GitHub, github: FakeGitHub, at: int) -> None:
    github.fill(500)
    cursor = Cursor.from_json(part_way(connector, at).to_json())
    github.asked.clear()
    rest = pull(connector, cursor)
    before = {str(5000 + number) for number in range(1, 100 * at + 1)}
    assert before | set(ids(rest)) == everything(github)
    assert asked_pages(github)[0] == str(at)


def test_a_back_fill_that_goes_on_after_deletions_begins_where_its_last_row_is(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.fill(500)
    cursor = part_way(connector, 3)
    for number in range(1, 151):
        del github.rows[number]
    github.asked.clear()
    rest = pull(connector, cursor)
    assert {str(5000 + number) for number in range(301, 501)} <= set(ids(rest))
    assert asked_pages(github)[:2] == ["3", "2"]


def test_a_deletion_during_a_back_fill_hides_no_row(connector: GitHub, github: FakeGitHub) -> None:
    for number in range(1, 1001):
        github.add(2 * number)  # numbers with gaps, so that a gap proves nothing

    def delete_one(asked: Asked) -> Reply | None:
        if asked.query.get("page") == "3":
            github.rows.pop(20, None)
        return None

    github.fault = delete_one
    pages = pull(connector)
    assert everything(github) <= set(ids(pages))
    assert pages[-1].cursor.backfilled


def test_gaps_in_the_numbers_cost_two_requests_once(connector: GitHub, github: FakeGitHub) -> None:
    for number in range(1, 1001):
        github.add(2 * number)
    pages = pull(connector)
    assert len(ids(pages)) == 1000
    assert len(github.asked) == 10 + 1 + 2


def test_what_changes_during_a_back_fill_is_read_by_the_next_pass(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(300)
    walk = connector.pull(WEB, Cursor())
    pages = [next(walk)]
    github.now += timedelta(minutes=1)
    github.touch(5, title="Changed meanwhile")
    github.add(301, at=github.now)
    pages += list(walk)
    delta = pull(connector, pages[-1].cursor)
    assert {item.key: item.title for item in delta[0].items}.items() >= {
        "acme/web#5": "Changed meanwhile",
        "acme/web#301": "Item 301",
    }.items()


def test_links_that_go_by_cursor_are_followed_in_a_row(connector: GitHub, github: FakeGitHub) -> None:
    github.cursors = True
    github.fill(450)
    pages = pull(connector)
    assert ids(pages) == [str(5000 + number) for number in range(1, 451)]
    assert len(github.asked) == 5 + 1


def test_where_page_numbers_are_refused_the_rest_is_read_by_time_of_change(
    connector: GitHub, github: FakeGitHub
) -> None:
    github.last_page = 3
    github.fill(800)
    pages = pull(connector)
    assert set(ids(pages)) == everything(github)
    assert pages[-1].cursor.backfilled
    assert len(github.asked) <= 8 + 1 + 8


def test_a_back_fill_goes_on_where_its_page_number_is_refused_by_now(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(800)
    cursor = part_way(connector, 6)
    github.last_page, github.cursors = 3, True
    rest = pull(connector, cursor)
    assert {str(5000 + number) for number in range(601, 801)} <= set(ids(rest))
    assert rest[-1].cursor.backfilled


def test_an_error_part_way_keeps_what_came_before_it(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(500, pulls=lambda number: number % 2 == 0)
    github.fault = lambda asked: reply(400, {"message": "boom"}) if asked.query.get("page") == "4" else None
    walk = connector.pull(WEB, Cursor())
    page = next(walk)
    assert len(page.items) == 300
    assert page.cursor.windows[0].page == 3
    with pytest.raises(BadResponse, match=r"acme/web: .*boom"):
        next(walk)


def test_an_error_names_the_repository(connector: GitHub, github: FakeGitHub) -> None:
    github.fault = lambda _: reply(502, b"<html>Server Error</html>", Content_Type="text/html")
    with pytest.raises(Unavailable, match=r"acme/web: .*502"):
        pull(connector)


def test_a_rename_is_told_once_and_keys_follow(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(150)
    cursor = pull(connector)[-1].cursor
    github.name = "acme/website"
    for row in github.rows.values():
        row["repository_url"] = f"{github.root}/repos/acme/website"
    github.now += timedelta(hours=1)
    github.touch(9)
    (page,) = pull(connector, cursor)
    assert page.renamed == ("acme/web", "acme/website")
    assert [(item.key, item.address, item.container, item.native_id) for item in page.items] == [
        ("acme/website#9", "github:acme/website#9", "acme/website", "5009")
    ]
    whole = pull(connector)
    assert [page.renamed for page in whole] == [("acme/web", "acme/website"), None]


def test_a_server_that_knows_repositories_by_name_only_is_asked_by_name(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(250)

    def by_name_only(asked: Asked) -> Reply | None:
        return reply(404, {"message": "Not Found"}) if asked.path == "/repositories/77/issues" else None

    github.fault = by_name_only
    pages = pull(connector)
    assert set(ids(pages)) == everything(github)
    github.asked.clear()
    assert ids(pull(connector, pages[-1].cursor)) == []
    assert [(request.path, "if-none-match" in request.headers) for request in github.asked] == [
        ("/repos/acme/web/issues", True)
    ]


def test_another_repository_under_the_old_name_is_not_read(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(3)

    def replaced(asked: Asked) -> Reply | None:
        if asked.path.startswith("/repositories/77"):
            return reply(404, {"message": "Not Found"})
        return reply(200, github.repository() | {"id": 78}) if asked.path == "/repos/acme/web" else None

    github.fault = replaced
    with pytest.raises(Exception, match="404"):
        pull(connector)


def test_since_is_never_the_epoch_and_in_utc(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(150)
    at = datetime.fromisoformat("2026-03-02T11:00:00+02:00")
    cursor = Cursor(started=github.now, since=at, windows=(Window(at),))
    pull(connector, cursor)
    assert github.asked[0].query["since"] == stamp(BEGAN - timedelta(seconds=1))
    epoch = datetime.fromisoformat("1970-01-01T00:00:00Z")
    github.asked.clear()
    assert len(ids(pull(connector, Cursor(started=github.now, since=epoch, windows=(Window(epoch),))))) >= 150
    assert "since" not in github.asked[0].query


def test_a_row_that_cannot_be_read_is_told_and_the_others_come(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(250, pulls=lambda number: number % 2 == 0)
    github.rows[5]["assignees"] = 5
    github.rows[200]["user"] = {"login": ["ana"]}
    pages = pull(connector)
    assert set(ids(pages)) == everything(github) - {"5005", "5200"}
    assert {item.branch for page in pages for item in page.items if item.kind == "pull_request"} == {
        f"branch-{number}" for number in range(2, 251, 2) if number != 200
    }
    first, second = sorted(problem.error.what for page in pages for problem in page.problems)
    assert first.startswith("cannot read https://github.com/acme/web/issues/200, which is left as it was: TypeError")
    assert "/issues/5, " in second
    assert pages[-1].cursor.backfilled


def test_a_server_whose_clock_is_ahead_lets_nothing_be_passed_over(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(3)
    github.now = datetime.now(UTC) + timedelta(hours=2)
    cursor = pull(connector)[-1].cursor
    github.rows[2] |= {"title": "Edited", "updated_at": stamp(datetime.now(UTC))}
    assert ids(pull(connector, cursor)) == ["5002"]


def test_a_sheet_in_the_middle_that_comes_empty_is_not_believed(connector: GitHub, github: FakeGitHub) -> None:
    github.fill(650)
    github.fault = lambda asked: (
        reply(200, []) if asked.query.get("sort") == "created" and asked.query.get("page") == "3" else None
    )
    assert set(ids(pull(connector))) == everything(github)
