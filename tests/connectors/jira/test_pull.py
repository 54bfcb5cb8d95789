import json
import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.base import AuthFailed, BadResponse, Cursor, Known
from connectors.calls import metered
from tests.connectors.jira.fake_jira import error, issue, ok, stamp, stream_of

DEPLOYMENTS = ["Cloud", "Server"]


def pulled(jira, stream, cursor=None):
    """All items by id, the last cursor, and the pages."""
    pages = list(jira.pull(stream, cursor or Cursor()))
    return {item.native_id: item for page in pages for item in page.items}, pages[-1].cursor, pages


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 250, 300, 1000, 1234])
def test_a_first_sync_brings_everything_within_its_requests(server, connect, deployment, number):
    server.deployment = deployment
    server.plant(number)
    jira = connect()
    with metered() as meter:
        items, cursor, _ = pulled(jira, stream_of(jira))
    assert set(items) == {one["id"] for one in server.issues}
    assert cursor.started is None
    assert cursor.backfilled
    assert meter.requests == len(server.requests) <= math.ceil(number / 100) + 5


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_a_site_of_one_page_costs_one_search(server, connect, deployment):
    server.deployment = deployment
    server.plant(100)
    jira = connect()
    stream = stream_of(jira)
    server.requests.clear()
    pulled(jira, stream)
    assert len(server.requests) == 1


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_an_idle_poll_is_one_request_and_one_empty_page(server, connect, deployment):
    server.deployment = deployment
    server.plant(250)
    jira = connect()
    stream = stream_of(jira)
    _, cursor, _ = pulled(jira, stream)
    server.requests.clear()
    _, later, pages = pulled(jira, stream, Cursor.from_json(cursor.to_json()))
    assert len(server.requests) == 1
    assert [len(page.items) for page in pages] == [0]
    assert later.high_water >= cursor.high_water


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_a_poll_brings_what_changed_since_the_last_run_and_a_little_more(server, connect, deployment):
    server.deployment = deployment
    server.plant(250)
    jira = connect()
    stream = stream_of(jira)
    _, cursor, _ = pulled(jira, stream)
    for number, one in enumerate(server.issues[:15]):
        one["fields"]["updated"] = stamp(cursor.high_water - timedelta(minutes=number))
    server.requests.clear()
    items, _, _ = pulled(jira, stream, cursor)
    assert len(server.requests) == 1
    assert set(items) == {one["id"] for one in server.issues[:11]}


def test_the_high_water_mark_is_the_servers_time_at_the_first_answer(server, connect):
    jira = connect()
    stream = stream_of(jira)
    times = ["Wed, 01 Jul 2026 10:00:00 GMT", "Wed, 01 Jul 2026 10:00:05 GMT"]
    old = datetime(2026, 1, 1, tzinfo=UTC)
    replies = [{"issues": [issue(1, "WEB-1", old)], "nextPageToken": "a"}, {"issues": [issue(2, "WEB-2", old)]}]
    server.before = lambda path, body: ok(replies.pop(0), {"Date": times.pop(0)})
    _, cursor, _ = pulled(jira, stream, Cursor(covered={"WEB": old}))
    assert cursor.high_water == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert cursor.covered == {"WEB": cursor.high_water}


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_many_issues_of_one_instant_are_all_found(server, connect, deployment):
    server.deployment, server.cap = deployment, 10
    server.plant(57, every=timedelta(0))
    jira = connect()
    items, _, _ = pulled(jira, stream_of(jira))
    assert len(items) == 57


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_killed_at_any_page_the_walk_goes_on_from_the_stored_cursor(server, connect, deployment):
    server.deployment, server.cap = deployment, 10
    server.plant(120)
    jira = connect()
    stream = stream_of(jira)
    seen, cursor, kills = set(), Cursor(), 0
    while not cursor.backfilled:
        pages = jira.pull(stream, cursor)
        page = next(pages)
        if kills % 2:  # sometimes two pages survive
            page = next(pages, page) if page.cursor.started is None else page
        pages.close()
        seen |= {item.native_id for item in page.items}
        assert page.cursor != cursor, "no progress"
        cursor = Cursor.from_json(page.cursor.to_json())
        kills += 1
        assert kills < 100
    assert seen == {one["id"] for one in server.issues}


def test_a_deletion_between_two_pages_hides_no_other_issue_on_data_center(server, connect):
    server.deployment, server.cap = "Server", 10
    server.plant(30, every=timedelta(0))
    expected = {one["id"] for one in server.issues}
    jira = connect()
    stream = stream_of(jira)
    searches = 0

    def delete_before_the_second_page(path, body):
        nonlocal searches
        searches += 1
        if searches == 2:
            del server.issues[3]

    server.before = delete_before_the_second_page
    items, _, _ = pulled(jira, stream)
    assert set(items) == expected


def test_an_expired_token_costs_a_new_start_and_no_issue(server, connect):
    server.cap = 10
    server.plant(60, every=timedelta(0))
    jira = connect()
    stream = stream_of(jira)
    failed = []

    def expire_once(path, body):
        if "nextPageToken" in (body or {}) and len(server.searches()) > 3 and not failed:
            failed.append(body["nextPageToken"])
            return error(400, "The provided next page token is invalid or expired.")
        return None

    server.before = expire_once
    items, _, _ = pulled(jira, stream)
    assert failed
    assert len(items) == 60


def test_a_token_that_never_works_is_given_up(server, connect):
    server.cap = 10
    server.plant(60, every=timedelta(0))
    jira = connect()
    stream = stream_of(jira)
    server.before = lambda path, body: error(400, "expired") if "nextPageToken" in (body or {}) else None
    with pytest.raises(BadResponse, match="expired"):
        pulled(jira, stream)


def test_a_token_that_comes_twice_ends_the_walk_with_an_error(server, connect):
    server.plant(1)
    jira = connect()
    stream = stream_of(jira)
    server.before = lambda path, body: ok({"issues": server.issues, "nextPageToken": "same", "isLast": False})
    with pytest.raises(BadResponse, match="token twice"):
        pulled(jira, stream)


def test_the_token_decides_whether_there_is_more(server, connect):
    jira = connect()
    stream = stream_of(jira)
    old = datetime(2026, 1, 1, tzinfo=UTC)
    replies = [
        ok({"issues": [issue(1, "WEB-1", old)], "nextPageToken": "a", "isLast": True}),
        ok({"issues": [], "nextPageToken": "b"}),
        ok({"issues": [issue(2, "WEB-2", old)]}),
    ]
    _, marked, _ = pulled(jira, stream)
    server.before = lambda path, body: replies.pop(0)
    items, _, _ = pulled(jira, stream, marked)
    assert set(items) == {"1", "2"}


def test_a_large_first_sync_reads_spans_of_creation_at_once(server, connect):
    server.plant(900)
    jira = connect()
    stream = stream_of(jira)
    server.requests.clear()
    pages = list(jira.pull(stream, Cursor()))
    assert len(pages[0].cursor.windows) == 3
    assert pages[0].cursor.windows[-1].end is None
    starts = {body["jql"] for body in server.searches() if "nextPageToken" not in body}
    assert len(starts) == 3
    assert not any("updated" in jql for jql in starts)


def test_a_poll_never_bounds_updated_from_above_and_asks_for_fields_by_name(server, connect):
    server.plant(5)
    jira = connect(fields={"goal": "goal"})
    stream = stream_of(jira)
    _, cursor, _ = pulled(jira, stream)
    pulled(jira, stream, cursor)
    body = server.searches()[-1]
    assert "updated >= " in body["jql"]
    assert "updated <" not in body["jql"]
    assert body["jql"].endswith("ORDER BY created ASC, key ASC")
    assert {"summary", "customfield_1", "customfield_2", "customfield_3"} <= set(body["fields"])
    assert "*all" not in body["fields"]


def test_pages_grow_while_they_come_fast_and_full(server, connect):
    server.cap = 1000
    server.plant(700)
    jira = connect()
    pulled(jira, stream_of(jira))
    assert {body["maxResults"] for body in server.searches()} >= {100, 200}


def test_pages_halve_after_a_server_error(server, connect):
    server.plant(5)
    jira = connect()
    stream = stream_of(jira)
    sizes = []

    def fail_once(path, body):
        sizes.append(body["maxResults"])
        return error(502, "too heavy") if len(sizes) == 1 else None

    server.before = fail_once
    items, _, _ = pulled(jira, stream)
    assert sizes == [100, 50]
    assert len(items) == 5


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_a_lost_project_is_named_and_the_others_go_on(server, connect, deployment):
    server.deployment = deployment
    server.plant(3)
    server.plant(4, project="PAY")
    jira = connect("WEB", "PAY")
    stream = stream_of(jira)
    _, cursor, _ = pulled(jira, stream)
    server.hidden.add("PAY")
    server.issues[0]["fields"]["updated"] = stamp(datetime.now(UTC))
    items, later, pages = pulled(jira, stream, cursor)
    assert set(items) == {"10000"}
    assert [problem.where for problem in pages[-1].problems] == ["PAY"]
    assert isinstance(pages[-1].problems[0].error, AuthFailed)
    assert set(later.covered) == {"WEB"}


def test_a_lost_project_is_asked_for_again_after_a_while_and_then_read_from_the_start(server, connect):
    now = [0.0]
    server.plant(3)
    server.plant(4, project="PAY")
    jira = connect("WEB", "PAY", clock=lambda: now[0])
    stream = stream_of(jira)
    _, cursor, _ = pulled(jira, stream)
    server.hidden.add("PAY")
    _, cursor, _ = pulled(jira, stream, cursor)
    server.requests.clear()
    _, cursor, pages = pulled(jira, stream, cursor)
    assert len(server.requests) == 1, "a lost project costs nothing until it is tried again"
    assert [problem.where for problem in pages[0].problems] == ["PAY"]
    server.hidden.clear()
    now[0] += 601
    items, cursor, pages = pulled(jira, stream, Cursor.from_json(cursor.to_json()))
    assert {item.key for item in items.values()} == {"PAY-1", "PAY-2", "PAY-3", "PAY-4"}
    assert pages[-1].problems == ()
    assert set(cursor.covered) == {"WEB", "PAY"}


def test_a_project_lost_in_the_middle_of_a_first_sync_stops_only_itself(server, connect):
    server.cap = 10
    server.plant(100)
    server.plant(100, project="PAY")
    jira = connect("WEB", "PAY")
    stream = stream_of(jira)

    def hide(path, body):
        if "nextPageToken" in (body or {}) and not server.hidden:
            server.hidden.add("PAY")
            server._tokens.clear()

    server.before = hide
    items, cursor, pages = pulled(jira, stream)
    assert {one["id"] for one in server.visible()} <= set(items)
    assert set(cursor.covered) == {"WEB"}
    assert {problem.where for problem in pages[-1].problems} == {"PAY"}


def test_with_all_projects_gone_the_tracker_as_a_whole_failed(server, connect):
    server.plant(3)
    jira = connect()
    stream = stream_of(jira)
    server.hidden.add("WEB")
    with pytest.raises(AuthFailed, match="none of the projects WEB"):
        pulled(jira, stream)


def test_a_query_that_is_wrong_for_another_reason_is_not_blamed_on_projects(server, connect):
    server.plant(3)
    jira = connect()
    stream = stream_of(jira)
    server.before = lambda path, body: error(400, "Field 'created' is unknown") if "search" in path else None
    with pytest.raises(BadResponse, match="Field 'created' is unknown"):
        pulled(jira, stream)


def test_a_jql_scope_is_bracketed(server, connect):
    server.plant(3)
    jira = connect(scope={"jql": 'project in ("WEB") OR project in ("PAY")'})
    stream = stream_of(jira)
    items, cursor, _ = pulled(jira, stream)
    assert stream.name == "jql"
    assert len(items) == 3
    pulled(jira, stream, cursor)
    assert server.searches()[-1]["jql"].startswith('(project in ("WEB") OR project in ("PAY")) AND updated >= ')


def test_issues_written_lately_are_reconciled_on_every_page_for_ten_minutes(server, connect):
    now = [0.0]
    server.cap = 10
    server.plant(25, every=timedelta(0))
    jira = connect(clock=lambda: now[0])
    stream = stream_of(jira)
    server.requests.clear()
    jira.reconcile(["10001", "10002", "not-an-id"])
    pulled(jira, stream)
    assert [body["reconcileIssues"] for body in server.searches()] == [[10001, 10002]] * len(server.searches())
    now[0] += 601
    _, _, _ = pulled(jira, stream)
    assert "reconcileIssues" not in server.searches()[-1]


def test_closing_the_pages_stops_the_requests(server, connect):
    server.cap = 10
    server.plant(500)
    jira = connect()
    pages = jira.pull(stream_of(jira), Cursor())
    next(pages)
    next(pages)
    pages.close()
    asked = len(server.requests)
    assert asked < 20
    server.before = lambda path, body: pytest.fail("a request after closing")
    assert len(server.requests) == asked


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_an_issue_that_cannot_be_read_is_told_and_the_others_come(server, connect, deployment):
    server.deployment = deployment
    server.plant(150)
    del server.issues[20]["key"]
    jira = connect()
    stream = stream_of(jira)
    items, cursor, pages = pulled(jira, stream)
    assert set(items) == {one["id"] for one in server.issues} - {"10020"}
    assert cursor.backfilled
    (problem,) = [problem for page in pages for problem in page.problems]
    assert (problem.where, problem.partial) == (stream.name, True)
    assert problem.error.what.startswith(
        "cannot read 10020, which is left as it was: an issue needs id, key and fields"
    )


def test_a_list_of_other_things_is_no_page_of_issues(server, connect):
    server.plant(3)
    jira = connect()
    stream = stream_of(jira)
    server.before = lambda path, body: ok({"issues": [{"title": "a"}], "isLast": True}) if "search" in path else None
    with pytest.raises(BadResponse, match="rows without id where items belong"):
        pulled(jira, stream)


def test_an_issue_that_cannot_be_read_is_neither_found_nor_gone(server, connect):
    server.plant(3)
    jira = connect()
    stream = stream_of(jira)
    del server.issues[1]["key"]
    found = jira.look_up(stream, [Known("10001", "WEB-2", "WEB"), Known("10002", "WEB-3", "WEB")])
    assert ([item.native_id for item in found.items], found.fates) == (["10002"], {})


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_a_site_whose_clock_is_ahead_lets_nothing_be_passed_over(server, connect, deployment):
    server.deployment = deployment
    server.plant(3)
    wrong = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    server.before = lambda path, body: wrongly_dated(server, path, body, wrong)
    jira = connect()
    stream = stream_of(jira)
    _, cursor, _ = pulled(jira, stream)
    server.issues[0]["fields"] |= {"summary": "Edited", "updated": stamp(datetime.now(UTC))}
    items, _, _ = pulled(jira, stream, cursor)
    assert [item.title for item in items.values()] == ["Edited"]


def wrongly_dated(server, path, body, date):
    server.before = lambda path, body: None
    status, headers, payload = server.answer("POST", path, body)
    server.before = lambda path, body: wrongly_dated(server, path, body, date)
    return status, headers | {"Date": date}, payload


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_issues_that_tell_no_creation_time_hide_none_of_the_others(server, connect, deployment):
    server.deployment = deployment
    server.plant(350)
    jira = connect()
    stream = stream_of(jira)
    answer = server.answer

    def forgetful(*asked):
        status, headers, payload = answer(*asked)
        page = json.loads(payload)
        for one in page.get("issues", ()):
            if int(one["id"]) % 100 in (0, 48, 98, 99):  # also the first and the last of a page
                del one["fields"]["created"]
        return status, headers, json.dumps(page).encode()

    server.answer = forgetful
    items, cursor, _ = pulled(jira, stream)
    assert set(items) == {one["id"] for one in server.issues}
    assert cursor.backfilled
